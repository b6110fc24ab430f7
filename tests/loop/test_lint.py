"""What ./learn prove sees of a stage before it builds it: every rule, broken once."""

from __future__ import annotations

import json

from course import InCourse, without_exercises

from prove.lint import problems_of
from stages import Stage

STAGE = Stage(1, "stage_01_first")
FOLDER = "stages/stage_01_first"
SOURCE = f"{FOLDER}/first.cpp"


class Lint(InCourse):
    def problems(self) -> list[str]:
        return problems_of(self.root, STAGE)

    def mutants(self, change) -> None:
        """Writes the mistakes again, as change leaves them."""
        path = self.root / FOLDER / "mutants.json"
        entries = json.loads(path.read_text())
        changed = change(entries)
        path.write_text(json.dumps(entries if changed is None else changed))

    def replace_body(self, lines: int) -> None:
        """Makes exercise 1.1 so many lines, with comments and gaps between them."""
        body = "".join(f"\n  // line {line}\n  sum += {line};\n" for line in range(lines))
        self.replace(SOURCE, "  int sum = 1;\n  sum += 1;\n  return sum;\n", body)
        self.mutants(lambda entries: [{**entry, "exercise": "1.2", "replace": str(count),
                                       "file": "first.cpp", "find": "return rest;"}
                                      for count, entry in enumerate(entries)])

    def test_a_stage_that_keeps_the_rules_has_no_problem(self) -> None:
        self.assertEqual(self.problems(), [])

    def test_marks_pair(self) -> None:
        self.replace(SOURCE, "// exercise 1.2:", "// Exercise 1.2:")
        problem, = self.problems()
        self.assertTrue(problem.startswith(f"{SOURCE}:12: is like a mark and is none"), problem)

    def test_numbers_have_no_gaps(self) -> None:
        for file in ("first.cpp", "checks.cpp", "hints.md", "mutants.json"):
            text = (self.root / FOLDER / file).read_text()
            self.write(f"{FOLDER}/{file}", text.replace("1.2", "1.3"))
        self.assertEqual(self.problems(),
                         [f"{FOLDER}: expected the exercises 1.1, 1.2, found 1.1, 1.3"])

    def test_numbers_are_those_of_the_stage_and_none_stands_twice(self) -> None:
        self.replace(SOURCE, "// exercise 1.2:", "// exercise 1.1:")
        self.assertEqual(self.problems()[0],
                         f"{FOLDER}: expected the exercises 1.1, 1.2, found 1.1, 1.1")
        self.replace(SOURCE, "// exercise 1.1:", "// exercise 2.1:")
        self.assertIn("found 2.1, 2.1", self.problems()[0])

    def test_there_are_2_to_8_exercises(self) -> None:
        text = "".join(f"// exercise 1.{place}: x\na;\nb;\nc;\n// end exercise\n"
                       for place in range(3, 10))
        self.write(f"{FOLDER}/more.cpp", text)
        self.assertEqual(self.problems()[0],
                         f"{FOLDER}: expected 2 to 8 exercises, found 9")
        self.write(f"{FOLDER}/more.cpp", text[:text.index("// exercise 1.9")])
        self.assertNotIn("expected 2 to 8", self.problems()[0])

    def test_an_exercise_is_3_to_25_lines_without_comments_and_gaps(self) -> None:
        for lines in (2, 26):
            with self.subTest(lines):
                self.setUp()
                self.replace_body(lines)
                self.assertEqual(self.problems(), [f"{SOURCE}:4: exercise 1.1 is {lines} lines to "
                                                   "write, expected 3 to 25"])
        for lines in (3, 25):
            with self.subTest(lines):
                self.setUp()
                self.replace_body(lines)
                self.assertEqual(self.problems(), [])

    def test_one_that_is_solved_by_removing_the_throw_may_be_a_single_line(self) -> None:
        self.replace_body(1)
        self.replace(SOURCE, 'the "second"\n', "it (solved by removing the throw)\n")
        self.assertEqual(self.problems(), [])

    def test_every_exercise_has_three_hints(self) -> None:
        self.replace(f"{FOLDER}/hints.md", "2. Begin with 1 again.\n", "")
        self.assertEqual(self.problems(), [f"{FOLDER}/hints.md:13: exercise 1.2: expected 3 hints, "
                                           "numbered from 1, found 2"])

    def test_every_exercise_has_a_section_and_every_section_an_exercise(self) -> None:
        self.replace(f"{FOLDER}/hints.md", "## 1.2", "## 1.4")
        self.assertEqual(self.problems(), [f"{SOURCE}:12: exercise 1.2 has no section in hints.md",
                                           f"{FOLDER}/hints.md: exercise 1.4 does not exist"])

    def test_every_exercise_has_a_check_and_every_tag_an_exercise(self) -> None:
        self.replace(f"{FOLDER}/checks.cpp", "[1.2]", "[1.5]")
        self.assertEqual(self.problems(), [f"{SOURCE}:12: exercise 1.2 has no check "
                                           "whose last tag is [1.2]",
                                           f"{FOLDER}/checks.cpp:4: exercise 1.5 does not exist"])

    def test_a_source_that_nothing_builds_is_named(self) -> None:
        (self.root / FOLDER / "stray.cpp").touch()
        self.assertEqual(self.problems(), [f"{FOLDER}/stray.cpp: CMakeLists.txt does not list it"])

    def test_every_check_can_be_read(self) -> None:
        for unread in ('TEST_CASE("a " "b", "[1.1]") {}', 'TEST_CASE("no tags") {}',
                       'TEMPLATE_TEST_CASE("a", "[1.1]", int) {}', 'TEST_CASE(NAME, "[1.1]") {}'):
            self.write(f"{FOLDER}/more_checks.cpp", f"{unread}\n")
            self.assertEqual(self.problems(), [f"{FOLDER}: 4 checks, of which 3 can be read: "
                                               'expected TEST_CASE("a sentence", "[tags]")'])

    def test_a_mistake_can_be_planted(self) -> None:
        where = f"{FOLDER}/mutants.json: 'mistake sum += 1;': "
        once = "expected a text that stands once in first.cpp and changes, found it"
        for change, problem in (
                ({"find": "sum += 9;"}, f"{once} 0 times: 'sum += 9;'"),
                ({"find": "sum"}, f"{once} 3 times: 'sum'"),
                ({"replace": "sum += 1;"}, f"{once} 1 times: 'sum += 1;'"),
                ({"file": "second.cpp"}, "there is no file second.cpp"),
                ({"why": "?"}, "expected file, find, name, replace and perhaps diagnosis, "
                               "exercise, found exercise, file, find, name, replace, why")):
            with self.subTest(problem):
                self.setUp()
                self.mutants(lambda entries: entries[0].update(change))
                self.assertEqual(self.problems(), [where + problem])

    def test_a_mistake_is_planted_in_what_a_learner_gets(self) -> None:
        self.write(f"{FOLDER}/main.cpp", "int here;\n")
        self.mutants(lambda entries: entries[0].update(file="main.cpp", find="here"))
        self.assertEqual(self.problems(), [f"{FOLDER}/mutants.json: 'mistake sum += 1;': "
                                           "a learner does not get main.cpp: no mistake of theirs"])

    def test_a_mistake_has_a_name(self) -> None:
        self.mutants(lambda entries: entries[0].pop("name") and None)
        self.assertIn("mutants.json: 'a mistake without a name': expected", self.problems()[0])

    def test_a_mistake_belongs_to_an_exercise(self) -> None:
        for change, found in ((lambda entries: entries[3].update(exercise="1.9"), "1.9"),
                              (lambda entries: entries[3].pop("exercise") and None, "")):
            self.mutants(change)
            self.assertEqual(self.problems(), [
                f"{FOLDER}/mutants.json: 'mistake return rest;': "
                f"expected one of the exercises 1.1, 1.2, found '{found}'"])

    def test_a_stage_without_exercises_has_mistakes_that_belong_to_none(self) -> None:
        stage = without_exercises(self.root)
        self.assertEqual(problems_of(self.root, stage), [])
        path = self.root / "stages" / stage.program / "mutants.json"
        entries = json.loads(path.read_text())
        path.write_text(json.dumps([{**entries[0], "exercise": "20.1"}, *entries[1:3]]))
        where = f"stages/{stage.program}/mutants.json: "
        self.assertEqual(problems_of(self.root, stage), [
            f"{where}'mistake sum += 1;': expected one of the exercises (there is none), "
            "found '20.1'",
            f"{where}expected 4 mistakes or more, found 3"])

    def test_there_are_four_mistakes_or_more(self) -> None:
        self.mutants(lambda entries: entries[:3])
        self.assertEqual(self.problems(),
                         [f"{FOLDER}/mutants.json: expected 4 mistakes or more, found 3"])

    def test_a_file_that_is_missing_or_no_json_is_named(self) -> None:
        for text in ("{", "", "7", '"text"', '{"name": "one"}', "[1]"):
            self.write(f"{FOLDER}/mutants.json", text)
            problem, = self.problems()
            self.assertRegex(problem, f"^{FOLDER}/mutants.json: (is no JSON|expected a list)")
        for name in ("mutants.json", "hints.md"):
            (self.root / FOLDER / name).unlink()
            self.assertEqual(self.problems(), [f"{FOLDER}/{name}: No such file or directory"])
            self.write(f"{FOLDER}/{name}", "[]")
