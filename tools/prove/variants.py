"""What is built to prove a stage: emptied, half solved, with a mistake; and how each is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from loop import exercises, work
from loop.cases import PASSED, Case
from loop.exercises import Exercise, emptied, read_text
from loop.verdict import TODO, judge
from prove.mutants import Mutant, read_mutants

Texts = dict[str, str]
# What is wrong with the cases that a variant gave; nothing where they are as they should be.
Judgement = Callable[[list[Case]], str]


@dataclass(frozen=True)
class Variant:
    """The course's stage with some files replaced, and the judgement on its checks."""

    kind: str  # one of KINDS
    name: str
    texts: Texts
    judgement: Judgement


KINDS = {
    "reference": "passes all its checks",
    "starter": "compiles, and every exercise is todo",
    "in order": "once an exercise is solved its checks pass, without those after it",
    "alone": "an exercise emptied alone turns a check of its own red",
    "mistakes": "caught by the stage's own checks",
}


def variants_of(folder: Path) -> list[Variant]:
    """All variants of a stage; those that change the same files stand together."""
    found = exercises.in_folder(folder)
    numbers = [exercise.number for exercise in found]
    variants = [Variant("reference", "the reference", {}, all_pass)]
    if found:
        variants.append(Variant("starter", "the starter", empty(folder, set(numbers)),
                                lambda cases: all_todo(found, cases)))
    for place in range(1, len(numbers)):
        solved, number = set(numbers[:place]), numbers[place - 1]
        variants.append(Variant("in order", f"{number} solved, and those before it",
                                empty(folder, set(numbers) - solved),
                                lambda cases, solved=solved: these_pass(solved, cases)))
    for number in numbers:
        variants.append(Variant("alone", f"{number} emptied", empty(folder, {number}),
                                lambda cases, number=number: turns_red(number, cases)))
    for mutant in read_mutants(folder):
        variants.append(Variant("mistakes", f"'{mutant.name}'", {mutant.file: mutant.plant(folder)},
                                lambda cases, mutant=mutant: is_caught(mutant, cases)))
    return sorted(variants, key=lambda variant: sorted(variant.texts))


def empty(folder: Path, which: set[str]) -> Texts:
    """The files that change when the exercises in `which` are emptied."""
    texts = {}
    for path in work.library_sources(folder):
        before = read_text(path)
        after = emptied(before, path, which)
        if after != before:
            texts[path.name] = after
    return texts


def all_pass(cases: list[Case]) -> str:
    """The course's own code."""
    red = [case for case in cases if case.outcome != PASSED]
    return f'{len(red)} checks fail, the first is "{red[0].name}"' if red else ""


def all_todo(found: list[Exercise], cases: list[Case]) -> str:
    """No exercise passes, and none fails for another reason than that it is not written."""
    for judged in judge(found, cases, "").exercises:
        passing = [case.name for case in judged.cases if case.outcome == PASSED]
        if passing:
            return f'"{passing[0]}" passes with nothing written'
        if judged.state != TODO:
            return f'{judged.exercise.number} is {judged.state}: "{judged.wrong.name}"'
    return ""


def these_pass(solved: set[str], cases: list[Case]) -> str:
    """The exercises that are solved are done, whatever is missing after them."""
    for case in cases:
        if case.outcome != PASSED and case.exercises and solved.issuperset(case.exercises):
            needs = ", ".join(sorted(case.unwritten)) or "nothing unwritten"
            return f'"{case.name}" fails; it needs {needs}'
    return ""


def turns_red(number: str, cases: list[Case]) -> str:
    """At least one check of the exercise stops at it."""
    stopped = [case for case in cases if number in case.exercises and number in case.unwritten]
    green = [case for case in cases if number in case.exercises and case.outcome == PASSED]
    if not stopped:
        return f"no check tagged [{number}] stops at it"
    return f'"{green[0].name}" is tagged [{number}] and passes without it' if green else ""


def is_caught(mutant: Mutant, cases: list[Case]) -> str:
    """Some check fails, and where the mistake has a diagnosis, with that diagnosis."""
    red = [case for case in cases if case.outcome != PASSED]
    if not red:
        return "is not caught by any check"
    diagnoses = {failure.mistake for case in red for failure in case.failures if failure.mistake}
    if mutant.diagnosis and not any(mutant.diagnosis in diagnosis for diagnosis in diagnoses):
        return (f"is not diagnosed: expected '{mutant.diagnosis}', found "
                f"{'; '.join(sorted(diagnoses)) or 'no diagnosis'}")
    return ""
