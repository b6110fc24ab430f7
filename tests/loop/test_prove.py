"""./learn prove: the variants of a stage, and what is right and wrong of the checks they give."""

from __future__ import annotations

import unittest
from unittest import mock

from course import InCourse, without_exercises
from support import exercise, failing, passing, stopped

from loop.cases import Case
from prove import command
from prove.mutants import Mutant, read_mutants
from prove.prove import Proof, share, summary
from prove.variants import (KINDS, Variant, all_pass, all_todo, is_caught, these_pass, turns_red,
                            variants_of)
from stages import Stage

STAGE = Stage(1, "stage_01_first")
MUTANT = Mutant("a sign is lost", "storage.cpp", "-x", "x", "3.1")
FOUND = [exercise("3.1"), exercise("3.2")]
UNRUN = Case("u", ("3.1",), "checks.cpp", 1)


class Judgements(unittest.TestCase):
    def test_the_reference_passes_all_its_checks(self) -> None:
        self.assertEqual(all_pass([passing("a"), passing("b", "3.1")]), "")
        self.assertEqual(all_pass([passing("a"), failing("b"), UNRUN]),
                         '2 checks fail, the first is "b"')

    def test_in_a_starter_every_exercise_is_todo(self) -> None:
        todo = [stopped("a", "3.1", at="3.1"), stopped("b", "3.2", at="3.1"), passing("c")]
        self.assertEqual(all_todo(FOUND, todo), "")
        self.assertEqual(all_todo(FOUND, [*todo, passing("d", "3.2")]),
                         '"d" passes with nothing written')
        self.assertEqual(all_todo(FOUND, [failing("e", "3.1")]), '3.1 is wrong: "e"')

    def test_what_is_solved_passes_without_what_comes_after_it(self) -> None:
        cases = [passing("a", "3.1"), stopped("b", "3.1", "3.2", at="3.2"), failing("c")]
        self.assertEqual(these_pass({"3.1"}, cases), "")
        self.assertEqual(these_pass({"3.1"}, [*cases, stopped("d", "3.1", at="3.2")]),
                         '"d" fails; it needs 3.2')
        self.assertEqual(these_pass({"3.1", "3.2"}, [failing("e", "3.2")]),
                         '"e" fails; it needs nothing unwritten')
        self.assertEqual(these_pass({"3.1"}, [UNRUN]), '"u" fails; it needs nothing unwritten')

    def test_an_exercise_emptied_alone_turns_every_check_of_its_own_red(self) -> None:
        red = stopped("a", "3.1", at="3.1")
        self.assertEqual(turns_red("3.1", [red, passing("b", "3.2"), failing("c", "3.1")]), "")
        self.assertEqual(turns_red("3.1", [red, passing("b", "3.1")]),
                         '"b" is tagged [3.1] and passes without it')
        for cases in ([], [failing("a", "3.1")], [stopped("a", "3.2", at="3.1")],
                      [stopped("a", "3.1", at="3.2")]):
            self.assertEqual(turns_red("3.1", cases), "no check tagged [3.1] stops at it")

    def test_a_mistake_is_caught_by_any_check(self) -> None:
        self.assertEqual(is_caught(MUTANT, [passing("a", "3.1"), failing("b")]), "")
        self.assertEqual(is_caught(MUTANT, [UNRUN]), "")
        for cases in ([], [passing("a", "3.1"), passing("b")]):
            self.assertEqual(is_caught(MUTANT, cases), "is not caught by any check")

    def test_a_mistake_is_diagnosed_where_it_should_be(self) -> None:
        wanted = Mutant("a sign is lost", "storage.cpp", "-x", "x", "3.1", "the wrong sign")
        told = failing("a", text="likely mistake: every element has the wrong sign\nworst at (1)")
        other = failing("b", text="likely mistake: this is the transpose\nworst at (1)")
        self.assertEqual(is_caught(wanted, [passing("c"), other, told]), "")
        self.assertEqual(is_caught(wanted, [other]), "is not diagnosed: expected 'the wrong sign', "
                                                     "found likely mistake: this is the transpose")
        self.assertEqual(is_caught(wanted, [failing("a", text="the wrong sign")]),
                         "is not diagnosed: expected 'the wrong sign', found no diagnosis")
        self.assertEqual(is_caught(wanted, [passing("c")]), "is not caught by any check")


