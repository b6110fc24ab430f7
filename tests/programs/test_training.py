"""stage_14_training_loop, used as its user does: the same run twice, Ctrl-C, a terminal, bad options."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

import test_programs

PROGRAM = "stage_14_training_loop"


def small(**changes: str) -> list[str]:
    """The options of a run that takes less than a second, of a model with a few hundred weights."""
    options = {"data": "digits", "backend": "eigen", "dim": "8", "heads": "2", "train": "40",
               "test": "10", "batch": "16"} | changes
    return [word for name, value in options.items() for word in (f"--{name}", value)]


class Training(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.state = self.folder / "state.json"
        self.metrics = self.folder / "metrics.jsonl"

    def command(self, **changes: str) -> list[str]:
        """The program and its options, with files for the state and the metrics."""
        files = {"save": str(self.state), "metrics": str(self.metrics)}
        return [PROGRAM, *small(**files | changes)]

    def read_metrics(self) -> list[dict]:
        return [json.loads(line) for line in self.metrics.read_text().splitlines()]

    def test_the_same_seed_gives_the_same_bytes_twice(self) -> None:
        written = []
        for seed in ("3", "3", "4"):
            answer = test_programs.run(*self.command(seed=seed))
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
            written.append((self.state.read_bytes(), self.metrics.read_bytes()))
        self.assertEqual(written[0], written[1])
        self.assertNotEqual(written[0][0], written[2][0])
        self.assertNotEqual(written[0][1], written[2][1])

    def test_a_run_leaves_its_state_and_a_line_a_step_and_an_epoch(self) -> None:
        answer = test_programs.run(*self.command(optimizer="sgd"))
        self.assertRegex(answer.stdout, r"\n1 +[\d.]+ +[\d.]+ +[\d.]+ % +\d+\n2 ")
        self.assertIn(f"step 6 of 6, saved in {self.state}\n", answer.stdout)
        self.assertEqual([line.get("step", "epoch") for line in self.read_metrics()],
                         [1, 2, 3, "epoch", 4, 5, 6, "epoch"])
        state = json.loads(self.state.read_text())
        self.assertEqual(state["sizes"]["dim"], 8)
        self.assertEqual(state["training"]["step"], 6)
        self.assertEqual(state["training"]["place"]["batch"], 3)

    def test_ctrl_c_ends_at_the_next_step_and_saves_the_state(self) -> None:
        process = subprocess.Popen(self.command(epochs="100000"),
                                   executable=test_programs.PROGRAMS / PROGRAM,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not (self.metrics.exists() and len(self.metrics.read_text()) > 1000):
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("interrupted", errors)
        step = json.loads(self.state.read_text())["training"]["step"]
        self.assertIn(f"step {step} of 300000, saved in {self.state}\n", output)
        self.assertEqual([line["step"] for line in self.read_metrics() if "step" in line][-1], step)

    def test_a_terminal_has_a_bar_that_is_drawn_over_and_fits(self) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
        with subprocess.Popen(self.command(), executable=test_programs.PROGRAMS / PROGRAM,
                              stdout=theirs, env={**os.environ, "NO_COLOR": "1"}):
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 65536):
                    shown += piece
            except OSError:  # how a terminal says that nobody writes to it any more
                pass
        os.close(ours)
        lines = shown.decode().replace("\r\n", "\n")
        self.assertNotIn("\x1b", lines)
        bars = [bar for line in lines.split("\n") for bar in line.split("\r") if "training [" in bar]
        self.assertGreaterEqual(len(bars), 2)
        self.assertTrue(all(len(bar) < 50 for bar in bars), bars)
        self.assertRegex(bars[-1], r"^training \[=*\] 6/6  [\d.]+/s  0 s left")

    def test_without_a_terminal_there_are_plain_lines(self) -> None:
        answer = test_programs.run(*self.command(epochs="4"))
        self.assertNotIn("\r", answer.stdout)
        self.assertNotIn("\x1b", answer.stdout)
        self.assertEqual(answer.stdout.count("training ["), 4)

    def test_what_cannot_be_done_is_said_in_one_line(self) -> None:
        for status, text, changes in (
                (2, "--heads 3 does not divide --dim 8", {"heads": "3"}),
                (2, "--epochs: Value 0 not in range 1 to 100000", {"epochs": "0"}),
                (2, "--lr: expected a number from 0 to 1000, found nan", {"lr": "nan"}),
                (2, "--optimizer: adam not in {adamw,sgd}", {"optimizer": "adam"}),
                (2, "--save: no such folder: /nowhere", {"save": "/nowhere/x.json"}),
                (2, "--metrics: a folder: /tmp", {"metrics": "/tmp"}),
                (2, "--replay has its own recipe", {"replay": "adamw"}),
                (1, "--train: digits has 2000 images, asked for the first 9999", {"train": "9999"}),
                (1, "is nan: a smaller lr may help", {"lr": "1000", "train": "200"}),
                (1, "/dev/full: cannot be written: No space left", {"metrics": "/dev/full"}),
                (1, "/dev/full: cannot be written: No space left", {"save": "/dev/full"})):
            with self.subTest(changes=changes):
                answer = test_programs.run(*self.command(**changes))
                self.assertEqual(answer.returncode, status, answer.stderr)
                self.assertIn(text, answer.stderr)
                self.assertEqual(len(answer.stderr.splitlines()), 1, answer.stderr)


if __name__ == "__main__":
    unittest.main()
