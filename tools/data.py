"""./learn data: downloads MNIST, or draws digits of our own."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from pathlib import Path

import mnist
from arguments import Parser, choose
from build import become_program, build, program_path
from terminal import say


def get_data(arguments: list[str], root: Path) -> int:
    """./learn data mnist|digits ..."""
    parser = Parser("data", "downloads or draws data: ./learn data mnist|digits --help says more")
    parser.add_argument("set", metavar="mnist|digits", nargs="?", help="which data set")
    name = parser.parse(arguments[:1]).set
    if name is None:
        parser.error(f"which data set? The data sets are {', '.join(DATA_SETS)}")
    return choose("data set", name, DATA_SETS)(arguments[1:], root)


def get_mnist(arguments: list[str], root: Path) -> int:
    """./learn data mnist [--to DIR]: nothing to do where $NANO_TORCH_MNIST has it already."""
    parser = Parser("data mnist", "downloads MNIST and verifies its sums")
    parser.add_argument("--to", metavar="DIR", help="where the four files go (data/mnist)")
    to = parser.parse(arguments).to
    elsewhere = os.environ.get("NANO_TORCH_MNIST")
    if elsewhere and not to:
        problem = mnist.first_fault(Path(elsewhere))
        if not problem:
            say(f"{elsewhere}: MNIST is there already (NANO_TORCH_MNIST), SHA-256 verified")
            return 0
        say(f"{problem} (NANO_TORCH_MNIST): downloading MNIST to data/mnist")
    mnist.download(Path(to or os.path.relpath(root / "data" / "mnist")))
    return 0


def draw_digits(arguments: list[str], root: Path) -> int:
    """./learn data digits --count N [--seed S]: the generator is a program of ours, draw_digits."""
    parser = Parser("data digits", "draws N digits to train on, and a sixth of it to test with")
    parser.add_argument("--count", metavar="N", type=count,
                        help="how many digits to train on")
    parser.add_argument("--seed", metavar="S", type=seed, default=1,
                        help="another seed draws other digits (1)")
    options = parser.parse(arguments)
    if options.count is None:
        parser.error("how many? --count N is missing")
    build(root, "draw_digits")
    become_program(root, program_path(root, "draw_digits"), [
        "--train", str(options.count), "--test", str(max(10, options.count // 6)),
        "--seed", str(options.seed), "--output", f"data/digits-{options.count}"])


def count(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def seed(text: str) -> int:
    """A whole number, for argparse."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


DATA_SETS = {"mnist": get_mnist, "digits": draw_digits}
