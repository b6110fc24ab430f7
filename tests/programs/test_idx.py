"""Stage 13 reads IDX files as Python's own gzip and struct do: every type and rank, plain and packed."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import math
import re
import struct
import tempfile
import unittest
from pathlib import Path

from test_programs import ROOT, run

# The type's byte, its name, struct's letter, and numbers at its edges.
TYPES = [(0x08, "uint8", "B", [0, 1, 128, 255]),
         (0x09, "int8", "b", [0, 1, -1, 127, -128]),
         (0x0B, "int16", "h", [0, 258, -2, 32767, -32768]),
         (0x0C, "int32", "i", [0, 16909060, -2, 2 ** 31 - 1, -2 ** 31]),
         (0x0D, "float32", "f", [0.0, -0.5, 1e-45, 3.4e38, -math.inf]),
         (0x0E, "float64", "d", [0.1, -2.5, 5e-324, 1.7e308, math.inf])]
SHAPES = [(), (7,), (2, 3), (3, 1, 5), (2, 2, 2, 2), (1, 2, 3, 1, 2), (0, 4)]


def plain(content: bytes) -> bytes:
    return content


def packed(content: bytes) -> bytes:
    return gzip.compress(content)


def in_members(content: bytes) -> bytes:
    """Three members, the first of which ends within the header, and zeros behind two of them."""
    return (gzip.compress(content[:3]) + gzip.compress(content[3:9]) + bytes(5)
            + gzip.compress(content[9:], 0) + bytes(1000))


def raw_content(path: Path) -> bytes:
    """What Python reads."""
    if path.read_bytes()[:2] != b"\x1f\x8b":
        return path.read_bytes()
    with gzip.open(path) as file:
        return file.read()


def described(path: Path) -> dict[str, str]:
    """What the program should say of a file."""
    raw = raw_content(path)
    zero, code, rank = struct.unpack_from(">HBB", raw)
    assert zero == 0
    shape = struct.unpack_from(f">{rank}I", raw, 4)
    name, letter = next((name, letter) for byte, name, letter, _ in TYPES if byte == code)
    elements = raw[4 + 4 * rank:]
    numbers = struct.unpack(f">{math.prod(shape)}{letter}", elements)
    return {"type": name, "shape": "(" + ", ".join(map(str, shape)) + ")",
            "bytes": str(len(elements)), "sha256": hashlib.sha256(elements).hexdigest(),
            "numbers": [float(number) for number in numbers[:64]]}


class Idx(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def assert_read_as_python_does(self, paths: list[Path]) -> None:
        answer = run("stage_13_mnist", "--idx", *map(str, paths))
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        blocks = answer.stdout.split("\nfile ")[1:]
        self.assertEqual(len(blocks), len(paths))
        for path, block in zip(paths, blocks):
            found = dict(re.findall(r"^(\w+) +(.*)$", block, re.MULTILINE))
            found["numbers"] = [float(number) for number in found.get("numbers", "").split()]
            expected = described(path)
            with self.subTest(file=path.name):
                self.assertEqual({key: found[key] for key in expected}, expected)

    def test_every_type_and_rank_is_read_as_python_reads_it(self) -> None:
        paths = []
        for (byte, name, letter, edges), shape in itertools.product(TYPES, SHAPES):
            numbers = itertools.islice(itertools.cycle(edges), math.prod(shape))
            content = (bytes([0, 0, byte, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
                       + b"".join(struct.pack(">" + letter, number) for number in numbers))
            for write in (plain, packed, in_members):
                paths.append(self.folder / f"{name}_{len(shape)}_{write.__name__}")
                paths[-1].write_bytes(write(content))
        self.assert_read_as_python_does(paths)

    def test_the_digits_are_read_as_python_reads_them(self) -> None:
        self.assert_read_as_python_does(sorted((ROOT / "data/digits").glob("*.gz")))

    def test_a_file_that_is_no_idx_is_named(self) -> None:
        path = self.folder / "x.gz"
        for content, reason in (
                (b"", "ends early: an IDX header has 4 bytes, found 0"),
                (gzip.compress(b"\0\0\x08\1\0\0\0\3\7"), "ends early: header promises 3 bytes, found 1"),
                (packed(b"\0\0\x08\0\7") + b"x" * 20, "corrupt gzip: incorrect header check")):
            path.write_bytes(content)
            answer = run("stage_13_mnist", "--idx", str(path))
            self.assertEqual(answer.stderr, f"stage 13 mnist: {path}: {reason}\n")
            self.assertEqual(answer.returncode, 1)

    def test_the_program_proves_what_it_shows_on_the_digits(self) -> None:
        answer = run("stage_13_mnist", "--data", "digits")
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertRegex(answer.stdout, r"\nstage 13 mnist: (\d+) proofs, \1 hold\n$")


if __name__ == "__main__":
    unittest.main()
