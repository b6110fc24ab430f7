"""The pages of the course, taken apart: their sections, their blocks, and the commands they show."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("NT_BUILD", ROOT / "build/default"))
CHAPTERS = sorted((ROOT / "docs").glob("[0-9][0-9]_*.md"))
PAGES = [*sorted((ROOT / "docs").glob("*.md")),
         *(ROOT / page for page in ("README.md", "AGENTS.md", "data/README.md"))]
LABELS = "data/digits/t10k-labels-idx1-ubyte.gz"

BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r"(\./learn|cmake|ctest|\.ci/run|build/default/bin/\w+|tests/\w+\.py"
                     r"|reference/freeze\.py)(?= |$)")


def commands(page: str) -> list[str]:
    """The commands that a page shows, in blocks without a language and between backticks."""
    lines = [line for block in BLOCK.finditer(page) if not block[1] for line in block[2].splitlines()]
    inline = [" ".join(code.split()) for code in INLINE.findall(BLOCK.sub("", page))]
    return [line for line in lines + inline if COMMAND.match(line)]


def spelt_out(command: str) -> list[str]:
    """The commands that a form such as `./learn hint [N.M]` stands for: without and with what is in
    brackets, with stage 3 for NN, an exercise of it for N.M, and the course's labels for FILE."""
    for form, example in {"N.M": "3.2", "NN": "3", "FILE": LABELS}.items():
        command = command.replace(form, example)
    forms = [re.sub(r" \[[^]]*\]", "", command), re.sub(r"\[(?:-- )?options\]|[][]", "", command)]
    return list(dict.fromkeys(" ".join(form.split()) for form in forms))


def sections(chapter: str) -> dict[str, str]:
    """A chapter's text by the titles of its sections; what stands before the first has the title ''."""
    parts = re.split(r"^## (.+)\n", chapter, flags=re.MULTILINE)
    return dict(zip(["", *parts[1::2]], parts[::2]))
