#!/usr/bin/env python3
"""Walks the course as a learner would: starts every stage, solves one exercise after another with the
course's own code, checks at every save, and shows how long save to verdict takes.

    tests/walk.py [NN ...]     in a tree without work/, which is left behind where something fails

Fails when an exercise that was solved is not done, or one that was not is. The time is shown, and not
judged: it belongs to the machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from arguments import Failure  # noqa: E402  the way to it stands above
from loop import exercises, work  # noqa: E402
from stages import Stage, find_stages  # noqa: E402

# A line of the verdict:   3.2   wrong  1 of 2    Storage::at
LINE = re.compile(r"^  (\d+\.\d+) +(todo|wrong|done) ", re.MULTILINE)


def learn(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of the learner's."""
    return subprocess.run([ROOT / "learn", *arguments], cwd=ROOT, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def solve(stage: Stage, number: str) -> None:
    """Puts the course's own code into the learner's file."""
    course, own = work.find_exercise(ROOT, stage, number)
    lines = exercises.read_text(own.file).splitlines()
    lines[own.begin + 1:own.begin + 1 + len(own.body)] = course.body
    work.write_whole(own.file, "\n".join(lines) + "\n")


def verdict(stage: Stage, solved: list[str]) -> float:
    """Checks the stage, which must find done what is solved and no more; the seconds it took."""
    begin = time.monotonic()
    result = learn("check", str(stage.number))
    seconds = time.monotonic() - begin
    states = dict(LINE.findall(result.stdout))
    wrong = [number for number, state in states.items()
             if (state == "done") != (number in solved) or state == "wrong"]
    finished = bool(states) and all(number in solved for number in states)
    if wrong or not states or (result.returncode == 0) != finished:
        raise Failure(f"stage {stage.number} with {', '.join(solved) or 'nothing'} solved:\n"
                      f"{result.stdout}")
    return seconds


def walk(stage: Stage) -> float:
    """One stage from start to end; the longest wait from save to verdict."""
    started = learn("start", str(stage.number))
    if started.returncode:
        raise Failure(started.stdout)
    numbers = [exercise.number
               for exercise in exercises.in_folder(work.course_folder(ROOT, stage))]
    first = verdict(stage, [])
    waits = []
    for place, number in enumerate(numbers):
        solve(stage, number)
        waits.append(verdict(stage, numbers[:place + 1]))
    times = ", ".join(f"{number} {wait:.1f}" for number, wait in zip(numbers, waits))
    print(f"stage {stage.number:2}: save to verdict at most {max(waits):.1f} s ({times}); "
          f"the first build {first:.1f} s", flush=True)
    return max(waits)


def main(chosen: list[str]) -> int:
    """Walks the chosen stages, or all that have exercises."""
    if (ROOT / "work").exists():
        print("walk: work/ exists: it is somebody's, and the walk needs a tree without")
        return 2
    numbers = [int(word) for word in chosen]
    stages = [stage for stage in find_stages(ROOT) if stage.number and
              (not numbers or stage.number in numbers) and
              exercises.in_folder(work.course_folder(ROOT, stage))]
    if not stages:
        print(f"walk: {' '.join(chosen)}: no exercises")
        return 0
    try:
        waits = [walk(stage) for stage in stages]
    except Failure as failure:
        print(failure)
        return 1
    shutil.rmtree(ROOT / "work")
    print(f"save to verdict: at most {max(waits):.1f} s in {len(waits)} stages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
