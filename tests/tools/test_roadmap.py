"""The roadmap: read from AGENTS.md, drawn in 100 columns."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from support import AGENTS, make_tree

import roadmap
from arguments import Failure
from build import program_path
from stages import find_stages

DRAWN = """\
one-more-nano-torch: a deep-learning framework from scratch, in 4 stages

  0  reference        built     the curve to land on
  1  first            to build  an arrow -> and its end
  2  second           begun     something not finished
  3  third            to come   something to come

next: ./learn run 1  (builds and runs stage_01_first)
help: ./learn --help"""

DRAWN_WITH_MINE = """\
  0  reference        built               the curve to land on
  1  first            to build  done      an arrow -> and its end
  2  second           begun     3 of 5    something not finished
  3  third            to come             something to come

stages begun in work/: 1, 2, and how many of their exercises are done

next: ./learn check 2  (your stage 2: 3 of 5)
help: ./learn --help"""


class Roadmap(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = make_tree(Path(temporary.name) / "tree")
        program_path(self.root, "any").parent.mkdir(parents=True)

    def pretend_built(self, *programs: str) -> None:
        for program in programs:
            program_path(self.root, program).touch()

    def test_reads_the_rows(self) -> None:
        rows = roadmap.read_rows(self.root / "AGENTS.md")
        self.assertEqual([row.number for row in rows], [0, 1, 2, 3])
        self.assertEqual(rows[1], roadmap.Row(True, 1, "first", "one thing: a colon",
                                              "an arrow -> and its end"))
        self.assertFalse(rows[2].landed)

    def test_draws_every_state_and_the_next_command(self) -> None:
        self.pretend_built("stage_00_baseline")
        self.assertEqual(roadmap.draw(self.root, find_stages(self.root), {}), DRAWN)

    def test_draws_how_far_the_learner_is(self) -> None:
        self.pretend_built("stage_00_baseline")
        drawn = roadmap.draw(self.root, find_stages(self.root), {1: "done", 2: "3 of 5"})
        self.assertEqual(drawn.splitlines()[2:], DRAWN_WITH_MINE.splitlines())

    def test_after_the_last_stage_that_was_seen_comes_the_first_exercise(self) -> None:
        self.pretend_built("stage_00_baseline", "stage_01_first", "stage_02_second")
        self.assertEqual(self.next({}),
                         "./learn start 1  (now write them yourself: docs/how_to_learn.md)")

    def test_next_is_what_the_learner_has_begun_and_then_what_they_have_not(self) -> None:
        self.assertEqual(self.next({1: "done", 2: "no build"}),
                         "./learn check 2  (your stage 2: no build)")
        self.assertEqual(self.next({1: "damaged", 2: "done"}),
                         "./learn check 1  (your stage 1: damaged)")
        self.assertEqual(self.next({2: "done"}), "./learn start 1  (yours to write)")
        self.assertEqual(self.next({1: "done", 2: "done"}),
                         "./learn run 2 --mine  (all of it is yours)")

    def next(self, mine: dict[int, str]) -> str:
        return roadmap.next_command(self.root, find_stages(self.root), mine)

    def test_fits_its_columns(self) -> None:
        row = f"- [ ] 4 stage_04_fourth: more -> {'long words ' * 20}\n"
        (self.root / "AGENTS.md").write_text(AGENTS + row)
        for mine in ({}, {1: "done", 2: "10 of 12"}):
            lines = roadmap.draw(self.root, find_stages(self.root), mine).splitlines()
            self.assertLessEqual(max(map(len, lines)), roadmap.COLUMNS)
            self.assertTrue(lines[6].endswith(" ..."))

    def test_without_rows_says_what_a_row_is(self) -> None:
        (self.root / "AGENTS.md").write_text("no checklist")
        with self.assertRaisesRegex(Failure, r"AGENTS.md: has no row such as '- \[ \] 3 stage_"):
            roadmap.read_rows(self.root / "AGENTS.md")
