"""The learner's own stages: started once, whole or not at all, and never overwritten."""

from __future__ import annotations

from unittest import mock

from course import InCourse, solve
from support import files_of

from arguments import Failure
from loop import exercises, work
from stages import Stage, find_stages

FIRST = Stage(1, "stage_01_first")
OWN = "work/stage_01_first"


class Work(InCourse):
    """Its first stage, and what is refused."""

    def start(self) -> list[str]:
        return [path.name for path in work.start(self.root, FIRST)]

    def refuses(self, problem: str, function, *arguments) -> None:
        """Refused with a problem, and no byte has changed."""
        before = files_of(self.root)
        with self.assertRaisesRegex(Failure, problem):
            function(self.root, *arguments)
        self.assertEqual(files_of(self.root), before)


class Start(Work):
    def test_writes_the_sources_emptied_without_the_program_and_the_checks(self) -> None:
        self.write("stages/stage_01_first/row_checks.cpp", "")
        self.assertEqual(self.start(), ["first.cpp", "first.hpp"])
        self.assertEqual(sorted(files_of(self.root / "work")),
                         ["stage_01_first/first.cpp", "stage_01_first/first.hpp"])
        source = self.root / OWN / "first.cpp"
        course = self.root / "stages/stage_01_first/first.cpp"
        self.assertEqual(source.read_text(), exercises.emptied(course.read_text(), course))
        self.assertIn('throw NotImplemented("1.2", "subtract them");', source.read_text())
        self.assertEqual((self.root / OWN).stat().st_mode & 0o777, 0o755)

    def test_a_second_time_changes_no_byte(self) -> None:
        self.start()
        self.replace(f"{OWN}/first.cpp", "left", "mine")
        self.refuses(r"^work/stage_01_first: is started already, and nothing was changed "
                     r"\(a single exercise afresh: ./learn reset 1.1\)$", work.start, FIRST)

    def test_writes_a_file_again_that_was_deleted_and_leaves_the_others(self) -> None:
        self.start()
        self.replace(f"{OWN}/first.cpp", "left", "mine")
        (self.root / OWN / "first.hpp").unlink()
        self.write(f"{OWN}/notes.txt", "mine as well")
        before = files_of(self.root)
        self.assertEqual(self.start(), ["first.hpp"])
        after = files_of(self.root)
        self.assertEqual(after.pop(f"{OWN}/first.hpp"),
                         (self.root / "stages/stage_01_first/first.hpp").read_bytes())
        self.assertEqual(after, before)

    def test_an_empty_folder_is_filled(self) -> None:
        (self.root / OWN).mkdir(parents=True)
        self.assertEqual(self.start(), ["first.cpp", "first.hpp"])

    def test_a_file_in_the_way_of_the_stage_is_named_and_stays(self) -> None:
        self.write(OWN, "not a folder")
        self.refuses("^work/stage_01_first: is in the way", work.start, FIRST)

    def test_a_folder_in_the_way_of_a_file_is_named_and_stays(self) -> None:
        self.start()
        (self.root / OWN / "first.hpp").unlink()
        self.write(f"{OWN}/first.hpp/inside.txt", "kept")
        self.refuses(r"^work/stage_01_first/first\.hpp: is in the way", work.start, FIRST)

    def test_a_failure_midway_leaves_nothing_behind(self) -> None:
        written = work.write_whole

        def full_disk(path, text) -> None:
            if path.name == "first.hpp":
                raise OSError(28, "No space left on device", str(path))
            written(path, text)

        with mock.patch.object(work, "write_whole", full_disk):
            self.assertEqual(self.learn("start 1")[0], 1)
        self.assertEqual(list((self.root / "work").iterdir()), [])
        self.assertEqual(len(self.start()), 2)

    def test_a_write_that_fails_leaves_the_old_text_alone(self) -> None:
        path = self.write("a.cpp", "old")
        with mock.patch("os.replace", side_effect=OSError(28, "full")):
            with self.assertRaises(OSError):
                work.write_whole(path, "new")
        self.assertEqual(path.read_text(), "old")
        self.assertFalse((self.root / ".a.cpp.new").exists())

    def test_stages_without_exercises_are_not_started(self) -> None:
        self.write("stages/stage_04_bare/CMakeLists.txt", "")
        self.write("stages/stage_04_bare/bare.cpp", "int a;\n")
        for number in (0, 4):
            stage = next(one for one in find_stages(self.root) if one.number == number)
            self.refuses(f"^stage {number} has no exercises$", work.start, stage)
        self.assertFalse((self.root / "work").exists())


