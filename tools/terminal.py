"""What ./learn says of its own accord. It goes to stderr: stdout belongs to the stage's program."""

from __future__ import annotations

import os
import shutil
import sys

COLOURS = {"green": "32", "yellow": "33", "dim": "2"}


def paint(text: str, colour: str) -> str:
    """text in colour for stdout; plain where colour is unwanted (NO_COLOR) or not on a terminal."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"


def say(text: str) -> None:
    """A line that stays, in place of the status line."""
    clear_status()
    print(text, file=sys.stderr, flush=True)


def show_status(text: str) -> None:
    """A line that the next one replaces: progress, for somebody who watches a terminal."""
    if sys.stderr.isatty():
        columns = shutil.get_terminal_size().columns
        print(f"\r\x1b[K{text[:columns - 1]}", end="", file=sys.stderr, flush=True)


def clear_status() -> None:
    """Removes the status line."""
    show_status("")
