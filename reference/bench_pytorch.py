#!/usr/bin/env python3
"""PyTorch's side of ./learn bench: a process that does what a line on its standard input says.

    echo 'train 64 1.0' | python3 reference/bench_pytorch.py 2

The number is that of PyTorch's threads; its jobs, and its answers in JSON, are those of
tests/bench/train_bench.cpp. Nothing is measured but PyTorch: no images are loaded while the clock runs,
gradients are freed and not filled with zeros, and for inference the model is in evaluation mode, where
PyTorch has a fused kernel for the whole encoder block.
"""

import ctypes
import json
import signal
import sys
import time
from pathlib import Path

try:
    import torch
    from tinyvit_mnist_pytorch import RECIPES, initial_model, load, make_optimizer
except ModuleNotFoundError as error:  # torch, or numpy, and the course does without
    print(json.dumps({"missing": f"{error.name} of {sys.executable}"}))
    sys.exit()

DIGITS = Path(__file__).resolve().parent.parent / "data/digits"


def repeat(seconds, work):
    """Works once unwatched, then for so long, once at least: (how often, in what time)."""
    work()
    start, times, passed = time.perf_counter(), 0, 0.0
    while times == 0 or passed < seconds:
        work()
        times, passed = times + 1, time.perf_counter() - start
    return times, passed


def train(images, labels, seconds):
    """Steps of AdamW; the answer is the loss of the second."""
    model = initial_model()
    optimizer = make_optimizer(model, RECIPES["adamw"])
    losses = []

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    return *repeat(seconds, step), losses[1]


@torch.inference_mode()
def infer(images, _, seconds):
    """Logits; the answer is the mean of their magnitudes."""
    model = initial_model().eval()
    timing = repeat(seconds, lambda: model(images))
    return *timing, model(images).abs().mean().item()


def blas():
    """The library of matrix products that PyTorch is using: its files, and what it says of itself."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = {line.split()[-1] for line in maps if ".so" in line}
    files = sorted(path for path in paths if "blas" in Path(path).name or "mkl" in Path(path).name)
    for path in files.copy():
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_get_config"):
            library.openblas_get_config.restype = ctypes.c_char_p
            files.append(library.openblas_get_config().decode())
            break
    return ", ".join(files)


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ./learn bench says that it was interrupted
    torch.set_num_threads(int(sys.argv[1]))
    images, labels = load(DIGITS, "train", 256)
    print(json.dumps({"pytorch": torch.__version__, "blas": blas()}), flush=True)
    for line in sys.stdin:
        task, count, seconds = line.split()
        batch = slice(int(count))
        work = {"train": train, "infer": infer}[task]
        times, passed, answer = work(images[batch], labels[batch], float(seconds))
        print(json.dumps({"amount": times * int(count), "seconds": passed, "answer": answer}),
              flush=True)


if __name__ == "__main__":
    main()
