"""./learn bench, with contestants that work as fast as the test says."""

from __future__ import annotations

import io
import json
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

from support import ROOT, write_script

from arguments import Failure
from bench import command, contest, entrants, results, tables
from bench.contest import Ratio, best, ratio, take_turns
from bench.contestant import Contestant, Turn
from bench.machine import Machine, this_machine
from build import binary_folder

# Introduces itself, and answers every job alike: so fast, and with that number.
CONTESTANT = f"""#!{sys.executable}
import json, sys
print(json.dumps(INTRODUCTION), flush=True)
for line in sys.stdin:
    print(json.dumps(dict(amount=SPEED * 0.5, seconds=0.5, answer=ANSWER)), flush=True)
"""


def script(introduction: dict, speed: float = 100, answer: float = 1) -> str:
    return (CONTESTANT.replace("INTRODUCTION", repr(introduction)).replace("SPEED", str(speed))
            .replace("ANSWER", str(answer)))


class Recorded:
    """A contestant without a process: its speeds, one a turn, and a list of who had a turn."""

    def __init__(self, name: str, speeds: list[float], turns: list[str], answer: float = 1) -> None:
        self.name, self.speeds, self.turns, self.answer = name, iter(speeds), turns, answer

    def run(self, job: str, seconds: float) -> Turn:
        self.turns.append(f"{job} {self.name}")
        return Turn(next(self.speeds), self.answer)


