"""What a chapter says that its program prints is what the program prints, figures included.

The blocks of the section "What the program prints" are compared line by line. Nothing is rounded or
forgiven but times: figures of float32 noise are the same on every x86-64 processor, since nothing is
compiled for one of them and glibc's expf, logf and powf give the same floats with FMA and without
(tried with GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA: no figure of any program changes).

In prose it is figures with a % or an exponent, in every section, and decimals in that section, that
must be printed, frozen in baseline.json, or stand in the stage's sources. What no program prints is
listed in not_printed.json, with the reason. The section "What goes wrong" is left out: its figures are
those of code with the mistake in it. A wrong figure of two digits or more is nearly always found, one of
a single digit often stands somewhere by chance.
"""

from __future__ import annotations

import json
import re
import unittest
from pathlib import Path
from unittest import mock

from outputs import MNIST, Failed, all_outputs, cases, output
from pages import BLOCK, CHAPTERS, PAGES, ROOT, sections

PRINTED = "What the program prints"
WRONG = "What goes wrong"
RUN = re.compile(r"`\./learn run(?: \d+)?([^`]*)`")

# A time, a rate, and the heads of columns that have them: they are another at every run.
TIME = re.compile(r"\b(?:\d+ min )?\d[\d.]*(?: ?(?:ns|µs|ms|s|min|h)\b|[ \w]*/s\b)")
TIME_HEAD = re.compile(r"(?<!\S)(?:seconds|time|ns|µs|ms|s|speedup)(?!\S)|/s$")
RULE = re.compile(r"-{3,}")  # below the heads of a table
ELIDED = re.compile(r"(?<!\S)\.\.\.(?!\S)|(?<=\w)\.\.\.")

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
NUMBER = r"\d+(?:\.\d+)?"
SCIENTIFIC = rf"{NUMBER}e[+-]?\d+|(?:{NUMBER}·)?10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
PERCENT = rf"{NUMBER} ?%"
DECIMAL = r"\d+\.\d+"


def without_times(lines: list[str]) -> list[str]:
    """The lines with # for every time; where there is one, blanks are no longer counted."""
    columns: list[int] = []  # those of times, in the table that a line is in
    result = []
    for line, below in zip(lines, [*lines[1:], ""]):
        cells = re.split(r"\s{2,}", line.strip())
        if RULE.fullmatch(below):
            columns = [i for i, cell in enumerate(cells) if TIME_HEAD.search(cell)]
        elif not line.strip():
            columns = []
        elif columns:
            cells = ["#" if i in columns else cell for i, cell in enumerate(cells)]
        if columns:
            line = "# rule" if RULE.fullmatch(line) else "  ".join(cells)
        elif TIME.search(line):
            line = " ".join(TIME.sub("#", line).split())
        result.append(line.rstrip())
    return result


def stands(line: str, printed: str) -> bool:
    """Whether a chapter's line is that of the program, but for what `...` leaves out."""
    parts = [re.escape(part) for part in ELIDED.split(line)]
    return line == printed or (len(parts) > 1 and re.fullmatch(".*".join(parts), printed) is not None)


def first_stray(block: str, printed: str) -> str | None:
    """The first line of a block that the program does not print behind those before it, or None."""
    rest = iter(without_times(printed.splitlines()))
    for line in without_times(block.splitlines()):
        if line.strip() in ("", "..."):
            continue
        if not any(stands(line, candidate) for candidate in rest):
            return line
    return None


def value(figure: str) -> tuple[float, float]:
    """A figure's value, and half a unit of its last digit."""
    if figure.endswith("%"):
        number, half = value(figure.rstrip(" %"))
        return number / 100, half / 100
    figure = re.sub(r"^10-", "1e-", figure.translate(SUPERSCRIPTS)).replace("·10-", "e-")
    mantissa, _, exponent = figure.partition("e")
    scale = 10 ** int(exponent or 0)
    return float(mantissa) * scale, 0.5 * 10 ** -len(mantissa.partition(".")[2]) * scale


def figures(text: str) -> set[float]:
    """All numbers in a program's output or in a source."""
    found = re.findall(rf"(?<![\w.])(?:{SCIENTIFIC}|{PERCENT}|{NUMBER})", text.replace("'", ""))
    return {value(figure)[0] for figure in found}


def paragraphs(section: str) -> list[str]:
    """The paragraphs of a section, without blocks, formulas and the addresses of links."""
    prose = re.sub(r"^    .*$", "", BLOCK.sub("", section), flags=re.MULTILINE)
    return re.sub(r"\]\([^)]*\)", "]", prose).split("\n\n")


def quoted(chapter: str) -> dict[str, list[str]]:
    """The figures that a chapter's prose quotes, and the paragraphs that do."""
    found: dict[str, list[str]] = {}
    for title, section in sections(chapter).items():
        kinds = [SCIENTIFIC, PERCENT] + ([DECIMAL] if title == PRINTED else [])
        for paragraph in [] if title.startswith(WRONG) else paragraphs(TIME.sub("", section)):
            for figure in re.findall(rf"(?<![\w.])(?:{'|'.join(kinds)})(?![\w.]*\d)", paragraph):
                found.setdefault(figure, []).append(paragraph)
    return found