class Whole(Work):
    def test_a_missing_file_is_named_with_what_writes_it(self) -> None:
        self.start()
        work.require_whole(self.root, FIRST)
        (self.root / OWN / "first.cpp").unlink()
        self.refuses(r"^work/stage_01_first/first\.cpp: is missing: "
                     "./learn start 1 writes it again, and nothing else$",
                     work.require_whole, FIRST)


class Reset(Work):
    def reset(self, number: str = "1.1") -> str:
        return work.show(self.root, work.reset(self.root, FIRST, number))

    def test_empties_one_exercise_and_keeps_the_rest(self) -> None:
        self.start()
        starter = (self.root / OWN / "first.cpp").read_text()
        own = solve(self.root, 1)
        solved = own.read_text() + "// a note of mine\n"
        own.write_text(solved)
        self.assertEqual(self.reset("1.2"), "work/kept/stage_01_first/first.cpp.1")
        self.assertIn("sum += 1;", own.read_text())
        self.assertIn('throw NotImplemented("1.2", "subtract them");', own.read_text())
        self.reset("1.1")
        self.assertEqual(own.read_text(), starter + "// a note of mine\n")

    def test_keeps_every_copy_under_a_number_of_its_own(self) -> None:
        self.start()
        texts = []
        for count in (1, 2, 3):
            own = solve(self.root, 1)
            texts.append(f"// attempt {count}\n{own.read_text()}")
            own.write_text(texts[-1])
            self.assertEqual(self.reset(), f"work/kept/stage_01_first/first.cpp.{count}")
        kept = self.root / "work/kept/stage_01_first"
        self.assertEqual([(kept / f"first.cpp.{count}").read_text() for count in (1, 2, 3)], texts)

    def test_bytes_that_are_no_utf_8_survive(self) -> None:
        self.start()
        own = self.root / OWN / "first.cpp"
        own.write_bytes(own.read_bytes() + b"// Gr\xfc\xdfe\x0c\n")
        before = own.read_bytes()
        self.reset()
        self.assertEqual(own.read_bytes(), before)

    def test_what_stands_between_the_marks_does_not_matter(self) -> None:
        self.start()
        own = self.root / OWN / "first.cpp"
        before = own.read_text()
        self.replace(f"{OWN}/first.cpp",
                     '  throw NotImplemented("1.2", "subtract them");\n', "")
        self.reset("1.2")
        self.assertEqual(own.read_text(), before)

    def test_refuses_where_the_mark_is_gone(self) -> None:
        self.start()
        self.replace(f"{OWN}/first.cpp", "// exercise 1.1: add", "// add")
        self.replace(f"{OWN}/first.cpp", '\\"");\n  // end exercise', "\n")
        self.refuses(r"^work/stage_01_first/first\.cpp: the mark '// exercise 1\.1: \.\.\.' is "
                     r"missing: put it back, or move the file away and ./learn start 1$",
                     work.reset, FIRST, "1.1")

    def test_refuses_where_a_mark_is_damaged(self) -> None:
        self.start()
        self.replace(f"{OWN}/first.cpp", "// exercise 1.2:", "// exercise 1.2")
        self.refuses(r"first\.cpp:11: is like a mark and is none", work.reset, FIRST, "1.1")

    def test_refuses_where_the_stage_is_not_started_or_not_whole(self) -> None:
        self.refuses(r"^stage 1 is not started: ./learn start 1$", work.reset, FIRST, "1.1")
        self.start()
        (self.root / OWN / "first.hpp").unlink()
        self.refuses("first.hpp: is missing", work.reset, FIRST, "1.1")

    def test_refuses_an_exercise_that_does_not_exist(self) -> None:
        self.refuses(r"^exercise 1\.3 does not exist: stage 1 has 1\.1, 1\.2$",
                     work.reset, FIRST, "1.3")
