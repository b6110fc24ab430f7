"""What ./learn bench prints."""

from __future__ import annotations

import statistics

from bench.contest import Ratio, Speeds
from bench.machine import Machine
from bench.results import FLOP, PRODUCTS, TASKS, Bar, jobs

FORMS = {"ab": "a b", "aTb": "a^T b", "abT": "a b^T"}


def whole(turns: list[float], unit: float = 1) -> str:
    """The median, without digits that mean nothing."""
    return f"{statistics.median(turns) / unit:,.0f}".replace(",", " ") if turns else "-"


def spread(ratio: Ratio | None) -> str:
    """The median, and between which values the rounds lie."""
    return "-" if ratio is None else f"{ratio.median:.2f} ({ratio.smallest:.2f} .. {ratio.largest:.2f})"


def draw(header: list[str], rows: list[list[str]]) -> str:
    """A table, each column as wide as it must be."""
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in [header, *rows])


def machine_lines(machine: Machine, introductions: dict[str, dict]) -> str:
    """Where this was measured, and with what."""
    known: dict = {}
    for introduction in introductions.values():
        known.update(introduction)
    lines = [f"processor   {machine.processor}, {machine.cores} cores, {machine.capabilities()[-1]}",
             f"fast        kernels {known['kernels']}, {known['compiler']}"]
    if "pytorch" in known:
        lines.append(f"PyTorch     {known['pytorch']}, on {known['blas']}")
    if "configuration" in known:
        lines.append("OpenBLAS    " + known["configuration"].removeprefix("OpenBLAS "))
    missing = {introduction.get("missing") for introduction in introductions.values()} - {None}
    return "\n".join(lines + [f"missing     {what}" for what in sorted(missing)])


def model_table(task: str, speeds: Speeds, ratios: dict[str, dict[str, Ratio]]) -> str:
    """A task's batches; PyTorch with the setting that was the fastest in the median."""
    first = speeds[jobs(task)[0]]
    own = [name for name in first if name.split()[0] != "pytorch"]
    rows = []
    for job in jobs(task):
        turns = speeds[job]
        pytorch = max((name for name in turns if name not in own), default=None,
                      key=lambda name: statistics.median(turns[name]))
        rows.append([job.split()[1], *(whole(turns[name]) for name in own),
                     whole(turns.get(pytorch, [])), (pytorch or "-").removeprefix("pytorch "),
                     *(spread(ratios[job].get(rival))
                       for rival in ("pytorch", "pytorch at its best batch", "naive")),
                     f"{ratios[job]['peak'].median:.0%}"])
    header = ["batch", *own, "PyTorch", "with", "fast / PyTorch", "/ its best batch", "/ naive",
              "of the peak"]
    return (f"{TASKS[task]}, images per second, {FLOP[task] / 1e6:.1f} MFLOP an image\n"
            f"{draw(header, rows)}")


def peak_line(speeds: Speeds) -> str:
    """What the machine could do."""
    found = ", ".join(f"{whole(turns, 1e9)} ({name.split()[1]})" for name, turns in speeds["peak"].items())
    return f"the machine's peak, GFLOP/s (threads): {found}"


def product_table(speeds: Speeds, ratios: dict[str, dict[int, Ratio]], threads: list[int]) -> str:
    """The products, and the ratios for each number of threads."""
    rows = []
    for product in PRODUCTS:
        job = " ".join(map(str, product))
        cells = [FORMS[product[0]], " x ".join(map(str, product[1:]))]
        for count in threads:
            turns = [speeds[job].get(f"{who} {count}", []) for who in ("fast", "openblas")]
            cells += [*(whole(speed, 1e9) for speed in turns), spread(ratios[job].get(count))]
        rows.append(cells)
    header = ["", "M x K x N"]
    for count in threads:
        header += [f"fast {count}", f"OpenBLAS {count}", "fast / OpenBLAS"]
    return f"products of matrices, GFLOP/s\n{draw(header, rows)}"


def bar_lines(bars: list[Bar]) -> str:
    """Each bar, and whether it is reached."""
    def verdict(word: str, measured: float, limit: float | None) -> str:
        if limit is None:
            return ""
        return f"{word} {limit:g}: {'reached' if measured >= limit else 'not reached'}"

    lines = [[bar.what, f"{bar.measured:.2f}", verdict("at least", bar.measured, bar.demanded),
              verdict("aim", bar.measured, bar.aim)] for bar in bars]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(f"bar  {what.ljust(widths[0])}  {measured.rjust(widths[1])}  "
                     f"{reached.ljust(widths[2])}  {aim}".rstrip()
                     for what, measured, reached, aim in lines)
