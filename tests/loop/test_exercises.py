"""The marked parts of a source: found, refused where marks do not pair, emptied."""

from __future__ import annotations

import unittest
from pathlib import Path

from support import InFolder

from arguments import Failure
from loop.exercises import (COLUMNS, INCLUDE, emptied, in_folder, include_errors, parse, read_text)

FILE = Path("stages/stage_03_storage/storage.cpp")
SOURCE = """#include "storage.hpp"

#include "core/array.hpp"
#include "core/shape.hpp"

int offset() {
  // exercise 3.1: add up the strides
  int sum = 0;

  return sum;
  // end exercise
}

int size() {
    // exercise 3.2: the "size" of C:\\ (solved by removing the throw)
    return 1;
    // end exercise
}
"""
EMPTIED = """#include "storage.hpp"

#include "core/array.hpp"
#include "core/errors.hpp"
#include "core/shape.hpp"

int offset() {
  // exercise 3.1: add up the strides
  throw NotImplemented("3.1", "add up the strides");
  // end exercise
}

int size() {
    // exercise 3.2: the "size" of C:\\ (solved by removing the throw)
    throw NotImplemented("3.2", "the \\"size\\" of C:\\\\");  // remove this line
    return 1;
    // end exercise
}
"""


def marked(task: str, *body: str) -> str:
    """A source with one exercise."""
    return "\n".join(['#include "a.hpp"', f"  // exercise 3.1: {task}", *body,
                      "  // end exercise", ""])


class Parsing(InFolder):
    def test_finds_the_exercises_from_top_to_bottom(self) -> None:
        first, second = parse(SOURCE, FILE)
        self.assertEqual((first.number, first.task, first.body),
                         ("3.1", "add up the strides", ("  int sum = 0;", "", "  return sum;")))
        self.assertEqual(first.where, f"{FILE}:7")
        self.assertEqual((second.stage, second.place, second.begin), (3, 2, 14))

    def test_a_source_without_marks_has_no_exercises(self) -> None:
        self.assertEqual(parse("int a;  // an exercise for the reader\n", FILE), [])

    def test_a_folder_gives_them_by_their_numbers(self) -> None:
        for number, name in ((10, "a.cpp"), (2, "b.hpp"), (1, "c.cpp"), (3, "notes.md")):
            self.write(name, f"// exercise 3.{number}: do it\n// end exercise\n")
        self.assertEqual([found.number for found in in_folder(self.root)], ["3.1", "3.2", "3.10"])

    def test_marks_that_do_not_pair_are_named(self) -> None:
        begin, end = "  // exercise 3.1: do it\n", "  // end exercise\n"
        for text, problem in {
                begin + "  // exercise 3.2: do more\n" + end:
                    "2: exercise 3.2 begins inside exercise 3.1: '// end exercise' is missing",
                begin + end + end: "3: '// end exercise' ends nothing: "
                                   "'// exercise N.M: ...' is missing before it",
                "\n\n" + begin: "3: exercise 3.1 does not end: '// end exercise' is missing",
        }.items():
            self.refuses(text, problem)

    def test_what_is_like_a_mark_and_is_none_is_named(self) -> None:
        for line in ("// Exercise 3.2", "//end exercise", "// exercise 3.2 without a colon",
                     "//exercise 3.2: close by", "// exercise 3: no place", "// End exercise",
                     "// end exercise 3.2", "// end exercise ", "// exercise 3.2:no blank",
                     "//  EXERCISE 3.2: loud"):
            self.refuses(f"\n  {line}\n", f"2: is like a mark and is none: expected '// exercise "
                         f"N.M: what to do' or '// end exercise', found '{line.strip()}'")

    def refuses(self, text: str, problem: str) -> None:
        with self.subTest(text), self.assertRaises(Failure) as raised:
            parse(text, FILE)
        self.assertTrue(str(raised.exception).startswith(f"{FILE}:{problem}"), raised.exception)


