"""What a crash comes down to, for each report: the line, and what is wrong there."""

from __future__ import annotations

import unittest

from recorded import ROOT_THERE, Case, outputs

from loop.sanitizer import explain_crash, short_name, stack

REPORTS = outputs("sanitizer.txt")
STAGE = "work/stage_03_storage/"
KERNEL = ", in nt::naive::add_product"

# The line of the learner's folder, and what is said of it up to the function.
CRASHES = {
    "heap_read": ("naive_matmul.cpp:11", "reads 4 bytes past the end of a buffer of 24 bytes "
                  "(heap-buffer-overflow)" + KERNEL),
    "heap_write_only": ("naive_matmul.cpp:8", "writes 4 bytes past the end of a buffer of 16 bytes "
                        "(heap-buffer-overflow)" + KERNEL),
    "heap_before": ("naive_matmul.cpp:8", "reads 4 bytes before the beginning of a buffer of 24 "
                    "bytes (heap-buffer-overflow)" + KERNEL),
    "at_past": ("storage.cpp:41", "reads 4 bytes that lie 4 bytes past the end of a buffer of 24 "
                "bytes (heap-buffer-overflow), in nt::Storage::at"),
    "free": ("naive_matmul.cpp:9", "reads 4 bytes of a buffer that is freed already, with the "
             "Storage or the vector that held it (heap-use-after-free)" + KERNEL),
    "free_write": ("naive_matmul.cpp:11", "writes 4 bytes of a buffer that is freed already"),
    "double_free": ("naive_matmul.cpp:11", "frees the same memory twice (double-free)" + KERNEL),
    "stack": ("naive_matmul.cpp:10", "writes 4 bytes outside of 'sums' (stack-buffer-overflow)"),
    "stack_read": ("naive_matmul.cpp:10", "reads 4 bytes outside of 'sums' (stack-buffer-"),
    "global": ("naive_matmul.cpp:10", "reads 4 bytes outside of 'table' (global-buffer-overflow)"),
    "scope": ("naive_matmul.cpp:13", "reads 4 bytes of 'sum', whose block has ended "
              "(stack-use-after-scope)" + KERNEL),
    "null": ("naive_matmul.cpp:9", "reads through a null pointer, which points at nothing (SEGV)"),
    "null_write": ("naive_matmul.cpp:9", "writes through a null pointer, which points at nothing"),
    "wild": ("naive_matmul.cpp:8", "reads far from any buffer: an index is much too large, or the "
             "pointer is wrong (SEGV)" + KERNEL),
    "recursion": ("walk.hpp:23", "calls itself again and again: the recursion has no end "
                  "(stack-overflow), in walk_from"),
    "recursion_catch": ("walk.hpp:23", "calls itself again and again: the recursion has no end"),
    "wild_catch": ("naive_matmul.cpp:8", "reads where nothing is: through a null pointer, or far "
                   "from any buffer (SEGV)" + KERNEL),
    "null_load_catch": ("naive_matmul.cpp:9", "reads where nothing is: through a null pointer"),
    "leak": ("naive_matmul.cpp:8", "takes memory by new and never gives it back (memory leak)"),
    "too_big": ("naive_matmul.cpp:8", "asks for more memory than there is: a size is wrong"),
    "overflow": ("naive_matmul.cpp:9", "computes a number that is too large: 2 + 2147483647 cannot "
                 "be represented in type 'int'" + KERNEL),
    "divide": ("naive_matmul.cpp:8", "divides by zero" + KERNEL),
    "float_cast": ("naive_matmul.cpp:9", "inf does not fit into long int" + KERNEL),
    "bounds": ("naive_matmul.cpp:9", "asks for element 4 of float [4]" + KERNEL),
    "insufficient": ("naive_matmul.cpp:10", "reaches outside of an array" + KERNEL),
    "null_load": ("naive_matmul.cpp:9", "uses a null pointer, which points at nothing" + KERNEL),
    "null_store": ("naive_matmul.cpp:9", "uses a null pointer, which points at nothing" + KERNEL),
    "empty_array": ("naive_matmul.cpp:9", "asks an Array that holds no data, such as a gradient "
                    "that nobody has set" + KERNEL),
    "misaligned": ("naive_matmul.cpp:9", "reads a number where none can begin: the pointer is"),
    "shift": ("naive_matmul.cpp:8", "shifts a number by 42 bits, more than it has" + KERNEL),
    "no_return": ("naive_matmul.cpp:8", "this function ended without the return that it owes, in a "
                  "lambda"),
    "bool": ("naive_matmul.cpp:9", "reads a bool that nobody has set" + KERNEL),
    "vector_index": ("naive_matmul.cpp:9", "a std::vector was asked for an element past its end"),
    "array_index": ("naive_matmul.cpp:9", "a std::array was asked for an element past its end"),
    "vector_front": ("naive_matmul.cpp:9", "an empty std::vector was asked for its first or last "
                     "element" + KERNEL),
    "back": ("naive_matmul.cpp:9", "an empty std::vector was asked for its first or last element"),
    "optional": ("naive_matmul.cpp:9", "a std::optional without a value was opened by *" + KERNEL),
    "shared_null": ("naive_matmul.cpp:9", "a std::shared_ptr that points at nothing was opened"),
    "assert": ("storage.cpp:34", "this Storage got more or fewer values than its shape counts, in "
               "nt::Storage::Storage"),
    "assert_plain": ("storage.cpp:34", "this Storage got more or fewer values than its shape"),
}


