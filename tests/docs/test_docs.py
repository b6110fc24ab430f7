"""The chapters keep their word: excerpts stand in the files they name, and links lead somewhere."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "docs").glob("[0-9][0-9]_*.md"))
PAGES = [*CHAPTERS, *(ROOT / page for page in ("docs/design.md", "docs/how_to_learn.md", "README.md",
                                                "AGENTS.md", "data/README.md"))]

# An excerpt stands in the file that was named last before it. (A block of an example that stands in no
# file is fenced as `c++`.)
EXCERPT = re.compile(r"```(?:cpp|python)\n(.*?)```", re.DOTALL)
FILE = re.compile(r"`([\w.-]+/[\w./-]+\.(?:cpp|hpp|py))`")
LINK = re.compile(r"\]\(([^)#]+?)\)")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)

# A row of a chapter's exercises: | 3.2 | what to write | `file` | "name of a check" `[3.2]` |
EXERCISE_ROW = re.compile(
    r'^\| (\d+\.\d+) \| .+ \| `([\w.]+)` \| "(.+)" `\[(\d+\.\d+)\]` \|$', re.MULTILINE)
TEST_CASE = re.compile(r'TEST_CASE\(\s*"((?:[^"\\]|\\.)*)",\s*"([^"]*)"\)')


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

    def test_the_badge_counts_the_roadmap(self) -> None:
        rows = re.findall(r"^- \[(.)\] \d+ ", (ROOT / "AGENTS.md").read_text(), re.MULTILINE)
        counted = f"{rows.count('x')} of {len(rows)}"
        self.assertIn(f"[![{counted} stages proved]", (ROOT / "README.md").read_text())
        badge = (ROOT / "docs/images/badge.svg").read_text()
        self.assertEqual(re.findall(r"\d+ of \d+", badge), [counted, counted])

    def test_every_exercise_is_in_its_chapter(self) -> None:
        for source in ROOT.glob("stages/stage_*/*.?pp"):
            chapter = ROOT / "docs" / (source.parent.name.removeprefix("stage_") + ".md")
            for exercise in re.findall(r"// exercise (\d+\.\d+)", source.read_text()):
                with self.subTest(exercise=exercise):
                    self.assertIn(exercise, chapter.read_text())

    def test_every_exercise_has_a_row_with_its_file_and_a_check_that_judges_it(self) -> None:
        for stage in sorted(ROOT.glob("stages/stage_*")):
            chapter = ROOT / "docs" / (stage.name.removeprefix("stage_") + ".md")
            files = {exercise: source.name for source in stage.glob("*.?pp")
                     for exercise in re.findall(r"// exercise (\d+\.\d+):", source.read_text())}
            checks = {name.replace('\\"', '"'): tags for source in stage.glob("*checks.cpp")
                      for name, tags in TEST_CASE.findall(source.read_text())}
            rows = EXERCISE_ROW.findall(chapter.read_text())
            with self.subTest(chapter=chapter.name):
                self.assertEqual(sorted(files), [exercise for exercise, *_ in rows])
            for exercise, file, check, tag in rows:
                with self.subTest(exercise=exercise):
                    self.assertEqual(files.get(exercise), file)
                    self.assertEqual(tag, exercise)
                    self.assertIn(check, checks)
                    self.assertIn(f"[{tag}]", checks[check])


if __name__ == "__main__":
    unittest.main()
