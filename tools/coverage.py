#!/usr/bin/env python3
"""Which lines of stages/ and common/ the checks run: a table by folder, and the share of all.

    tools/coverage.py [--preset coverage] [--at-least 95] [--missing]

Reads with gcov what the preset `coverage` has counted since its folder was made. A line counts when the
compiler made code of it; one of a header has run when it has run in some source. Left out are the checks
themselves and main.cpp: the programs prove what they show, which is another step of CI. `--missing` lists
the lines that never ran.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTED = re.compile(r"(?:stages/\w+|common/\w+)/\w+\.[ch]pp")
NOT_COUNTED = re.compile(r"/(?:\w*checks|main)\.cpp$")


def sources() -> set[str]:
    """All that must be counted; headers may hold no code."""
    names = {str(path.relative_to(ROOT)) for folder in ("stages", "common")
             for path in (ROOT / folder).glob("*/*.cpp")}
    return {name for name in names if not NOT_COUNTED.search(name)}


def read_counts(notes: Path) -> dict:
    """What gcov says of one object file: all its sources with their lines."""
    result = subprocess.run(["gcov", "--json-format", "--stdout", notes], cwd=notes.parent,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(result.stdout)


def compiled(build: Path, notes: Path) -> str:
    """The source that an object file's notes belong to; it may hold no line of code of its own."""
    folder, _, rest = str(notes.relative_to(build)).partition("/CMakeFiles/")
    return f"{folder}/{rest.partition('.dir/')[2].removesuffix('.gcno')}"


def count_lines(build: Path) -> dict[str, dict[int, int]]:
    """For every source that counts, how often each of its lines ran."""
    counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    all_notes = sorted(build.rglob("*.gcno"))
    for name in sources() & {compiled(build, notes) for notes in all_notes}:
        counts[name] = defaultdict(int)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for report in pool.map(read_counts, all_notes):
            for source in report["files"]:
                path = Path(report["current_working_directory"], source["file"]).resolve()
                name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""
                if COUNTED.fullmatch(name) and not NOT_COUNTED.search(name):
                    for line in source["lines"]:
                        counts[name][line["line_number"]] += line["count"]
    return counts


def share(lines: list[int]) -> float:
    """How many of the lines ran, in percent."""
    return 100 * sum(count > 0 for count in lines) / len(lines)


def show_missing(counts: dict[str, dict[int, int]]) -> None:
    """The lines that never ran, as an editor finds them."""
    for name, lines in sorted(counts.items()):
        text = (ROOT / name).read_text(encoding="utf-8").splitlines()
        for number in sorted(number for number, count in lines.items() if not count):
            print(f"{name}:{number}: {text[number - 1].strip()}")


def main() -> int:
    """Shows the table; 1 when less than is demanded has run."""
    parser = argparse.ArgumentParser(description="Shows which lines the checks have run.")
    parser.add_argument("--preset", default="coverage", help="whose build has counted (coverage)")
    parser.add_argument("--at-least", type=float, default=95, metavar="PERCENT",
                        help="less is a failure (95)")
    parser.add_argument("--missing", action="store_true", help="list the lines that never ran")
    options = parser.parse_args()

    counts = count_lines(ROOT / "build" / options.preset)
    uncounted = sorted(sources() - counts.keys())
    if uncounted or not any(sum(lines.values()) for lines in counts.values()):
        sys.exit(f"build/{options.preset}: nothing is counted of {(uncounted or ['any line'])[0]}: "
                 "build its target `checks` and run them")
    if options.missing:
        show_missing(counts)
    folders: dict[str, list[int]] = defaultdict(list)
    for name, lines in counts.items():
        folders[str(Path(name).parent)] += lines.values()
    for folder, lines in sorted(folders.items()):
        print(f"{folder:<32} {len(lines):5} lines  {share(lines):5.1f} %")
    everything = [count for lines in counts.values() for count in lines.values()]
    total = share(everything)
    print(f"{'all':<32} {len(everything):5} lines  {total:5.1f} %  (at least {options.at_least:g} %)")
    return 0 if total >= options.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
