"""The commands of the loop as they are typed: what they print, and how they refuse."""

from __future__ import annotations

from unittest import mock

from course import InCourse, solve
from support import files_of

STARTED = """work/stage_01_first/: first.cpp, first.hpp

  1.1  work/stage_01_first/first.cpp:5: add the first and the "second"
  1.2  work/stage_01_first/first.cpp:11: subtract them

the chapter: docs/01_first.md
next: ./learn check 1  (or ./learn watch 1, which checks at every save)
"""
COMMANDS = "run, check, test, bench, data, start, watch, hint, solution, reset, blame, prove"
CHECK_OPTIONS = "-h, --help, --base, --raw, --sanitize"
SOLVED = """1.2 right: subtract them

yours, work/stage_01_first/first.cpp:12  | the course's, stages/stage_01_first/first.cpp:12
int rest = 1;                            | int rest = 1;
rest -= 1;                               | rest -= 1;
return rest;                             | return rest;

Why it works: A rest is left.

In PyTorch: `torch.sub`.
"""


class Usage(InCourse):
    def test_an_error_is_one_line_that_says_what_exists(self) -> None:
        catch = "; those of Catch2 stand after --: ./learn check 4 -- --success"
        lines = {
            "fly": f"unknown command 'fly': the commands are {COMMANDS}",
            "hint 3": "'3' is no exercise: expected N.M, such as 3.2",
            "hint 1.x": "'1.x' is no exercise: expected N.M, such as 3.2",
            "hint 1.7": "exercise 1.7 does not exist: stage 1 has 1.1, 1.2",
            "hint 9.1": "stage 9 does not exist: the stages are 0 to 3",
            "hint 0.1": "exercise 0.1 does not exist: stage 0 has none",
            "hint 1.1 2.1": "hint: unknown argument '2.1': the options are -h, --help",
            "solution": "solution: which exercise? ./learn check NN shows them",
            "solution 1.1 --now": "solution: unknown argument '--now': "
                                  "the options are -h, --help, --anyway",
            "reset": "reset: which exercise? ./learn check NN shows them",
            "reset 1": "'1' is no exercise: expected N.M, such as 3.2",
            "reset 01.07": "exercise 1.7 does not exist: stage 1 has 1.1, 1.2",
            "check 1 --fly": f"check: unknown argument '--fly': the options are {CHECK_OPTIONS}"
                             f"{catch}",
            "check 1 --base": "check: argument --base: expected one argument",
            "watch 1 -- --success": f"watch: unknown argument '--success': the options are "
                                    f"{CHECK_OPTIONS}",
            "prove 9": "stage 9 does not exist: the stages are 0 to 3",
        }
        for command in ("start", "check", "watch", "blame"):
            lines[command] = f"{command}: which stage? ./learn shows them"
            lines[f"{command} 9"] = "stage 9 does not exist: the stages are 0 to 3"
        before = files_of(self.root)
        for line, answer in lines.items():
            with self.subTest(line):
                self.assertEqual(self.learn(line), (2, "", f"learn: {answer}\n"))
        self.assertEqual(files_of(self.root), before)

    def test_a_base_that_does_not_exist_is_a_usage_error(self) -> None:
        status, out, said = self.learn("check 1 --base yours")
        self.assertEqual((status, out, said.count("\n")), (2, "", 1))
        self.assertRegex(said, r"argument --base: invalid choice: 'yours' \(choose from .*mine")

    def test_what_needs_a_started_stage_says_how_to_start_it(self) -> None:
        for line in ("watch 1", "reset 1.1", "solution 1.1", "run 1 --mine"):
            with self.subTest(line):
                self.assertEqual(self.learn(line),
                                 (1, "", "learn: stage 1 is not started: ./learn start 1\n"))
        self.assertEqual(self.learn("hint")[2], "learn: no stage is started: ./learn start 1\n")
        self.assertEqual(self.learn("start 0")[2], "learn: stage 0 has no exercises\n")


