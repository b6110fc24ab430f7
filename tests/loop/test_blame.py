"""./learn blame: which of the learner's lower stages breaks a stage."""

from __future__ import annotations

from unittest import mock

from course import InCourse


class Blame(InCourse):
    """The answer and the status; `wrong N.M` in a stage below N is what its own checks miss."""

    def blame(self, number: int) -> tuple[int, str]:
        status, out, _ = self.learn(f"blame {number}")
        return status, out.splitlines()[-1] if out else ""

    def test_nothing_is_to_blame(self) -> None:
        self.begin(1, 2)
        self.assertEqual(self.blame(3), (
            0, "stage 3 of the course passes all its checks upon your stages 1, 2"))
        self.begin(3)
        self.assertEqual(self.blame(3), (0, "stage 3 passes all its checks upon your stages 1, 2"))

    def test_one_stage_is_named(self) -> None:
        self.begin(1, 2, 3)
        self.say(2, "wrong 3.1")
        status, out, _ = self.learn("blame 3")
        self.assertEqual((status, out.splitlines()), (1, [
            "  with the course's stage 1 in place of yours: 1 check fails",
            "  with the course's stage 2 in place of yours: no checks fail",
            "stage 3 breaks on your stage 2 alone: work/stage_02_second/"]))

    def test_a_stage_of_the_course_can_break_on_mine(self) -> None:
        self.begin(1)
        self.say(1, "wrong 3.1", "wrong 3.2")
        self.assertEqual(self.blame(3), (1, "stage 3 of the course breaks on your stage 1 alone: "
                                            "work/stage_01_first/"))

    def test_a_stage_that_crashes_or_does_not_build_is_named_too(self) -> None:
        for word in ("crash 3.1", "syntax error"):
            with self.subTest(word):
                self.begin(1, 2) if word == "crash 3.1" else None
                self.say(1, word)
                self.assertEqual(self.blame(3)[1], "stage 3 of the course breaks on your stage 1 "
                                                   "alone: work/stage_01_first/")

    def test_several_are_to_blame_together_and_no_more_than_it_takes(self) -> None:
        self.write("stages/stage_04_fourth/CMakeLists.txt", "")
        self.write("stages/stage_04_fourth/checks.cpp",
                   'TEST_CASE("it holds", "[stage_04][3.1]") {}\n')
        self.begin(1, 2, 3)
        self.say(1, "wrong 3.1")
        self.say(3, "wrong 3.1")
        self.assertEqual(self.blame(4), (1, "stage 4 of the course breaks on your stages 1, 3 "
                                            "together"))

    def test_those_that_break_it_only_together_are_found_too(self) -> None:
        def count_failures(root, mine, top, stage) -> int:
            numbers = {one.number for one in mine}
            return 1 if 1 in numbers or {2, 3} <= numbers else 0

        self.write("stages/stage_04_fourth/CMakeLists.txt", "")
        self.begin(1, 2, 3)
        with mock.patch("loop.blame.count_failures", count_failures):
            self.assertEqual(self.blame(4)[1], "stage 4 of the course breaks on your stages 1, 3 "
                                               "together")

    def test_the_stage_itself_is_to_blame(self) -> None:
        self.begin(1, 3)
        self.say(1, "wrong 3.2")
        self.say(3, "wrong 3.1")
        self.assertEqual(self.blame(3), (
            1, "stage 3 does not pass upon the reference either (1 check fails): "
               "the fault is in stage 3 itself: ./learn check 3"))

    def test_without_a_stage_of_mine_below_nothing_can_be_blamed(self) -> None:
        self.begin(3)
        status, _, said = self.learn("blame 3")
        self.assertEqual((status, said), (1, "learn: none of your stages is below stage 3\n"))

    def test_a_missing_file_is_refused(self) -> None:
        self.begin(1, 2)
        (self.root / "work/stage_01_first/first.hpp").unlink()
        status, _, said = self.learn("blame 2")
        self.assertEqual(status, 1)
        self.assertRegex(said, r"^learn: work/stage_01_first/first\.hpp: is missing: ")
