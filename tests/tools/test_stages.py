"""Which stages there are, how they are named, and which one is the main job."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from support import make_tree

from arguments import Failure, UsageError
from stages import Stage, find_stage, find_stages, main_job

STAGES = [Stage(0, "stage_00_baseline"), Stage(1, "stage_01_first"), Stage(2, "stage_02_second")]


class Stages(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = make_tree(Path(temporary.name) / "tree")

    def test_finds_the_stages_from_the_ground_up(self) -> None:
        self.assertEqual(find_stages(self.root), STAGES)
        self.assertEqual(STAGES[2].checks, "stage_02_second_checks")

    def test_orders_the_stages_by_number(self) -> None:
        for number in (9, 12, 3, 20, 4, 11, 10, 5):
            folder = self.root / "stages" / f"stage_{number:02}_x"
            folder.mkdir()
            (folder / "CMakeLists.txt").touch()
        self.assertEqual([stage.number for stage in find_stages(self.root)],
                         [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 20])

    def test_passes_over_what_is_no_stage(self) -> None:
        (self.root / "stages" / "stage_03_emptied").mkdir()
        (self.root / "stages" / "stage_next").mkdir()
        (self.root / "stages" / "stage_next" / "CMakeLists.txt").touch()
        self.assertEqual(find_stages(self.root), STAGES)

    def test_a_tree_without_stages_is_a_failure(self) -> None:
        with self.assertRaisesRegex(Failure, "there is no stage here"):
            find_stages(self.root / "stages" / "stage_01_first")

    def test_the_main_job_is_the_highest_stage_until_stage_14_exists(self) -> None:
        self.assertEqual(main_job(STAGES).number, 2)
        higher = [Stage(number, f"stage_{number:02}_x") for number in range(21)]
        self.assertEqual(main_job(higher[:14]).number, 13)
        self.assertEqual(main_job(higher[:15]).number, 14)
        self.assertEqual(main_job(higher).number, 14)

    def test_a_stage_has_three_names(self) -> None:
        for name in ("2", "02", "stage_02_second"):
            self.assertEqual(find_stage(STAGES, name), STAGES[2])
        self.assertEqual(find_stage(STAGES, "0"), STAGES[0])

    def test_an_unknown_stage_is_told_which_there_are(self) -> None:
        for name in ("27", "-1", "002", "second", "stage_02"):
            with self.assertRaises(UsageError) as caught:
                find_stage(STAGES, name)
            self.assertEqual(str(caught.exception),
                             f"stage {name} does not exist: the stages are 0 to 2")
