"""Contestants take turns, round after round, and are compared within a round.

What else the machine does changes from second to second. Two turns that follow each other see much the
same of it, and so the quotient of their speeds says more than that of two speeds measured minutes apart;
and the median of the quotients of several rounds is not moved by one round in which something happened.
"""

from __future__ import annotations

import math
import statistics
import time
from typing import Iterable, NamedTuple

from arguments import Failure
from bench.contestant import Contestant
from terminal import clear_status, show_status

# A thread of OpenBLAS looks for work for some 30 ms before it sleeps; so long the next one waits.
PAUSE = 0.05

# Answers are of about 1 and in float32: contestants differ by some 1e-6 of them.
AGREEMENT = 1e-4

Speeds = dict[str, dict[str, list[float]]]  # by job, then by contestant, one a round


class Ratio(NamedTuple):
    """What is left of a quotient a round."""

    median: float
    smallest: float
    largest: float


def take_turns(entries: dict[str, list[Contestant]], rounds: int, seconds: float,
               at_most: dict[str, int] | None = None) -> Speeds:
    """Every round, every job, every contestant that is entered for it; back and forth, so that nobody
    always comes first. Raises Failure where two do not come to the same answer.

    at_most: by name, who takes part in so many rounds only, because a turn of theirs takes long.
    """
    speeds: Speeds = {job: {entry.name: [] for entry in entered} for job, entered in entries.items()}
    answers: dict[str, tuple[str, float]] = {}
    for number in range(rounds):
        for job, entered in entries.items():
            for entry in entered[::-1] if number % 2 else entered:
                if number >= (at_most or {}).get(entry.name, rounds):
                    continue
                show_status(f"round {number + 1} of {rounds}: {job}: {entry.name}")
                turn = entry.run(job, seconds)
                require_agreement(job, answers.setdefault(job, (entry.name, turn.answer)),
                                  (entry.name, turn.answer))
                speeds[job][entry.name].append(turn.speed)
                time.sleep(PAUSE)
    clear_status()
    return speeds


def require_agreement(job: str, first: tuple[str, float], other: tuple[str, float]) -> None:
    """Who is compared does the same work."""
    if not math.isclose(first[1], other[1], rel_tol=AGREEMENT):
        raise Failure(f"bench: {job}: {first[0]} comes to {first[1]:.9g}, {other[0]} to {other[1]:.9g}")


def best(speeds: Iterable[list[float]]) -> list[float]:
    """Round by round the highest speed; as many rounds as all have."""
    return [max(turns) for turns in zip(*speeds)]


def ratio(ours: list[float], theirs: list[float]) -> Ratio:
    """ours / theirs, round by round, for as many rounds as both have."""
    quotients = [a / b for a, b in zip(ours, theirs)]
    return Ratio(statistics.median(quotients), min(quotients), max(quotients))
