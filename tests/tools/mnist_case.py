"""What the tests of MNIST share: two small files in place of the four, and a folder for them."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import random
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from unittest import mock

import support  # the way to the modules of tools/
from mirror import Behaviour, Mirror

import mnist

RAW = {"images.gz": random.Random(1).randbytes(30_000), "labels.gz": b"0123456789"}
PACKED = {name: gzip.compress(raw, mtime=0) for name, raw in RAW.items()}
SUMS = {name: hashlib.sha256(raw).hexdigest() for name, raw in RAW.items()}
IMAGES = PACKED["images.gz"]
HALF = len(IMAGES) // 2
TIMEOUT = 0.4


class MnistCase(unittest.TestCase):
    """A folder to download to, and mirrors that end with the test."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name) / "mnist"
        self.images = self.folder / "images.gz"
        self.part = self.folder / "images.gz.part"
        self.said = ""
        environment = mock.patch.dict(os.environ, {"no_proxy": "127.0.0.1"})
        environment.start()
        self.addCleanup(environment.stop)

    def mirror(self, *behaviours: Behaviour) -> Mirror:
        """A mirror that behaves so at its first requests, and well from then on."""
        mirror = Mirror(PACKED, *behaviours)
        self.addCleanup(mirror.close)
        return mirror

    def download(self, *mirrors: Mirror) -> None:
        """Downloads both files, and keeps what that says in self.said."""
        output = io.StringIO()
        try:
            with redirect_stderr(output):
                mnist.download(self.folder, SUMS, tuple(mirror.url for mirror in mirrors), TIMEOUT)
        finally:
            self.said = output.getvalue()

    def assert_complete(self) -> None:
        """Both files are there, right, and nothing else is."""
        self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, PACKED)

    def assert_nothing_final(self) -> None:
        """No file, not even half of one, stands under its final name."""
        self.assertEqual([path for path in self.folder.glob("*.gz")], [])
