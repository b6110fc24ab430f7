"""Check programs that misbehave: each check gets its verdict, and none passes that has not."""

from __future__ import annotations

import os
import sys
import time
from unittest import mock

from support import InFolder, write_script

from loop import checks
from loop.cases import CRASHED, ENDED, FAILED, HUNG, PASSED, Case, in_words

# Speaks as Catch2 does; a check is a name, its tags and what it does.
PROGRAM = """#!{python} -IS
import os, signal, sys, time
CASES = {cases!r}
assert sys.argv[1:4] == ["--reporter", "xml", "--out"], sys.argv
spec = sys.argv[5]
with open(sys.argv[0] + ".specs", "a") as log:
    print(spec, file=log)
report = open(sys.argv[4], "w", buffering=1)
status = 0

def fail(text="1 == 2"):
    global status, result
    status, result = status + 1, "false"
    print(f"<Failure line='4'>{{text}}</Failure>", file=report)

print("<Catch><Group>", file=report)
for name, tags, does in CASES:
    if f'~"{{name}}"' in spec or any(f"~[{{tag}}]" in spec for tag in tags):
        continue
    tagged = "".join(f"[{{tag}}]" for tag in tags)
    print(f"<TestCase name='{{name}}' tags='{{tagged}}' line='3'>", file=report)
    result = "true"
    exec(does)
    print(f"<OverallResult success='{{result}}'/></TestCase>", file=report)
print("</Group><OverallResultsCases/></Catch>", file=report)
report.close()
{finally_}
sys.exit(status)
"""
CRASH = "os.kill(os.getpid(), signal.SIGSEGV)"
HANG = "time.sleep(60)"
EXIT = "os._exit(0)"
SECONDS, IMPATIENCE = 0.4, 2


class Program(InFolder):
    """A check program made of (name, tags, what it does), with little patience."""

    def setUp(self) -> None:
        super().setUp()
        patience = mock.patch.multiple(checks, CASE_SECONDS=SECONDS, IMPATIENCE=IMPATIENCE)
        patience.start()
        self.addCleanup(patience.stop)
        self.program = self.root / "the_checks"
        self.printed = ""

    def run_cases(self, *cases: tuple[str, str, str], finally_: str = "", **options) -> list[Case]:
        split = [(name, tags.split(), does) for name, tags, does in cases]
        write_script(self.program, PROGRAM.format(python=sys.executable, cases=split,
                                                  finally_=finally_))
        declared = [Case(name, tuple(tags), "checks.cpp", 3) for name, tags, _ in split]
        found, self.printed = checks.run_checks(self.program, self.root, declared, **options)
        return found

    def outcomes(self, *cases: tuple[str, str, str], **options) -> list[str | None]:
        return [case.outcome for case in self.run_cases(*cases, **options)]

    def specs(self) -> list[str]:
        return (self.root / "the_checks.specs").read_text().splitlines()


class Sound(Program):
    def test_what_passes_and_what_fails_is_told_in_the_order_of_declaration(self) -> None:
        found = self.run_cases(("a", "3.1", ""), ("b", "3.2", "fail()"), ("c", "", ""))
        self.assertEqual([(case.name, case.outcome) for case in found],
                         [("a", PASSED), ("b", FAILED), ("c", PASSED)])
        self.assertEqual(self.specs(), ["~[.]"])

    def test_runs_in_the_tree_without_input_and_with_one_thread(self) -> None:
        self.run_cases(("a", "", "print(os.getcwd(), os.environ['OPENBLAS_NUM_THREADS'], "
                                 "repr(sys.stdin.read()))"))
        self.assertEqual(self.printed, f"{self.root} 1 ''\n")

    def test_a_check_that_the_program_does_not_know_has_not_run(self) -> None:
        self.run_cases(("a", "", ""))
        declared = [Case("a", (), "", 1), Case("unknown", (), "", 1)]
        found, _ = checks.run_checks(self.program, self.root, declared)
        self.assertEqual([case.outcome for case in found], [PASSED, None])

    def test_megabytes_of_output_are_cut(self) -> None:
        outcomes = self.outcomes(("loud", "3.1", "print('spam' * (1 << 20))"), ("b", "", ""))
        self.assertEqual(outcomes, [PASSED, PASSED])
        self.assertTrue(self.printed.startswith("spamspam"))
        self.assertLess(len(self.printed), 2 * checks.OUTPUT_BYTES)

    def test_output_that_is_no_utf_8_is_no_problem(self) -> None:
        self.assertEqual(self.outcomes(("a", "", r"os.write(1, b'\xfc\n'); os.write(2, b'err')")),
                         [PASSED])
        self.assertEqual(self.printed, "\ufffd\nerr")


