"""What `./learn check` prints of a verdict: a line for each exercise, then the first mistake."""

from __future__ import annotations

import textwrap
from pathlib import Path

from loop import exercises, work
from loop.cases import Case, Failure
from loop.hints import Help
from loop.verdict import DONE, TODO, WRONG, Judged, Verdict
from stages import Stage
from terminal import paint

COLOURS = {DONE: "green", WRONG: "yellow", TODO: "dim"}
PRINTED_LINES = 20


def table(verdict: Verdict, helps: dict[str, Help]) -> str:
    """A line for each exercise with its state and its counts, and one for the rest."""
    lines = []
    for judged in [*verdict.exercises, verdict.rest]:
        if not judged.cases:
            continue
        number = judged.exercise.number if judged.exercise else ""
        name = helps[number].title if number in helps else "the stage as a whole"
        count = f"{judged.passed} of {len(judged.cases)}"
        line = f"  {number:<5} {judged.state:<6} {count:<9} {name}"
        others = sorted(judged.waits_for - {number})
        if judged.state == TODO and number and others and number not in judged.waits_for:
            line += f" (its checks wait for {', '.join(others)})"
        lines.append(paint(line, COLOURS[judged.state]))
    return "\n".join(lines)


def first_mistake(root: Path, stage: Stage, verdict: Verdict) -> str:
    """Of the first wrong exercise one failure: the diagnosis first, then expression and numbers."""
    judged = verdict.first_wrong
    if not judged:
        return ""
    failures = [(case, failure) for case in judged.cases for failure in case.wrong]
    case, failure = next(filter(tells_much, failures), failures[0])
    lines = [f'{place_of(root, stage, judged)}: "{case.name}"']
    if failure.mistake:
        lines.append(f"  {failure.mistake}")
    if failure.line:
        checks = work.show(root, work.course_folder(root, stage) / case.file)
        lines.append(f"  {checks}:{failure.line}: {failure.expression or 'after this line'}")
    lines.append(textwrap.indent(failure.numbers, "    "))
    if len(failures) > 1:
        more = len(failures) - 1
        lines.append(f"  and {more} more failure{'s' * (more > 1)} in its checks")
    return "\n".join(lines)


def tells_much(one: tuple[Case, Failure]) -> bool:
    """Whether a failure comes with the close-matcher's explanation, or is a missing error."""
    return bool(one[1].mistake) or "_THROWS" in one[1].expression


def printed(verdict: Verdict) -> list[str]:
    """What the code of the first wrong exercise has printed: to print a value is a good tool."""
    judged = verdict.first_wrong
    own = "".join(case.printed for case in judged.cases) if judged else ""
    lines = (own + verdict.printed).rstrip().splitlines()
    lines = [line for line in dict.fromkeys(lines) if not line.startswith("data: ")]  # the course's
    if not judged or not lines:
        return []
    cut = [f"  ... {len(lines) - PRINTED_LINES} more lines"] if len(lines) > PRINTED_LINES else []
    return ["  printed:", *(f"    {line}" for line in lines[:PRINTED_LINES]), *cut]


def place_of(root: Path, stage: Stage, judged: Judged) -> str:
    """Exercise and file, the learner's where there is one."""
    if not judged.exercise:
        return f"stage {stage.number} as a whole"
    return f"{judged.exercise.number} at {where(root, stage, judged.exercise)}"


def where(root: Path, stage: Stage, exercise: exercises.Exercise) -> str:
    """The place of an exercise's mark in the learner's file, or in the course's."""
    own = work.own_folder(root, stage) / exercise.file.name
    if own.exists():
        for at, line in enumerate(exercises.lines_of(exercises.read_text(own))):
            found = exercises.BEGIN.match(line)
            if found and f"{found[1]}.{found[2]}" == exercise.number:
                return f"{work.show(root, own)}:{at + 1}"
        return work.show(root, own)
    return work.show(root, Path(exercise.where))
