"""The chapters keep their word: excerpts stand in the files they name, and links lead somewhere."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "docs").glob("[0-9][0-9]_*.md"))
PAGES = [*CHAPTERS, ROOT / "docs/design.md", ROOT / "README.md", ROOT / "AGENTS.md",
         ROOT / "data/README.md"]

# An excerpt stands in the file that was named last before it. (A block of an example that stands in no
# file is fenced as `c++`.)
EXCERPT = re.compile(r"```(?:cpp|python)\n(.*?)```", re.DOTALL)
FILE = re.compile(r"`([\w.-]+/[\w./-]+\.(?:cpp|hpp|py))`")
LINK = re.compile(r"\]\(([^)#]+?)\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


class Docs(unittest.TestCase):
    def test_every_stage_has_its_chapter(self) -> None:
        stages = {path.parent.name.removeprefix("stage_")
                  for path in ROOT.glob("stages/stage_*/CMakeLists.txt")} | {"00_baseline"}
        self.assertEqual({chapter.stem for chapter in CHAPTERS}, stages)

    def test_every_excerpt_stands_verbatim_in_the_file_it_names(self) -> None:
        for chapter in CHAPTERS:
            text = chapter.read_text()
            for excerpt in EXCERPT.finditer(text):
                file = FILE.findall(text[:excerpt.start()])[-1]
                with self.subTest(chapter=chapter.name, file=file, code=excerpt[1][:60]):
                    self.assertIn(excerpt[1], (ROOT / file).read_text())

    def test_every_link_leads_to_a_file(self) -> None:
        for page in PAGES:
            for link in LINK.findall(FENCED.sub("", page.read_text())):
                if not link.startswith("http"):
                    with self.subTest(page=page.name):
                        self.assertTrue((page.parent / link).exists(), link)

    def test_every_exercise_is_in_its_chapter(self) -> None:
        for source in ROOT.glob("stages/stage_*/*.?pp"):
            chapter = ROOT / "docs" / (source.parent.name.removeprefix("stage_") + ".md")
            for exercise in re.findall(r"// exercise (\d+\.\d+)", source.read_text()):
                with self.subTest(exercise=exercise):
                    self.assertIn(exercise, chapter.read_text())


if __name__ == "__main__":
    unittest.main()
