"""What a failed build comes down to: the first cause, wherever GCC or the linker saw it."""

from __future__ import annotations

import unittest

from recorded import OUTPUTS, Case

from loop.compiler import explain_build, find_errors, shortened


class Explanation(Case):
    def test_is_a_few_lines_and_counts_the_rest(self) -> None:
        self.assertEqual(self.explained("semicolon"), [
            "work/stage_03_storage/storage.cpp:17: error: expected ',' or ';' before 'for'",
            "   17 |   for (int axis = shape.rank() - 1; axis >= 0; --axis) {",
            "      |   ^~~",
            "A semicolon is missing just before this place, often at the end of the line above.",
            "and 1 more error: ./learn check 3 --raw shows all of it"])

    def test_counts_an_error_of_a_header_once(self) -> None:
        self.assertGreater(OUTPUTS["lambda"].text.count("error: "), 4)
        self.assertIn("and 3 more errors:", self.explained("lambda")[-1])

    def test_names_the_command_that_it_is_given(self) -> None:
        text = explain_build(self.here("semicolon"), self.folder(), "./learn again")
        self.assertTrue(text.endswith("and 1 more error: ./learn again shows all of it"), text)

    def test_knows_the_folder_through_another_tower_and_relatively(self) -> None:
        for other in (f"{self.root}/build/default/towers/1+3/", "../../work/"):
            text = self.here("semicolon").replace(f"{self.root}/work/", other)
            self.assertIn("work/stage_03_storage/storage.cpp:17: error:",
                          explain_build(text, self.folder()))

    def test_straight_quotation_marks_are_read_as_well(self) -> None:
        text = self.here("no_member").replace("\u2018", "'").replace("\u2019", "'")
        self.assertEqual(explain_build(text, self.folder()).splitlines(),
                         self.explained("no_member"))

    def test_messages_are_shortened(self) -> None:
        for name, message in (
                ("return_wrong", "could not convert 'behind' from 'int64_t' to 'nt::Index'"),
                ("fmt_unformattable", "use of deleted function 'fmt::v9::detail::fallback_formatter"
                                      "<T, Char, Enable>::fallback_formatter()'"),
                ("walk_no_n", "no matching function for call to 'walk(const nt::Shape&, "
                              "<brace-enclosed initializer list>, <lambda(const auto:14&)>)'"),
                ("s4_walk_lambda", "no match for call to '(const <lambda(int64_t)>) "
                                   "(nt::Distances<2>&)'")):
            self.assertEqual(self.explained(name)[0].split(": error: ")[1], message)
        self.assertEqual(shortened("x" * 201), f"{'x' * 200} ...")
        self.assertEqual(shortened("'(const nt::fold<nt::sum(const nt::Axes&)::<lambda(float) "
                                   "> >(nt::Axes&)::<lambda(int)>) (nt::Distances<2>&)'"),
                         "'(const <lambda(int)>) (nt::Distances<2>&)'")

    def test_an_output_without_an_error_is_shown_from_its_end(self) -> None:
        last = "ninja: error: loading 'build.ninja'"
        text = "\n".join([*(f"line {i}\n" for i in range(40)), last])
        lines = explain_build(text, self.folder()).splitlines()
        self.assertEqual(lines, ["the build failed, and this is the end of what it says:",
                                 *(f"line {i}" for i in range(29, 40)), last])

    def test_a_missing_source_is_named(self) -> None:
        self.assertEqual(self.explained("source_gone"), [
            "work/stage_03_storage/naive_matmul.cpp: this source is missing, and without it the "
            "stage cannot be built: put it back"])


