"""The commands, carried out by processes in a small tree that CMake builds in an instant."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from unittest import mock

from support import make_tree, run

import learn
from stages import Stage


class Commands(unittest.TestCase):
    """One tree for all, built when first needed."""

    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.root = make_tree(Path(temporary.name).resolve() / "small tree")

    def learn(self, *arguments: str, root: Path | None = None, **environment: str):
        root = root or self.root
        return run([sys.executable, root / "tools" / "learn.py", *arguments],
                   cwd=root.parent, env={**os.environ, **environment})

    def test_run_without_a_stage_runs_the_main_job_from_the_root(self) -> None:
        for dashes in ([], ["--"]):
            result = self.learn("run", *dashes, "--data", "two words")
            self.assertEqual(result.stdout,
                             f"stage_02_second in {self.root}: --data two words\n")

    def test_run_hands_on_options_that_are_not_its_own(self) -> None:
        for line, seen in {"run 1 --epochs 5 1": "--epochs 5 1", "run 1 -- --help": "--help",
                           "run 1 --epochs 5 --mine": "--epochs 5 --mine"}.items():
            result = self.learn(*line.split())
            self.assertEqual(result.stdout, f"stage_01_first in {self.root}: {seen}\n")

    def test_low_stages_have_another_program_with_the_fast_backend(self) -> None:
        stage = Stage(12, "stage_12_adamw")
        for options in (["--backend", "fast"], ["--seed", "2", "--backend=fast"]):
            self.assertEqual(learn.program_of(stage, options), "stage_12_adamw_on_fast")
        for options in ([], ["--backend", "naive"], ["--data", "fast"]):
            self.assertEqual(learn.program_of(stage, options), "stage_12_adamw")
        for other in (Stage(3, "stage_03_storage"), Stage(17, "stage_17_profiling")):
            self.assertEqual(learn.program_of(other, ["--backend", "fast"]), other.program)

    def test_run_takes_a_stage_and_gives_back_its_status(self) -> None:
        result = self.learn("run", "01", STATUS="7")
        self.assertEqual((result.stdout, result.returncode),
                         (f"stage_01_first in {self.root}: \n", 7))

    def test_stage_0_is_a_stage_like_the_others(self) -> None:
        self.assertIn("stage_00_baseline in", self.learn("run", "0").stdout)

    def test_check_hands_options_to_the_checks(self) -> None:
        result = self.learn("check", "2", "--", "--success")
        self.assertEqual(result.stdout, f"stage_02_second_checks in {self.root}: --success\n")

    def test_draws_digits_by_the_generator(self) -> None:
        for arguments, options in (
                (("--count", "600"), "--train 600 --test 100 --seed 1 --output data/digits-600"),
                (("--count", "6", "--seed", "9"),
                 "--train 6 --test 10 --seed 9 --output data/digits-6")):
            result = self.learn("data", "digits", *arguments)
            self.assertEqual(result.stdout, f"draw_digits in {self.root}: {options}\n")

    def test_test_ends_with_the_summary(self) -> None:
        result = self.learn("test")
        self.assertEqual(result.returncode, 0)
        self.assertIn("100% tests passed, 0 tests failed out of 1\n", result.stdout)
        result = self.learn("test", STATUS="1")
        self.assertEqual(result.returncode, 1)
        self.assertIn("stage_02_second_checks in", result.stdout)  # what a failing test has printed

    def test_the_bare_command_is_the_roadmap(self) -> None:
        result = self.learn()
        self.assertRegex(result.stdout, "^one-more-nano-torch: ")
        self.assertNotIn("\x1b", result.stdout)

    def test_help_names_every_command(self) -> None:
        shown = self.learn("--help").stdout
        for line in ("./learn run [NN] [--mine] [options]", "./learn check NN", "./learn test",
                     "./learn bench [--quick]", "./learn data mnist | digits --count N",
                     "./learn start NN", "./learn watch NN", "./learn hint [N.M]",
                     "./learn solution N.M", "./learn reset N.M", "./learn blame NN",
                     "./learn prove [NN]"):
            self.assertIn(line, shown)

    def test_a_usage_error_is_one_line_that_says_what_exists(self) -> None:
        commands = ("run, check, test, bench, data, start, watch, hint, solution, reset, blame, "
                    "prove")
        for line, answer in {
                "fly": f"unknown command 'fly': the commands are {commands}",
                "--fly": f"unknown command '--fly': the commands are {commands}",
                "run 27": "stage 27 does not exist: the stages are 0 to 2",
                "check 3": "stage 3 does not exist: the stages are 0 to 2",
                "check": "check: which stage? ./learn shows them",
                "run 1 2": "run: unknown argument '2': the options are -h, --help, --mine; those "
                           "of the program come behind: ./learn run 4 -- --help",
                "test all": "test: unknown argument 'all': the options are -h, --help",
                "bench --fast": "bench: unknown argument '--fast': "
                                "the options are -h, --help, --rounds, --seconds, --quick, --json",
                "bench --rounds 0": "bench: argument --rounds: '0' is not a whole number above 0",
                "bench --seconds nan": "bench: argument --seconds: 'nan' is not a number above 0",
                "bench --json no/such": "bench: argument --json: "
                                        "'no/such' is no file that can be written",
                "data": "data: which data set? The data sets are mnist, digits",
                "data cats": "unknown data set 'cats': the data sets are mnist, digits",
                "data mnist --at x": "data mnist: unknown argument '--at': "
                                     "the options are -h, --help, --to",
                "data digits": "data digits: how many? --count N is missing",
                "data digits --coun 9": "data digits: unknown argument '--coun': "
                                        "the options are -h, --help, --count, --seed",
                "data digits --count 0": "data digits: argument --count: "
                                         "'0' is not a whole number above 0",
                "data digits --count 9 --seed x": "data digits: argument --seed: "
                                                  "'x' is not a whole number",
        }.items():
            with self.subTest(line):
                said = io.StringIO()
                # No program may take this process over: that would end the tests in silence.
                with redirect_stderr(said), mock.patch("os.execv", self.fail):
                    status = learn.main(line.split(), self.root)
                self.assertEqual((status, said.getvalue()), (2, f"learn: {answer}\n"))


class Build(unittest.TestCase):
    """What building says, and what it makes of a folder that was moved."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = make_tree(Path(temporary.name).resolve() / "tree")
        self.folder = self.root / "build" / "default"

    def run_first(self, root: Path | None = None):
        return run([sys.executable, (root or self.root) / "tools" / "learn.py", "run", "1"])

    def test_speaks_only_when_there_is_something_to_do(self) -> None:
        self.assertEqual(self.run_first().stderr, f"configuring {self.folder} ...\n"
                                                  "building stage_01_first ...\n")
        self.assertEqual(self.run_first().stderr, "")
        os.utime(self.root / "program.sh")
        self.assertEqual(self.run_first().stderr, "building stage_01_first ...\n")

    def test_shows_why_a_build_fails(self) -> None:
        (self.root / "program.sh").write_text("if\n")
        result = self.run_first()
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr, "(?s)FAILED: .*unexpected.*\n"
                                        "learn: stage_01_first does not build\n$")

    def test_shows_why_cmake_cannot_configure_and_tries_again(self) -> None:
        lists = self.root / "CMakeLists.txt"
        sound = lists.read_text()
        lists.write_text(sound + 'message(FATAL_ERROR "no numpy here")\n')
        result = self.run_first()
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr, "(?s)no numpy here.*\nlearn: CMake cannot configure")
        lists.write_text(sound)
        self.assertEqual(self.run_first().returncode, 0)

    def test_a_copied_tree_is_configured_afresh(self) -> None:
        self.run_first()
        (self.folder / "CMakeFiles" / "stale").touch()
        copy = self.root.with_name("copy")
        shutil.copytree(self.root, copy)
        result = self.run_first(copy)
        self.assertEqual(result.stdout, f"stage_01_first in {copy}: \n")
        self.assertIn(f"{copy / 'build' / 'default'} was configured for {self.root}: "
                      "configuring it afresh\n", result.stderr)
        self.assertFalse((copy / "build" / "default" / "CMakeFiles" / "stale").exists())
        self.assertNotIn("afresh", self.run_first(copy).stderr)

    def test_a_build_without_tests_does_not_pass_them(self) -> None:
        (self.root / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.21)\nproject(no_tests LANGUAGES NONE)\n")
        result = run([sys.executable, self.root / "tools" / "learn.py", "test"])
        self.assertEqual(result.returncode, 1)
