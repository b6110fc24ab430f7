"""The check cases: as sources declare them, and as Catch2's own reports tell of them."""

from __future__ import annotations

import unittest

from catch_xml import (ABORTS, CRASHES, DIAGNOSED, HEAD, PASSES, SECTIONS, THROWS_INSIDE,
                       THROWS_OUTSIDE, report)
from support import InFolder

from loop.cases import (CRASHED, ENDED, FAILED, HUNG, PASSED, SIGNALS, Case, Failure, Reader, clean,
                        declared_cases)

ALL = (PASSES, DIAGNOSED, THROWS_OUTSIDE, THROWS_INSIDE, SECTIONS)


def read(*cases: str) -> list[Case]:
    """What a whole report tells."""
    reader = Reader()
    reader.feed(report(*cases))
    return reader.cases


class Declared(InFolder):
    def test_cases_come_with_their_exercises_and_places(self) -> None:
        self.write("checks.cpp", """#include "check/catch.hpp"

TEST_CASE("one", "[stage_03][3.1]") {}
TEST_CASE("on two lines",
          "[stage_03][3.10][3.2]") {}
""")
        self.assertEqual(declared_cases(self.root), [
            Case("one", ("3.1",), "checks.cpp", 3),
            Case("on two lines", ("3.10", "3.2"), "checks.cpp", 4)])

    def test_names_are_as_the_compiler_reads_them(self) -> None:
        self.write("checks.cpp", r'TEST_CASE("say \"a, b\" and \\n", "[stage_03]") {}')
        self.assertEqual(declared_cases(self.root)[0].name, r'say "a, b" and \n')

    def test_all_check_files_are_read_and_no_others(self) -> None:
        for name in ("checks.cpp", "row_checks.cpp", "main.cpp", "checks.hpp"):
            self.write(name, f'TEST_CASE("in {name}", "[stage_03]") {{}}\n')
        self.assertEqual([case.name for case in declared_cases(self.root)],
                         ["in checks.cpp", "in row_checks.cpp"])

    def test_a_folder_without_checks_declares_none(self) -> None:
        self.assertEqual(declared_cases(self.root), [])


class Reading(unittest.TestCase):
    def test_a_case_that_passes(self) -> None:
        self.assertEqual(read(PASSES),
                         [Case("slice copies nothing", ("4.2",), "checks.cpp", 92, PASSED)])

    def test_a_failed_expression_comes_with_the_information_and_without_the_frame(self) -> None:
        case, = read(DIAGNOSED)
        self.assertEqual((case.name, case.exercises, case.outcome, case.file),
                         ('sum and "max" \\ a < b', ("4.1", "4.4"), FAILED, "kernel_checks.cpp"))
        first, second = case.failures
        self.assertEqual(first, Failure(
            62, "CHECK_THAT(host(naive::sum(counted(shape), axes, keepdim)), close_to(sum, 0))",
            "with shape := (2, 3), keepdim := true\n"
            "likely mistake: the values are right, row by row: only the shape is wrong\n"
            "shapes differ: actual (3), expected (1, 3)"))
        self.assertEqual(second, Failure(63, "CHECK(1 == 2)", "with shape := (2, 3)\n1 == 2"))

    def test_a_diagnosis_and_the_numbers_are_told_apart(self) -> None:
        failure = read(DIAGNOSED)[0].failures[0]
        self.assertEqual(failure.mistake, "likely mistake: the values are right, row by row: "
                                          "only the shape is wrong")
        self.assertEqual(failure.numbers, "with shape := (2, 3), keepdim := true\n"
                                          "shapes differ: actual (3), expected (1, 3)")
        plain = Failure(1, "", "no likely mistake: here")
        self.assertEqual((plain.mistake, plain.numbers), ("", "no likely mistake: here"))

    def test_what_the_case_has_printed_is_kept(self) -> None:
        self.assertEqual(read(DIAGNOSED)[0].printed, "looked at 7\nand here\n")

    def test_an_exception_outside_an_expression(self) -> None:
        case, = read(THROWS_OUTSIDE)
        self.assertEqual(case.failures,
                         [Failure(13, "", "exercise 4.2 is not written yet: offset")])
        self.assertEqual((case.unwritten, case.wrong), ({"4.2"}, []))

    def test_an_exception_inside_an_expression_is_one_failure(self) -> None:
        case, = read(THROWS_INSIDE)
        self.assertEqual(case.failures, [Failure(
            14, "REQUIRE(shape( 4) == 1)", "with case 4\nexercise 4.2 is not written yet: offset")])
        self.assertEqual(case.unwritten, {"4.2"})

    def test_information_belongs_to_the_failure_that_it_was_told_of(self) -> None:
        case, = read(SECTIONS)
        self.assertEqual([failure.text for failure in case.failures],
                         ["with axes 0, in a\nvector::_M_range_check", "with axes 0\nno", "1 == 3"])
        self.assertEqual(len(case.wrong), 3)

    def test_a_crash_that_catch2_has_seen(self) -> None:
        inside, outside = read(CRASHES, ABORTS)
        self.assertEqual((inside.outcome, outside.outcome), (CRASHED, CRASHED))
        self.assertEqual(inside.failures, [Failure(
            18, "", f"crashed (SIGSEGV): {SIGNALS['SIGSEGV']}")])
        self.assertEqual(outside.failures, [Failure(
            20, "", f"with deep\ncrashed (SIGABRT): {SIGNALS['SIGABRT']}")])

    def test_the_rows_of_a_window_keep_their_columns(self) -> None:
        rows = "worst at (1)\n   1.5  |   2\n   3    |   4"
        frame = "\n          {1} is within 1e-5 of the expected\n"
        self.assertEqual(clean(f"{frame}{rows}\n        "), rows)
        self.assertEqual(clean("\n          2 == 1\n        "), "2 == 1")


