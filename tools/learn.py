"""The commands of ./learn: one function each, one table of them all."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Callable, NamedTuple

import roadmap
from arguments import Failure, Parser, choose, split_at_foreign_option
from bench.command import bench
from build import become_program, build, program_path, run_tests
from data import get_data
from loop import commands as loop
from loop.standing import standing
from prove.command import prove_course
from stages import Stage, find_stage, find_stages, main_job
from terminal import say

ROOT = Path(__file__).resolve().parent.parent
INTERRUPTED = 130


def show_roadmap(root: Path) -> int:
    """./learn"""
    print(roadmap.draw(root, find_stages(root), standing(root)))
    return 0


def program_of(stage: Stage, options: list[str]) -> str:
    """The stage's program: stages 4 to 15 have another one with the fast backend (tests/on_fast)."""
    fast = "--backend=fast" in options or ("--backend", "fast") in zip(options, options[1:])
    return f"{stage.program}_on_fast" if fast and 4 <= stage.number < 16 else stage.program


def run(arguments: list[str], root: Path) -> int:
    """./learn run [NN] [options]: its exit status is the program's."""
    ours, options = split_at_foreign_option(arguments, {"--mine", "--help", "-h"})
    parser = Parser("run", "builds and runs a stage; other options are the program's",
                    hint="those of the program come behind: ./learn run 4 -- --help")
    parser.add_argument("stage", metavar="NN", nargs="?", help="a stage; without it, the main job")
    parser.add_argument("--mine", action="store_true", help="upon what you have written in work/")
    parsed = parser.parse(ours)
    stages = find_stages(root)
    stage = main_job(stages) if parsed.stage is None else find_stage(stages, parsed.stage)
    if parsed.mine:
        return loop.run_mine(root, stage, options)
    program = program_of(stage, options)
    build(root, program)
    become_program(root, program_path(root, program), options)


def test(arguments: list[str], root: Path) -> int:
    """./learn test"""
    Parser("test", "builds everything and runs every check and test").parse(arguments)
    build(root)
    return run_tests(root)


class Command(NamedTuple):
    """What carries a command out, how it is written, and what it does."""

    function: Callable[[list[str], Path], int]
    form: str
    does: str


COMMANDS = {
    "run": Command(run, "run [NN] [--mine] [options]",
                   "builds and runs a stage; without NN, the main job"),
    "check": Command(loop.check, "check NN [-- options]", "judges your stage, or the course's"),
    "test": Command(test, "test", "builds everything, runs every check and test"),
    "bench": Command(bench, "bench [--quick]", "measures speed, beside PyTorch and OpenBLAS"),
    "data": Command(get_data, "data mnist | digits --count N", "downloads or draws data"),
    "start": Command(loop.start, "start NN", "writes a stage into work/, its exercises emptied"),
    "watch": Command(loop.watch, "watch NN", "checks your stage at every save"),
    "hint": Command(loop.hint, "hint [N.M]", "the next of an exercise's three hints"),
    "solution": Command(loop.solution, "solution N.M", "the course's way beside yours"),
    "reset": Command(loop.reset, "reset N.M", "empties one exercise again"),
    "blame": Command(loop.blame, "blame NN", "which of your lower stages breaks this one"),
    "prove": Command(prove_course, "prove [NN]", "proves the course: starters, checks, mistakes"),
}


def show_help() -> int:
    """./learn --help"""
    forms = {"": "the roadmap: every stage, its state, the next command",
             **{command.form: command.does for command in COMMANDS.values()}}
    for form, does in forms.items():
        print(f"./learn {form:<30} {does}")
    return 0


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Carries out one command line; its exit status."""
    try:
        if not arguments:
            return show_roadmap(root)
        if arguments[0] in ("--help", "-h", "help"):
            return show_help()
        return choose("command", arguments[0], COMMANDS).function(arguments[1:], root)
    except Failure as failure:
        say(f"learn: {failure}")
        return failure.status
    except OSError as error:
        say(f"learn: {error.filename}: {error.strerror}" if error.filename else f"learn: {error}")
        return 1
    except KeyboardInterrupt:
        say("learn: interrupted")
        return INTERRUPTED


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # ./learn check 3 | head ends quietly
    sys.exit(main(sys.argv[1:]))
