#!/usr/bin/env python3
"""Freezes the baseline: runs PyTorch once and writes what it computed to reference/frozen/.

    python3 reference/freeze.py            writes the files and their sums
    python3 reference/freeze.py --check    computes all of it again and compares: limit 1e-6

The computation runs in float64, from weights that are float32 numbers, and is stored as float32:
so it is the same on every processor, and nearer to the truth than any float32 program. How far
PyTorch's own float32 run strays from it is recorded beside it (`float32_noise`): that is the noise
from which the tolerances of the stages come.

Needs PyTorch; MNIST in data/mnist or $NANO_TORCH_MNIST, whose pixels are never stored (its baseline
holds the positions of the images). Who only reads the frozen files needs neither.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

import numpy
import torch
from torch import nn

import fixtures_numpy
import fixtures_pytorch
import tinyvit_mnist_pytorch as baseline

HERE = Path(__file__).resolve().parent
FROZEN = HERE / "frozen"
DATA_SETS = ("digits", "mnist")
LIMIT = 1e-6  # between two runs of this file: float64 rounding is far below, float32 storage at 6e-8
FLOAT32_NOISE_LIMIT = 1e-4  # PyTorch against itself; measured: about 1e-5


def data_folders() -> dict[str, Path]:
    """The data sets that are present, by name."""
    folders = {"digits": HERE.parent / "data/digits"}
    mnist = Path(os.environ.get("NANO_TORCH_MNIST") or HERE.parent / "data/mnist")
    if (mnist / "train-images-idx3-ubyte.gz").exists():
        folders["mnist"] = mnist
    return folders


def first_of_each_class(labels: torch.Tensor) -> torch.Tensor:
    """The positions of X_ref: the first test image of every class, 0 to 9."""
    return torch.tensor([int((labels == digit).nonzero()[0]) for digit in range(10)])


def activations(model: baseline.TinyViT, images: torch.Tensor) -> dict[str, torch.Tensor]:
    """What comes out of every layer, in the order in which the layers run."""
    seen: dict[str, torch.Tensor] = {}

    def output(name):
        return lambda module, inputs, result: seen.__setitem__(
            name, result[0] if isinstance(result, tuple) else result)

    def input_of(name):
        return lambda module, inputs: seen.__setitem__(name, inputs[0])

    hooks = [model.encoder.register_forward_pre_hook(input_of("position_embedding"))]
    for number, block in enumerate(model.encoder):
        prefix = f"encoder.{number}."
        for layer, module in (("norm1", block.norm1), ("attention", block.self_attn)):
            hooks.append(module.register_forward_hook(output(prefix + layer)))
        hooks.append(block.norm2.register_forward_pre_hook(input_of(prefix + "residual1")))
        for layer in ("norm2", "linear1"):
            hooks.append(getattr(block, layer).register_forward_hook(output(prefix + layer)))
        hooks.append(block.linear2.register_forward_pre_hook(input_of(prefix + "gelu")))
        hooks.append(block.linear2.register_forward_hook(output(prefix + "linear2")))
        hooks.append(block.register_forward_hook(output(prefix + "residual2")))
    hooks.append(model.classifier.register_forward_pre_hook(input_of("mean")))
    hooks.append(model.classifier.register_forward_hook(output("logits")))

    patches = model.patch_embedding(images).flatten(2).transpose(1, 2)
    model(images)
    for hook in hooks:
        hook.remove()
    return {"patch_embedding": patches} | seen


def gradients(model: nn.Module, images: torch.Tensor, labels: torch.Tensor):
    """Of the mean cross-entropy over these images, for every parameter; and that loss."""
    model.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    result = {name: weight.grad.clone() for name, weight in model.named_parameters()}
    model.zero_grad()
    return result, loss


def block_gradients(model: baseline.TinyViT, x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Of the first encoder block alone, given x, its input, and a dy made of exact numbers."""
    x = x.detach().clone().requires_grad_()
    model.zero_grad()
    y = model.encoder[0](x)
    dy = torch.from_numpy(fixtures_numpy.operand(y.shape, seed=1) / 64).double()
    y.backward(dy)
    result = {"dy": dy, "dx": x.grad}
    result |= {f"gradients/{name}": weight.grad.clone()
               for name, weight in model.encoder[0].named_parameters()}
    model.zero_grad()
    return result


