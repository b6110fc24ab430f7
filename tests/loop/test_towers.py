"""What a stage stands on: the learner's stages that pass, the course's in place of the others."""

from __future__ import annotations

import os
from unittest import mock

from course import InCourse

from arguments import Failure
from loop.towers import Base, choose_base, numbers, passes, raise_tower
from stages import find_stages


class Towers(InCourse):
    """Three stages, of which a test starts some."""

    def setUp(self) -> None:
        super().setUp()
        _, self.first, self.second, self.third = find_stages(self.root)
        quiet = mock.patch("build.say")
        quiet.start()
        self.addCleanup(quiet.stop)

    def base(self, wanted: str | None = None) -> tuple[list[int], list[int]]:
        base = choose_base(self.root, self.third, wanted)
        return ([stage.number for stage in base.mine],
                [stage.number for stage in base.left_out])


class Raising(Towers):
    def test_without_stages_of_mine_it_is_the_course(self) -> None:
        tower = raise_tower(self.root, [], self.third)
        self.assertIsNone(tower.folder)
        self.assertEqual(tower.target("stage_03_third"), "stage_03_third")
        self.assertEqual(tower.program("p"), self.root / "build/default/bin/p")

    def test_with_all_that_are_started_up_to_the_top_it_is_work(self) -> None:
        self.begin(1, 2, 3)
        tower = raise_tower(self.root, [self.first, self.second], self.second)
        self.assertEqual(tower.folder, self.root / "work")
        self.assertEqual(tower.target("stage_02_second"), "stage_02_second.work")
        self.assertEqual(tower.program("p"), self.root / "build/default/bin/work/p")

    def test_with_some_of_them_it_is_a_folder_that_refers_to_them(self) -> None:
        self.begin(1, 2, 3)
        folder = raise_tower(self.root, [self.first, self.third], self.third).folder
        self.assertEqual(folder, self.root / "build/towers/1+3")
        self.assertEqual({path.name: path.resolve() for path in folder.iterdir()},
                         {stage.program: self.root / "work" / stage.program
                          for stage in (self.first, self.third)})

    def test_a_tower_whose_stage_is_gone_is_forgotten(self) -> None:
        self.begin(1, 2)
        raise_tower(self.root, [self.first], self.second)
        (self.root / "work/stage_01_first").rename(self.root / "elsewhere")
        self.begin(3)
        raise_tower(self.root, [self.second], self.third)
        cache = (self.root / "build/default/CMakeCache.txt").read_text()
        self.assertIn(f"NT_TOWERS:STRING={self.root}/build/towers/2\n", cache)

    def test_each_builds_its_own_programs_and_no_others(self) -> None:
        self.begin(1, 2)
        tower = raise_tower(self.root, [self.second], self.second)
        self.assertEqual(tower.build([self.second.checks], "it"), (True, ""))
        programs = [str(path.relative_to(self.root / "build/default/bin"))
                    for path in (self.root / "build/default/bin").rglob("*") if path.is_file()]
        self.assertEqual(programs, ["2/stage_02_second_checks"])

    def test_what_the_compiler_says_is_kept(self) -> None:
        self.begin(1)
        self.say(1, "syntax error")
        built, output = raise_tower(self.root, [self.first], self.first).build(
            [self.first.checks], "it")
        self.assertFalse(built)
        self.assertRegex(output, r"/work/stage_01_first/first\.cpp:\d+:// syntax error")


class Choosing(Towers):
    def test_what_passes_is_mine(self) -> None:
        self.begin(1, 2)
        self.assertEqual(self.base(), ([1, 2], []))

    def test_what_does_not_pass_is_the_courses(self) -> None:
        self.begin(1, 2)
        self.say(1, "wrong 1.1")
        self.assertEqual(self.base(), ([2], [1]))
        self.assertIn("2/stage_02_second_checks", self.runs())

    def test_what_is_not_written_crashes_or_does_not_build_is_the_courses(self) -> None:
        self.begin(1)
        self.begin(2, solved=False)
        self.assertEqual(self.base(), ([1], [2]))
        self.say(1, "crash 1.2")
        self.assertEqual(self.base(), ([], [1, 2]))
        self.say(1, "syntax error")
        self.assertEqual(self.base(), ([], [1, 2]))

    def test_a_stage_stands_on_those_of_mine_that_pass_below_it(self) -> None:
        self.begin(1, 2)
        self.say(1, "wrong 2.1")  # which the checks of stage 1 do not see
        self.assertEqual(self.base(), ([1], [2]))

    def test_mine_and_reference_are_what_is_wanted_and_judge_nothing(self) -> None:
        self.begin(1, 2, 3)
        self.say(1, "wrong 1.1")
        self.assertEqual(self.base("mine"), ([1, 2], []))
        self.assertEqual(self.base("reference"), ([], []))
        self.assertEqual(self.runs(), [])

    def test_what_is_not_below_does_not_count(self) -> None:
        self.begin(3)
        self.assertEqual(self.base(), ([], []))

    def test_a_missing_file_is_refused_unless_none_of_mine_is_wanted(self) -> None:
        self.begin(1, 2)
        (self.root / "work/stage_01_first/first.hpp").unlink()
        for wanted in (None, "mine"):
            with self.assertRaisesRegex(Failure, r"^work/stage_01_first/first\.hpp: is missing"):
                self.base(wanted)
        self.assertEqual(self.base("reference"), ([], []))


class Remembering(Towers):
    def setUp(self) -> None:
        super().setUp()
        self.begin(1)

    def passes(self) -> tuple[bool, int]:
        """Whether stage 1 passes, and how often its checks have run for it."""
        tower = raise_tower(self.root, [self.first], self.first)
        return passes(tower, self.first), len(self.runs())

    def test_what_has_passed_need_not_run_again(self) -> None:
        self.assertEqual(self.passes(), (True, 1))
        self.assertEqual(self.passes(), (True, 0))
        os.utime(self.root / self.own(1))
        self.assertEqual(self.passes(), (True, 0))

    def test_it_is_the_very_same_bytes_that_have_passed(self) -> None:
        self.passes()
        self.say(1, "a comment")
        self.assertEqual(self.passes(), (True, 1))
        self.say(1, "wrong 1.1")
        self.assertEqual(self.passes(), (False, 1))
        self.assertEqual(self.passes(), (False, 1))  # what fails is not remembered
        self.say(1, "syntax error")
        self.assertEqual(self.passes(), (False, 0))

    def test_what_it_reads_counts_as_well(self) -> None:
        self.passes()
        with mock.patch.dict(os.environ, NANO_TORCH_MNIST="elsewhere"):
            self.assertEqual(self.passes(), (True, 1))
        self.write("reference/frozen/SHA256SUMS", "1 other\n")
        self.assertEqual(self.passes(), (True, 1))

    def test_to_forget_costs_a_run_and_nothing_else(self) -> None:
        self.passes()
        for path in (self.root / "build/default/passed").iterdir():
            path.unlink()
        self.assertEqual(self.passes(), (True, 1))


class Words(Towers):
    def test_a_base_says_what_is_mine_and_what_is_not(self) -> None:
        stages = [self.first, self.second]
        self.assertEqual(numbers(stages), "stages 1, 2")
        for base, text in ((Base([], []), "the reference"), (Base(stages, []), "your stages 1, 2"),
                           (Base([], stages), "the reference (your stages 1, 2 do not pass)"),
                           (Base(stages[:1], stages[1:]),
                            "your stage 1 (your stage 2 does not pass)")):
            self.assertEqual(str(base), text)
