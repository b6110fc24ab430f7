"""The marked parts of a source: where they are, how they are emptied and put back.

    // exercise 3.2: offset + i strides[0] + j strides[1] + ...
    ... what a learner writes ...
    // end exercise

The text after the colon is the task. One that ends in SINGLE_LINE keeps its body, below the throw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from arguments import Failure

BEGIN = re.compile(r"\s*// exercise (\d+)\.(\d+): (.+)$")
END = re.compile(r"\s*// end exercise$")
LIKE_A_MARK = re.compile(r"\s*//\s*(end\s+)?exercise\b", re.IGNORECASE)
SINGLE_LINE = "(solved by removing the throw)"
COLUMNS = 100
INCLUDE = '#include "core/errors.hpp"'


@dataclass(frozen=True)
class Exercise:
    """One marked part; lines count from 0, body holds those between the marks."""

    stage: int
    place: int
    task: str
    file: Path
    begin: int
    body: tuple[str, ...]

    @property
    def number(self) -> str:
        """Such as 3.2."""
        return f"{self.stage}.{self.place}"

    @property
    def where(self) -> str:
        """The line of the mark, as an editor or a terminal takes it."""
        return f"{self.file}:{self.begin + 1}"

    @property
    def starter(self) -> tuple[str, ...]:
        """What stands between the marks before anything is written."""
        indent = re.match(r"\s*", next(filter(str.strip, self.body), "  "))[0]
        task = self.task.removesuffix(SINGLE_LINE).rstrip()
        text = task.replace("\\", "\\\\").replace('"', '\\"')
        if task != self.task:
            throw = f'{indent}throw NotImplemented("{self.number}", "{text}");'
            return (f"{throw}  // remove this line", *self.body)
        throw = f'{indent}throw NotImplemented("{self.number}", "{text}");'
        if len(throw) <= COLUMNS:
            return (throw,)
        return (f"{indent}throw NotImplemented(", f'{indent}    "{self.number}", "{text}");')


def read_text(path: Path) -> str:
    """A source as it is, whatever its bytes: writing it back changes no more than \\r\\n to \\n."""
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def lines_of(text: str) -> list[str]:
    """The lines as an editor counts them: str.splitlines() also ends one at a form feed."""
    return text.removesuffix("\n").split("\n")


def parse(text: str, file: Path) -> list[Exercise]:
    """The exercises of one source, from top to bottom; raises Failure where marks do not pair."""
    exercises: list[Exercise] = []
    lines = lines_of(text)
    opened: tuple[int, re.Match] | None = None
    for at, line in enumerate(lines):
        begin = BEGIN.match(line)
        if begin:
            if opened:
                raise Failure(f"{file}:{at + 1}: exercise {begin[1]}.{begin[2]} begins inside "
                              f"exercise {opened[1][1]}.{opened[1][2]}: "
                              "'// end exercise' is missing before it")
            opened = (at, begin)
        elif END.match(line):
            if not opened:
                raise Failure(f"{file}:{at + 1}: '// end exercise' ends nothing: "
                              "'// exercise N.M: ...' is missing before it")
            first, mark = opened
            exercises.append(Exercise(int(mark[1]), int(mark[2]), mark[3].rstrip(), file, first,
                                      tuple(lines[first + 1:at])))
            opened = None
        elif LIKE_A_MARK.match(line):
            raise Failure(f"{file}:{at + 1}: is like a mark and is none: expected "
                          f"'// exercise N.M: what to do' or '// end exercise', "
                          f"found '{line.strip()}'")
    if opened:
        raise Failure(f"{file}:{opened[0] + 1}: exercise {opened[1][1]}.{opened[1][2]} does not "
                      "end: '// end exercise' is missing")
    return exercises


def in_file(path: Path) -> list[Exercise]:
    """The exercises of the source at path."""
    return parse(read_text(path), path)


def in_folder(folder: Path) -> list[Exercise]:
    """The exercises of all sources of a folder, in the order of their numbers."""
    found = [exercise for path in sorted(folder.glob("*.?pp")) for exercise in in_file(path)]
    return sorted(found, key=lambda exercise: (exercise.stage, exercise.place))


def emptied(text: str, file: Path, which: set[str] | None = None) -> str:
    """text with the exercises in `which`, or all of them, as a learner gets them to write."""
    lines = lines_of(text)
    chosen = [exercise for exercise in parse(text, file)
              if which is None or exercise.number in which]
    for exercise in reversed(chosen):
        first = exercise.begin + 1
        lines[first:first + len(exercise.body)] = exercise.starter
    if chosen:
        include_errors(lines)
    return "\n".join(lines) + "\n"


def include_errors(lines: list[str]) -> None:
    """Sees to it that NotImplemented is known."""
    if INCLUDE in lines:
        return
    includes = [at for at, line in enumerate(lines) if line.startswith("#include ")]
    if not includes:
        code = [at for at, line in enumerate(lines) if not line.startswith(("//", "#pragma"))]
        at = code[0] if code else len(lines)
        lines[at:at] = [INCLUDE, ""] if at == 0 else ["", INCLUDE]
        return
    # The first include of a source is its own header.
    later = [at for at in includes[1:]
             if lines[at].startswith('#include "') and lines[at] > INCLUDE]
    lines.insert(later[0] if later else includes[-1] + 1, INCLUDE)