class Loop(InCourse):
    def test_start_lists_the_exercises_and_what_comes_next(self) -> None:
        self.assertEqual(self.learn("start 01"), (0, STARTED, ""))
        status, out, said = self.learn("start 1")
        self.assertEqual((status, out), (1, ""))
        self.assertRegex(said, "^learn: work/stage_01_first: is started already")

    def test_start_says_what_it_has_written_again(self) -> None:
        self.begin(1)
        (self.root / "work/stage_01_first/first.hpp").unlink()
        self.assertEqual(self.learn("start 1")[1].splitlines()[0],
                         "work/stage_01_first/: first.hpp")

    def test_reset_says_where_the_file_is_kept(self) -> None:
        self.begin(1)
        self.assertEqual(self.learn("reset 01.1")[:2], (
            0, "1.1 is empty again; the file as it was: work/kept/stage_01_first/first.cpp.1\n"))

    def test_run_mine_becomes_the_program_upon_my_code(self) -> None:
        self.begin(1)
        with mock.patch("loop.commands.become_program", side_effect=SystemExit) as become:
            self.assertRaises(SystemExit, self.learn, "run 1 --mine -- --seed 3")
        become.assert_called_once_with(
            self.root, self.root / "build/default/bin/work/stage_01_first", ["--seed", "3"])
        self.say(1, "syntax error")
        status, out, said = self.learn("run 1 --mine")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("// syntax error", said)


class Hint(InCourse):
    def test_of_an_exercise_needs_no_start_and_rises(self) -> None:
        for level, text in ((1, "Think of a rest."), (2, "Begin with 1 again."),
                            (3, "`rest -= 1;`"), (3, "`rest -= 1;`")):
            self.assertEqual(self.learn("hint 1.2"), (0, f"1.2 right, hint {level} of 3:\n{text}\n",
                                                      ""))

    def test_without_an_exercise_is_for_the_first_that_is_not_done(self) -> None:
        self.begin(1, 2, solved=False)
        self.assertIn("1.1 left, hint 1 of 3:\n", self.learn("hint")[1])
        solve(self.root, 1)
        self.say(1, "wrong 1.2")
        self.assertIn("1.2 right, hint 1 of 3:\n", self.learn("hint")[1])
        solve(self.root, 1)
        self.assertIn("2.1 left, hint 1 of 3:\n", self.learn("hint")[1])
        solve(self.root, 2)
        status, _, said = self.learn("hint")
        self.assertEqual((status, said.splitlines()[-1]),
                         (1, "learn: every exercise of your stages is done"))

    def test_without_an_exercise_a_stage_must_build_first(self) -> None:
        self.begin(1, 2, solved=False)
        self.say(1, "syntax error")
        status, out, said = self.learn("hint")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("// syntax error", said)


class Solution(InCourse):
    def test_is_shown_beside_mine_once_that_passes(self) -> None:
        self.begin(1)
        with mock.patch.dict("os.environ", COLUMNS="100"):
            self.assertEqual(self.learn("solution 1.2")[:2], (0, SOLVED))

    def test_is_shown_below_mine_where_the_terminal_is_narrow(self) -> None:
        self.begin(1)
        with mock.patch.dict("os.environ", COLUMNS="60"):
            self.assertIn("\n  return rest;\n\nthe course's, stages/stage_01_first/first.cpp:12\n",
                          self.learn("solution 1.2")[1])

    def test_is_refused_before_and_given_anyway(self) -> None:
        self.begin(1, solved=False)
        status, out, said = self.learn("solution 1.2")
        self.assertEqual((status, out), (1, ""))
        self.assertEqual(said.splitlines()[-1], "learn: 1.2 is todo, 0 of 1 checks pass: ./learn "
                                                "hint 1.2, or ./learn solution 1.2 --anyway")
        status, out, _ = self.learn("solution 1.2 --anyway")
        self.assertEqual(status, 0)
        self.assertIn("rest -= 1;", out)
        self.assertIn("Why it works: A rest is left.", out)

    def test_an_exercise_that_passes_is_shown_though_others_do_not(self) -> None:
        self.begin(1)
        self.say(1, "wrong 1.1")
        self.assertEqual(self.learn("solution 1.2")[0], 0)
        status, _, said = self.learn("solution 1.1")
        self.assertEqual(status, 1)
        self.assertIn("learn: 1.1 is wrong, 0 of 1 checks pass: ", said)

    def test_without_its_mark_there_is_nothing_to_show(self) -> None:
        self.begin(1)
        self.replace(self.own(1), "// exercise 1.2", "// once 1.2")
        self.replace(self.own(1), "return rest;\n  // end exercise", "return rest;")
        self.assertRegex(self.learn("solution 1.2 --anyway")[2], "the mark .* is missing")
