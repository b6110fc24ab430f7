"""PyTorch's weights come here and go back, bit for bit; and the same model gives the same logits."""

from __future__ import annotations

import importlib.util
import json
import struct
import subprocess
import sys
import unittest
from pathlib import Path

from programs import ROOT, WeightsTest

sys.path.insert(0, str(ROOT / "reference"))
SCRIPT = ROOT / "reference/weights.py"
IMAGES = ROOT / "data/digits/t10k-images-idx3-ubyte.gz"
LABELS = ROOT / "data/digits/t10k-labels-idx1-ubyte.gz"


def rows(path: Path) -> list[list[float]]:
    return [json.loads(line)["logits"] for line in path.read_text().splitlines()]


def largest(a: list[list[float]], b: list[list[float]]) -> float:
    return max(abs(x - y) for row, other in zip(a, b, strict=True)
               for x, y in zip(row, other, strict=True))


@unittest.skipUnless(importlib.util.find_spec("torch"),
                     f"{sys.executable} has no PyTorch, so nothing is compared with it")
class RoundTrip(WeightsTest):
    def round_trip(self, **sizes: int) -> None:
        """state dict -> weights.py -> here -> weights.py -> state dict, by way of both formats."""
        import torch
        import weights
        from tinyvit_mnist_pytorch import Config, initial_model

        def path(name: str) -> Path:
            return self.folder / name

        config = Config(**sizes)
        original = initial_model(config).state_dict()
        torch.save(original, path("original.pt"))
        weights.convert(path("original.pt"), path("a.safetensors"), config.heads)
        self.assert_runs("--weights", path("a.safetensors"), "--as", path("b.json"))
        weights.convert(path("b.json"), path("c.safetensors"), None)
        self.assert_runs("--weights", path("c.safetensors"), "--as", path("d.safetensors"),
                         "--images", IMAGES, "--labels", LABELS, "--logits", path("here.jsonl"))
        weights.convert(path("d.safetensors"), path("back.pt"), None)

        back = torch.load(path("back.pt"))
        self.assertEqual(set(original), set(back))
        for name, values in original.items():
            self.assertTrue(torch.equal(values.view(torch.int32), back[name].view(torch.int32)), name)
        for name in ("original", "back"):
            weights.logits(path(f"{name}.pt"), IMAGES, path(f"{name}.jsonl"), config.heads)
        before, after = rows(path("original.jsonl")), rows(path("back.jsonl"))
        self.assertEqual(before, after)
        # float32 in another order of additions; logits of up to 1 stray 2.6e-7 at most, measured.
        self.assertLess(largest(rows(path("here.jsonl")), before), 1e-6)

    def test_the_baseline_comes_back_bit_for_bit_with_the_same_logits(self) -> None:
        self.round_trip()

    def test_so_does_a_model_of_other_sizes(self) -> None:
        self.round_trip(patch=7, dim=32, depth=2, heads=8, mlp=64)


class Script(WeightsTest):
    """reference/weights.py as its user calls it; without PyTorch as long as no .pt is asked for."""

    def convert(self, source: Path, target: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, SCRIPT, "convert", source, target], capture_output=True,
                              text=True)

    def test_digits_that_a_double_would_spoil_are_read_right(self) -> None:
        source, target = self.folder / "a.json", self.folder / "a.safetensors"
        source.write_text('{"weights": {"a": {"shape": [2], "values": [7.038531e-26, -0.0]}}}')
        answer = self.convert(source, target)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(target.read_bytes()[-8:], bytes.fromhex("fd43ae15 00000080"))

    def test_it_takes_or_refuses_the_corpus_in_one_line(self) -> None:
        import weights

        for suffix in (".json", ".safetensors"):
            for source in sorted((ROOT / "tests/fuzz/corpus" / suffix[1:]).iterdir()):
                path = self.folder / (source.name + suffix)
                path.write_bytes(source.read_bytes())
                with self.subTest(path.name):
                    try:
                        weights.read_weights(path)
                    except weights.WRONG as error:
                        self.assertEqual(len(str(error).splitlines()[:2]), 1)


class PublicLibrary(WeightsTest):
    """The library that the format comes from reads what we write, where it is installed; elsewhere its
    rules are looked at one by one."""

    def written(self) -> Path:
        path = self.folder / "x.safetensors"
        self.assert_runs("--data", "digits", "--train", "8", "--test", "1", "--batch", "8", "--dim", "8",
                         "--epochs", "1", "--checkpoint", path)
        return path

    @unittest.skipUnless(importlib.util.find_spec("safetensors"), "safetensors is not installed here")
    def test_it_reads_a_checkpoint(self) -> None:
        from safetensors.numpy import load_file

        weights = load_file(self.written())
        self.assertEqual(weights["classifier.weight"].shape, (10, 8))
        self.assertIn("optimizer.classifier.weight.m", weights)

    def test_a_checkpoint_keeps_every_rule_of_the_format(self) -> None:
        content = self.written().read_bytes()
        length = struct.unpack("<Q", content[:8])[0]
        self.assertLessEqual(length, 100_000_000)
        self.assertEqual(length % 8, 0)
        text = content[8:8 + length].decode()
        self.assertTrue(text.startswith("{"))

        def table(entries: list) -> dict:
            self.assertEqual(len(dict(entries)), len(entries), "two keys of one name")
            return dict(entries)

        header = json.loads(text, object_pairs_hook=table)
        for value in header.pop("__metadata__").values():
            self.assertIsInstance(value, str)
        at = 0
        for entry in sorted(header.values(), key=lambda entry: entry["data_offsets"]):
            self.assertEqual(set(entry), {"dtype", "shape", "data_offsets"})
            self.assertEqual(entry["dtype"], "F32")
            begin, end = entry["data_offsets"]
            self.assertEqual(begin, at)
            count = 1
            for size in entry["shape"]:
                count *= size
            self.assertEqual(end - begin, 4 * count)
            at = end
        self.assertEqual(at, len(content) - 8 - length)


if __name__ == "__main__":
    unittest.main()