class Variants(InCourse):
    def setUp(self) -> None:
        super().setUp()
        self.folder = self.root / "stages" / STAGE.program

    def named(self, name: str) -> Variant:
        found, = [one for one in variants_of(self.folder) if one.name == name]
        return found

    def test_of_a_stage_are_as_many_as_it_has_promises(self) -> None:
        variants = variants_of(self.folder)
        self.assertEqual({kind: sum(one.kind == kind for one in variants) for kind in KINDS},
                         {"reference": 1, "starter": 1, "in order": 1, "alone": 2, "mistakes": 4})

    def test_of_a_stage_without_exercises_are_its_reference_and_its_mistakes(self) -> None:
        stage = without_exercises(self.root)
        kinds = [one.kind for one in variants_of(self.root / "stages" / stage.program)]
        self.assertEqual(kinds, ["reference"] + 4 * ["mistakes"])

    def test_change_what_they_are_named_for(self) -> None:
        first, second = 'NotImplemented("1.1"', 'NotImplemented("1.2"'
        self.assertEqual(self.named("the reference").texts, {})
        for name, has, lacks in (("the starter", (first, second), ()),
                                 ("1.1 solved, and those before it", (second,), (first,)),
                                 ("1.1 emptied", (first,), (second,)),
                                 ("1.2 emptied", (second,), (first,)),
                                 ("'mistake sum += 1;'", ("// wrong 1.1.\n",), ("sum +=", first))):
            with self.subTest(name):
                texts = self.named(name).texts
                self.assertEqual(list(texts), ["first.cpp"])
                for text in has:
                    self.assertIn(text, texts["first.cpp"])
                for text in lacks:
                    self.assertNotIn(text, texts["first.cpp"])

    def test_are_judged_each_by_its_own(self) -> None:
        green = [passing("a", "1.1"), passing("b", "1.2")]
        for name, problem in (("the reference", ""), ("the starter", '"a" passes with nothing'),
                              ("1.1 solved, and those before it", ""),
                              ("1.1 emptied", "no check tagged [1.1]"),
                              ("1.2 emptied", "no check tagged [1.2]"),
                              ("'mistake rest -= 1;'", "is not caught by any check")):
            with self.subTest(name):
                judgement = self.named(name).judgement(green)
                self.assertTrue(judgement.startswith(problem) and bool(judgement) == bool(problem),
                                judgement)

        red = [failing("a", "1.1"), stopped("b", "1.2", at="1.2")]
        for name, problem in (("the reference", '2 checks fail, the first is "a"'),
                              ("the starter", '1.1 is wrong: "a"'),
                              ("1.1 solved, and those before it",
                               '"a" fails; it needs nothing unwritten'),
                              ("1.2 emptied", ""), ("'mistake rest -= 1;'", "")):
            with self.subTest(name):
                self.assertEqual(self.named(name).judgement(red), problem)

    def test_a_mistake_is_planted_where_it_stands(self) -> None:
        mutant = read_mutants(self.folder)[1]
        course = (self.folder / "first.cpp").read_text()
        self.assertEqual(mutant.plant(self.folder),
                         course.replace("return sum;", "// wrong 1.1.\n"))


class Shares(unittest.TestCase):
    def test_are_of_even_length_and_keep_the_order(self) -> None:
        for count in range(9):
            variants = [Variant("alone", str(number), {}, all_pass) for number in range(count)]
            for slots in (1, 2, 3):
                queues = share(variants, slots)
                self.assertEqual(sum(queues, []), variants)
                self.assertEqual(len(queues), slots)
                lengths = [len(queue) for queue in queues]
                self.assertLessEqual(max(lengths) - min(lengths), 1)


