"""The learner's own stages, work/stage_NN_name: written once by `start`, then never overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from arguments import Failure
from loop import exercises
from loop.exercises import Exercise
from stages import Stage, find_stages


def course_folder(root: Path, stage: Stage) -> Path:
    """The course's own folder of a stage."""
    return root / "stages" / stage.program


def own_folder(root: Path, stage: Stage) -> Path:
    """Where the learner's stage is, or would be."""
    return root / "work" / stage.program


def is_started(root: Path, stage: Stage) -> bool:
    """Whether the learner has a stage of their own, or something that bears its name."""
    return os.path.lexists(own_folder(root, stage))


def started_below(root: Path, stage: Stage) -> list[Stage]:
    """The learner's stages below this one, from the ground up."""
    return [lower for lower in find_stages(root)
            if lower.number < stage.number and is_started(root, lower)]


def library_sources(folder: Path) -> list[Path]:
    """What a learner gets of a stage: all but program and checks, which stay the course's."""
    return [path for path in sorted(folder.glob("*.?pp"))
            if path.name != "main.cpp" and not path.name.endswith("checks.cpp")]


def missing_sources(root: Path, stage: Stage) -> list[Path]:
    """The files that a started stage has lost."""
    return [own_folder(root, stage) / source.name
            for source in library_sources(course_folder(root, stage))
            if not (own_folder(root, stage) / source.name).is_file()]


def require_whole(root: Path, stage: Stage) -> None:
    """Raises Failure where a file is missing: a stage without it would not be the learner's."""
    missing = missing_sources(root, stage)
    if missing:
        raise Failure(f"{show(root, missing[0])}: is missing: "
                      f"./learn start {stage.number} writes it again, and nothing else")


def show(root: Path, path: Path) -> str:
    """path as it is typed in the tree."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def start(root: Path, stage: Stage) -> list[Path]:
    """Writes the learner's stage, or what is missing of it; returns the files written.

    Raises Failure when the stage has no exercises, or nothing is missing. No file is overwritten.
    """
    if not (stage.number and exercises.in_folder(course_folder(root, stage))):
        raise Failure(f"stage {stage.number} has no exercises")
    own = own_folder(root, stage)
    if is_started(root, stage) and not own.is_dir():
        raise Failure(f"{show(root, own)}: is in the way: expected a folder, or nothing")
    if own.is_dir():
        written = missing_sources(root, stage)
        if not written:
            raise Failure(f"{show(root, own)}: is started already, and nothing was changed "
                          f"(a single exercise afresh: ./learn reset {stage.number}.1)")
        for path in filter(os.path.lexists, written):
            raise Failure(f"{show(root, path)}: is in the way: expected a file, or nothing")
        write_starter(course_folder(root, stage), own, [path.name for path in written])
        return written
    own.parent.mkdir(exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".starting-", dir=own.parent))
    try:
        write_starter(course_folder(root, stage), unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(own)  # whole or not at all
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return library_sources(own)


def write_starter(course: Path, own: Path, names: list[str] | None = None) -> None:
    """Copies a stage's sources, with every exercise emptied, or those of them that names lists."""
    for source in library_sources(course):
        if names is None or source.name in names:
            write_whole(own / source.name, exercises.emptied(exercises.read_text(source), source))


def write_whole(path: Path, text: str) -> None:
    """Writes a file through one beside it: what bears its name is the old text or the new."""
    unfinished = path.with_name(f".{path.name}.new")
    try:
        unfinished.write_text(text, encoding="utf-8", errors="surrogateescape")
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def keep_copy(root: Path, path: Path) -> Path:
    """Copies a file of a started stage to work/kept/, under a name that is free."""
    folder = root / "work" / "kept" / path.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    count = 1
    while (folder / f"{path.name}.{count}").exists():
        count += 1
    return Path(shutil.copy2(path, folder / f"{path.name}.{count}"))


def find_exercise(root: Path, stage: Stage, number: str) -> tuple[Exercise, Exercise]:
    """An exercise in the course and in the learner's stage; raises Failure where one is missing."""
    theirs = {exercise.number: exercise
              for exercise in exercises.in_folder(course_folder(root, stage))}
    if number not in theirs:
        raise Failure(f"exercise {number} does not exist: stage {stage.number} has "
                      f"{', '.join(theirs) or 'none'}")
    own = own_folder(root, stage) / theirs[number].file.name
    if not is_started(root, stage):
        raise Failure(f"stage {stage.number} is not started: ./learn start {stage.number}")
    require_whole(root, stage)
    for exercise in exercises.in_file(own):
        if exercise.number == number:
            return theirs[number], exercise
    raise Failure(f"{show(root, own)}: the mark '// exercise {number}: ...' is missing: "
                  f"put it back, or move the file away and ./learn start {stage.number}")


def reset(root: Path, stage: Stage, number: str) -> Path:
    """Empties one exercise of the learner's again; returns where the file as it was is kept."""
    course, own = find_exercise(root, stage, number)
    kept = keep_copy(root, own.file)
    lines = exercises.lines_of(exercises.read_text(own.file))
    lines[own.begin + 1:own.begin + 1 + len(own.body)] = course.starter
    exercises.include_errors(lines)
    write_whole(own.file, "\n".join(lines) + "\n")
    return kept
