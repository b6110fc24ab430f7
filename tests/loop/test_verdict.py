"""From checks to exercises that are todo, wrong or done, and what is printed of them."""

from __future__ import annotations

import unittest
from pathlib import Path

from support import InFolder, exercise, failing, passing, stopped

from loop import report
from loop.cases import CRASHED, Case, Failure
from loop.hints import Help
from loop.verdict import DONE, TODO, WRONG, Verdict, judge
from stages import Stage

STAGE = Stage(3, "stage_03_storage")
NUMBERS = ("3.1", "3.2", "3.3")
HELPS = {number: Help(number, f"title {number}", [], "", "") for number in NUMBERS}


def judged(*cases: Case, printed: str = "") -> Verdict:
    """The verdict on three exercises."""
    return judge([exercise(number) for number in NUMBERS], list(cases), printed)


def unrun(name: str, *numbers: str) -> Case:
    """A check that has not run."""
    return Case(name, numbers, "checks.cpp", 1)


class Judging(unittest.TestCase):
    def states(self, *cases: Case) -> list[str]:
        verdict = judged(*cases)
        return [one.state for one in [*verdict.exercises, verdict.rest]]

    def test_an_exercise_is_done_when_all_its_checks_pass(self) -> None:
        self.assertEqual(self.states(passing("a", "3.1"), passing("b", "3.1", "3.2")),
                         [DONE, DONE, TODO, DONE])

    def test_an_exercise_without_checks_is_never_done(self) -> None:
        verdict = judged(passing("a", "3.1"), passing("b", "3.2"))
        self.assertEqual((verdict.exercises[2].state, verdict.done), (TODO, False))

    def test_an_exercise_is_todo_while_it_is_not_written_whatever_else_fails(self) -> None:
        self.assertEqual(self.states(stopped("a", "3.1", at="3.1"), failing("b", "3.1"))[0], TODO)

    def test_an_exercise_whose_checks_wait_for_another_is_todo(self) -> None:
        verdict = judged(stopped("a", "3.2", at="3.1"), passing("b", "3.2"))
        self.assertEqual((verdict.exercises[1].state, verdict.exercises[1].waits_for),
                         (TODO, {"3.1"}))

    def test_an_exercise_that_fails_for_another_reason_is_wrong(self) -> None:
        self.assertEqual(self.states(failing("a", "3.1"), stopped("b", "3.1", at="3.3"))[0], WRONG)
        self.assertEqual(self.states(failing("a", "3.1", outcome=CRASHED), unrun("b", "3.1"))[0],
                         WRONG)

    def test_a_check_that_has_not_run_neither_passes_nor_is_wrong(self) -> None:
        self.assertEqual(self.states(passing("a", "3.1"), unrun("b", "3.1"))[0], TODO)

    def test_a_check_of_two_exercises_judges_the_last_and_counts_once(self) -> None:
        verdict = judged(failing("a", "3.1", "3.2"), passing("b", "3.1"))
        self.assertEqual([one.state for one in verdict.exercises][:2], [DONE, WRONG])
        self.assertEqual([len(one.cases) for one in verdict.exercises][:2], [1, 1])

    def test_checks_of_no_exercise_judge_the_stage(self) -> None:
        for case, state in ((passing("a"), DONE), (failing("a"), WRONG),
                            (stopped("a", at="3.1"), TODO), (unrun("a"), TODO)):
            verdict = judged(case)
            self.assertEqual((verdict.rest.cases, verdict.rest.state), ([case], state))

    def test_a_check_of_an_unknown_exercise_is_not_lost(self) -> None:
        verdict = judged(failing("a", "9.9"))
        self.assertEqual([case.name for case in verdict.rest.cases], ["a"])

    def test_all_is_done_when_every_check_passes_those_of_the_stage_too(self) -> None:
        cases = [passing("a", "3.1"), passing("b", "3.2"), passing("c", "3.3")]
        self.assertTrue(judged(*cases).done)
        self.assertIsNone(judged(*cases).next)
        for last in (failing("d"), unrun("d"), stopped("d", at="3.1")):
            self.assertFalse(judged(*cases, last).done)
            self.assertEqual(judged(*cases, last).next.exercise, None)

    def test_what_comes_next_is_the_first_that_is_not_done(self) -> None:
        verdict = judged(passing("a", "3.1"), stopped("b", "3.2", at="3.2"), failing("c", "3.3"))
        self.assertEqual(verdict.next.exercise.number, "3.2")

    def test_without_exercises_the_stage_is_judged_as_a_whole(self) -> None:
        self.assertTrue(judge([], [passing("a")], "").done)
        self.assertFalse(judge([], [passing("a"), failing("b")], "").done)


class Table(unittest.TestCase):
    def test_has_a_line_for_each_exercise_and_for_the_rest(self) -> None:
        verdict = judged(passing("a", "3.1"), failing("b", "3.2"), passing("c", "3.2"),
                         stopped("d", "3.3", at="3.3"), passing("e"))
        self.assertEqual(report.table(verdict, HELPS).splitlines(), [
            "  3.1   done   1 of 1    title 3.1",
            "  3.2   wrong  1 of 2    title 3.2",
            "  3.3   todo   0 of 1    title 3.3",
            "        done   1 of 1    the stage as a whole"])

    def test_says_what_an_exercise_waits_for_unless_it_is_not_written_itself(self) -> None:
        verdict = judged(stopped("a", "3.1", at="3.2"), stopped("b", "3.1", at="3.3"),
                         stopped("c", "3.2", at="3.2"), stopped("d", "3.2", at="3.3"))
        self.assertEqual(report.table(verdict, HELPS).splitlines(), [
            "  3.1   todo   0 of 2    title 3.1 (its checks wait for 3.2, 3.3)",
            "  3.2   todo   0 of 2    title 3.2"])


