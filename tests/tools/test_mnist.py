"""The download of MNIST, from mirrors that stall, truncate, corrupt and disappear."""

from __future__ import annotations

import gzip
import tempfile
import time
from pathlib import Path

from mirror import (corrupt, drop, ignore_range, login_page, never_answer, not_found, other_file,
                    other_range, stall, truncate, unsized)
from mnist_case import HALF, IMAGES, RAW, TIMEOUT, MnistCase

import mnist
from arguments import Failure


class OneMirror(MnistCase):
    """How a download copes with what one mirror does."""

    def test_downloads_both_files(self) -> None:
        mirror = self.mirror()
        self.download(mirror)
        self.assert_complete()
        self.assertEqual(mirror.ranges, [None, None])
        self.assertIn(f"{self.images}: downloaded from {mirror.url}, SHA-256 verified\n", self.said)

    def test_keeps_what_is_there_and_right(self) -> None:
        self.folder.mkdir()
        self.images.write_bytes(gzip.compress(RAW["images.gz"], compresslevel=1))
        before = self.images.read_bytes()
        mirror = self.mirror()
        self.download(mirror)
        self.assertEqual(self.images.read_bytes(), before)
        self.assertEqual(len(mirror.ranges), 1)
        self.assertIn(f"{self.images}: already there", self.said)

    def test_names_and_replaces_what_is_there_and_wrong(self) -> None:
        self.folder.mkdir()
        self.images.write_bytes(IMAGES[:-1])
        self.download(self.mirror())
        self.assert_complete()
        self.assertIn(f"{self.images}: ends early: downloading it again\n", self.said)

    def test_resumes_after_a_dropped_connection(self) -> None:
        mirror = self.mirror(drop)
        self.download(mirror)
        self.assert_complete()
        self.assertEqual(mirror.ranges[:2], [None, f"bytes={HALF}-"])

    def test_resumes_after_a_stall(self) -> None:
        mirror = self.mirror(stall)
        self.download(mirror)
        self.assert_complete()
        self.assertEqual(mirror.ranges[:2], [None, f"bytes={HALF}-"])

    def test_starts_over_where_the_range_is_ignored(self) -> None:
        mirror = self.mirror(drop, ignore_range)
        self.download(mirror)
        self.assert_complete()
        self.assertEqual(mirror.ranges, [None, f"bytes={HALF}-", None])  # the last: the other file

    def test_takes_a_whole_part_for_the_file(self) -> None:
        self.folder.mkdir()
        self.part.write_bytes(IMAGES)
        mirror = self.mirror()
        self.download(mirror)
        self.assert_complete()
        self.assertEqual(mirror.ranges, [f"bytes={len(IMAGES)}-", None])

    def test_drops_a_part_longer_than_the_file(self) -> None:
        self.folder.mkdir()
        self.part.write_bytes(IMAGES + b"more")
        self.download(self.mirror())
        self.assert_complete()

    def test_fetches_anew_when_the_content_has_changed_since_the_part(self) -> None:
        self.folder.mkdir()
        self.part.write_bytes(b"an older file")
        mirror = self.mirror()
        self.download(mirror)
        self.assert_complete()
        self.assertEqual(mirror.ranges[:2], ["bytes=13-", None])

    def test_gives_up_on_a_connection_that_keeps_dropping(self) -> None:
        mirror = self.mirror(*[drop] * mnist.ATTEMPTS)
        with self.assertRaises(Failure):
            self.download(mirror)
        self.assert_nothing_final()
        self.assertIn(f"{mirror.url}images.gz: the connection was lost after ", self.said)
        self.assertEqual(self.part.read_bytes(), IMAGES[:self.part.stat().st_size])
        self.download(mirror)
        self.assert_complete()


class NextMirror(MnistCase):
    """What sends a download to the next mirror, and what it says then."""

    def test_a_bad_mirror_is_named_with_the_reason_and_the_next_one_asked(self) -> None:
        reasons = {
            not_found: "HTTP 404 Not Found",
            never_answer: f"no answer for {TIMEOUT} s",
            truncate: "ends early",
            unsized: "ends early",
            corrupt: "is not a sound gzip file",
            other_file: "its raw content has another SHA-256",
            login_page: "is not a sound gzip file",
        }
        for behaviour, reason in reasons.items():
            with self.subTest(behaviour.__name__), tempfile.TemporaryDirectory() as folder:
                self.folder = Path(folder)
                bad = self.mirror(behaviour)
                start = time.monotonic()
                self.download(bad, self.mirror())
                self.assertLess(time.monotonic() - start, 2, "waited for longer than told to")
                self.assert_complete()
                self.assertRegex(self.said, f"{bad.url}images.gz: ({reason})\n")

    def test_a_wrong_range_is_not_appended(self) -> None:
        bad, good = self.mirror(drop, other_range), self.mirror()
        self.download(bad, good)
        self.assert_complete()
        self.assertIn("answered with another range than the one asked for\n", self.said)

    def test_another_mirror_goes_on_with_the_part(self) -> None:
        bad, good = self.mirror(drop, not_found), self.mirror()
        self.download(bad, good)
        self.assert_complete()
        self.assertEqual(good.ranges[0], f"bytes={HALF}-")

    def test_without_any_mirror_says_where_to_put_the_files(self) -> None:
        first, second = self.mirror(), self.mirror()
        first.close()
        second.close()
        with self.assertRaisesRegex(
                Failure, "^no mirror gave images.gz: put the four files into "
                         f"{self.folder} by hand, or name the folder .* in NANO_TORCH_MNIST$"):
            self.download(first, second)
        self.assertEqual(self.said, f"{first.url}images.gz: Connection refused\n"
                                    f"{second.url}images.gz: Connection refused\n")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_nothing_wrong_ever_gets_the_final_name(self) -> None:
        bad = self.mirror(corrupt, truncate, login_page)
        for _ in range(3):
            with self.assertRaises(Failure):
                self.download(bad)
            self.assertEqual(list(self.folder.iterdir()), [])
