"""The commands of the learner's loop: each reads its line, does one thing, says what comes next."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from arguments import Failure, Parser, UsageError, split_at_dashes
from build import become_program
from loop import exercises, report, work
from loop.blame import find_blame
from loop.check import Options, build_own, check_stage, heading, judge_own, prepare
from loop.hints import LEVELS, Shown, read_help
from loop.solution import show_solution
from loop.verdict import DONE
from loop.watch import watch as watch_stage
from stages import Stage, find_stage, find_stages

WIDTH = 100


def start(arguments: list[str], root: Path) -> int:
    """./learn start NN"""
    parser = stage_parser("start", "writes a stage into work/, its exercises emptied")
    stage = read_stage(parser, arguments, root)
    written = work.start(root, stage)
    own = work.own_folder(root, stage)
    print(f"{work.show(root, own)}/: {', '.join(path.name for path in written)}", "", sep="\n")
    for exercise in exercises.in_folder(work.course_folder(root, stage)):
        print(f"  {exercise.number}  {report.where(root, stage, exercise)}: {exercise.task}")
    chapter = stage.program.removeprefix("stage_")
    print("", f"the chapter: docs/{chapter}.md", f"next: ./learn check {stage.number}  (or "
          f"./learn watch {stage.number}, which checks at every save)", sep="\n")
    return 0


def check(arguments: list[str], root: Path) -> int:
    """./learn check NN [-- options]: 0 where all checks pass; with options, Catch2's own status."""
    ours, catch_options = split_at_dashes(arguments)
    parser = stage_parser("check", "builds and judges your stage, or else the course's",
                          hint="those of Catch2 stand after --: ./learn check 4 -- --success")
    add_options(parser)
    parsed = parser.parse(ours)
    stage = require_stage(parser, parsed.stage, root)
    options = Options(parsed.base, parsed.raw, parsed.sanitize)
    if catch_options:
        tower, _ = prepare(root, stage, options)
        built, output = tower.build([stage.checks], f"stage {stage.number}")
        if not built:
            raise Failure(output)
        become_program(root, tower.program(stage.checks), catch_options)
    verdict = check_stage(root, stage, options)
    return 0 if verdict and verdict.done else 1


def hint(arguments: list[str], root: Path) -> int:
    """./learn hint [N.M]"""
    parser = Parser("hint", "the next of an exercise's three hints")
    parser.add_argument("exercise", metavar="N.M", nargs="?",
                        help="an exercise; without it, the first that is not done")
    number = parser.parse(arguments).exercise
    show_hint(root, number or first_of_all(root))
    return 0


def solution(arguments: list[str], root: Path) -> int:
    """./learn solution N.M"""
    parser = Parser("solution", "the course's way beside yours, once yours passes")
    parser.add_argument("exercise", metavar="N.M", nargs="?", help="an exercise")
    parser.add_argument("--anyway", action="store_true", help="even though yours does not pass")
    parsed = parser.parse(arguments)
    stage, number = read_exercise(parser, parsed.exercise, root)
    work.find_exercise(root, stage, number)
    if not parsed.anyway:
        require_done(root, stage, number)
    print(show_solution(root, stage, number))
    return 0


def reset(arguments: list[str], root: Path) -> int:
    """./learn reset N.M"""
    parser = Parser("reset", "empties one exercise again, and keeps a copy of the file")
    parser.add_argument("exercise", metavar="N.M", nargs="?", help="an exercise")
    stage, number = read_exercise(parser, parser.parse(arguments).exercise, root)
    kept = work.reset(root, stage, number)
    print(f"{number} is empty again; the file as it was: {work.show(root, kept)}")
    return 0


def watch(arguments: list[str], root: Path) -> int:
    """./learn watch NN"""
    parser = stage_parser("watch", "checks your stage at every save")
    add_options(parser)
    parsed = parser.parse(arguments)
    stage = require_stage(parser, parsed.stage, root)
    if not work.is_started(root, stage):
        raise Failure(f"stage {stage.number} is not started: ./learn start {stage.number}")
    return watch_stage(root, stage, Options(parsed.base, parsed.raw, parsed.sanitize),
                       lambda number: show_hint(root, number),
                       lambda number: print(show_solution(root, stage, number)))


