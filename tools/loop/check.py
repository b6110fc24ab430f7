"""./learn check NN: builds the learner's stage upon what passes below, and judges its exercises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from arguments import Failure
from build import PRESET
from loop import exercises, report, work
from loop.cases import CRASHED
from loop.compiler import explain_build
from loop.hints import read_help
from loop.sanitizer import explain_crash
from loop.towers import Base, Tower, choose_base, raise_tower
from loop.verdict import DONE, Verdict, judge
from stages import Stage, find_stages

SANITIZED = "asan"


@dataclass(frozen=True)
class Options:
    """How a stage is checked."""

    base: str | None = None  # mine, reference, or None: what passes
    raw: bool = False
    sanitize: bool = False

    @property
    def preset(self) -> str:
        """The preset that is built."""
        return SANITIZED if self.sanitize else PRESET


def prepare(root: Path, stage: Stage, options: Options) -> tuple[Tower, Base]:
    """The tower in which a stage is checked: with the learner's stage where one is started."""
    if not work.is_started(root, stage):
        return raise_tower(root, [], stage, options.preset), Base([], [])
    work.require_whole(root, stage)
    base = choose_base(root, stage, options.base, options.preset)
    return raise_tower(root, [*base.mine, stage], stage, options.preset), base


def check_stage(root: Path, stage: Stage, options: Options) -> Verdict | None:
    """Builds, runs and reports; None where the stage does not build."""
    tower, base = prepare(root, stage, options)
    print(heading(root, stage, base), flush=True)
    built, output = tower.build([stage.checks], f"stage {stage.number}")
    if not built:
        print(output if options.raw else explain_build(output, work.own_folder(root, stage)))
        return None
    verdict = judge_tower(tower, stage)
    helps = read_help(work.course_folder(root, stage) / "hints.md") if verdict.exercises else {}
    print("", report.table(verdict, helps), "", sep="\n")
    mistake = report.first_mistake(root, stage, verdict)
    if mistake:
        words = crash_in_words(root, stage, verdict, options) or report.printed(verdict)
        print(mistake, *words, "", sep="\n")
    print(next_step(root, stage, verdict))
    return verdict


def judge_tower(tower: Tower, stage: Stage) -> Verdict:
    """Runs the checks of a stage that is built, and sorts them under its exercises."""
    folder = work.course_folder(tower.root, stage)
    cases, printed = tower.run(stage)
    return judge(exercises.in_folder(folder) if stage.number else [], cases, printed)


def heading(root: Path, stage: Stage, base: Base) -> str:
    """Whose code is checked, and on what it stands."""
    name = f"stage {stage.number} {stage.program[len('stage_00_'):]}"
    if work.is_started(root, stage):
        return f"{name}: yours, upon {base}"
    begins = f" (yours begins with ./learn start {stage.number})" if stage.number else ""
    return f"{name}: the course's own{begins}"


def crash_in_words(root: Path, stage: Stage, verdict: Verdict, options: Options) -> list[str]:
    """What is known of a crash: the line under the sanitizers, and else how to get it."""
    if not any(case.outcome == CRASHED for one in [*verdict.exercises, verdict.rest]
               for case in one.cases):
        return []
    own = work.own_folder(root, stage)
    lines = [f"  {line}" for line in (explain_crash(verdict.printed, own) or "").splitlines()]
    if not options.sanitize and not any(own.name in line for line in lines):
        lines.append(f"  the line that crashes: ./learn check {stage.number} --sanitize")
    return lines


def next_step(root: Path, stage: Stage, verdict: Verdict) -> str:
    """What to do now."""
    if verdict.done:
        count = sum(len(one.cases) for one in [*verdict.exercises, verdict.rest])
        higher = [other for other in find_stages(root) if other.number > stage.number]
        if not work.is_started(root, stage):
            return f"all {count} checks pass" + (
                f"; next: ./learn start {stage.number}" if verdict.exercises else "")
        then = f", ./learn start {higher[0].number}" if higher else ""
        return (f"stage {stage.number} is done, all {count} checks pass; "
                f"next: ./learn run {stage.number} --mine{then}")
    judged = verdict.next
    if not judged.exercise:
        return f"next: mend {work.show(root, work.own_folder(root, stage))}/"
    number = judged.exercise.number
    return (f"next: {number} at {report.where(root, stage, judged.exercise)}  "
            f"(./learn hint {number})")


def build_own(root: Path, stage: Stage, program: str) -> tuple[Tower, Base]:
    """Builds a program upon the learner's code, or raises Failure with what is wrong."""
    tower, base = prepare(root, stage, Options())
    built, output = tower.build([program], f"stage {stage.number}")
    if not built:
        raise Failure(explain_build(output, work.own_folder(root, stage)))
    return tower, base


def judge_own(root: Path, stage: Stage) -> Verdict:
    """The verdict on the learner's stage, without a report."""
    return judge_tower(build_own(root, stage, stage.checks)[0], stage)