class Misbehaving(Program):
    def test_a_crash_is_named_and_the_others_run(self) -> None:
        found = self.run_cases(("a", "3.1", ""), ("b", "3.2", CRASH), ("c", "3.2", ""),
                               ("d", "3.3", "fail()"), ("e", "", ""))
        self.assertEqual([case.outcome for case in found], [PASSED, CRASHED, None, FAILED, PASSED])
        self.assertEqual(found[1].failures[0].text, in_words("SIGSEGV"))
        self.assertEqual(self.specs(), ["~[.]", "~[.]~[3.2]"])

    def test_several_crashes_take_several_runs(self) -> None:
        outcomes = self.outcomes(("a", "3.1", CRASH), ("b", "3.2 3.3", CRASH), ("c", "3.3", ""),
                                 ("plain", "", CRASH), ("d", "3.4", ""))
        self.assertEqual(outcomes, [CRASHED, CRASHED, None, CRASHED, PASSED])
        self.assertEqual(self.specs(), ["~[.]", "~[.]~[3.1]", "~[.]~[3.1]~[3.2]~[3.3]",
                                        '~[.]~[3.1]~[3.2]~[3.3]~"plain"'])

    def test_a_check_that_failed_before_a_crash_stays_failed(self) -> None:
        first = "fail() if spec == '~[.]' else None"
        self.assertEqual(self.outcomes(("a", "3.1", first), ("b", "3.2", CRASH)),
                         [FAILED, CRASHED])

    def test_an_endless_loop_is_named_and_the_others_run(self) -> None:
        found = self.run_cases(("a", "3.1", HANG), ("b", "3.1", ""), ("c", "3.2", ""))
        self.assertEqual([case.outcome for case in found], [HUNG, None, PASSED])
        self.assertEqual(found[0].failures[0].text,
                         f"did not end within {SECONDS:g} s: an endless loop?")

    def test_where_one_has_hung_the_next_is_given_less_time(self) -> None:
        found = self.run_cases(("a", "3.1", HANG), ("b", "3.2", HANG), ("c", "3.3", ""))
        self.assertEqual([case.outcome for case in found], [HUNG, HUNG, PASSED])
        self.assertIn(f"within {SECONDS / IMPATIENCE:g} s", found[1].failures[0].text)

    def test_an_endless_loop_that_prints_is_stopped_as_well(self) -> None:
        self.assertEqual(self.outcomes(("a", "3.1", "while True: print('x' * 9999)"),
                                       ("b", "", "")), [HUNG, PASSED])

    def test_the_time_is_that_of_each_check(self) -> None:
        slow = f"time.sleep({0.6 * SECONDS})"
        self.assertEqual(self.outcomes(("a", "", slow), ("b", "", slow), ("c", "", slow)),
                         [PASSED, PASSED, PASSED])

    def test_a_check_that_cannot_be_left_out_is_not_run_for_ever(self) -> None:
        write_script(self.program, """#!/bin/sh
echo "<Catch><Group><TestCase name='a' tags='[3.1]' line='3'>" > "$4"
kill -SEGV $$
""")
        declared = [Case("a", ("3.1",), "checks.cpp", 3), Case("b", ("3.2",), "checks.cpp", 4)]
        found, _ = checks.run_checks(self.program, self.root, declared)
        self.assertEqual([case.outcome for case in found], [CRASHED, None])

    def test_a_program_that_ends_in_the_middle_has_not_passed(self) -> None:
        for status in (0, 3):
            found = self.run_cases(("a", "3.1", ""), ("b", "3.2", f"os._exit({status})"),
                                   ("c", "3.3", ""))
            self.assertEqual([case.outcome for case in found],
                             [PASSED, CRASHED if status else ENDED, PASSED])
            self.assertEqual(found[1].failures[0].text, "the program ended in the middle of this "
                                                        f"check, with status {status}")

    def test_a_program_that_ends_between_two_checks_has_not_passed_the_rest(self) -> None:
        closing = "print('<OverallResult success=\"true\"/></TestCase>', file=report)"
        outcomes = self.outcomes(("a", "3.1", f"{closing}; {EXIT}"), ("b", "3.2", ""))
        self.assertEqual(outcomes, [PASSED, None])

    def test_a_program_that_fails_after_its_checks_does_not_pass(self) -> None:
        for finally_, text in (("sys.exit(5)", "outside of its checks, with status 5"),
                               (CRASH, in_words("SIGSEGV")), (HANG, "SIGKILL")):
            broken, = self.run_cases(("a", "", ""), finally_=finally_)
            self.assertEqual((broken.outcome, broken.name), (CRASHED, "the check program"))
            self.assertIn(text, broken.failures[0].text)

    def test_a_program_that_says_nothing_does_not_pass(self) -> None:
        declared = [Case("a", (), "", 1)]
        for text, outcome in (("exit 0", None), ("echo '<Catch>' > $4", None), ("exit 1", CRASHED),
                              ("echo noise > $4; kill -SEGV $$", CRASHED)):
            write_script(self.program, f"#!/bin/sh\n{text}\n")
            found, _ = checks.run_checks(self.program, self.root, declared)
            self.assertEqual([case.outcome for case in found], [outcome])

    def test_one_that_fetches_memory_without_end_is_refused_it(self) -> None:
        eat = "try: bytearray(1 << 30)\nexcept MemoryError: fail('std::bad_alloc')"
        with mock.patch.object(checks, "MEMORY", 1 << 29):
            found = self.run_cases(("a", "3.1", eat), ("b", "", ""))
            self.assertEqual([case.outcome for case in found], [FAILED, PASSED])
            self.assertEqual(found[0].failures[0].text, "std::bad_alloc")

    def test_sanitizers_are_given_their_memory_and_time(self) -> None:
        limit = "import resource; resource.getrlimit(resource.RLIMIT_AS)[0] != 1 << 29 or fail()"
        slow = f"time.sleep({2 * SECONDS})"
        with mock.patch.object(checks, "MEMORY", 1 << 29):
            self.assertEqual(self.outcomes(("a", "", limit)), [FAILED])
            self.assertEqual(self.outcomes(("a", "", limit), ("b", "", slow), sanitized=True),
                             [PASSED, PASSED])

    def test_nothing_stays_open_or_running(self) -> None:
        before = len(os.listdir("/proc/self/fd"))
        begin = time.monotonic()
        self.run_cases(("a", "3.1", HANG), ("b", "3.2", CRASH))
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_a_name_is_escaped_for_catch2(self) -> None:
        self.assertEqual(checks.escaped('at(), [3.1] "here" \\ ~'),
                         r'"at()\, \[3.1\] \"here\" \\ \~"')
