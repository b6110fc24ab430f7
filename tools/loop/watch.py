"""./learn watch NN: checks at every save, with keys for what one asks for in between."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import tty
from pathlib import Path
from typing import Iterator

from arguments import Failure
from loop import work
from loop.check import Options, check_stage
from loop.report import where
from loop.verdict import DONE, Verdict
from stages import Stage

PERIOD = 0.1  # seconds between two looks at the files
END_OF_INPUT = "\x04"  # Ctrl-D, which a terminal hands on where keys come at once
KEYS = "h hint   n next   s solution   q quit"


def watch(root: Path, stage: Stage, options: Options, show_hint, show_answer) -> int:
    """Runs until q or Ctrl-D; show_hint and show_answer take the number of an exercise."""
    if not sys.stdin.isatty():
        raise Failure("watch: reads keys, and standard input is no terminal")
    with single_keys():
        while True:
            print("\x1b[2J\x1b[H" if sys.stdout.isatty() else "", end="")
            seen = stamps(root, stage)  # before the check: a save during it is checked next
            verdict = try_check(root, stage, options)
            own = work.show(root, work.own_folder(root, stage))
            print(f"\nwatching {own}/   {KEYS}", flush=True)
            while stamps(root, stage) == seen:
                key = read_key()
                if key in ("q", END_OF_INPUT):
                    return 0
                answer(root, stage, key, verdict, show_hint, show_answer)


def try_check(root: Path, stage: Stage, options: Options) -> Verdict | None:
    """One check; what is wrong with the files is told and may be mended meanwhile."""
    try:
        return check_stage(root, stage, options)
    except Failure as failure:
        print(failure)
        return None


def answer(root: Path, stage: Stage, key: str, verdict: Verdict | None, show_hint, show_answer
           ) -> None:
    """Does what a key asks for: hint and next for the first exercise that is not done, solution for
    the last one that is.
    """
    if key not in ("h", "n", "s"):
        return
    undone = verdict.next.exercise if verdict and verdict.next else None
    done = [one.exercise for one in verdict.exercises if one.state == DONE] if verdict else []
    try:
        if verdict is None:
            print("first it must build")
        elif key == "s" and not done:
            print("no exercise is done yet")
        elif key == "s":
            show_answer(done[-1].number)
        elif not undone:
            print("every exercise is done")
        elif key == "h":
            show_hint(undone.number)
        else:
            print(f"{undone.number} at {where(root, stage, undone)}: {undone.task}")
    except Failure as failure:
        print(failure)
    sys.stdout.flush()


def stamps(root: Path, stage: Stage) -> dict[str, int]:
    """When each file of the learner's was last written."""
    folder = work.own_folder(root, stage)
    with contextlib.suppress(FileNotFoundError):
        return {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(folder)
                if not entry.name.startswith(".")}
    return {}


def read_key() -> str:
    """The key that is pressed within PERIOD; q at the end of input, and nothing at none."""
    ready, _, _ = select.select([sys.stdin], [], [], PERIOD)
    if not ready:
        return ""
    return os.read(sys.stdin.fileno(), 1).decode(errors="replace") or "q"


@contextlib.contextmanager
def single_keys() -> Iterator[None]:
    """Keys come at once and are not shown; the terminal is put back as it was."""
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