class Mistake(InFolder):
    def shown(self, *cases: Case, printed: str = "") -> list[str]:
        return report.first_mistake(self.root, STAGE, judged(*cases, printed=printed)).splitlines()

    def test_nothing_is_said_while_nothing_is_wrong(self) -> None:
        self.assertEqual(self.shown(passing("a", "3.1"), stopped("b", "3.2", at="3.2")), [])

    def test_the_first_wrong_exercise_is_told_with_diagnosis_and_numbers(self) -> None:
        text = "with axes 0\nlikely mistake: the wrong sign\nworst at (1): actual -1, expected 1"
        mistaken = failing("signs", "3.2", text=text)
        mistaken.failures *= 3
        self.assertEqual(
            self.shown(passing("a", "3.2"), mistaken, failing("later", "3.2"), failing("z", "3.3")),
            ['3.2 at storage.cpp:10: "signs"',
             "  likely mistake: the wrong sign",
             "  stages/stage_03_storage/checks.cpp:7: CHECK(a == b)",
             "    with axes 0",
             "    worst at (1): actual -1, expected 1",
             "  and 3 more failures in its checks"])

    def test_a_failure_is_shown_and_not_the_unwritten_exercise_before_it(self) -> None:
        case = stopped("a", "3.1", at="3.3")
        case.failures += failing("a", text="2 == 3").failures
        self.assertEqual(self.shown(case)[1:], [
            "  stages/stage_03_storage/checks.cpp:7: CHECK(a == b)", "    2 == 3"])

    def test_a_mistake_of_the_stage_as_a_whole(self) -> None:
        self.assertEqual(self.shown(passing("a", "3.1"), failing("w"))[0],
                         'stage 3 as a whole: "w"')

    def test_the_place_is_that_of_the_mark_in_the_learners_file(self) -> None:
        own = "work/stage_03_storage/storage.cpp"
        self.write(own, "\n\x0c// mine\n// exercise 3.1: what to do\n// end exercise\n")
        self.assertEqual(self.shown(failing("a", "3.1"))[0], f'3.1 at {own}:3: "a"')
        self.assertEqual(self.shown(failing("a", "3.2"))[0], f'3.2 at {own}: "a"')

    def test_a_failure_with_a_diagnosis_or_a_missing_error_is_told_first(self) -> None:
        plain, told = failing("plain", "3.1"), failing("told", "3.1", text="likely mistake: a\nb")
        missing = failing("missing", "3.1")
        missing.failures = [Failure(8, "CHECK_THROWS_AS(f(), Error)", "f()")]
        for case in (told, missing):
            self.assertEqual(self.shown(plain, case)[0],
                             f'3.1 at storage.cpp:10: "{case.name}"')

    def test_a_failure_between_two_assertions_names_the_line_before(self) -> None:
        case = failing("a", "3.1")
        case.failures = [Failure(8, "", "vector::_M_range_check")]
        self.assertEqual(self.shown(case)[1:], [
            "  stages/stage_03_storage/checks.cpp:8: after this line",
            "    vector::_M_range_check"])


class Printed(unittest.TestCase):
    def shown(self, *texts: str, past: str = "") -> list[str]:
        cases = [failing(str(number), "3.1") for number, _ in enumerate(texts)]
        for case, text in zip(cases, texts):
            case.printed = text
        return report.printed(judged(*cases, printed=past))

    def test_is_shown_and_cut(self) -> None:
        lines = [f"line {count}" for count in range(report.PRINTED_LINES)]
        whole = ["  printed:", *(f"    {line}" for line in lines)]
        self.assertEqual(self.shown("\n".join(lines) + "\n"), whole)
        self.assertEqual(self.shown("\n".join([*lines, "line 20", "line 21"])),
                         [*whole, "  ... 2 more lines"])

    def test_is_that_of_all_checks_and_past_catch2_without_what_the_course_says(self) -> None:
        self.assertEqual(self.shown("one\n", "two\n", past="data: digits from x\nhere\n"),
                         ["  printed:", "    one", "    two", "    here"])
        self.assertEqual(self.shown("", past="data: digits\n"), [])

    def test_nothing_is_shown_while_nothing_is_wrong(self) -> None:
        self.assertEqual(report.printed(judged(passing("a", "3.1"), printed="here\n")), [])


class Places(InFolder):
    def test_a_place_in_the_tree_is_shown_as_it_is_typed_there(self) -> None:
        found = exercise("3.1")
        self.assertEqual(report.where(self.root, STAGE, found), "storage.cpp:10")
        inside = type(found)(3, 1, "", self.root / "stages" / "s.cpp", 4, ())
        self.assertEqual(report.where(self.root, STAGE, inside), str(Path("stages/s.cpp:5")))
