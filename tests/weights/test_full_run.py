"""stage_19_full_run survives kill -9 and Ctrl-C: with --resume it ends with the bytes of a run that
nobody disturbed."""

from __future__ import annotations

import signal
import subprocess
import time
import unittest
from pathlib import Path

from programs import PROGRAM, WeightsTest

KILLS = 8


def command(path: Path, *options: str) -> list[str | Path]:
    """A rehearsal of 80 steps on 8 numbers a token, saved after every step."""
    return [PROGRAM.with_name("stage_19_full_run"), "--data", "digits", "--dim", "8", "--heads", "2",
            "--batch", "25", "--epochs", "2", "--every", "0", "--checkpoint", path, *options]


class FullRun(WeightsTest):
    def test_killed_at_random_moments_a_run_ends_with_the_same_bytes(self) -> None:
        printed = self.outlive_kills(command, KILLS)
        self.assertRegex(printed, r"\n1 +[\d.]+ .*\n2 +[\d.]+ ")  # both epochs

    def test_an_interrupted_run_says_how_to_go_on(self) -> None:
        whole, stopped = self.folder / "whole.safetensors", self.folder / "stopped.safetensors"
        self.finish(command(whole))
        program = subprocess.Popen(command(stopped), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        while not stopped.exists():
            self.assertIsNone(program.poll())
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        output, error = program.communicate()
        self.assertEqual(program.returncode, 130, error)
        self.assertRegex(output, rf"step \d+ of 80, saved in {stopped}; the same command with "
                                 "--resume goes on from there\n")
        printed = self.finish(command(stopped, "--resume"))
        self.assertRegex(printed, r"resumed at step \d+ of 80\n")
        self.assertEqual(stopped.read_bytes(), whole.read_bytes())

    def test_without_resume_a_run_begins_anew_and_says_so(self) -> None:
        path = self.folder / "x.safetensors"
        self.assertIn("nothing is there to resume", self.finish(command(path, "--resume")))
        once = path.read_bytes()
        self.assertIn("the run that is there will be replaced; --resume would go on",
                      self.finish(command(path)))
        self.assertEqual(path.read_bytes(), once)

    def test_another_recipe_is_not_resumed(self) -> None:
        path = self.folder / "x.safetensors"
        self.finish(command(path))
        answer = subprocess.run(command(path, "--resume", "--lr", "0.5"), capture_output=True, text=True)
        self.assertEqual(answer.returncode, 1)
        self.assertEqual(answer.stderr, "stage 19 full run: "
                                        f"{path}: was made with lr 0.01, and now it is 0.5\n")


if __name__ == "__main__":
    unittest.main()