class Processes(unittest.TestCase):
    """What a contestant's process may do, and what is made of it."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.program = Path(temporary.name) / "program"

    def start(self, text: str) -> Contestant:
        write_script(self.program, text)
        contestant = Contestant("it", [self.program], self.program.parent)
        self.addCleanup(contestant.end)
        return contestant

    def test_it_introduces_itself_and_does_one_job_after_the_other(self) -> None:
        contestant = self.start(script({"kernels": "plain"}, speed=300, answer=2))
        self.assertEqual(contestant.introduction, {"kernels": "plain"})
        self.assertIsNone(contestant.missing)
        for _ in range(2):
            self.assertEqual(contestant.run("train 32", 0.1), Turn(300, 2))

    def test_it_may_say_what_it_lacks(self) -> None:
        self.assertEqual(self.start(script({"missing": "PyTorch"})).missing, "PyTorch")

    def test_its_death_is_a_failure_that_names_it(self) -> None:
        with self.assertRaisesRegex(Failure, "^bench: it ended with status 3$"):
            self.start("#!/bin/sh\nexit 3\n")
        contestant = self.start("#!/bin/sh\necho '{}'\nexit 4\n")
        with self.assertRaisesRegex(Failure, "^bench: it ended with status 4$"):
            contestant.run("train 32", 0.1)

    def test_so_is_what_nobody_understands(self) -> None:
        with self.assertRaisesRegex(Failure, "^bench: it said 'hello'$"):
            self.start("#!/bin/sh\necho hello\n")

    def test_it_ends_while_it_works(self) -> None:
        contestant = self.start("#!/bin/sh\necho '{}'\nexec sleep 100\n")
        contestant.end()
        self.assertEqual(contestant.process.returncode, -9)


@mock.patch.object(contest, "PAUSE", 0)
class Turns(unittest.TestCase):
    """Who is on when, and what is compared."""

    def test_they_take_turns_back_and_forth(self) -> None:
        turns: list[str] = []
        a, b = (Recorded(name, [1, 2, 3], turns) for name in "ab")
        speeds = take_turns({"job": [a, b]}, 3, 0.1)
        self.assertEqual(turns, ["job a", "job b", "job b", "job a", "job a", "job b"])
        self.assertEqual(speeds, {"job": {"a": [1, 2, 3], "b": [1, 2, 3]}})

    def test_a_slow_one_takes_part_in_the_first_rounds_only(self) -> None:
        turns: list[str] = []
        a, b = (Recorded(name, [1, 2, 3], turns) for name in "ab")
        speeds = take_turns({"job": [a, b]}, 3, 0.1, {"a": 1})
        self.assertEqual(speeds["job"], {"a": [1], "b": [1, 2, 3]})

    def test_who_comes_to_another_answer_does_other_work(self) -> None:
        entered = [Recorded("a", [1], [], answer=2.30835), Recorded("b", [1], [], answer=2.30834),
                   Recorded("c", [1], [], answer=2.309)]
        with self.assertRaisesRegex(Failure, "^bench: job: a comes to 2.30835, c to 2.309$"):
            take_turns({"job": entered}, 1, 0.1)
        with self.assertRaises(Failure):
            take_turns({"job": [Recorded("a", [1], [], answer=float("nan"))]}, 1, 0.1)

    def test_a_ratio_is_formed_within_a_round(self) -> None:
        # The machine is half as fast in the second round: the speeds change, their ratio does not.
        self.assertEqual(ratio([30, 15, 30], [10, 5, 6]), Ratio(3, 3, 5))
        self.assertEqual(ratio([30, 15, 30], [10]), Ratio(3, 3, 3))
        self.assertEqual(best([[1, 5, 2], [3, 4]]), [3, 5])


def speeds_of(fast: float, pytorch: float | None, naive: float = 1) -> contest.Speeds:
    """Speeds of all models' jobs, two rounds; PyTorch is twice as fast at batch 64. The peak is that of
    1000 images a second in training."""
    speeds = {"peak": {"fast 1": [500 * results.FLOP["train"]] * 2,
                       "fast 2": [1000 * results.FLOP["train"]] * 2}}
    for job in results.MODEL_JOBS:
        speeds[job] = {"naive 1": [naive], "fast 1": [fast, fast / 2], "fast 2": [fast / 2, fast]}
        if pytorch:
            speeds[job]["pytorch 1 avx2"] = [pytorch * (2 if job.endswith("64") else 1)] * 2
            speeds[job]["pytorch 2 avx2"] = [pytorch / 2] * 2
    return speeds


class Results(unittest.TestCase):
    def test_each_side_counts_with_its_best_setting_of_a_round(self) -> None:
        found = results.ratios(speeds_of(fast=120, pytorch=10))
        self.assertEqual(found["train 32"]["pytorch"], Ratio(12, 12, 12))
        self.assertEqual(found["train 32"]["naive"], Ratio(120, 120, 120))

    def test_the_bar_takes_pytorch_at_its_best_batch_and_our_worst(self) -> None:
        bars = results.bars(results.ratios(speeds_of(fast=120, pytorch=10)), {})
        self.assertEqual([(bar.what, bar.measured) for bar in bars],
                         [("training, against PyTorch at its best batch", 6),
                          ("training, against naive", 120),
                          ("training, share of the machine's peak", 0.12),
                          ("inference, against PyTorch at its best batch", 6)])

    def test_products_count_with_the_one_that_comes_off_worst(self) -> None:
        products = results.product_ratios(
            {"ab 1 2 3": {"fast 1": [8], "openblas 1": [4], "fast 2": [8]},
             "ab 4 5 6": {"fast 1": [3], "openblas 1": [4], "fast 2": [8]}}, [1, 2])
        self.assertEqual(products["ab 1 2 3"], {1: Ratio(2, 2, 2)})
        bars = results.bars(results.ratios(speeds_of(120, None)), products)
        self.assertEqual(bars[-1], results.Bar("products, against OpenBLAS, threads 1", 0.75, 1))

    def test_the_products_are_those_of_the_model(self) -> None:
        # What they lack of a training step: attention's two products a head, and the classifier.
        flop = sum(2 * M * K * N for _, M, K, N in results.PRODUCTS) / 32
        rest = 3 * 2 * (2 * 49 * 49 * 64 + 64 * 10)
        self.assertEqual(flop + rest, results.FLOP["train"])
        self.assertAlmostEqual(results.FLOP["train"] / 1e6, 11.7, delta=0.05)

    def test_a_table_shows_pytorch_where_there_is_one(self) -> None:
        speeds = speeds_of(fast=1200, pytorch=10)
        table = tables.model_table("train", speeds, results.ratios(speeds)).splitlines()
        self.assertEqual(table[0], "training, images per second, 11.7 MFLOP an image")
        self.assertEqual(table[1].split()[:8], "batch naive 1 fast 1 fast 2 PyTorch".split())
        self.assertEqual(table[3].split()[:7], "64 1 900 900 20 1 avx2".split())
        self.assertEqual(table[3].split()[-1], "120%")
        speeds = speeds_of(fast=120, pytorch=None)
        table = tables.model_table("train", speeds, results.ratios(speeds)).splitlines()
        self.assertEqual(table[2].split()[4:8], ["-", "-", "-", "-"])

    def test_large_numbers_are_written_in_groups(self) -> None:
        self.assertEqual([tables.whole([9], 1), tables.whole([1234567, 5e6, 3]), tables.whole([])],
                         ["9", "1 234 567", "-"])

    def test_a_bar_says_whether_it_is_reached(self) -> None:
        lines = tables.bar_lines([results.Bar("a", 3.5, 3, 5), results.Bar("b", 0.9, 1),
                                  results.Bar("c", 0.6, None, 0.5)])
        self.assertEqual(lines, "bar  a  3.50  at least 3: reached      aim 5: not reached\n"
                                "bar  b  0.90  at least 1: not reached\n"
                                "bar  c  0.60                           aim 0.5: reached")


class TheMachine(unittest.TestCase):
    def read(self, flags: str) -> Machine:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(f"processor : 0\nmodel name : Fast: 9\nflags : {flags}\n\nmodel name : x\n")
            file.flush()
            return this_machine(Path(file.name))

    def test_pytorch_is_told_to_use_what_the_processor_has(self) -> None:
        self.assertEqual(self.read("sse2").capabilities(), ["default"])
        self.assertEqual(self.read("sse2 avx2 fma avx512f").capabilities(), ["default", "avx2"])
        machine = self.read("avx2 fma avx512f avx512bw avx512dq avx512vl")
        self.assertEqual(machine.capabilities(), ["default", "avx2", "avx512"])
        self.assertEqual(machine.processor, "Fast: 9")

    def test_without_linux_little_is_known(self) -> None:
        machine = this_machine(Path("/nowhere"))
        self.assertEqual(machine.capabilities(), ["default"])
        self.assertGreaterEqual(machine.cores, 1)


@mock.patch.object(contest, "PAUSE", 0)
class Whole(unittest.TestCase):
    """The command, upon programs that are scripts."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name).resolve()
        folder = binary_folder(self.root) / "bin"
        folder.mkdir(parents=True)
        (self.root / "reference").mkdir()
        (folder.parent / "CMakeCache.txt").write_text(f"NT_PYTHON:FILEPATH={sys.executable}\n")
        write_script(folder / "train_bench", script({"kernels": "plain", "compiler": "GNU 12"}))
        write_script(folder / "matmul_bench", script({"configuration": "OpenBLAS 0"}, 1e9))
        self.pytorch(script({"pytorch": "1.13", "blas": "libblas.so"}, 50))
        for name, value in (("build", lambda root, target: None),
                            ("this_machine", lambda: Machine("Fast 9", 2, frozenset()))):
            patch = mock.patch.object(command, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def pytorch(self, text: str) -> None:
        (self.root / "reference/bench_pytorch.py").write_text(text)

    def bench(self) -> tuple[str, dict]:
        shown = io.StringIO()
        with redirect_stdout(shown):
            self.assertEqual(command.bench(["--quick"], self.root), 0)
        return shown.getvalue(), json.loads((self.root / "out/bench.json").read_text())

    def test_the_contest(self) -> None:
        shown, figures = self.bench()
        self.assertIn("processor   Fast 9, 2 cores, default\n", shown)
        self.assertIn("PyTorch     1.13, on libblas.so\n", shown)
        self.assertIn("OpenBLAS    0\n", shown)
        self.assertRegex(shown, r"training, against PyTorch at its best batch +2\.00 +"
                                "at least 3: not reached")
        speeds = figures["speeds"]["train 32"]
        self.assertEqual(speeds["fast 2"], [100] * 3)
        self.assertEqual(speeds["naive 1"], [100] * command.NAIVE_ROUNDS)
        self.assertEqual(sum(name.startswith("pytorch") for name in speeds), command.SETTINGS)
        self.assertEqual(figures["ratios"]["train 32"]["pytorch"],
                         {"median": 2, "smallest": 2, "largest": 2})
        self.assertEqual(figures["bars"][-1]["measured"], 1)

    def test_without_pytorch_it_says_so_and_goes_on(self) -> None:
        self.pytorch(script({"missing": "torch"}))
        shown, figures = self.bench()
        self.assertIn("missing     torch\n", shown)
        self.assertNotIn("against PyTorch", shown)
        self.assertIn("against OpenBLAS", shown)
        self.assertEqual(list(figures["speeds"]["train 32"]), ["naive 1", "fast 1", "fast 2"])


class Settings(unittest.TestCase):
    def test_openblas_is_told_whose_kernels_to_take(self) -> None:
        flags = frozenset({"avx2", "fma"})
        told = entrants.Entrants(ROOT, Machine("", 2, flags)).openblas(2)
        self.assertEqual(told, {"OPENBLAS_NUM_THREADS": "2", "OPENBLAS_CORETYPE": "Haswell"})
        told = entrants.Entrants(ROOT, Machine("", 2, frozenset())).openblas(1)
        self.assertEqual(told, {"OPENBLAS_NUM_THREADS": "1"})


if __name__ == "__main__":
    unittest.main()
