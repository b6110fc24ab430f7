"""What the tests of weights share: the program, a small training run, and a folder that vanishes."""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("NT_BUILD", ROOT / "build/default")) / "bin/stage_15_weights"

# 24 steps on 8 numbers a token: one takes a few milliseconds.
TINY = ("--data", "digits", "--train", "96", "--test", "10", "--batch", "8", "--dim", "8",
        "--heads", "2")


def run(*options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *options], capture_output=True, text=True)


class WeightsTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def assert_runs(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        answer = run(*options)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        return answer

    def assert_error(self, status: int, text: str, *options: str | Path) -> None:
        """One line on standard error that holds `text`, and that exit status."""
        answer = run(*options)
        self.assertIn(text, answer.stderr)
        self.assertEqual(len(answer.stderr.splitlines()), 1, answer.stderr)
        self.assertEqual(answer.returncode, status, answer.stderr)
