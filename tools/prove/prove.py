"""Builds and judges every variant of a stage, several at a time in one build tree.

A variant stands in a slot, build/prove/prove-1 and so on: a tower whose only stage is being proved.
Ninja builds all slots at once; variants that change the same files follow one another in a slot, so
that the next one compiles no more than it must. The learner's work/ has no part in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from build import binary_folder, configure
from loop import work
from loop.exercises import read_text
from loop.towers import Tower
from prove.lint import problems_of
from prove.variants import KINDS, Variant, variants_of
from stages import Stage, find_stages
from terminal import clear_status, show_status

SLOTS = [f"prove-{number}" for number in range(1, max(2, os.cpu_count() or 1) + 1)]


@dataclass
class Proof:
    """What was found of one stage: how many variants of each kind there are, and what is wrong."""

    stage: Stage
    counts: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0

    def held(self, kind: str) -> int:
        """How many variants of this kind are as they should be."""
        return self.counts.get(kind, 0) - self.failed.get(kind, 0)


def prove(root: Path, stage: Stage) -> Proof:
    """Proves one stage; the problems name the place."""
    begin = time.monotonic()
    proof = Proof(stage, problems=problems_of(root, stage))
    if not proof.problems:
        folder = work.course_folder(root, stage)
        variants = variants_of(folder)
        slots = prepare_slots(root, stage, min(len(SLOTS), len(variants)))
        queues = share(variants, len(slots))
        for turn in range(max(map(len, queues))):
            show_status(f"stage {stage.number}: {sum(proof.counts.values())} of {len(variants)}")
            batch = [(slot, queue[turn]) for slot, queue in zip(slots, queues) if turn < len(queue)]
            judge_batch(proof, folder, batch)
        clear_status()
        proof.problems += built_below(root, stage)
    proof.seconds = time.monotonic() - begin
    return proof


def prepare_slots(root: Path, stage: Stage, count: int) -> list[Tower]:
    """Towers with this stage alone, each a copy of the course's."""
    folders = [root / "build" / "prove" / name for name in SLOTS[:count]]
    for folder in folders:
        for other in folder.glob("stage_*"):
            if other.name != stage.program:
                shutil.rmtree(other)
        (folder / stage.program).mkdir(parents=True, exist_ok=True)
        fill(folder / stage.program, work.course_folder(root, stage), {})
    configure(root, towers=[root / "build" / "prove" / name for name in SLOTS])
    return [Tower(root, folder) for folder in folders]


def share(variants: list[Variant], slots: int) -> list[list[Variant]]:
    """The variants in as many runs as there are slots, none more than one longer than another."""
    size, longer = divmod(len(variants), slots)
    queues = []
    for slot in range(slots):
        begin = slot * size + min(slot, longer)
        queues.append(variants[begin:begin + size + (slot < longer)])
    return queues


def judge_batch(proof: Proof, folder: Path, batch: list[tuple[Tower, Variant]]) -> None:
    """Builds a variant in each slot and runs their checks side by side."""
    stage = proof.stage
    for tower, variant in batch:
        fill(tower.folder / stage.program, folder, variant.texts)
    together = Tower(batch[0][0].root, None)
    built, _ = together.build([tower.target(stage.checks) for tower, _ in batch], "",
                              keep_going=True)
    # Which of them does not compile, and why: those that do are up to date.
    refusals = ["" if built else refusal(tower, stage) for tower, _ in batch]
    with ThreadPoolExecutor(len(batch)) as pool:
        outcomes = pool.map(
            lambda slot, refused: refused or slot[1].judgement(slot[0].run(stage)[0]),
            batch, refusals)
        for (_, variant), problem in zip(batch, outcomes):
            proof.counts[variant.kind] = proof.counts.get(variant.kind, 0) + 1
            if problem:
                proof.failed[variant.kind] = proof.failed.get(variant.kind, 0) + 1
                proof.problems.append(f"stages/{stage.program}: {variant.name}: {problem}")


def refusal(tower: Tower, stage: Stage) -> str:
    """Why the variant in this slot does not compile; nothing where it does."""
    built, output = tower.build([stage.checks], "")
    errors = [line for line in output.splitlines() if "error:" in line or "undefined" in line]
    return "" if built else f"does not compile: {(errors or [output])[0]}"


def fill(slot: Path, course: Path, texts: dict[str, str]) -> None:
    """Makes the slot hold the course's sources, some with another text.

    A file that stays the same keeps its time, so that ninja lets it be.
    """
    sources = work.library_sources(course)
    for path in slot.iterdir():
        if path.name not in [source.name for source in sources]:
            path.unlink()
    for source in sources:
        text, path = texts.get(source.name, read_text(source)), slot / source.name
        if not path.exists() or read_text(path) != text:
            work.write_whole(path, text)


def built_below(root: Path, stage: Stage) -> list[str]:
    """Check programs of lower stages that this one goes into: then it could turn them red."""
    problems = []
    for lower in find_stages(root):
        if lower.number >= stage.number:
            break
        command = ["ninja", "-C", str(binary_folder(root)), "-t", "inputs", lower.checks]
        inputs = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if stage.program in inputs:
            problems.append(f"stages/{lower.program}: its checks contain stage {stage.number}")
    return problems


def summary(proof: Proof) -> str:
    """A stage's proof in a few lines."""
    lines = [f"stage {proof.stage.number} {proof.stage.program[len('stage_00_'):]}, "
             f"{proof.seconds:.0f} s"]
    lines += [f"  {kind:<10} {proof.held(kind):>2} of {proof.counts[kind]:<3} {does}"
              for kind, does in KINDS.items() if kind in proof.counts]
    return "\n".join([*lines, *(f"  wrong: {problem}" for problem in proof.problems)])
