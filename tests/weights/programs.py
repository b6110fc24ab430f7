"""What the tests of weights share: the program, a small training run, and a folder that vanishes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
from collections.abc import Callable
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

    def finish(self, command: list[str | Path]) -> str:
        """Runs a program to its end; what it printed."""
        answer = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        return answer.stdout

    def outlive_kills(self, command: Callable[..., list[str | Path]], kills: int) -> str:
        """Kills a run that keeps itself in a file, command(file, options), at random moments, and goes on
        from there: at the end the file has the bytes of a run that nobody disturbed. What the last one
        printed."""
        seed = random.SystemRandom().randrange(2**32)
        print(f"seed of the kills: {seed}", flush=True)
        moments = random.Random(seed)
        whole, killed = self.folder / "whole.safetensors", self.folder / "killed.safetensors"
        start = time.monotonic()
        self.finish(command(whole))
        length = time.monotonic() - start

        states = set()
        for kill in range(kills):
            program = subprocess.Popen(command(killed, "--resume"), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE)
            time.sleep(moments.uniform(0, length))
            program.send_signal(signal.SIGKILL)
            error = program.communicate()[1]
            self.assertEqual(error, b"", f"kill {kill}")  # whatever was on disk could be read
            if killed.exists():
                states.add(killed.read_bytes())
            if whole.read_bytes() in states:  # the end was reached: begin again
                states.remove(whole.read_bytes())
                killed.unlink()
        print(f"{kills} kills, at {len(states)} different steps", flush=True)
        self.assertTrue(states, "no run lived as long as to its first save")

        printed = self.finish(command(killed, "--resume"))
        self.assertEqual(killed.read_bytes(), whole.read_bytes())
        return printed
