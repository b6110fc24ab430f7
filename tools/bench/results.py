"""What the speeds come to: ratios, and the bars that they reach or not."""

from __future__ import annotations

from typing import NamedTuple

from bench.contest import Ratio, Speeds, best, ratio

TASKS = {"train": "training", "infer": "inference"}
BATCHES = (32, 64, 256)

# The products of a TinyViT on 32 images, 1568 tokens, as (form, M, K, N): x W^T of its linear layers,
# then dW = dy^T x and, but for the first layer, whose x is the image, dx = dy W.
LAYERS = ((16, 64), (64, 192), (64, 64), (64, 128), (128, 64))  # from so many numbers to so many
TOKENS, DIM, CLASSES = 49, 64, 10
ROWS = 32 * TOKENS
PRODUCTS = (*(("abT", ROWS, inputs, outputs) for inputs, outputs in LAYERS),
            *(("aTb", outputs, ROWS, inputs) for inputs, outputs in LAYERS),
            *(("ab", ROWS, outputs, inputs) for inputs, outputs in LAYERS[1:]))
PRODUCT_JOBS = [" ".join(map(str, product)) for product in PRODUCTS]

# Additions and multiplications for an image, those of products alone: of the layers, of attention's
# scores and its mixing, and of the classifier. The gradients of a product are two products of its size;
# but nobody asks for the image's.
FORWARD = 2 * (sum(TOKENS * inputs * outputs for inputs, outputs in LAYERS)
               + 2 * TOKENS * TOKENS * DIM + DIM * CLASSES)
FLOP = {"train": 3 * FORWARD - 2 * TOKENS * LAYERS[0][0] * LAYERS[0][1], "infer": FORWARD}


def jobs(task: str) -> list[str]:
    """A task's jobs, one a batch."""
    return [f"{task} {batch}" for batch in BATCHES]


MODEL_JOBS = [job for task in TASKS for job in jobs(task)]


class Bar(NamedTuple):
    """What the course demands of itself, and what it aims at."""

    what: str
    measured: float
    demanded: float | None
    aim: float | None = None


def of(who: str, speeds: dict[str, list[float]]) -> list[list[float]]:
    """The speeds of all contestants of that kind."""
    return [turns for name, turns in speeds.items() if name.split()[0] == who]


def ratios(speeds: Speeds) -> dict[str, dict[str, Ratio]]:
    """By job: fast against naive, against the machine's peak, against PyTorch at the same batch, and
    against PyTorch at the batch that it is fastest at. Who has several settings counts with the best of
    each round."""
    result = {}
    for task in TASKS:
        rivals = [turns for job in jobs(task) for turns in of("pytorch", speeds[job])]
        for job in jobs(task):
            fast = best(of("fast", speeds[job]))
            flop = [FLOP[task] * images for images in fast]
            result[job] = {"naive": ratio(fast, best(of("naive", speeds[job]))),
                           "peak": ratio(flop, best(of("fast", speeds["peak"])))}
            if rivals:
                result[job]["pytorch"] = ratio(fast, best(of("pytorch", speeds[job])))
                result[job]["pytorch at its best batch"] = ratio(fast, best(rivals))
    return result


def product_ratios(speeds: Speeds, threads: list[int]) -> dict[str, dict[int, Ratio]]:
    """By product and threads: fast against OpenBLAS with as many; nothing where there is no OpenBLAS."""
    return {job: {n: ratio(turns[f"fast {n}"], turns[f"openblas {n}"])
                  for n in threads if f"openblas {n}" in turns}
            for job, turns in speeds.items()}


def bars(models: dict[str, dict[str, Ratio]],
         products: dict[str, dict[int, Ratio]]) -> list[Bar]:
    """Each is as high as its lowest case: the batch, or the product, that comes off worst."""
    result = []
    for task, name in TASKS.items():
        cases = [models[job] for job in jobs(task)]
        if "pytorch" in cases[0]:
            lowest = min(case["pytorch at its best batch"].median for case in cases)
            result.append(Bar(f"{name}, against PyTorch at its best batch", lowest, 3, 5))
        if task == "train":
            result.append(Bar(f"{name}, against naive",
                              min(case["naive"].median for case in cases), 20))
            result.append(Bar(f"{name}, share of the machine's peak",
                              min(case["peak"].median for case in cases), None, 0.5))
    for threads in sorted({n for product in products.values() for n in product}):
        lowest = min(product[threads].median for product in products.values())
        result.append(Bar(f"products, against OpenBLAS, threads {threads}", lowest, 1))
    return result