def blame(arguments: list[str], root: Path) -> int:
    """./learn blame NN: 0 where nothing breaks the stage, 1 where a stage is named."""
    parser = stage_parser("blame", "finds which of your lower stages breaks a stage")
    sound, answer = find_blame(root, read_stage(parser, arguments, root))
    print(answer)
    return 0 if sound else 1


def run_mine(root: Path, stage: Stage, options: list[str]) -> int:
    """./learn run NN --mine: the stage's program upon the learner's code."""
    if not work.is_started(root, stage):
        raise Failure(f"stage {stage.number} is not started: ./learn start {stage.number}")
    tower, base = build_own(root, stage, stage.program)
    print(heading(root, stage, base), flush=True)
    become_program(root, tower.program(stage.program), options)


def show_hint(root: Path, number: str) -> None:
    """Prints the next hint of an exercise."""
    stage, number = split_number(number, root)
    words = read_help(work.course_folder(root, stage) / "hints.md")[number]
    level = Shown(root / "work").next_level(number)
    print(f"{number} {words.title}, hint {level} of {LEVELS}:",
          textwrap.fill(words.hints[level - 1], WIDTH, break_on_hyphens=False,
                        break_long_words=False), sep="\n")


def require_done(root: Path, stage: Stage, number: str) -> None:
    """Raises Failure unless the learner's exercise passes its checks."""
    for judged in judge_own(root, stage).exercises:
        if judged.exercise.number == number and judged.state != DONE:
            count = f"{judged.passed} of {len(judged.cases)}"
            raise Failure(f"{number} is {judged.state}, {count} checks "
                          f"pass: ./learn hint {number}, or ./learn solution {number} --anyway")


def first_of_all(root: Path) -> str:
    """The exercise that fails first, in the lowest started stage that has one."""
    started = [stage for stage in find_stages(root) if work.is_started(root, stage)]
    if not started:
        raise Failure("no stage is started: ./learn start 1")
    for stage in started:
        for judged in judge_own(root, stage).exercises:
            if judged.state != DONE:
                return judged.exercise.number
    raise Failure("every exercise of your stages is done")


def stage_parser(command: str, description: str, hint: str = "") -> Parser:
    """A parser whose one argument is a stage."""
    parser = Parser(command, description, hint)
    parser.add_argument("stage", metavar="NN", nargs="?", help="a stage")
    return parser


def add_options(parser: Parser) -> None:
    """The ways to check a stage."""
    parser.add_argument("--base", choices=("mine", "reference"),
                        help="what stands below: all your stages, or none; else those that pass")
    parser.add_argument("--raw", action="store_true", help="all that the compiler says")
    parser.add_argument("--sanitize", action="store_true",
                        help="find the line of a crash (builds everything once more)")


def read_stage(parser: Parser, arguments: list[str], root: Path) -> Stage:
    """The stage on a command line that has nothing else."""
    return require_stage(parser, parser.parse(arguments).stage, root)


def require_stage(parser: Parser, name: str | None, root: Path) -> Stage:
    """The stage called name; raises UsageError where none is named, or none is so called."""
    if name is None:
        parser.error("which stage? ./learn shows them")
    return find_stage(find_stages(root), name)


def read_exercise(parser: Parser, number: str | None, root: Path) -> tuple[Stage, str]:
    """The exercise that a command line names."""
    if number is None:
        parser.error("which exercise? ./learn check NN shows them")
    return split_number(number, root)


def split_number(number: str, root: Path) -> tuple[Stage, str]:
    """The stage of exercise N.M, and its number as the course writes it."""
    found = re.fullmatch(r"0*(\d+)\.0*(\d+)", number)
    if not found:
        raise UsageError(f"'{number}' is no exercise: expected N.M, such as 3.2")
    stage = find_stage(find_stages(root), found[1])
    own = f"{found[1]}.{found[2]}"
    folder = work.course_folder(root, stage)
    existing = [exercise.number for exercise in exercises.in_folder(folder)]
    if own not in existing:
        raise UsageError(f"exercise {own} does not exist: stage {stage.number} has "
                         f"{', '.join(existing) or 'none'}")
    return stage, own