VARIANT = baseline.Config(patch=7, dim=32, depth=2, heads=8, mlp=64)


def freeze_variant(images: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
    """A model of other sizes on the first three images of X_ref."""
    images, labels = images[:3], labels[:3]
    model = baseline.initial_model(VARIANT).double()
    arrays = {f"weights/{key}": value.detach() for key, value in model.named_parameters()}
    arrays |= {f"activations/{key}": value.detach()
               for key, value in activations(model, images.double()).items()}
    grads, _ = gradients(model, images.double(), labels)
    arrays |= {f"gradients/{key}": value for key, value in grads.items()}
    return arrays | {"images": images, "labels": labels}


def training(kind: str, data, x_ref, y_ref, dtype) -> dict[str, torch.Tensor]:
    """One whole training run: losses, accuracies, logits of X_ref and weights along the way."""
    images, labels, test_images, test_labels = data
    recipe = baseline.RECIPES[kind]
    model = baseline.initial_model().to(dtype)
    optimizer = baseline.make_optimizer(model, recipe)
    orders = baseline.batch_order(recipe)
    losses: list[float] = []
    result = {"order": orders}
    right = []
    for epoch, order in enumerate(orders):
        losses += baseline.train_epoch(
            model, optimizer, recipe, images.to(dtype), labels, order, len(losses))
        right.append(baseline.right_answers(model, test_images.to(dtype), test_labels))
        with torch.no_grad():
            result[f"logits.{epoch}"] = model(x_ref.to(dtype))
        result |= {f"weights.{epoch}/{name}": weight.detach().clone()
                   for name, weight in model.named_parameters()}
    grads, _ = gradients(model, x_ref.to(dtype), y_ref)
    result |= {f"gradients/{name}": value for name, value in grads.items()}
    return result | {"losses": torch.tensor(losses, dtype=dtype),
                     "accuracy": torch.tensor(right) / len(test_labels)}


def freeze_data_set(name: str, folder: Path):
    """Everything that is frozen of one data set: arrays for the npz, figures for the JSON."""
    data = (*baseline.load(folder, "train", baseline.TRAIN_COUNT),
            *baseline.load(folder, "t10k", baseline.TEST_COUNT))
    positions = first_of_each_class(data[3])
    x_ref, y_ref = data[2][positions], data[3][positions]

    model = baseline.initial_model().double()
    arrays = {f"initial/weights/{key}": value.detach() for key, value in model.named_parameters()}
    arrays |= {f"initial/activations/{key}": value.detach()
               for key, value in activations(model, x_ref.double()).items()}
    grads, loss = gradients(model, x_ref.double(), y_ref)
    arrays |= {f"initial/gradients/{key}": value for key, value in grads.items()}
    block = block_gradients(model, arrays["initial/activations/position_embedding"])
    arrays |= {f"block/{key}": value for key, value in block.items()}
    arrays |= {"initial/loss": loss.detach(), "x_ref/positions": positions, "y_ref": y_ref}
    if name != "mnist":
        arrays["x_ref/images"] = x_ref

    figures = {"train": len(data[1]), "test": len(data[3])}
    for kind, recipe in baseline.RECIPES.items():
        run = training(kind, data, x_ref, y_ref, torch.float64)
        arrays |= {f"{kind}/{key}": value for key, value in run.items()}
        float32 = training(kind, data, x_ref, y_ref, torch.float32)
        figures[kind] = vars(recipe) | {
            "steps": len(run["losses"]),
            "accuracy": [round(float(value), 4) for value in run["accuracy"]],
            "accuracy_float32": [round(float(value), 4) for value in float32["accuracy"]],
            "float32_noise": float((run["losses"] - float32["losses"]).abs().max()),
        }
    return arrays, figures


def as_stored(value) -> numpy.ndarray:
    """Reals as float32, whole numbers as int32."""
    array = numpy.asarray(value)
    return array.astype(numpy.float32 if array.dtype.kind == "f" else numpy.int32)


def freeze() -> tuple[dict[str, dict[str, numpy.ndarray]], dict]:
    """All frozen arrays by file name and array name, and the figures."""
    torch.set_num_threads(1)
    files = {"operations": fixtures_pytorch.fixtures(), "numpy": fixtures_numpy.fixtures()}
    figures = {"pytorch": torch.__version__, "numpy": numpy.__version__, "seed": baseline.SEED,
               "model": vars(baseline.Config())}
    for name, folder in data_folders().items():
        print(f"freezing {name} ...", flush=True)
        files[name], figures[name] = freeze_data_set(name, folder)
    files["variant"] = freeze_variant(files["digits"]["x_ref/images"], files["digits"]["y_ref"])
    figures["variant"] = vars(VARIANT)
    return {name: {key: as_stored(value) for key, value in arrays.items()}
            for name, arrays in files.items()}, figures


def write(files, figures) -> None:
    """Writes frozen/*.npz, baseline.json and SHA256SUMS."""
    if "mnist" not in files:
        sys.exit("freeze: MNIST is not here: put it in data/mnist or name it in $NANO_TORCH_MNIST")
    FROZEN.mkdir(exist_ok=True)
    for name, arrays in files.items():
        numpy.savez_compressed(FROZEN / f"{name}.npz", **arrays)
    (FROZEN / "baseline.json").write_text(json.dumps(figures, indent=2) + "\n")
    paths = [FROZEN / f"{name}.npz" for name in sorted(files)] + [FROZEN / "baseline.json"]
    (FROZEN / "SHA256SUMS").write_text("".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths))
    for path in paths:
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


