#!/usr/bin/env python3
"""Weights from PyTorch to the course and back, bit for bit.

    python3 reference/weights.py convert model.pt model.safetensors
    python3 reference/weights.py convert model.json model.pt
    python3 reference/weights.py logits model.pt images.idx logits.jsonl

A file's name says its format: .pt is a state dict of torch.save, .json and .safetensors are what stage
15 reads and writes. They are read and written here from their published descriptions alone, with no
code of the course: what both agree on is the format.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import math
import os
import pickle
import struct
import sys
from pathlib import Path

import numpy

Weights = dict[str, numpy.ndarray]

# The C library's, because it rounds decimal digits once, to a float32. Python's float() rounds them to
# a float64 first: the digits 7.038531e-26 would end at the float's neighbour.
_strtof = ctypes.CDLL(None).strtof
_strtof.restype = ctypes.c_float


class WeightError(Exception):
    """A file that does not hold what it should; says so in one line."""


# What a file can be wrong with.
WRONG = (WeightError, OSError, LookupError, TypeError, ValueError, RuntimeError, struct.error,
         pickle.UnpicklingError)


def as_float32(digits: str) -> float:
    return _strtof(digits.encode(), None)


def no_duplicates(entries: list[tuple]) -> dict:
    if len(dict(entries)) < len(entries):
        raise WeightError("two entries of one name")
    return dict(entries)


def read_safetensors(path: Path) -> tuple[Weights, int | None]:
    content = path.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + length].decode(), object_pairs_hook=no_duplicates)
    data = content[8 + length:]
    metadata = header.pop("__metadata__", {})
    weights, at = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        if entry["dtype"] != "F32" or begin != at or end - begin != 4 * math.prod(entry["shape"]):
            raise WeightError(f"{path}: '{name}' is {entry}, and byte {at} comes next")
        weights[name] = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
        at = end
    if at != len(data):
        raise WeightError(f"{path}: the arrays end at byte {at} of {len(data)}")
    return weights, int(metadata["heads"]) if "heads" in metadata else None


def write_safetensors(path: Path, weights: Weights, heads: int | None) -> None:
    header: dict[str, dict] = {} if heads is None else {"__metadata__": {"heads": str(heads)}}
    at = 0
    for name, values in weights.items():
        header[name] = {"dtype": "F32", "shape": list(values.shape),
                        "data_offsets": [at, at + values.nbytes]}
        at += values.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    replace(path, struct.pack("<Q", len(text)) + text + b"".join(
        values.astype("<f4").tobytes() for values in weights.values()))


def read_json(path: Path) -> tuple[Weights, int | None]:
    file = json.loads(path.read_text(), parse_float=as_float32, object_pairs_hook=no_duplicates)
    weights = {name: numpy.array(entry["values"], numpy.float32).reshape(entry["shape"])
               for name, entry in file["weights"].items()}
    return weights, file.get("sizes", {}).get("heads")


def write_json(path: Path, weights: Weights, heads: int | None) -> None:
    def entry(name: str, values: numpy.ndarray) -> str:
        digits = ", ".join(map(str, values.ravel()))  # the fewest that lead back to the float32
        return f'    {json.dumps(name)}: {{"shape": {list(values.shape)}, "values": [{digits}]}}'

    sizes = {} if heads is None else {"heads": heads}
    entries = ",\n".join(entry(name, values) for name, values in weights.items())
    text = f'{{\n  "sizes": {json.dumps(sizes)},\n  "weights": {{\n{entries}\n  }}\n}}\n'
    replace(path, text.encode())


def read_pt(path: Path) -> tuple[Weights, int | None]:
    import torch  # only where it is needed: the other formats do without

    weights = {}
    # weights_only: a pickle could run any code otherwise
    for name, tensor in torch.load(path, map_location="cpu", weights_only=True).items():
        if tensor.dtype != torch.float32:
            raise WeightError(f"{path}: '{name}' should be float32, found {tensor.dtype}")
        weights[name] = tensor.detach().contiguous().numpy()
    return weights, None  # no tensor of a state dict says how many heads there are


def write_pt(path: Path, weights: Weights, heads: int | None) -> None:
    import torch

    temporary = path.with_name(path.name + ".new")
    torch.save({name: torch.from_numpy(values.copy()) for name, values in weights.items()}, temporary)
    os.replace(temporary, path)


FORMATS = {".pt": (read_pt, write_pt), ".json": (read_json, write_json),
           ".safetensors": (read_safetensors, write_safetensors)}


def format_of(path: Path) -> tuple:
    if path.suffix not in FORMATS:
        raise WeightError(f"{path}: should be called {', '.join(FORMATS)}")
    return FORMATS[path.suffix]


def replace(path: Path, content: bytes) -> None:
    """The file is the old one or the new one, and never half of it."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def read_weights(path: Path) -> tuple[Weights, int | None]:
    weights, heads = format_of(path)[0](path)
    for name, values in weights.items():
        if not numpy.isfinite(values).all():
            raise WeightError(f"{path}: '{name}' holds a number that is none")
    return weights, heads


def convert(source: Path, target: Path, heads: int | None) -> None:
    write = format_of(target)[1]
    weights, found = read_weights(source)
    write(target, weights, heads or found)


def read_images(path: Path) -> numpy.ndarray:
    """The bytes of an IDX file of images, (N, S, S), plain or gzipped."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    shape = struct.unpack(">III", content[4:16])
    return numpy.frombuffer(content, numpy.uint8, math.prod(shape), 16).reshape(shape)


def config_of(weights: Weights, heads: int | None):
    """The sizes of the model whose weights these are."""
    from tinyvit_mnist_pytorch import Config

    dim, _, _, patch = weights["patch_embedding.weight"].shape
    tokens = len(weights["position_embedding"])
    return Config(image=math.isqrt(tokens) * patch, patch=patch, dim=dim,
                  depth=len({name.split(".")[1] for name in weights if name.startswith("encoder.")}),
                  heads=heads or Config.heads, mlp=len(weights["encoder.0.linear1.weight"]),
                  classes=len(weights["classifier.weight"]))


def logits(source: Path, images: Path, target: Path, heads: int | None) -> None:
    """What PyTorch's own model says of the images: a line each."""
    import torch
    from tinyvit_mnist_pytorch import TinyViT

    weights, found = read_weights(source)
    model = TinyViT(config_of(weights, heads or found)).train()  # see initial_model
    model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
    pixels = torch.from_numpy(read_images(images).copy())[:, None] / 255
    with torch.no_grad():
        rows = torch.cat([model(part) for part in ((pixels - 0.5) / 0.5).split(50)])
    lines = [json.dumps({"image": i, "class": int(row.argmax()), "logits": row.tolist()})
             for i, row in enumerate(rows)]
    replace(target, ("\n".join(lines) + "\n").encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--heads", type=int, help="of the model, where its file does not say")
    commands = parser.add_subparsers(dest="command", required=True)
    converting = commands.add_parser("convert", help="from one format to another")
    converting.add_argument("source", type=Path)
    converting.add_argument("target", type=Path)
    classifying = commands.add_parser("logits", help="PyTorch's logits of images")
    classifying.add_argument("source", type=Path)
    classifying.add_argument("images", type=Path)
    classifying.add_argument("target", type=Path)
    options = vars(parser.parse_args())
    command = {"convert": convert, "logits": logits}[options.pop("command")]
    try:
        command(**options)
    except WRONG as error:
        sys.exit(f"weights.py: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
