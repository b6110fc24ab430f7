"""Files that are damaged, or made to harm: one line each, quickly, and no memory beyond their size."""

from __future__ import annotations

import json
import resource
import struct
import subprocess
import unittest
from pathlib import Path

from programs import PROGRAM, ROOT, WeightsTest

CORPUS = ROOT / "tests/fuzz/corpus"
IMAGES = ROOT / "data/digits/t10k-images-idx3-ubyte.gz"
MEMORY = 150_000  # kilobytes: 23 000 were measured, and sanitizers take several times as much


class Hostile(WeightsTest):
    def refused(self, *options: str | Path) -> str:
        """The one line in which the program refuses."""
        answer = subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=10)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertEqual(len(answer.stderr.splitlines()), 1, answer.stderr)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # the largest child up to now
        self.assertLess(peak, MEMORY)
        return answer.stderr

    def test_every_file_of_the_corpus_is_refused_as_a_model(self) -> None:
        for suffix in ("json", "safetensors"):
            for source in sorted((CORPUS / suffix).iterdir()):
                path = self.folder / f"{source.name}.{suffix}"
                path.write_bytes(source.read_bytes())
                with self.subTest(path.name):
                    line = self.refused("--weights", path, "--as", self.folder / "out.json")
                    self.assertTrue(line.startswith(f"stage 15 weights: {path}: "), line)
                    self.assertNotIn("bad_alloc", line)
        self.assertFalse((self.folder / "out.json").exists())

    def test_images_that_are_none_are_refused_and_leave_no_answers(self) -> None:
        weights, answers = self.folder / "x.json", self.folder / "x.jsonl"
        self.write_model(weights)
        for source in sorted((CORPUS / "idx").iterdir()):
            with self.subTest(source.name):
                self.refused("--weights", weights, "--images", source, "--logits", answers)
        self.assertFalse(answers.exists())

    def test_a_full_disk_is_named(self) -> None:
        weights = self.folder / "x.json"
        self.write_model(weights)
        line = self.refused("--weights", weights, "--images", IMAGES, "--logits", "/dev/full")
        self.assertIn("/dev/full: cannot be written: No space left on device", line)

    def test_a_model_that_computes_no_numbers_is_named(self) -> None:
        weights = self.folder / "x.safetensors"
        self.write_model(weights, 3e38)
        answers = self.folder / "x.jsonl"
        line = self.refused("--weights", weights, "--images", IMAGES, "--logits", answers)
        self.assertIn("answers: logit 0 of image 0 is ", line)
        self.assertFalse(answers.exists())

    def write_model(self, path: Path, value: float = 0.5) -> None:
        """A model of the smallest sizes for images of 28 x 28, all of whose weights are `value`."""
        block = {"self_attn.in_proj_weight": [3, 1], "self_attn.in_proj_bias": [3],
                 "self_attn.out_proj.weight": [1, 1], "self_attn.out_proj.bias": [1],
                 "linear1.weight": [2, 1], "linear1.bias": [2], "linear2.weight": [1, 2],
                 "linear2.bias": [1], "norm1.weight": [1], "norm1.bias": [1], "norm2.weight": [1],
                 "norm2.bias": [1]}
        shapes = {"position_embedding": [4, 1], "patch_embedding.weight": [1, 1, 14, 14],
                  "patch_embedding.bias": [1], "classifier.weight": [10, 1], "classifier.bias": [10],
                  **{f"encoder.0.{name}": shape for name, shape in block.items()}}
        header, numbers = {"__metadata__": {"heads": "1"}}, 0
        weights = {}
        for name, shape in shapes.items():
            count = 1
            for size in shape:
                count *= size
            weights[name] = {"shape": shape, "values": [value] * count}
            header[name] = {"dtype": "F32", "shape": shape,
                            "data_offsets": [4 * numbers, 4 * (numbers + count)]}
            numbers += count
        if path.suffix == ".json":
            path.write_text(json.dumps({"sizes": {"heads": 1}, "weights": weights}))
            return
        text = json.dumps(header).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + struct.pack("<f", value) * numbers)

    def test_that_model_itself_is_taken(self) -> None:
        for suffix in ("json", "safetensors"):
            path = self.folder / f"x.{suffix}"
            self.write_model(path)
            answers = self.folder / "x.jsonl"
            self.assert_runs("--weights", path, "--images", IMAGES, "--logits", answers)
            self.assertEqual(len(answers.read_text().splitlines()), 1000)

    def test_wrong_command_lines_are_exit_2(self) -> None:
        weights = self.folder / "x.json"
        for options, text in (
                (("--weights", weights), "--weights: what for?"),
                (("--weights", weights, "--images", IMAGES), "--images requires --logits"),
                (("--images", IMAGES), "--images requires"),
                (("--weights", weights, "--as", "x.bin"), "x.bin should be called .json or .safetensors"),
                (("--weights", weights, "--as", "/nowhere/x.json"), "no such folder: /nowhere"),
                (("--checkpoint", "x.pt"), "x.pt should be called .json or .safetensors"),
                (("--checkpoint", "x.safetensors", "--weights", weights), "excludes"),
                (("--resume",), "--resume requires --checkpoint"),
                (("--epochs", "3"), "--epochs requires --checkpoint")):
            with self.subTest(text):
                self.assert_error(2, text, *options)


if __name__ == "__main__":
    unittest.main()
