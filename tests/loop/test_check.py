"""./learn check: whose code is judged, upon what, and what it says of it."""

from __future__ import annotations

from unittest import mock

from course import InCourse, solve

from loop.check import Options
from loop import check

DONE = """stage 1 first: yours, upon the reference

  1.1   done   1 of 1    left
  1.2   done   1 of 1    right
        done   1 of 1    the stage as a whole

stage 1 is done, all 3 checks pass; next: ./learn run 1 --mine, ./learn start 2
"""
WRONG = """stage 2 second: yours, upon your stage 1

  2.1   done   1 of 1    left
  2.2   wrong  0 of 1    right
        done   1 of 1    the stage as a whole

2.2 at work/stage_02_second/second.cpp:12: "the rest is right in second"
  stages/stage_02_second/checks.cpp:3: CHECK(f() == 1)
    2 == 1

next: 2.2 at work/stage_02_second/second.cpp:12  (./learn hint 2.2)
"""


class Check(InCourse):
    def test_a_stage_that_is_done(self) -> None:
        self.begin(1)
        self.assertEqual(self.learn("check 1")[:2], (0, DONE))

    def test_a_stage_that_is_wrong(self) -> None:
        self.begin(1, 2)
        self.say(2, "wrong 2.2")
        self.assertEqual(self.learn("check 2")[:2], (1, WRONG))

    def test_a_stage_in_which_nothing_is_written(self) -> None:
        self.begin(1, solved=False)
        status, out, _ = self.learn("check 1")
        self.assertEqual(status, 1)
        self.assertEqual(out.splitlines()[2], "  1.1   todo   0 of 1    left")
        self.assertEqual(out.splitlines()[-1],
                         "next: 1.1 at work/stage_01_first/first.cpp:5  (./learn hint 1.1)")

    def test_the_heading_says_on_what_it_stands(self) -> None:
        self.begin(1, 2, 3)
        self.say(1, "wrong 1.1")
        for options, upon in (("", "your stage 2 (your stage 1 does not pass)"),
                              ("--base mine", "your stages 1, 2"),
                              ("--base reference", "the reference")):
            out = self.learn(f"check 3 {options}")[1]
            self.assertEqual(out.splitlines()[0], f"stage 3 third: yours, upon {upon}")

    def test_the_base_decides_what_is_judged(self) -> None:
        self.begin(1, 2)
        self.say(1, "wrong 1.1", "wrong 2.1")
        self.assertEqual([self.learn(f"check 2 {options}")[0]
                          for options in ("", "--base reference", "--base mine")], [0, 0, 1])

    def test_the_highest_stage_has_no_next_one(self) -> None:
        self.begin(3)
        self.assertEqual(self.learn("check 3")[1].splitlines()[-1],
                         "stage 3 is done, all 3 checks pass; next: ./learn run 3 --mine")

    def test_a_stage_that_is_not_started_is_the_courses_own(self) -> None:
        self.begin(1, solved=False)
        status, out, _ = self.learn("check 2")
        lines = out.splitlines()
        self.assertEqual((status, lines[0], lines[-1]), (
            0, "stage 2 second: the course's own (yours begins with ./learn start 2)",
            "all 3 checks pass; next: ./learn start 2"))
        self.assertEqual(self.runs(), ["stage_02_second_checks"])

    def test_stage_0_is_never_the_learners(self) -> None:
        self.assertEqual(self.learn("check 0")[:2], (0, """stage 0 baseline: the course's own

        done   1 of 1    the stage as a whole

all 1 checks pass
"""))

    def test_a_stage_that_does_not_build(self) -> None:
        self.begin(1)
        self.say(1, "syntax error")
        status, out, _ = self.learn("check 1 --raw")
        self.assertEqual((status, out.splitlines()[0]),
                         (1, "stage 1 first: yours, upon the reference"))
        self.assertRegex(out, r"first\.cpp:\d+:// syntax error")
        self.assertNotIn("next:", out)

    def test_a_missing_file_is_named(self) -> None:
        self.begin(1)
        (self.root / self.own(1)).unlink()
        self.assertEqual(self.learn("check 1"), (
            1, "", "learn: work/stage_01_first/first.cpp: is missing: "
                   "./learn start 1 writes it again, and nothing else\n"))

    def test_a_crash_comes_with_the_way_to_its_line(self) -> None:
        self.begin(1)
        self.say(1, "crash 1.1")
        lines = self.learn("check 1")[1].splitlines()
        self.assertEqual(lines[2:5], ["  1.1   wrong  0 of 1    left",
                                      "  1.2   done   1 of 1    right",
                                      "        done   1 of 1    the stage as a whole"])
        self.assertEqual(lines[7], "  stages/stage_01_first/checks.cpp:3: after this line")
        self.assertTrue(lines[8].startswith("    crashed (SIGSEGV): "), lines[8])
        self.assertEqual(lines[9], "  the line that crashes: ./learn check 1 --sanitize")

    def test_options_for_catch2_hand_over_to_the_program(self) -> None:
        self.begin(1)
        with mock.patch("loop.commands.become_program", side_effect=SystemExit) as become:
            self.assertRaises(SystemExit, self.learn, "check 1 -- --success")
        become.assert_called_once_with(
            self.root, self.root / "build/default/bin/work/stage_01_first_checks", ["--success"])

    def test_sanitizers_have_a_build_of_their_own(self) -> None:
        self.assertEqual((Options().preset, Options(sanitize=True).preset), ("default", "asan"))
        self.begin(1)
        self.assertEqual(self.learn("check 1 --sanitize")[0], 0)
        self.assertTrue((self.root / "build/asan/bin/work/stage_01_first_checks").exists())
        self.assertFalse((self.root / "build/default").exists())


class Standing(InCourse):
    def states(self) -> dict[int, str]:
        from loop.standing import standing

        with mock.patch("build.say"):
            return standing(self.root)

    def test_nothing_is_built_while_nothing_is_started(self) -> None:
        self.assertEqual(self.states(), {})
        self.assertFalse((self.root / "build").exists())

    def test_tells_how_far_every_started_stage_is(self) -> None:
        self.begin(1, 3)
        self.begin(2, solved=False)
        self.assertEqual(self.states(), {1: "done", 2: "0 of 2", 3: "done"})
        self.say(3, "wrong 3.2")
        self.say(1, "syntax error")
        solve(self.root, 2)
        self.assertEqual(self.states(), {1: "no build", 2: "done", 3: "1 of 2"})
        (self.root / "work/stage_02_second/second.hpp").unlink()
        self.assertEqual(self.states(), {1: "no build", 2: "damaged", 3: "1 of 2"})

    def test_a_stage_is_judged_upon_those_that_pass(self) -> None:
        self.begin(1, 2)
        self.say(1, "wrong 1.1", "wrong 2.1")
        self.assertEqual(self.states(), {1: "1 of 2", 2: "done"})
        solve(self.root, 1)
        self.say(1, "wrong 2.1")  # which the checks of stage 1 do not see
        self.assertEqual(self.states(), {1: "done", 2: "1 of 2"})

    def test_the_roadmap_shows_it_and_what_comes_next(self) -> None:
        self.begin(1)
        self.begin(2, solved=False)
        out = self.learn("")[1]
        self.assertRegex(out, r"\n  1  first +to build  done      its end\n")
        self.assertRegex(out, r"\n  2  second +to build  0 of 2    its end\n")
        self.assertIn("\nnext: ./learn check 2  (your stage 2: 0 of 2)\n", out)