def largest_difference(frozen: numpy.ndarray, again: numpy.ndarray) -> float:
    if frozen.shape != again.shape or frozen.dtype != again.dtype:
        return float("inf")
    return float(numpy.abs(frozen.astype(numpy.float64) - again).max(initial=0))


def check(files, figures) -> int:
    """Compares a fresh computation with the frozen files; the exit status."""
    bad = 0
    for name, arrays in files.items():
        with numpy.load(FROZEN / f"{name}.npz") as frozen:
            differences = {key: largest_difference(frozen[key], arrays[key])
                           for key in frozen.files if key in arrays}
            strays = set(frozen.files) ^ set(arrays)
        worst = max(differences, key=differences.get)
        verdict = "ok" if differences[worst] <= LIMIT and not strays else "FAILED"
        bad += verdict != "ok"
        print(f"{name}: {len(differences)} arrays, largest difference {differences[worst]:.1e} "
              f"in {worst}, limit {LIMIT:.0e}: {verdict}")
        for key in sorted(strays):
            print(f"{name}: {key}: only in one of the two")
        for kind in baseline.RECIPES if name in DATA_SETS else ():
            noise = figures[name][kind]["float32_noise"]
            verdict = "ok" if noise <= FLOAT32_NOISE_LIMIT else "FAILED"
            bad += verdict != "ok"
            print(f"{name}: {kind} in float32 strays from float64 by {noise:.1e} in the loss of "
                  f"any step, limit {FLOAT32_NOISE_LIMIT:.0e}: {verdict}")
    for name in set(DATA_SETS) - set(files):
        print(f"{name}: not here, not checked")
    return 1 if bad else 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Freeze the PyTorch baseline.")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    files, figures = freeze()
    if arguments.check:
        sys.exit(check(files, figures))
    write(files, figures)


if __name__ == "__main__":
    main()
