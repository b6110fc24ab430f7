"""From the checks of a stage to what a learner wants to know: which exercises are done."""

from __future__ import annotations

from dataclasses import dataclass

from loop.cases import PASSED, Case
from loop.exercises import Exercise

TODO, WRONG, DONE = "todo", "wrong", "done"


@dataclass(frozen=True)
class Judged:
    """An exercise and its checks, or (exercise None) the checks that judge the stage as a whole."""

    exercise: Exercise | None
    cases: list[Case]

    @property
    def passed(self) -> int:
        """How many of its checks pass."""
        return sum(case.outcome == PASSED for case in self.cases)

    @property
    def waits_for(self) -> set[str]:
        """The exercises at which its checks stop, because they are not written."""
        return set().union(*(case.unwritten for case in self.cases)) if self.cases else set()

    @property
    def state(self) -> str:
        """TODO while its own body or what its checks need is unwritten; DONE when all pass."""
        if self.passed == len(self.cases) and (self.cases or not self.exercise):
            return DONE
        if self.exercise and self.exercise.number in self.waits_for:
            return TODO
        return WRONG if self.wrong else TODO

    @property
    def wrong(self) -> Case | None:
        """The first check that fails for another reason than an unwritten exercise."""
        return next((case for case in self.cases if case.outcome != PASSED and
                     (case.wrong or not case.unwritten) and case.outcome is not None), None)


@dataclass(frozen=True)
class Verdict:
    """A stage judged: its exercises in order, and the checks that belong to none."""

    exercises: list[Judged]
    rest: Judged
    printed: str

    @property
    def done(self) -> bool:
        """Whether every check passes."""
        return self.rest.state == DONE and all(one.state == DONE for one in self.exercises)

    @property
    def first_wrong(self) -> Judged | None:
        """The first that is not merely unwritten."""
        return next((one for one in [*self.exercises, self.rest] if one.state == WRONG), None)

    @property
    def next(self) -> Judged | None:
        """What to work on: the first that is not done."""
        return next((one for one in [*self.exercises, self.rest] if one.state != DONE), None)


def judge(exercises: list[Exercise], cases: list[Case], printed: str) -> Verdict:
    """Sorts the checks under the exercises that they judge."""
    numbers = {exercise.number for exercise in exercises}
    judged = [Judged(exercise, [case for case in cases if case.judges == exercise.number])
              for exercise in exercises]
    return Verdict(judged, Judged(None, [case for case in cases if case.judges not in numbers]),
                   printed)
