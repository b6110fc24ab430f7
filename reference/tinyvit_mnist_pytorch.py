#!/usr/bin/env python3
"""The baseline: TinyViT on handwritten digits in real PyTorch.

Everything that the twenty stages build is compared with what this file computes. It is written to
be read: PyTorch's own modules, nothing clever. Run it to watch the baseline learn:

    python3 reference/tinyvit_mnist_pytorch.py --data data/digits
    python3 reference/tinyvit_mnist_pytorch.py --data data/mnist --optimizer sgd

It runs on PyTorch 1.13 (Debian 12) and on current versions. freeze.py records what it computes.
"""

import argparse
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from torch import nn

SEED = 1  # of the initial weights and of the order of the batches
TRAIN_COUNT, TEST_COUNT = 2000, 1000


@dataclass(frozen=True)
class Config:
    """The sizes of a TinyViT; the defaults are the baseline's."""

    image: int = 28  # pixels along each side
    patch: int = 4  # pixels along each side of a patch
    dim: int = 64  # numbers in a token
    depth: int = 1  # encoder blocks
    heads: int = 4
    mlp: int = 128  # hidden units of a block's MLP
    classes: int = 10


@dataclass(frozen=True)
class Recipe:
    """How the model is trained. The learning rate falls linearly to 0 where `decay` says so."""

    optimizer: str
    epochs: int
    batch: int
    lr: float
    weight_decay: float = 0.0
    momentum: float = 0.0
    clip: float = 0.0  # the norm that all gradients together may have; 0: any
    decay: bool = False


RECIPES = {
    "adamw": Recipe("adamw", epochs=2, batch=16, lr=1e-3, weight_decay=0.01),
    "sgd": Recipe("sgd", epochs=1, batch=4, lr=0.1, momentum=0.9, clip=1.0, decay=True),
}


class TinyViT(nn.Module):
    """images (batch, 1, 28, 28) -> logits (batch, 10): a vision transformer of one block."""

    def __init__(self, config: Config = Config()):
        super().__init__()
        tokens = (config.image // config.patch) ** 2
        self.patch_embedding = nn.Conv2d(1, config.dim, config.patch, stride=config.patch)
        self.position_embedding = nn.Parameter(torch.randn(tokens, config.dim))
        self.encoder = nn.Sequential(*(self._block(config) for _ in range(config.depth)))
        self.classifier = nn.Linear(config.dim, config.classes)

    @staticmethod
    def _block(config: Config) -> nn.Module:
        return nn.TransformerEncoderLayer(
            config.dim, config.heads, config.mlp, dropout=0.0, activation="gelu",
            batch_first=True, norm_first=True)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        tokens = self.patch_embedding(images).flatten(2).transpose(1, 2)  # (batch, 49, dim)
        tokens = self.encoder(tokens + self.position_embedding)
        return self.classifier(tokens.mean(dim=1))


def initial_model(config: Config = Config(), seed: int = SEED) -> TinyViT:
    """The model with its initial weights, in training mode.

    It stays in that mode for good: with dropout 0 the results are the same, and evaluation mode
    would send the encoder through a fused kernel of its own.
    """
    torch.manual_seed(seed)
    return TinyViT(config).train()


def batch_order(recipe: Recipe, count: int = TRAIN_COUNT, seed: int = SEED) -> torch.Tensor:
    """The order in which the training images are seen: (epochs, count), a permutation a row."""
    generator = torch.Generator().manual_seed(seed)
    return torch.stack(
        [torch.randperm(count, generator=generator) for _ in range(recipe.epochs)])


def make_optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(model.parameters(), lr=recipe.lr, momentum=recipe.momentum,
                               weight_decay=recipe.weight_decay)
    return torch.optim.AdamW(model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)


def train_epoch(model, optimizer, recipe, images, labels, order, steps_done: int) -> list[float]:
    """One pass over the images in that order; the loss of every step."""
    steps_in_all = recipe.epochs * -(-len(order) // recipe.batch)
    losses = []
    for batch in order.split(recipe.batch):
        if recipe.decay:
            for group in optimizer.param_groups:
                group["lr"] = recipe.lr * (1 - (steps_done + len(losses)) / steps_in_all)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
        loss.backward()
        if recipe.clip:
            nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def right_answers(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> int:
    """How many images the model classifies as labelled."""
    return sum(int((model(part).argmax(dim=1) == truth).sum())
               for part, truth in zip(images.split(250), labels.split(250)))


def read_idx(path: Path, header: int) -> numpy.ndarray:
    """The bytes behind the header of a gzipped IDX file."""
    return numpy.frombuffer(gzip.decompress(path.read_bytes()), numpy.uint8, offset=header)


def load(folder: Path, prefix: str, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The first `count` images, (count, 1, 28, 28) normalised to [-1, 1], and their labels."""
    images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)[:count]
    labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", 8)[:count]
    scaled = torch.from_numpy(images.astype(numpy.float32)) / 255
    return (scaled - 0.5) / 0.5, torch.from_numpy(labels.astype(numpy.int64))


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the baseline TinyViT with PyTorch.")
    parser.add_argument("--data", type=Path, default=Path("data/digits"), help="folder of IDX.gz")
    parser.add_argument("--optimizer", choices=sorted(RECIPES), default="adamw")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()

    recipe = RECIPES[arguments.optimizer]
    images, labels = load(arguments.data, "train", TRAIN_COUNT)
    test_images, test_labels = load(arguments.data, "t10k", TEST_COUNT)
    model = initial_model(seed=arguments.seed)
    optimizer = make_optimizer(model, recipe)
    losses: list[float] = []
    for epoch, order in enumerate(batch_order(recipe, len(labels), arguments.seed)):
        losses += train_epoch(model, optimizer, recipe, images, labels, order, len(losses))
        right = right_answers(model, test_images, test_labels)
        print(f"epoch {epoch}: {len(losses)} steps, loss {losses[-1]:.4f}, "
              f"accuracy {100 * right / len(test_labels):.1f} %", flush=True)


if __name__ == "__main__":
    main()
