"""Which stages of the learner's stand under a check: a tower (cmake/towers.cmake) for every choice.

Nothing is remembered of what passes but this: a check program that passed once, and is the same
byte for byte, need not run again to serve as a base. Forgetting it costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from build import PRESET, binary_folder, configure, program_path, run_ninja
from loop import work
from loop.cases import PASSED, Case, declared_cases
from loop.checks import run_checks
from stages import Stage, find_stages


@dataclass(frozen=True)
class Tower:
    """The course with some stages replaced by those of `folder`; None: the course as it is."""

    root: Path
    folder: Path | None
    preset: str = PRESET

    def target(self, program: str) -> str:
        """The CMake target of a program in this tower."""
        return f"{program}.{self.folder.name}" if self.folder else program

    def program(self, program: str) -> Path:
        """Where the build leaves it."""
        name = f"{self.folder.name}/{program}" if self.folder else program
        return program_path(self.root, name, self.preset)

    def build(self, programs: list[str], what: str, keep_going: bool = False) -> tuple[bool, str]:
        """Whether all programs are up to date now, and what the compiler said."""
        lines: list[str] = []
        done = run_ninja(self.root, [self.target(program) for program in programs], what,
                         lines.append, self.preset, keep_going)
        return done, "\n".join(lines)

    def run(self, stage: Stage) -> tuple[list[Case], str]:
        """The checks of a stage, which must have been built, and what they printed."""
        return run_checks(self.program(stage.checks), self.root,
                          declared_cases(checks_folder(self.root, stage)),
                          sanitized=self.preset != PRESET)


def checks_folder(root: Path, stage: Stage) -> Path:
    """Where the checks of a stage stand."""
    return root / "reference" if stage.number == 0 else work.course_folder(root, stage)


def raise_tower(root: Path, mine: list[Stage], top: Stage, preset: str = PRESET) -> Tower:
    """The tower in which `mine`, of the stages up to `top`, are the learner's."""
    if not mine:
        configure(root, preset)
        return Tower(root, None, preset)
    started = [stage for stage in find_stages(root)
               if stage.number <= top.number and work.is_started(root, stage)]
    if mine == started:
        configure(root, preset)
        return Tower(root, root / "work", preset)
    folder = root / "build" / "towers" / "+".join(str(stage.number) for stage in mine)
    folder.mkdir(parents=True, exist_ok=True)
    for stage in mine:
        link = folder / stage.program
        if not link.is_symlink():
            link.symlink_to(work.own_folder(root, stage), target_is_directory=True)
    towers = [other for other in sorted(folder.parent.iterdir()) if is_sound(other)]
    configure(root, preset, towers)
    return Tower(root, folder, preset)


def is_sound(tower: Path) -> bool:
    """Whether the stages that a tower refers to are still there."""
    return all(stage.is_dir() for stage in tower.iterdir())


@dataclass(frozen=True)
class Base:
    """What a stage stands on: the learner's lower stages that pass, and those that do not."""

    mine: list[Stage]
    left_out: list[Stage]

    def __str__(self) -> str:
        text = f"your {numbers(self.mine)}" if self.mine else "the reference"
        if self.left_out:
            verb = "does" if len(self.left_out) == 1 else "do"
            text += f" (your {numbers(self.left_out)} {verb} not pass)"
        return text


def numbers(stages: list[Stage]) -> str:
    """Such as: stages 1, 2."""
    return (f"stage{'s' * (len(stages) > 1)} "
            f"{', '.join(str(stage.number) for stage in stages)}")


def choose_base(root: Path, stage: Stage, wanted: str | None, preset: str = PRESET) -> Base:
    """The base of a stage: `mine` takes all that is started, `reference` none, None what passes."""
    started = work.started_below(root, stage)
    if wanted == "reference":
        return Base([], [])
    for lower in started:
        work.require_whole(root, lower)
    if wanted == "mine":
        return Base(started, [])
    passing: list[Stage] = []
    for lower in started:
        if passes(raise_tower(root, [*passing, lower], lower, preset), lower):
            passing.append(lower)
    return Base(passing, [lower for lower in started if lower not in passing])


def passes(tower: Tower, stage: Stage) -> bool:
    """Whether a stage builds in this tower and all its checks pass."""
    built, _ = tower.build([stage.checks], f"your stage {stage.number}")
    if not built:
        return False
    known = passed_before(tower, stage)
    if known.exists():
        return True
    cases, _ = tower.run(stage)
    if any(case.outcome != PASSED for case in cases):
        return False
    known.parent.mkdir(exist_ok=True)
    known.touch()
    return True


def passed_before(tower: Tower, stage: Stage) -> Path:
    """The empty file that bears the sum of a check program which passed, and of what it reads."""
    content = hashlib.sha256(tower.program(stage.checks).read_bytes())
    content.update((tower.root / "reference/frozen/SHA256SUMS").read_bytes())
    content.update(os.environ.get("NANO_TORCH_MNIST", "").encode())
    return binary_folder(tower.root, tower.preset) / "passed" / content.hexdigest()
