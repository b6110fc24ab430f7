"""How far a learner is: every started stage, built and judged upon those below it that pass."""

from __future__ import annotations

from pathlib import Path

from loop import work
from loop.check import judge_tower
from loop.towers import passes, raise_tower
from loop.verdict import DONE
from stages import Stage, find_stages

FINISHED = "done"


def standing(root: Path) -> dict[int, str]:
    """Of each started stage: done, how many of its exercises are, or what is amiss."""
    states: dict[int, str] = {}
    passing: list[Stage] = []
    for stage in find_stages(root):
        if not work.is_started(root, stage):
            continue
        if work.missing_sources(root, stage):
            states[stage.number] = "damaged"
            continue
        tower = raise_tower(root, [*passing, stage], stage)
        if passes(tower, stage):
            states[stage.number] = FINISHED
            passing.append(stage)
        elif not tower.build([stage.checks], "")[0]:
            states[stage.number] = "no build"
        else:
            exercises = judge_tower(tower, stage).exercises
            done = sum(judged.state == DONE for judged in exercises)
            states[stage.number] = f"{done} of {len(exercises)}"
    return states
