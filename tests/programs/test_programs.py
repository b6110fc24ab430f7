"""The stages' programs, used as a learner uses them: their options, their exit status, and what they
say to bad input."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("NT_BUILD", ROOT / "build/default")) / "bin"
IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"


def run(program: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program on a machine without MNIST, unless the environment says otherwise."""
    surroundings = {key: value for key, value in os.environ.items() if key != "NANO_TORCH_MNIST"}
    return subprocess.run([PROGRAMS / program, *options], capture_output=True, text=True,
                          env=surroundings | environment)


class Programs(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def assert_error(self, answer: subprocess.CompletedProcess[str], status: int, text: str) -> None:
        """One line on standard error that holds `text`, and that exit status."""
        self.assertIn(text, answer.stderr)
        self.assertEqual(len(answer.stderr.splitlines()), 1, answer.stderr)
        self.assertEqual(answer.returncode, status)

    def test_quick_programs_prove_what_they_show_on_the_digits(self) -> None:
        for program, options in (("stage_00_baseline", ()), ("stage_03_storage", ()),
                                 ("stage_04_broadcast", ()),
                                 ("stage_04_broadcast", ("--backend", "eigen"))):
            answer = run(program, "--data", "digits", *options)
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
            self.assertRegex(answer.stdout, r"data: digits from data/digits\n")
            self.assertRegex(answer.stdout, r"\nstage \d\d \w+: (\d+) proofs, \1 hold\n$")

    def test_help_names_every_option(self) -> None:
        answer = run("stage_03_storage", "--help")
        self.assertEqual(answer.returncode, 0)
        for option in ("--backend", "--data", "--seed", "--report"):
            self.assertIn(option, answer.stdout)

    def test_a_wrong_command_line_is_exit_2_and_names_the_option(self) -> None:
        for options, text in ((("--frobnicate",), "--frobnicate"), (("--data", "cifar"), "cifar"),
                              (("--backend", "cuda"), "cuda"), (("--seed", "x"), "--seed"),
                              (("--report", "/nowhere/x.json"), "no such folder: /nowhere")):
            self.assert_error(run("stage_03_storage", *options), 2, text)

    def test_a_report_holds_the_proofs(self) -> None:
        path = self.folder / "report.json"
        answer = run("stage_03_storage", "--data", "digits", "--report", str(path))
        report = json.loads(path.read_text())
        self.assertTrue(report["pass"])
        self.assertEqual(len(report["proofs"]), answer.stdout.count("\nproof "))
        self.assertLessEqual({"name", "value", "limit", "pass"}, set(report["proofs"][0]))

    def test_a_full_disk_is_named_and_leaves_no_file(self) -> None:
        self.assert_error(run("stage_03_storage", "--data", "digits", "--report", "/dev/full"),
                          1, "/dev/full: cannot be written: No space left on device")
        self.assertTrue(Path("/dev/full").is_char_device())

    def test_mnist_that_is_not_there_is_named(self) -> None:
        folder = self.folder / "none"
        for options in (("--data", "mnist"), ()):
            self.assert_error(run("stage_03_storage", *options, NANO_TORCH_MNIST=str(folder)),
                              1, f"{folder}: MNIST is not here")

    def test_an_empty_variable_names_no_mnist(self) -> None:
        answer = run("stage_03_storage", NANO_TORCH_MNIST="")
        self.assertEqual(answer.returncode, 0, answer.stderr)

    def mnist_made_of_digits(self) -> Path:
        """A folder that looks like MNIST and is not."""
        shutil.copytree(ROOT / "data/digits", self.folder / "mnist")
        return self.folder / "mnist"

    def test_wrong_mnist_files_are_named_with_what_is_wrong(self) -> None:
        folder = self.mnist_made_of_digits()
        content = gzip.decompress((folder / IMAGES).read_bytes())
        pixels = len(content) - 16
        for damaged, text in (
                (b"", "ends early: an IDX header has 16 bytes, found 0"),
                (gzip.compress(content[:1000]),
                 f"ends early: header promises {pixels} bytes, found 984"),
                ((folder / IMAGES).read_bytes()[:1000], f"header promises {pixels} bytes, found"),
                ((folder / LABELS).read_bytes(), "not an IDX file of bytes with 3 axes"),
                (b"\x1f\x8b\x08\x00garbage garbage garbage", "corrupt gzip"),
                (gzip.compress(content), "not the published file: the SHA-256")):
            (folder / IMAGES).write_bytes(damaged)
            answer = run("stage_03_storage", "--data", "mnist", NANO_TORCH_MNIST=str(folder))
            self.assert_error(answer, 1, f"{folder / IMAGES}: ")
            self.assertIn(text, answer.stderr)


if __name__ == "__main__":
    unittest.main()
