"""The planted mistakes of a stage, mutants.json: each must be caught by the stage's own checks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from arguments import Failure
from loop.exercises import read_text
from loop.work import library_sources

REQUIRED = {"name", "file", "find", "replace"}
OPTIONAL = {"exercise", "diagnosis"}


@dataclass(frozen=True)
class Mutant:
    """One mistake: in `file`, the text `find`, which stands there once, becomes `replace`."""

    name: str
    file: str
    find: str
    replace: str
    exercise: str = ""  # that it is made in; empty in a stage without exercises
    diagnosis: str = ""  # words that the checks must find for it

    def plant(self, folder: Path) -> str:
        """The file with the mistake in it."""
        return read_text(folder / self.file).replace(self.find, self.replace)


def read_mutants(folder: Path) -> list[Mutant]:
    """The mistakes of a stage; raises Failure where one cannot be planted."""
    path = folder / "mutants.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Failure(f"{path}: is no JSON: {error}") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Failure(f"{path}: expected a list of mistakes, each with its {{...}}")
    mutants = []
    for entry in entries:
        name = entry.get("name", "a mistake without a name")
        where = f"{path}: '{name}'"
        missing, unknown = REQUIRED - entry.keys(), entry.keys() - REQUIRED - OPTIONAL
        if missing or unknown:
            raise Failure(f"{where}: expected {', '.join(sorted(REQUIRED))} and perhaps "
                          f"{', '.join(sorted(OPTIONAL))}, found {', '.join(sorted(entry))}")
        if not (folder / entry["file"]).is_file():
            raise Failure(f"{where}: there is no file {entry['file']}")
        if folder / entry["file"] not in library_sources(folder):
            raise Failure(f"{where}: a learner does not get {entry['file']}: no mistake of theirs")
        count = read_text(folder / entry["file"]).count(entry["find"])
        if count != 1 or entry["find"] == entry["replace"]:
            raise Failure(f"{where}: expected a text that stands once in {entry['file']} and "
                          f"changes, found it {count} times: {entry['find']!r}")
        mutants.append(Mutant(**entry))
    return mutants
