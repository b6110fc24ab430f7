"""A run that is killed at any moment goes on from its checkpoint to the very same bits."""

from __future__ import annotations

import signal
import subprocess
import time
import unittest
from pathlib import Path

from programs import PROGRAM, TINY, WeightsTest

KILLS = 30


class Kill(WeightsTest):
    def command(self, path: Path, *options: str) -> list[str | Path]:
        return [PROGRAM, *TINY, "--every", "1", "--checkpoint", path, *options]

    def test_killed_at_random_moments_a_run_ends_with_the_same_bytes(self) -> None:
        self.outlive_kills(self.command, KILLS)

    def test_an_interrupted_run_saves_its_state_and_goes_on(self) -> None:
        whole, stopped = self.folder / "whole.safetensors", self.folder / "stopped.safetensors"
        self.finish(self.command(whole))
        program = subprocess.Popen(self.command(stopped, "--epochs", "100000"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while not stopped.exists():
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        error = program.communicate()[1]
        self.assertEqual(program.returncode, 130, error)
        self.assertTrue(stopped.exists())
        answer = subprocess.run(self.command(stopped, "--epochs", "100000", "--resume", "--seed", "2"),
                                capture_output=True, text=True)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("was made with seed 1, and now it is 2", answer.stderr)

    def test_a_checkpoint_that_is_no_file_of_ours_is_named(self) -> None:
        path = self.folder / "x.safetensors"
        path.write_bytes(b"\0" * 40)
        answer = subprocess.run(self.command(path, "--resume"), capture_output=True, text=True)
        self.assertEqual(answer.returncode, 1)
        self.assertEqual(answer.stderr.splitlines(),
                         [f"stage 15 weights: {path}: byte 0: the header should begin with '{{'"])
        self.assertEqual(path.read_bytes(), b"\0" * 40)


if __name__ == "__main__":
    unittest.main()
