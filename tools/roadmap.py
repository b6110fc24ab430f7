"""The roadmap: what every stage shows, how far the tree and its build are, what to type next."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from arguments import Failure
from build import program_path
from loop.standing import FINISHED
from stages import Stage
from terminal import paint

COLUMNS = 100
# - [x] 3 stage_03_storage: flat buffer, shape, strides -> a digit turned by strides alone
ROW = re.compile(r"- \[([ x])\] (\d+) (?:stage_\d\d_)?(\w+): (.+?) -> (.+)")
STATES = {"built": "green", "to build": "green", "begun": "yellow", "to come": "dim"}


@dataclass(frozen=True)
class Row:
    """One line of the checklist in AGENTS.md."""

    landed: bool
    number: int
    name: str
    adds: str
    pays_out: str


def read_rows(agents: Path) -> list[Row]:
    """The checklist of the stages, as AGENTS.md has it."""
    matches = map(ROW.fullmatch, agents.read_text(encoding="utf-8").splitlines())
    rows = [Row(row[1] == "x", int(row[2]), row[3], row[4], row[5]) for row in matches if row]
    if not rows:
        raise Failure(f"{agents}: has no row such as '- [ ] 3 stage_03_storage: adds -> pays out'")
    return rows


def state_of(row: Row, stage: Stage | None, root: Path) -> str:
    """How far a stage is, as one of STATES."""
    if stage is None:
        return "to come"
    if not row.landed:
        return "begun"
    return "built" if program_path(root, stage.program).exists() else "to build"


def draw(root: Path, stages: list[Stage], mine: dict[int, str]) -> str:
    """The roadmap as text, COLUMNS wide; mine is how far the learner's own stages are."""
    rows = read_rows(root / "AGENTS.md")
    existing = {stage.number: stage for stage in stages}
    lines = [f"one-more-nano-torch: a deep-learning framework from scratch, in {len(rows)} stages",
             ""]
    for row in rows:
        state = state_of(row, existing.get(row.number), root)
        own = f"{mine.get(row.number, ''):<8}  " if mine else ""
        start = f"{row.number:3}  {row.name:<15}  {state:<8}  {own}"
        shows = textwrap.shorten(row.pays_out, COLUMNS - len(start), placeholder=" ...")
        lines.append(paint(start + shows, STATES[state]))
    legend = ["", f"stages begun in work/: {', '.join(map(str, mine))}, and how many of their "
                  "exercises are done"] if mine else []
    return "\n".join([*lines, *legend, "", f"next: {next_command(root, stages, mine)}",
                      "help: ./learn --help"])


def next_command(root: Path, stages: list[Stage], mine: dict[int, str]) -> str:
    """What to type next: a learner's lowest stage that is not done, or else the next one to start.

    Without any, the lowest stage not seen yet, and with all of them seen, the first exercise.
    """
    for number, state in mine.items():
        if state != FINISHED:
            return f"./learn check {number}  (your stage {number}: {state})"
    if mine:
        for stage in stages:
            if stage.number and stage.number not in mine:
                return f"./learn start {stage.number}  (yours to write)"
        return f"./learn run {stages[-1].number} --mine  (all of it is yours)"
    for stage in stages:
        if not program_path(root, stage.program).exists():
            return f"./learn run {stage.number}  (builds and runs {stage.program})"
    return "./learn start 1  (now write them yourself: docs/how_to_learn.md)"
