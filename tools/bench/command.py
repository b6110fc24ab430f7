"""./learn bench: the contest, its tables, and a file of all that was measured."""

from __future__ import annotations

import json
import os
from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from arguments import Parser
from bench import tables
from bench.contest import Speeds, take_turns
from bench.contestant import Contestant
from bench.entrants import Entrants
from bench.machine import Machine, this_machine
from bench.results import MODEL_JOBS, PRODUCT_JOBS, TASKS, bars, product_ratios, ratios
from build import build
from data import count

NAIVE_ROUNDS = 2  # a step of naive takes seconds, and how far it is behind takes no more to see
SETTINGS = 2  # of PyTorch that are left, for each job, after the heat
SHARE_OF_A_PRODUCT = 0.1  # of a turn: a product takes microseconds where a training step takes millis


def bench(arguments: list[str], root: Path) -> int:
    """./learn bench: 0 whether a bar is reached or not, since no clock may turn the course red."""
    options = parse(arguments, root)
    build(root, "bench")
    machine = this_machine()
    with Entrants(root, machine) as entrants:
        multipliers = [entrants.multiplier(who, n)
                       for n in machine.thread_counts() for who in ("fast", "openblas")]
        able = [entry for entry in multipliers if not entry.missing]
        products = take_turns({job: able for job in PRODUCT_JOBS}, options.rounds,
                              options.seconds * SHARE_OF_A_PRODUCT)
        peak = [entry for entry in able if entry.name.startswith("fast")]
        others, models = contest_of_models(entrants, peak, options)
    introductions = {entry.name: entry.introduction for entry in multipliers + others}
    report(machine, introductions, models, products, options)
    return 0


def parse(arguments: list[str], root: Path) -> Namespace:
    """The options; raises UsageError."""
    parser = Parser("bench", "measures speed, beside PyTorch and OpenBLAS where they are installed")
    parser.add_argument("--rounds", metavar="N", type=count, help="of the contest (9; quick: 3)")
    parser.add_argument("--seconds", metavar="S", type=seconds, help="of a turn (0.5; quick: 0.1)")
    parser.add_argument("--quick", action="store_true", help="a minute instead of five, and less exact")
    parser.add_argument("--json", metavar="FILE", type=Path,
                        help="where all figures go (out/bench.json)")
    options = parser.parse(arguments)
    options.rounds = options.rounds or (3 if options.quick else 9)
    options.seconds = options.seconds or (0.1 if options.quick else 0.5)
    if options.json is None:
        options.json = root / "out/bench.json"
        options.json.parent.mkdir(exist_ok=True)
    elif options.json.is_dir() or not options.json.parent.is_dir():
        parser.error(f"argument --json: '{options.json}' is no file that can be written")
    return options


def seconds(text: str) -> float:
    """A time above 0, for argparse."""
    try:
        time = float(text)
    except ValueError:
        time = 0
    if not 0 < time < float("inf"):
        raise ArgumentTypeError(f"'{text}' is not a number above 0")
    return time


def contest_of_models(entrants: Entrants, peak: list[Contestant],
                      options: Namespace) -> tuple[list[Contestant], Speeds]:
    """Training and inference, and what the machine could do at most, which `peak` measure. A heat, one
    round among all of PyTorch's settings, leaves the fastest of them for each job; so the rounds that
    count are short, and PyTorch's turn is close to ours."""
    naive = entrants.backend("naive", 1)
    own = [naive, *(entrants.backend("fast", n) for n in entrants.machine.thread_counts())]
    entries = {job: own.copy() for job in MODEL_JOBS}
    pytorch = entrants.pytorch()
    if not pytorch[-1].missing:
        heat = take_turns({job: pytorch for job in MODEL_JOBS}, 1, options.seconds)
        for job, entered in entries.items():
            entered += sorted(pytorch, key=lambda entry: heat[job][entry.name][0])[-SETTINGS:]
    speeds = take_turns({"peak": peak, **entries}, options.rounds, options.seconds,
                        {naive.name: NAIVE_ROUNDS})
    return own + pytorch, speeds


def report(machine: Machine, introductions: dict[str, dict], model_speeds: Speeds,
           product_speeds: Speeds, options: Namespace) -> None:
    """Prints the tables, and writes everything to a file."""
    threads = machine.thread_counts()
    models = ratios(model_speeds)
    products = product_ratios(product_speeds, threads)
    reached = bars(models, products)
    print(tables.machine_lines(machine, introductions))
    print(f"\n{options.rounds} rounds, {options.seconds:g} s a turn; speeds are medians of the rounds, "
          "and so are ratios\n(smallest .. largest)\n")
    for task in TASKS:
        print(tables.model_table(task, model_speeds, models), end="\n\n")
    print(tables.product_table(product_speeds, products, threads))
    print(tables.peak_line(model_speeds), end="\n\n")
    print(tables.bar_lines(reached))
    write(options.json, {
        "machine": {"processor": machine.processor, "cores": machine.cores,
                    "instructions": machine.capabilities()},
        "contestants": introductions, "rounds": options.rounds, "seconds": options.seconds,
        "speeds": {**model_speeds, **product_speeds},
        "ratios": {job: {str(rival): ratio._asdict() for rival, ratio in found.items()}
                   for job, found in {**models, **products}.items()},
        "bars": [bar._asdict() for bar in reached]})


def write(path: Path, figures: dict) -> None:
    """The whole file, or none."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    os.replace(unfinished, path)
    print(f"\nall figures: {os.path.relpath(path)}")
