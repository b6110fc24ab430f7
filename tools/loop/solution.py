"""./learn solution N.M: the reference beside the learner's own, and the words on it."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

from loop import report, work
from loop.exercises import Exercise
from loop.hints import read_help
from stages import Stage

WIDTH = 100


def show_solution(root: Path, stage: Stage, number: str) -> str:
    """Both versions, side by side where the terminal allows, then why, and PyTorch's name."""
    course, own = work.find_exercise(root, stage, number)
    words = read_help(work.course_folder(root, stage) / "hints.md")[number]
    return "\n".join([
        f"{number} {words.title}: {course.task}",
        "",
        *versions(root, stage, course, own),
        "",
        textwrap.fill(f"Why it works: {words.why}", WIDTH, break_on_hyphens=False),
        "",
        textwrap.fill(f"In PyTorch: {words.pytorch}", WIDTH, break_on_hyphens=False),
    ])


def versions(root: Path, stage: Stage, course: Exercise, own: Exercise) -> list[str]:
    """The two bodies."""
    left = [f"yours, {report.where(root, stage, course)}", *dedented(own.body)]
    right = [f"the course's, {work.show(root, Path(course.where))}", *dedented(course.body)]
    column = max(map(len, left)) + 2
    if column + 2 + max(map(len, right)) <= shutil.get_terminal_size((WIDTH, 24)).columns:
        rows = max(len(left), len(right))
        left += [""] * (rows - len(left))
        right += [""] * (rows - len(right))
        return [f"{mine:<{column}}| {theirs}".rstrip() for mine, theirs in zip(left, right)]
    return [left[0], *(f"  {line}".rstrip() for line in left[1:]), "",
            right[0], *(f"  {line}".rstrip() for line in right[1:])]


def dedented(body: tuple[str, ...]) -> list[str]:
    """The lines without what they have in common at the left."""
    return textwrap.dedent("\n".join(body)).splitlines()
