"""Which stages there are, and which of them is the main job."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from arguments import Failure, UsageError

# The stage that trains the TinyViT with one command: what `./learn run` runs once it exists.
MAIN_STAGE = 14


@dataclass(frozen=True)
class Stage:
    """A stage that exists; program is also its CMake target and, but for stage 0, its folder."""

    number: int
    program: str

    @property
    def checks(self) -> str:
        """The program of its Catch2 checks."""
        return f"{self.program}_checks"


def find_stages(root: Path) -> list[Stage]:
    """Every stage of the tree at root, from the ground up."""
    stages = []
    if (root / "reference" / "CMakeLists.txt").exists():
        stages.append(Stage(0, "stage_00_baseline"))
    for lists in sorted(root.glob("stages/stage_*/CMakeLists.txt")):
        name = re.fullmatch(r"stage_(\d\d)_\w+", lists.parent.name)
        if name:
            stages.append(Stage(int(name[1]), name[0]))
    if not stages:
        raise Failure(f"{root}: there is no stage here")
    return stages


def main_job(stages: list[Stage]) -> Stage:
    """The stage that `./learn run` runs: until MAIN_STAGE exists, the highest there is."""
    return next((stage for stage in stages if stage.number == MAIN_STAGE), stages[-1])


def find_stage(stages: list[Stage], name: str) -> Stage:
    """The stage called name: 3, 03 or stage_03_storage."""
    for stage in stages:
        if name in (str(stage.number), f"{stage.number:02}", stage.program):
            return stage
    raise UsageError(f"stage {name} does not exist: "
                     f"the stages are {stages[0].number} to {stages[-1].number}")
