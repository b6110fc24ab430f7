#!/usr/bin/env python3
"""What the programs print. Each is run once with the same options, as long as it is the same program
upon the same frozen files; what it printed is kept in the build folder.

    tests/chapters/outputs.py digits|mnist     runs all, on every backend, and shows their proofs

The programs below stage 17 do not know the fast backend; those of tests/on_fast are run upon it.
The long runs, from stage 18 on, take minutes on MNIST but on their first backend, the quick one: there
they are run on that one alone. On the digits they are run on all.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pages import BUILD, ROOT

LONG_RUNS = "stage_18"  # the first of the programs whose runs are long
MNIST = os.environ.get("NANO_TORCH_MNIST", "")
PROVED = re.compile(r"data:|proof |stage |.*(differ|worst)")  # what the proofs are about


class Failed(Exception):
    """A program that is not there, or that ended with another status than 0."""


def programs() -> list[str]:
    """Every stage's program that the course has, from the ground up."""
    stages = sorted(path.parent.name for path in ROOT.glob("stages/stage_*/CMakeLists.txt"))
    return ["stage_00_baseline", *stages]


def backends(program: str) -> list[str]:
    """Those that the program runs on, as its --help lists them."""
    path = BUILD / "bin" / program
    if not path.exists():
        raise Failed(f"{program} is not built: ./learn test builds everything")
    help_text = subprocess.run([path, "--help"], capture_output=True, text=True, check=True).stdout
    return re.search(r"--backend TEXT:\{([\w,]+)\}", help_text)[1].split(",")


def output(program: str, options: list[str]) -> str:
    """What the program prints with these options, on the digits unless they say otherwise."""
    first_backend = backends(program)[0]
    if "--data" not in options:
        options = ["--data", "digits", *options]
    if "--backend" not in options:
        options = [*options, "--backend", first_backend]
    path = BUILD / "bin" / program
    state = hashlib.sha256(path.read_bytes())
    state.update((ROOT / "reference/frozen/SHA256SUMS").read_bytes())
    kept = BUILD / "printed" / re.sub(r"[^\w.-]+", "_", " ".join([program, *options]))
    if kept.exists():
        of_state, _, text = kept.read_text().partition("\n")
        if of_state == state.hexdigest():
            return text
    text = run(path, options)
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(f"{state.hexdigest()}\n{text}")
    return text


def run(path: Path, options: list[str]) -> str:
    """Its standard output; raises Failed unless all its proofs hold."""
    result = subprocess.run([path, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        raise Failed(f"{path.name} {' '.join(options)}: exit status {result.returncode}\n"
                     f"{result.stdout}{result.stderr}")
    return result.stdout


def cases(data: str, names: list[str]) -> list[tuple[str, str]]:
    """The programs, each with every backend that it is to be run on."""
    def chosen(program: str) -> list[str]:
        every = backends(program)
        return every[:1] if data == "mnist" and program >= LONG_RUNS else every

    return [(program, backend) for program in names for backend in chosen(program)]


def cases_on_fast() -> list[tuple[str, str]]:
    """The earlier programs with the fast backend linked to them; builds them."""
    built = subprocess.run(["cmake", "--build", BUILD, "--target", "on_fast"], capture_output=True,
                           text=True, check=False)
    if built.returncode:
        raise Failed(f"on_fast does not build:\n{built.stdout}{built.stderr}")
    return [(path.name, "fast") for path in sorted(BUILD.glob("bin/*_on_fast"))]


def all_outputs(data: str, to_run: list[tuple[str, str]]) -> dict[tuple[str, str], str | Failed]:
    """What these programs print on these backends, or how they failed."""
    def printed(case: tuple[str, str]) -> str | Failed:
        try:
            return output(case[0], ["--data", data, "--backend", case[1]])
        except Failed as failure:
            return failure

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(to_run, pool.map(printed, to_run)))


def main(data: str) -> int:
    """Shows the proofs of every program; 1 where one fails."""
    answers = all_outputs(data, cases(data, programs()) + cases_on_fast())
    for (program, backend), answer in answers.items():
        print(f"\n-- {program} --data {data} --backend {backend}")
        lines = str(answer).splitlines()
        print(*(line for line in lines if isinstance(answer, Failed) or PROVED.match(line)), sep="\n")
    return 1 if any(isinstance(answer, Failed) for answer in answers.values()) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("digits", "mnist"):
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except Failed as failure:
        sys.exit(str(failure))