class Crashes(Case):
    def crash(self, name: str, before: str = "", after: str = "") -> str | None:
        """The explanation of a recorded report, with `before` replaced in it."""
        text = REPORTS[name].text.replace(ROOT_THERE, str(self.root))
        return explain_crash(text.replace(before, after) if before else text, self.folder())

    def test_names_the_line_and_says_what_is_wrong(self) -> None:
        for name, (place, words) in CRASHES.items():
            with self.subTest(name):
                first = (self.crash(name) or "").split("\n")[0]
                self.assertTrue(first.startswith(f"{STAGE}{place}: {words}"), first)

    def test_every_recorded_report_is_expected(self) -> None:
        self.assertEqual(set(REPORTS) - set(CRASHES), {"vector_index_plain", "empty_array_plain"})

    def test_says_where_freed_memory_was_freed(self) -> None:
        for name, line in (("free", 8), ("free_write", 10), ("double_free", 10)):
            self.assertTrue(self.crash(name).endswith(
                f"\nIt was freed at {STAGE}naive_matmul.cpp:{line}."), self.crash(name))

    def test_reads_the_first_stack_alone(self) -> None:
        self.assertEqual([call.function.split("(")[0] for call in stack(REPORTS["heap_read"].text)],
                         ["nt::naive::add_product", "nt::naive::matmul", "main",
                          "__libc_start_call_main"])

    def test_names_functions_without_their_arguments(self) -> None:
        for function, name in (
                ("nt::Storage::at(std::vector<long, std::allocator<long> > const&) const",
                 "nt::Storage::at"),
                ("void nt::walk<1ul, float>(nt::Shape const&)", "nt::walk"),
                ("nt::naive::(anonymous namespace)::larger(float, float)", "nt::naive::larger"),
                ("operator()<std::array<long int, 2> >", "a lambda"), ("", "")):
            self.assertEqual(short_name(function), name)

    def test_a_short_stack_is_no_recursion(self) -> None:
        call = f"    #{{}} 0x5 in f() {self.root}/{STAGE}walk.hpp:{{}}\n"
        text = "==9==ERROR: AddressSanitizer: SEGV on unknown address 0x683000000040\n"
        crash = explain_crash(text + call.format(0, 18) + call.format(1, 23), self.folder())
        self.assertTrue(crash.startswith(f"{STAGE}walk.hpp:18: reads far from any buffer"), crash)

    def test_says_who_broke_a_promise(self) -> None:
        self.assertTrue(self.crash("assert").endswith(
            f"\nIt was called at {STAGE}naive_matmul.cpp:8."), self.crash("assert"))
        self.assertNotIn("\n", self.crash("vector_index"))

    def test_another_promise_is_quoted(self) -> None:
        self.assertIn("the program relies on a == b, and it is not so",
                      self.crash("assert_plain", "static_cast<std::int64_t>(buffer_->size()) == "
                                                 "shape_.count()", "a == b"))

    def test_an_assertion_of_the_library_speaks_without_a_stack(self) -> None:
        self.assertEqual(self.crash("vector_index_plain"),
                         "a std::vector was asked for an element past its end")

    def test_without_a_line_of_the_learner_the_projects_is_named(self) -> None:
        crash = self.crash("empty_array_plain")
        self.assertTrue(crash.startswith("common/core/array.hpp:51: asks"), crash)
        crash = self.crash("heap_read", "/work/stage_03", "/stages/stage_03")
        self.assertTrue(crash.startswith("stages/stage_03_storage/naive_matmul.cpp:11: reads"))

    def test_knows_how_gcc_13_says_it(self) -> None:
        self.assertIn("reads 4 bytes past the end of a buffer of 24 bytes",
                      self.crash("heap_read", "0 bytes to the right of", "0 bytes after"))
        self.assertIn("reads 4 bytes before the beginning of a buffer of 24 bytes",
                      self.crash("heap_before", "4 bytes to the left of", "4 bytes before"))

    def test_an_unknown_error_keeps_its_name(self) -> None:
        self.assertIn("misuses memory (new-kind), in nt::naive::add_product",
                      self.crash("scope", "stack-use-after-scope", "new-kind"))
        self.assertIn("naive_matmul.cpp:8: a new mistake, in",
                      self.crash("divide", "division by zero", "a new mistake"))

    def test_knows_the_folder_through_another_tower(self) -> None:
        self.assertTrue(self.crash("heap_read", "/work/", "/build/asan/towers/1+3/").startswith(
            f"{STAGE}naive_matmul.cpp:11: reads"))

    def test_what_is_no_report_is_not_explained(self) -> None:
        for text in ("", "naive_matmul.cpp:8: FAILED:\n  CHECK( a == b )\n", "terminate called"):
            self.assertIsNone(explain_crash(text, self.folder()))


if __name__ == "__main__":
    unittest.main()
