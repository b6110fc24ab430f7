"""What tools/coverage.py makes of gcov's counts."""

from __future__ import annotations

import io
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import support  # noqa: F401  the way to the tools

import coverage


class Coverage(unittest.TestCase):
    """A tree with a source of two lines, its check, and a header that two sources include."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name).resolve()
        (self.root / "common/core").mkdir(parents=True)
        (self.root / "common/core/h.hpp").write_text("line 0\n")
        self.counts: dict[str, list[tuple[str, list[int]]]] = {}
        self.add("stages/stage_01_a/a.cpp", [5, 0], header=[0])
        self.add("stages/stage_01_a/a_checks.cpp", [0, 0])
        self.add("common/core/b.cpp", [1, 1], header=[2])

    def add(self, name: str, counts: list[int], header: list[int] | None = None) -> None:
        """A source, as often as its lines ran, and those of common/core/h.hpp in it."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text("".join(f"line {i}\n" for i in range(len(counts))))
        notes = self.root / "build/coverage" / f"{Path(name).name}.gcno"
        notes.parent.mkdir(parents=True, exist_ok=True)
        notes.touch()
        self.counts[notes.name] = [(name, counts), ("common/core/h.hpp", header or []),
                                   ("/usr/include/c++/12/vector", [0, 0, 0])]

    def report(self, notes: Path) -> dict:
        """In the place of gcov."""
        return {"current_working_directory": str(self.root), "files": [
            {"file": file, "lines": [{"line_number": i + 1, "count": count}
                                     for i, count in enumerate(counts)]}
            for file, counts in self.counts[notes.name]]}

    def run_main(self, *options: str) -> tuple[int, str]:
        """Its status and what it shows."""
        out = io.StringIO()
        with mock.patch.object(coverage, "ROOT", self.root), redirect_stdout(out), \
                mock.patch.object(coverage, "read_counts", self.report), \
                mock.patch("sys.argv", ["coverage.py", *options]):
            return coverage.main(), out.getvalue()

    def test_shows_each_folder_and_all(self) -> None:
        status, shown = self.run_main("--at-least", "80")
        self.assertEqual(status, 0)
        self.assertEqual([line.split() for line in shown.splitlines()], [
            ["common/core", "3", "lines", "100.0", "%"],
            ["stages/stage_01_a", "2", "lines", "50.0", "%"],
            ["all", "5", "lines", "80.0", "%", "(at", "least", "80", "%)"]])

    def test_less_than_demanded_is_a_failure(self) -> None:
        self.assertEqual(self.run_main()[0], 1)

    def test_names_the_lines_that_never_ran(self) -> None:
        self.assertIn("stages/stage_01_a/a.cpp:2: line 1\n", self.run_main("--missing")[1])

    def test_a_source_that_was_not_counted_is_named(self) -> None:
        (self.root / "common/core/new.cpp").touch()
        with self.assertRaisesRegex(SystemExit, "nothing is counted of common/core/new.cpp"):
            self.run_main()

    def test_a_source_that_was_compiled_may_hold_no_code_of_its_own(self) -> None:
        (self.root / "common/core/empty.cpp").touch()
        notes = self.root / "build/coverage/common/CMakeFiles/nt_common.dir/core/empty.cpp.gcno"
        notes.parent.mkdir(parents=True)
        notes.touch()
        self.counts[notes.name] = []
        self.assertEqual(self.run_main("--at-least", "80")[0], 0)

    def test_programs_that_have_not_run_are_no_coverage_of_0(self) -> None:
        for sources in self.counts.values():
            sources[:] = [(name, [0] * len(counts)) for name, counts in sources]
        with self.assertRaisesRegex(SystemExit, "nothing is counted of any line"):
            self.run_main()


if __name__ == "__main__":
    unittest.main()