class Emptying(InFolder):
    def test_leaves_a_throw_and_keeps_the_body_that_needs_no_writing(self) -> None:
        self.assertEqual(emptied(SOURCE, FILE), EMPTIED)

    def test_what_is_emptied_is_the_same_when_emptied_again(self) -> None:
        once = emptied(SOURCE, FILE, {"3.1"})
        self.assertEqual(emptied(once, FILE, {"3.1"}), once)

    def test_empties_those_that_are_chosen(self) -> None:
        text = emptied(SOURCE, FILE, {"3.2", "4.1"})
        self.assertIn("  return sum;\n", text)
        self.assertIn("// remove this line\n    return 1;\n", text)
        self.assertEqual(emptied(SOURCE, FILE, {"4.1"}), SOURCE)
        self.assertEqual(emptied(SOURCE, FILE, set()), SOURCE)

    def test_an_exercise_without_a_body_gets_one(self) -> None:
        self.assertIn('\n  throw NotImplemented("3.1", "do it");\n', emptied(marked("do it"), FILE))

    def test_the_throw_is_indented_like_the_first_line_that_is_not_empty(self) -> None:
        text = emptied(marked("do it", "", "      int a;"), FILE)
        self.assertIn('\n      throw NotImplemented("3.1", "do it");\n', text)

    def test_a_throw_of_more_than_100_columns_takes_two_lines(self) -> None:
        frame = len('  throw NotImplemented("3.1", "");')
        task = "t" * (COLUMNS - frame)
        whole = f'  throw NotImplemented("3.1", "{task}");\n'
        self.assertEqual(len(whole), COLUMNS + 1)
        self.assertIn(whole, emptied(marked(task, "  a;"), FILE))
        self.assertIn(f'\n  throw NotImplemented(\n      "3.1", "{task}t");\n  // end',
                      emptied(marked(task + "t", "  a;"), FILE))
        # A quotation mark takes two columns.
        self.assertIn(f'\n  throw NotImplemented(\n      "3.1", "{task[1:]}\\"");\n',
                      emptied(marked(task[1:] + '"', "  a;"), FILE))


class Include(unittest.TestCase):
    def included(self, *lines: str) -> list[str]:
        text = list(lines)
        include_errors(text)
        return text

    def test_stands_among_its_like_in_the_order_of_the_alphabet(self) -> None:
        self.assertEqual(
            self.included('#include "zebra.hpp"', "", "#include <vector>", "",
                          '#include "core/array.hpp"', '#include "storage.hpp"'),
            ['#include "zebra.hpp"', "", "#include <vector>", "", '#include "core/array.hpp"',
             INCLUDE, '#include "storage.hpp"'])

    def test_stands_after_the_own_header_where_that_is_all(self) -> None:
        self.assertEqual(self.included('#include "zebra.hpp"', "", "int a;"),
                         ['#include "zebra.hpp"', INCLUDE, "", "int a;"])

    def test_stands_last_where_all_others_come_before_it(self) -> None:
        self.assertEqual(self.included('#include "a.hpp"', '#include "common/b.hpp"', "int a;"),
                         ['#include "a.hpp"', '#include "common/b.hpp"', INCLUDE, "int a;"])

    def test_stands_after_the_libraries_in_a_header_without_others(self) -> None:
        self.assertEqual(self.included("#pragma once", "", "#include <span>", "int a;"),
                         ["#pragma once", "", "#include <span>", INCLUDE, "int a;"])

    def test_stands_below_the_comment_and_the_pragma_where_nothing_is_included(self) -> None:
        self.assertEqual(self.included("// A header.", "#pragma once", "", "int a;"),
                         ["// A header.", "#pragma once", "", INCLUDE, "", "int a;"])
        self.assertEqual(self.included("int a;"), [INCLUDE, "", "int a;"])

    def test_is_not_repeated(self) -> None:
        lines = ['#include "a.hpp"', INCLUDE]
        self.assertEqual(self.included(*lines), lines)
        twice = SOURCE.replace('#include "core/array.hpp"', INCLUDE)
        self.assertEqual(emptied(twice, FILE).count(INCLUDE), 1)


class Bytes(InFolder):
    def test_that_are_no_utf_8_survive(self) -> None:
        path = self.root / "latin.cpp"
        path.write_bytes(b'#include "a.hpp"\n// Gr\xfc\xdfe \xe2\x82\xac\n'
                         b"// exercise 3.1: \xe4ndern\n  a;\n// end exercise\n")
        text = emptied(read_text(path), path)
        self.assertEqual(text.encode(errors="surrogateescape"),
                         b'#include "a.hpp"\n#include "core/errors.hpp"\n'
                         b"// Gr\xfc\xdfe \xe2\x82\xac\n// exercise 3.1: \xe4ndern\n"
                         b'  throw NotImplemented("3.1", "\xe4ndern");\n// end exercise\n')

    def test_lines_are_those_that_an_editor_counts(self) -> None:
        text = "// a page\x0c and a line\u2028 of another kind\n" + marked("do it", "  a;")
        self.assertEqual(parse(text, FILE)[0].where, f"{FILE}:3")
        self.assertIn("page\x0c and a line\u2028 of", emptied(text, FILE))