class Summary(InCourse):
    def prove(self, line: str, *proofs: Proof) -> tuple[int, str]:
        with mock.patch.object(command, "prove", side_effect=proofs):
            status, out, _ = self.learn(line)
        return status, out

    def test_a_stage_is_told_in_a_few_lines(self) -> None:
        proof = Proof(STAGE, {"reference": 1, "mistakes": 4}, {"mistakes": 1},
                      ["stages/stage_01_first: 'one': is not caught by any check"], 2.4)
        self.assertEqual(summary(proof).splitlines(), [
            "stage 1 first, 2 s",
            "  reference   1 of 1   passes all its checks",
            "  mistakes    3 of 4   caught by the stage's own checks",
            "  wrong: stages/stage_01_first: 'one': is not caught by any check"])

    def test_the_kill_rate_and_the_status_come_last(self) -> None:
        sound = Proof(STAGE, {"mistakes": 4})
        leaky = Proof(STAGE, {"mistakes": 4}, {"mistakes": 1}, ["one survives"])
        status, out = self.prove("prove", sound, leaky, sound)
        self.assertEqual((status, out.splitlines()[-1]), (
            1, "kill rate: 11 of 12 planted mistakes caught, 91.7 %; 1 wrong"))
        status, out = self.prove("prove 2", sound)
        self.assertEqual((status, out.splitlines()[-1]), (
            0, "kill rate: 4 of 4 planted mistakes caught, 100.0 %; nothing wrong"))

    def test_a_stage_without_planted_mistakes_is_refused(self) -> None:
        status, out, err = self.learn("prove 0")
        self.assertEqual((status, out), (2, ""))
        self.assertIn("prove: stage 0 has no planted mistakes; those from 1 to 20 have", err)

    def test_a_stage_that_breaks_a_rule_is_not_built_and_does_not_hold(self) -> None:
        self.replace("stages/stage_02_second/hints.md", "## 2.2", "## 2.3")
        status, out, _ = self.learn("prove 2")
        self.assertEqual(status, 1)
        self.assertIn("  wrong: stages/stage_02_second/hints.md: exercise 2.3 does not", out)
        self.assertFalse((self.root / "build").exists())

    def test_a_stage_is_built_in_all_its_variants_and_judged(self) -> None:
        self.begin(1)
        self.say(1, "wrong 1.1")  # the learner's own has no part in it
        self.replace("stages/stage_01_first/mutants.json", "// wrong 1.2.\\n", "rest;")
        status, out, _ = self.learn("prove 1")
        self.assertEqual(status, 1)
        self.assertEqual(out.splitlines()[1:], [
            "  reference   1 of 1   passes all its checks",
            "  starter     1 of 1   compiles, and every exercise is todo",
            "  in order    1 of 1   once an exercise is solved its checks pass, "
            "without those after it",
            "  alone       2 of 2   an exercise emptied alone turns a check of its own red",
            "  mistakes    2 of 4   caught by the stage's own checks",
            "  wrong: stages/stage_01_first: 'mistake rest -= 1;': is not caught by any check",
            "  wrong: stages/stage_01_first: 'mistake return rest;': is not caught by any check",
            "kill rate: 2 of 4 planted mistakes caught, 50.0 %; 2 wrong"])

    def test_a_variant_that_does_not_compile_is_told_from_one_that_is_caught(self) -> None:
        self.replace("stages/stage_01_first/mutants.json", "// wrong 1.2.\\n", "syntax error:")
        status, out, _ = self.learn("prove 1")
        self.assertEqual(status, 1)
        self.assertRegex(out, "\n  wrong: stages/stage_01_first: 'mistake rest -= 1;': "
                              "does not compile: .*syntax error:\n")
        self.assertIn("2 of 4 planted", out)