class Broken(unittest.TestCase):
    def test_fed_byte_by_byte_it_tells_the_same(self) -> None:
        reader = Reader()
        for byte in report(*ALL):
            reader.feed(bytes([byte]))
            if len(reader.cases) == len(ALL) and reader.current is None:
                break
        self.assertEqual(reader.cases, read(*ALL))

    def test_wherever_a_report_breaks_off_nothing_passes_that_has_not(self) -> None:
        text = report(*ALL)
        final = {case.name: case.outcome for case in read(*ALL)}
        for length in range(0, len(text), 7):
            reader = Reader()
            reader.feed(text[:length])
            for case in reader.cases:
                self.assertIn(case.outcome, (None, final[case.name]))
            if reader.current:
                running = reader.current
                self.assertEqual(running, reader.cases[-1])
                reader.stop(ENDED, "it ended")
                self.assertEqual((running.outcome, reader.current), (ENDED, None))
                self.assertEqual(running.failures[-1], Failure(running.line, "", "it ended"))

    def test_a_case_that_is_cut_off_keeps_what_it_has_told(self) -> None:
        reader = Reader()
        reader.feed((HEAD + DIAGNOSED[:DIAGNOSED.index("<OverallResult ")]).encode())
        reader.stop(HUNG, "too long")
        self.assertEqual([failure.line for failure in reader.cases[0].failures], [62, 63, 36])

    def test_what_is_no_xml_ends_the_report_for_good(self) -> None:
        for noise in (b"\x00\x01", b"</Nothing>", b"< <", b"\xff\xfe"):
            with self.subTest(noise):
                reader = Reader()
                reader.feed((HEAD + PASSES + DIAGNOSED[:200]).encode())
                reader.feed(noise)
                for more in ("<OverallResult success='true'/>", "<OverallResultsCases/>",
                             report(PASSES).decode()):
                    reader.feed(more.encode())
                self.assertEqual([case.outcome for case in reader.cases], [PASSED, None])

    def test_a_report_that_was_never_begun_tells_nothing(self) -> None:
        reader = Reader()
        reader.feed(b"")
        self.assertEqual(reader.cases, [])
        reader.feed(b"data: digits from data/digits\n")
        self.assertEqual(reader.cases, [])


class Cases(unittest.TestCase):
    def test_what_is_wrong_is_told_from_what_is_not_written(self) -> None:
        case = Case("both", ("3.1",), "checks.cpp", 1, FAILED, [
            Failure(2, "", "exercise 3.1 is not written yet: a\n"
                           "exercise 3.12 is not written yet: b"),
            Failure(3, "", "exercise 3.2 is not written"), Failure(4, "", "1 == 2")])
        self.assertEqual(case.unwritten, {"3.1", "3.12"})
        self.assertEqual([failure.line for failure in case.wrong], [3, 4])
