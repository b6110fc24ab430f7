"""What can be seen of a stage without building it: marks, hints, checks and mistakes fit together."""

from __future__ import annotations

import re
from pathlib import Path

from arguments import Failure
from loop import exercises
from loop.cases import declared_cases
from loop.exercises import SINGLE_LINE, Exercise
from loop.hints import read_help
from prove.mutants import read_mutants
from stages import Stage

EXERCISES = range(2, 9)
LINES = range(3, 26)
MISTAKES = 4
LAST_WITH_EXERCISES = 19


def problems_of(root: Path, stage: Stage) -> list[str]:
    """What is missing or does not fit, each with its place."""
    folder = root / "stages" / stage.program
    try:
        found = exercises.in_folder(folder)
        helps = read_help(folder / "hints.md")
        mutants = read_mutants(folder)
    except Failure as failure:
        return [str(failure).removeprefix(f"{root}/")]
    except OSError as error:
        return [f"{relative(root, str(error.filename))}: {error.strerror}"]
    numbers = [exercise.number for exercise in found]
    problems = numbering(root, stage, found)
    for exercise in found:
        problems += [f"{relative(root, exercise.where)}: {problem}"
                     for problem in problems_of_exercise(exercise, helps, folder)]
    place = relative(root, str(folder))
    problems += [f"{place}/hints.md: exercise {number} does not exist"
                 for number in helps if number not in numbers]
    problems += [f"{place}/{case.file}:{case.line}: exercise {number} does not exist"
                 for case in declared_cases(folder) for number in case.exercises
                 if number not in numbers]
    problems += [f"{place}/mutants.json: '{mutant.name}': expected one of the exercises "
                 f"{', '.join(numbers) or '(there is none)'}, found '{mutant.exercise}'"
                 for mutant in mutants if mutant.exercise not in (numbers or [""])]
    if len(mutants) < MISTAKES:
        problems.append(f"{place}/mutants.json: expected {MISTAKES} mistakes or more, "
                        f"found {len(mutants)}")
    return problems + unread_cases(place, folder) + unlisted_sources(place, folder)


def unlisted_sources(place: str, folder: Path) -> list[str]:
    """A source that nothing builds: a learner would get it, and nobody would check it."""
    listed = (folder / "CMakeLists.txt").read_text(encoding="utf-8")
    return [f"{place}/{path.name}: CMakeLists.txt does not list it"
            for path in sorted(folder.glob("*.cpp"))
            if path.name not in ("main.cpp", "checks.cpp") and path.name not in listed.split()
            and f"{path.name})" not in listed]


def numbering(root: Path, stage: Stage, found: list[Exercise]) -> list[str]:
    """Whether the exercises are N.1, N.2, ..., and neither too few nor too many."""
    numbers = [exercise.number for exercise in found]
    expected = [f"{stage.number}.{place}" for place in range(1, len(found) + 1)]
    folder = relative(root, str(root / "stages" / stage.program))
    if numbers != expected:
        return [f"{folder}: expected the exercises {', '.join(expected)}, "
                f"found {', '.join(numbers)}"]
    if len(found) not in EXERCISES and stage.number <= LAST_WITH_EXERCISES:
        return [f"{folder}: expected {EXERCISES[0]} to {EXERCISES[-1]} exercises, "
                f"found {len(found)}"]
    return []


def problems_of_exercise(exercise: Exercise, helps: dict, folder: Path) -> list[str]:
    """What one exercise lacks."""
    problems = []
    lines = sum(bool(line.strip()) and not line.lstrip().startswith("//")
                for line in exercise.body)
    if lines not in LINES and not exercise.task.endswith(SINGLE_LINE):
        problems.append(f"exercise {exercise.number} is {lines} lines to write, "
                        f"expected {LINES[0]} to {LINES[-1]}")
    if exercise.number not in helps:
        problems.append(f"exercise {exercise.number} has no section in hints.md")
    if not any(exercise.number == case.judges for case in declared_cases(folder)):
        problems.append(f"exercise {exercise.number} has no check whose last tag is "
                        f"[{exercise.number}]")
    return problems


def unread_cases(place: str, folder: Path) -> list[str]:
    """A TEST_CASE in a form that declared_cases does not read would never be counted."""
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*checks.cpp")]
    hidden = sum(len(re.findall(r'TEST_CASE\([^;{]*"[^"]*\[\.', text)) for text in texts)
    written = sum(len(re.findall(r"^\s*\w*TEST_CASE\w*\(", text, re.MULTILINE)) for text in texts)
    read = len(declared_cases(folder)) + hidden
    return [] if read == written else [f"{place}: {written} checks, of which {read} can be read: "
                                       "expected TEST_CASE(\"a sentence\", \"[tags]\")"]


def relative(root: Path, where: str) -> str:
    """A place as it is typed in the tree."""
    return where.removeprefix(f"{root}/")
