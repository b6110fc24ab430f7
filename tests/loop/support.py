"""What the tests of the learner's loop share: the way to the modules, folders that vanish again."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "tools"
sys.path.insert(0, str(TOOLS))

from loop.cases import FAILED, PASSED, Case, Failure  # noqa: E402
from loop.exercises import Exercise  # noqa: E402


class InFolder(unittest.TestCase):
    """Every test has a folder of its own, self.root, with a space in its name."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name).resolve() / "small course"
        self.root.mkdir()

    def write(self, path: str, text: str) -> Path:
        """Writes a file of the folder, and the folders above it."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")
        return self.root / path

    def replace(self, path: str, old: str, new: str) -> None:
        """Puts new in place of old, which must stand in the file."""
        text = (self.root / path).read_text(encoding="utf-8")
        self.assertIn(old, text)
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")


def learn(root: Path, line: str) -> tuple[int, str, str]:
    """What main() of tools/learn.py makes of a command line: status, stdout, stderr."""
    from learn import main

    out, err = io.StringIO(), io.StringIO()
    # No program may take this process over: that would end the tests in silence.
    with redirect_stdout(out), redirect_stderr(err), \
            mock.patch("os.execv", side_effect=AssertionError("execv")):
        status = main(line.split(), root)
    return status, out.getvalue(), err.getvalue()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def write_script(path: Path, text: str) -> Path:
    """Writes an executable file."""
    path.write_text(text)
    path.chmod(0o755)
    return path


def run(command: list[str | Path], **options) -> subprocess.CompletedProcess[str]:
    """Runs a command away from any terminal, and keeps what it prints."""
    return subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=60, **options)


def exercise(number: str, body: tuple[str, ...] = ("  a;", "  b;", "  c;")) -> Exercise:
    """A made-up exercise."""
    stage, place = map(int, number.split("."))
    return Exercise(stage, place, f"what to do in {number}", Path("storage.cpp"), 9, body)


def passing(name: str, *numbers: str) -> Case:
    """A check that passes."""
    return Case(name, numbers, "checks.cpp", 1, PASSED)


def failing(name: str, *numbers: str, text: str = "1 == 2", outcome: str = FAILED) -> Case:
    """A check that fails."""
    return Case(name, numbers, "checks.cpp", 1, outcome, [Failure(7, "CHECK(a == b)", text)])


def stopped(name: str, *numbers: str, at: str) -> Case:
    """A check that stops at an exercise that is not written."""
    return failing(name, *numbers, text=f"exercise {at} is not written yet: what to do")
