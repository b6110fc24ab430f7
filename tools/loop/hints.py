"""What a stage's hints.md says of its exercises, and which hint comes next."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from arguments import Failure

LEVELS = 3
SECTION = re.compile(r"^## (\d+\.\d+) (.+)$", re.MULTILINE)
HINT = re.compile(r"^(\d)\. (.+)$", re.MULTILINE)
WHY = re.compile(r"^Why it works: (.+)$", re.MULTILINE)
PYTORCH = re.compile(r"^In PyTorch: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Help:
    """All that is said of one exercise."""

    number: str
    title: str
    hints: list[str]
    why: str
    pytorch: str


def read_help(path: Path) -> dict[str, Help]:
    """The sections of a hints.md by their exercise; raises Failure where one lacks something."""
    text = path.read_text(encoding="utf-8")
    found = list(SECTION.finditer(text))
    ends = [section.start() for section in found[1:]] + [len(text)]
    helps = {}
    for section, end in zip(found, ends):
        body = text[section.end():end]
        hints = HINT.findall(body)
        where = f"{path}:{text.count(chr(10), 0, section.start()) + 1}: exercise {section[1]}"
        if [int(level) for level, _ in hints] != list(range(1, LEVELS + 1)):
            raise Failure(f"{where}: expected {LEVELS} hints, numbered from 1, "
                          f"found {len(hints)}")
        why, pytorch = WHY.search(body), PYTORCH.search(body)
        for part, name in ((why, "Why it works: ..."), (pytorch, "In PyTorch: ...")):
            if not part:
                raise Failure(f"{where}: expected a line '{name}', found none")
        helps[section[1]] = Help(section[1], section[2], [hint for _, hint in hints], why[1],
                                 pytorch[1])
    return helps


class Shown:
    """How many hints of each exercise were shown: a convenience, which says nothing of what works.

    Kept in work/.hints; a damaged file only makes the hints begin again.
    """

    def __init__(self, work: Path) -> None:
        self._file = work / ".hints"

    def next_level(self, number: str) -> int:
        """The level to show now, from 1; the last one stays."""
        level = min(self._read().get(number, 0) + 1, LEVELS)
        self._file.parent.mkdir(exist_ok=True)
        self._file.write_text(json.dumps({**self._read(), number: level}), encoding="utf-8")
        return level

    def _read(self) -> dict[str, int]:
        try:
            levels = json.loads(self._file.read_text(encoding="utf-8"))
            return {str(number): max(0, int(level)) for number, level in levels.items()}
        except (OSError, ValueError, OverflowError, TypeError, AttributeError):
            return {}