class Reading(unittest.TestCase):
    """What is forgiven, and what is not."""

    TABLE = "epoch  loss  seconds\n{rule}\n0      1.20  {time:>7}\n1      {loss}  {time:>7}\n\n"

    def test_times_and_rates_may_differ_and_nothing_else(self) -> None:
        printed = self.TABLE.format(rule="-" * 22, time="1000.25", loss="0.90") + "in 3 s: 8.5 images/s"
        chapter = self.TABLE.format(rule="-" * 20, time="12.9", loss="0.90") + "in 14 ms: 800 images/s"
        self.assertIsNone(first_stray(chapter, printed))
        self.assertIsNone(first_stray("in 14 s: 8.5 images/s", "in 1 min 48 s: 0.5 images/s"))
        self.assertEqual(first_stray(chapter.replace("0.90", "0.91"), printed), "1  0.91  #")
        self.assertEqual(first_stray("PyTorch's\n---------\n0.25", "PyTorch's\n---------\n0.24"), "0.25")

    def test_lines_may_be_left_out_and_not_exchanged(self) -> None:
        self.assertIsNone(first_stray("a\n...\nsum 20e7..., d", "a\nb\nc\nsum 20e7ff, d"))
        self.assertEqual(first_stray("c\na", "a\nc"), "a")

    def test_a_figure_is_as_exact_as_it_is_written(self) -> None:
        for figure, (number, half) in {"3.3·10⁻⁶": (3.3e-6, 5e-8), "10⁻⁹": (1e-9, 5e-10),
                                       "2.40e-06": (2.4e-6, 5e-9), "6 %": (0.06, 0.005)}.items():
            self.assertAlmostEqual(value(figure)[0], number, delta=1e-15)
            self.assertAlmostEqual(value(figure)[1], half, delta=1e-15)


class Cases(unittest.TestCase):
    """What is run."""

    def test_on_mnist_a_long_run_is_left_to_its_first_backend(self) -> None:
        with mock.patch("outputs.backends", lambda program: ["fast", "naive"]):
            short, long = "stage_17_profiling", "stage_18_medium_run"
            every = [(short, "fast"), (short, "naive"), (long, "fast"), (long, "naive")]
            self.assertEqual(cases("digits", [short, long]), every)
            self.assertEqual(cases("mnist", [short, long]), every[:-1])


class Printed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        names = [program(chapter) for chapter in CHAPTERS]
        data_sets = ["digits", "mnist"] if MNIST else ["digits"]
        cls.outputs = {data: all_outputs(data, cases(data, names)) for data in data_sets}
        for answers in cls.outputs.values():
            for answer in answers.values():
                if isinstance(answer, Failed):
                    raise answer

    def test_every_block_is_what_the_program_prints(self) -> None:
        for chapter in CHAPTERS:
            section = sections(chapter.read_text()).get(PRINTED, "")
            blocks = [block for block in BLOCK.finditer(section) if not block[1]]
            self.assertTrue(blocks, chapter.name)
            for block in blocks:
                options = RUN.findall(section[:block.start()])[-1].replace(" -- ", " ").split()
                if "mnist" in options and not MNIST:
                    continue
                with self.subTest(chapter=chapter.name, options=options):
                    printed = output(program(chapter), options)
                    self.assertIsNone(first_stray(block[2], printed), "not printed there")

    def test_every_proof_on_another_page_is_what_some_program_prints(self) -> None:
        printed = {line for text in self.outputs["digits"].values() for line in text.splitlines()}
        for page in PAGES:
            lines = re.findall(r"^proof  .*", page.read_text(), re.MULTILINE)
            for line in lines if page not in CHAPTERS else []:
                with self.subTest(page=page.name):
                    self.assertIn(line, printed)

    def test_every_figure_in_prose_is_printed_or_frozen_or_known_not_to_be(self) -> None:
        frozen = figures((ROOT / "reference/frozen/baseline.json").read_text())
        known = json.loads((Path(__file__).parent / "not_printed.json").read_text())
        for chapter in CHAPTERS:
            name = chapter.stem
            listed = {figure for group in known.get(name, {}).values() for figure in group}
            texts = [text for answers in self.outputs.values()
                     for (of, _), text in answers.items() if of == program(chapter)]
            texts += [source.read_text() for source in ROOT.glob(f"stages/stage_{name}/*.?pp")]
            there = frozen.union(*map(figures, texts))
            quotes = quoted(chapter.read_text())
            for figure, places in quotes.items():
                number, half = value(figure)
                is_there = any(abs(other - number) <= half * (1 + 1e-9) for other in there)
                if not MNIST and all("MNIST" in place for place in places):
                    continue  # CI looks once more where MNIST is
                with self.subTest(chapter=name, figure=figure, paragraph=places[0].strip()[:300]):
                    self.assertTrue(is_there or figure in listed, "no program prints it")
                    self.assertFalse(is_there and figure in listed, "printed, and listed as not")
            with self.subTest(chapter=name):
                self.assertLessEqual(listed, set(quotes), "listed, and not in the chapter")


def program(chapter: Path) -> str:
    """The program that a chapter is about."""
    return f"stage_{chapter.stem}"


if __name__ == "__main__":
    unittest.main()
