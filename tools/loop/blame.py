"""./learn blame NN: which of the learner's lower stages breaks one, by swapping references in."""

from __future__ import annotations

from pathlib import Path

from arguments import Failure
from loop import work
from loop.cases import PASSED
from loop.towers import numbers, raise_tower
from stages import Stage


def find_blame(root: Path, stage: Stage) -> tuple[bool, str]:
    """Whether the stage passes on all of the learner's stages, and what is at fault where not.

    Swaps in the course's own stage for each of the learner's, from the ground up, and keeps those
    swaps that are needed: one stage is named where one is to blame, several where it takes several.
    """
    started = work.started_below(root, stage)
    top = [stage] if work.is_started(root, stage) else []
    if not started:
        raise Failure(f"none of your stages is below stage {stage.number}")
    for lower in [*started, *top]:
        work.require_whole(root, lower)
    what = f"stage {stage.number}" + ("" if top else " of the course")
    if count_failures(root, started, top, stage) == 0:
        return True, f"{what} passes all its checks upon your {numbers(started)}"
    upon_course = count_failures(root, [], top, stage)
    if upon_course:
        return False, (f"{what} does not pass upon the reference either ({told(upon_course)}): "
                       f"the fault is in stage {stage.number} itself: ./learn check {stage.number}")
    for suspect in started:
        others = [lower for lower in started if lower is not suspect]
        print(f"  with the course's stage {suspect.number} in place of yours: ", end="", flush=True)
        failures = count_failures(root, others, top, stage)
        print(told(failures))
        if failures == 0:
            return False, (f"{what} breaks on your stage {suspect.number} alone: "
                           f"{work.show(root, work.own_folder(root, suspect))}/")
    guilty = needed_swaps(root, started, top, stage)
    return False, f"{what} breaks on your {numbers(guilty)} together"


def told(failures: int) -> str:
    """How many checks fail, in words."""
    return f"{failures or 'no'} check{'s' * (failures != 1)} fail{'s' * (failures == 1)}"


def needed_swaps(root: Path, started: list[Stage], top: list[Stage], stage: Stage) -> list[Stage]:
    """The fewest, going up, that must be the course's for the stage to pass."""
    guilty = list(started)
    for suspect in started:
        innocent = [lower for lower in started if lower not in guilty]
        if count_failures(root, sorted([*innocent, suspect], key=started.index), top, stage) == 0:
            guilty.remove(suspect)
    return guilty


def count_failures(root: Path, mine: list[Stage], top: list[Stage], stage: Stage) -> int:
    """How many of the stage's checks fail upon these stages of the learner's."""
    tower = raise_tower(root, [*mine, *top], stage)
    built, _ = tower.build([stage.checks], f"stage {stage.number}")
    cases, _ = tower.run(stage) if built else ([], "")
    return sum(case.outcome != PASSED for case in cases) if built else 1
