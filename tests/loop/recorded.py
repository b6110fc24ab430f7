"""What the tests of tools/loop share: outputs that GCC 12 and its sanitizers really gave.

Each stands in outputs/, behind a line `==== name stage`, shortened to the lines that matter; the
tree that it was recorded in is called ROOT_THERE.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ROOT_THERE = "/home/you/nano-torch"
sys.path.insert(0, str(ROOT / "tools"))

from loop.compiler import explain_build  # behind the line that shows the way to it


class Output(NamedTuple):
    """A recorded output, and the stage whose learner caused it."""

    stage: str
    text: str


def outputs(file: str) -> dict[str, Output]:
    """The outputs of one file, by name."""
    text = (Path(__file__).parent / "outputs" / file).read_text(encoding="utf-8")
    parts = re.split(r"^==== (\w+) (\w+)\n", text, flags=re.MULTILINE)[1:]
    return {name: Output(stage, output)
            for name, stage, output in zip(parts[::3], parts[1::3], parts[2::3])}


def tree(root: Path) -> Path:
    """The course, with every stage started in work/ as if it were solved."""
    (root / "stages").symlink_to(ROOT / "stages")
    (root / "common").symlink_to(ROOT / "common")
    for stage in sorted(ROOT.glob("stages/stage_*")):
        (root / "work" / stage.name).mkdir(parents=True)
        for source in stage.glob("*.?pp"):
            if source.name != "main.cpp" and not source.name.endswith("checks.cpp"):
                shutil.copy(source, root / "work" / stage.name)
    return root


OUTPUTS = outputs("compiler.txt")


class Case(unittest.TestCase):
    """A test in a tree with all stages started."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = tree(Path(temporary.name))

    def folder(self, stage: str = "stage_03_storage") -> Path:
        """Where the learner writes a stage."""
        return self.root / "work" / stage

    def here(self, *names: str) -> str:
        """Recorded outputs one after the other, as if this tree had been built."""
        text = "\n".join(OUTPUTS[name].text for name in names)
        return text.replace(ROOT_THERE, str(self.root))

    def explained(self, *names: str) -> list[str]:
        """The lines of the explanation."""
        return explain_build(self.here(*names), self.folder(OUTPUTS[names[0]].stage)).splitlines()