class Elsewhere(Case):
    def test_an_error_in_the_library_leads_to_the_line_that_uses_it(self) -> None:
        line = "  std::sort(v.begin(), v.end());"
        (self.folder() / "storage.cpp").write_text("\n" * 100 + line)
        lines = self.explained("sort_system")
        self.assertTrue(lines[0].startswith("work/stage_03_storage/storage.cpp:101: error: no"))
        self.assertEqual(lines[1], f"  101 | {line}")
        self.assertEqual(lines[2].index("^"), len("  101 | ") + 64)
        self.assertIn("(GCC saw it in predefined_ops.h:45, which this line uses.)", lines)

    def test_an_error_in_a_lower_stage_leads_to_the_line_that_uses_it(self) -> None:
        lines = self.explained("s4_walk_lambda")
        self.assertIn("(GCC saw it in walk.hpp:21, which this line uses.)", lines)
        self.assertIn("(The lambda: work/stage_04_broadcast/reduce.cpp:38)", lines)
        self.assertLess(len(lines[0]), 150)

    def test_only_the_lines_above_an_error_lead_to_it(self) -> None:
        text = ("/a.cpp:9:9:   required from here\n/usr/b.h:1:1: error: one\n    1 | one\n"
                "/usr/c.h:2:2: error: two\n")
        self.assertEqual([len(error.uses) for error in find_errors(text)], [1, 0])

    def test_the_lambda_is_named_beside_the_template_that_calls_it(self) -> None:
        self.assertIn("(The lambda: work/stage_03_storage/naive.hpp:17)",
                      self.explained("lambda_params"))

    def test_a_check_that_no_longer_fits_leads_to_the_header(self) -> None:
        lines = self.explained("checks_signature2")
        self.assertTrue(lines[0].startswith("stages/stage_03_storage/kernel_checks.cpp:142: error"))
        self.assertIn("give work/stage_03_storage/naive.hpp:33 the name and the", lines[3])

    def test_the_learners_own_error_comes_before_one_of_the_checks(self) -> None:
        lines = self.explained("checks_signature2", "semicolon")
        self.assertTrue(lines[0].startswith("work/stage_03_storage/storage.cpp:17: error:"), lines)

    def test_the_courses_own_folder_is_not_the_learners(self) -> None:
        text = self.here("semicolon").replace("/work/", "/stages/")
        self.assertTrue(explain_build(text, self.folder()).startswith("stages/stage_03_storage/"))


class Headers(Case):
    def test_says_why_a_header_is_not_found(self) -> None:
        for name, sentence in (
                ("later_header", "views.hpp belongs to stage_04_broadcast, and a stage sees only"),
                ("common_header", 'It is included with its folder: #include "core/errors.hpp".'),
                ("eigen_header", "Eigen and Python belong to the reference"),
                ("unknown_header", "There is no header of this name")):
            lines = self.explained(name)
            self.assertIn("No such file or directory", lines[0])
            self.assertTrue(lines[3].startswith(sentence), lines[3])


class Linker(Case):
    def test_a_function_without_a_body_leads_to_its_declaration(self) -> None:
        for name in ("undefined_renamed", "undefined_params"):
            lines = self.explained(name)
            self.assertRegex(lines[0], r"^work/stage_03_storage/storage.hpp:\d+: error: undefined "
                                       r"reference to 'nt::transpose\(nt::Storage const&, int, ")
            self.assertIn("Storage transpose(", lines[1])
            self.assertEqual(lines[2].index("^"), lines[1].index("transpose"))
            self.assertTrue(lines[3].startswith("The header promises this function"), lines[3])
            self.assertEqual(len(lines), 4)  # one function, however often it is called

    def test_a_comment_declares_nothing(self) -> None:
        header = self.folder() / "storage.hpp"
        header.write_text("// transpose(x) is a view\n" + header.read_text())
        self.assertIn("Storage transpose(", self.explained("undefined_params")[1])

    def test_a_function_that_no_header_declares_has_no_line(self) -> None:
        text = self.here("undefined_params").replace("transpose(", "elsewhere(")
        self.assertEqual(explain_build(text, self.folder()).splitlines()[0], "error: undefined "
                         "reference to 'nt::elsewhere(nt::Storage const&, int, int)'")

    def test_a_function_with_two_bodies(self) -> None:
        self.assertIn("write inline before the function", self.explained("multiple")[-1])
        lines = self.explained("multiple_cpp")
        self.assertTrue(lines[0].startswith(
            "work/stage_03_storage/naive_matmul.cpp:6: error: multiple definition of 'nt::zeros("))
        self.assertTrue(lines[-1].startswith("Two sources define it"), lines[-1])


if __name__ == "__main__":
    unittest.main()
