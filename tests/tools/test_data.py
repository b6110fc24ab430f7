"""./learn data mnist as a process, and what NANO_TORCH_MNIST changes."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from unittest import mock

from mirror import Mirror, stall
from mnist_case import SUMS, MnistCase
from support import ROOT, TOOLS

import learn
import mnist
from mnist import first_fault

# ./learn data mnist, with files and a mirror of the test's own.
COMMAND = """
import functools, sys
import learn, mnist
folder, mirror = sys.argv[1:]
mnist.download = functools.partial(mnist.download, files={files}, mirrors=(mirror,))
sys.exit(learn.main(["data", "mnist", "--to", folder]))
"""


class Command(MnistCase):
    """./learn data mnist as a process."""

    def learn(self, folder: Path, mirror: Mirror) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", COMMAND.format(files=SUMS), folder,
                                 mirror.url], env={**os.environ, "PYTHONPATH": str(TOOLS)},
                                text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_an_interrupted_download_is_resumed(self) -> None:
        mirror = self.mirror(stall)
        with self.learn(self.folder, mirror) as process:
            deadline = time.monotonic() + 10
            while not (self.part.exists() and self.part.stat().st_size):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=10)
        self.assertEqual((process.returncode, said), (130, "learn: interrupted\n"))
        self.assert_nothing_final()
        self.download(mirror)
        self.assert_complete()
        self.assertRegex(mirror.ranges[1], "^bytes=[1-9]")

    def test_a_folder_that_cannot_be_made_is_one_line(self) -> None:
        self.folder.write_text("a file in the way")
        with self.learn(self.folder / "below", self.mirror()) as process:
            _, said = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 1)
        self.assertRegex(said, r"^learn: .*mnist/below: Not a directory\n$")

    @unittest.skipUnless(Path("/dev/full").exists(), "the disk that is always full is Linux's")
    def test_a_full_disk_is_one_line(self) -> None:
        self.folder.mkdir()
        self.part.symlink_to("/dev/full")
        with self.learn(self.folder, self.mirror()) as process:
            _, said = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 1)
        self.assertRegex(said, r"^learn: .*images.gz.part: No space left on device\n$")
        self.assertEqual(list(self.folder.iterdir()), [])


class Environment(MnistCase):
    """What NANO_TORCH_MNIST changes."""

    def get_mnist(self, *arguments: str) -> list[Path]:
        """The folders that ./learn data mnist downloads to, with NANO_TORCH_MNIST=self.folder."""
        output = io.StringIO()
        with mock.patch.dict(os.environ, {"NANO_TORCH_MNIST": str(self.folder)}), \
                mock.patch("mnist.first_fault", lambda folder: first_fault(folder, SUMS)), \
                mock.patch("mnist.download") as download, redirect_stderr(output):
            self.assertEqual(learn.main(["data", "mnist", *arguments]), 0)
        self.said = output.getvalue()
        return [Path(call.args[0]).resolve() for call in download.call_args_list]

    def test_there_is_nothing_to_do_where_it_names_the_files(self) -> None:
        self.download(self.mirror())
        self.assertEqual(self.get_mnist(), [])
        self.assertEqual(self.said, f"{self.folder}: MNIST is there already (NANO_TORCH_MNIST), "
                                    "SHA-256 verified\n")

    def test_it_is_named_where_it_has_not_the_right_files(self) -> None:
        self.download(self.mirror())
        self.images.unlink()
        self.assertEqual(self.get_mnist(), [ROOT / "data" / "mnist"])
        self.assertEqual(self.said, f"{self.images}: missing (NANO_TORCH_MNIST): "
                                    "downloading MNIST to data/mnist\n")

    def test_a_folder_asked_for_gets_the_files_all_the_same(self) -> None:
        self.download(self.mirror())
        self.assertEqual(self.get_mnist("--to", str(self.folder / "x")), [self.folder / "x"])


class Sums(unittest.TestCase):
    """The real thing: names, sums, and the folder that the environment names."""

    def test_four_files_with_four_sums(self) -> None:
        self.assertEqual(len(mnist.RAW_SHA256), 4)
        for name, raw_sha256 in mnist.RAW_SHA256.items():
            self.assertRegex(name, r"^(train|t10k)-(images-idx3|labels-idx1)-ubyte\.gz$")
            self.assertRegex(raw_sha256, "^[0-9a-f]{64}$")

    @unittest.skipUnless(os.environ.get("NANO_TORCH_MNIST"), "NANO_TORCH_MNIST names no MNIST")
    def test_the_real_files_have_these_sums(self) -> None:
        self.assertIsNone(mnist.first_fault(Path(os.environ["NANO_TORCH_MNIST"])))
        result = subprocess.run([sys.executable, TOOLS / "learn.py", "data", "mnist"], text=True,
                                stderr=subprocess.PIPE, check=True, cwd=ROOT)
        self.assertIn("MNIST is there already (NANO_TORCH_MNIST)", result.stderr)
