"""The page of stage 20 in a real browser: it needs no network, fits a phone, and can be read by day and
by night. Where there is no Chromium these tests are skipped, and the stage's own checks alone judge it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from chromium import Chromium, find_chromium

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("NT_BUILD", ROOT / "build/default")) / "bin" / "stage_20_capstone"
SECTIONS = ["curve", "digits", "mistakes", "matrix", "ladder", "parity", "roadmap"]
SCHEMES = ("light", "dark")
WIDTHS = (360, 390, 768, 1200)

# The contrast of every text with what is behind it, as WCAG 2.1 defines it, and whether it is large.
# Behind a text of the heat map is its coloured square; elsewhere it is the nearest background.
CONTRASTS = """(() => {
  const parts = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return {rgb: [r, g, b], a};
  };
  const over = (upper, a, lower) => upper.map((x, i) => a * x + (1 - a) * lower[i]);
  const luminance = rgb => {
    const [r, g, b] = rgb.map(x => x / 255)
                         .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const {rgb, a} = parts(getComputedStyle(at).backgroundColor);
      if (a === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const below = text => {
    let rgb = ground(text.closest('figure'));
    const box = text.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    for (const square of text.ownerSVGElement.querySelectorAll('rect.right, rect.wrong')) {
      const area = square.getBoundingClientRect();
      if (area.left < x && x < area.right && area.top < y && y < area.bottom) {
        const style = getComputedStyle(square);
        rgb = over(parts(style.fill).rgb, Number(style.fillOpacity), rgb);
      }
    }
    return rgb;
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter(node => node.nodeType === 3)
                                        .map(node => node.data.trim()).join('');
    if (!text || ['title', 'style'].includes(element.tagName.toLowerCase())) continue;
    const style = getComputedStyle(element), svg = element instanceof SVGElement;
    const behind = svg ? below(element) : ground(element);
    const {rgb, a} = parts(svg ? style.fill : style.color);
    const [dark, light] = [luminance(over(rgb, a, behind)), luminance(behind)].sort((p, q) => p - q);
    const size = parseFloat(style.fontSize);
    found.push({text: text.slice(0, 40), ratio: (light + 0.05) / (dark + 0.05),
                large: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)});
  }
  return found;
})()"""

# Elements that reach beyond the window, unless they can be scrolled there.
TOO_WIDE = """[...document.querySelectorAll('body *')]
  .filter(element => !element.parentElement.closest('.table')
                     && element.getBoundingClientRect().right > innerWidth + 0.5)
  .map(element => element.tagName + ' ' + element.textContent.slice(0, 40))"""


def write_report(folder: Path, program: str, holds: bool) -> None:
    """A report as `--report` writes it."""
    proof = {"name": "x", "measure": "y", "value": 0 if holds else 2, "limit": 1, "pass": holds}
    report = {"program": program, "backend": "naive", "seed": 1, "pass": holds, "proofs": [proof]}
    (folder / f"{program}.json").write_text(json.dumps(report))


@unittest.skipUnless(find_chromium(), "there is no Chromium here: apt-get install chromium")
class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        proofs = Path(folder.name) / "proofs"
        proofs.mkdir()
        write_report(proofs, "stage 07 attention", True)
        write_report(proofs, "stage 08 encoder", False)
        cls.page = Path(folder.name) / "page.html"
        subprocess.run([PROGRAM, "--data", "digits", "--replay", "--page", cls.page,
                        "--proofs", proofs], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)
        cls.browser = Chromium(find_chromium())
        cls.addClassCleanup(cls.browser.close)

    def open(self, width: int = 1200, scheme: str = "light") -> None:
        self.browser.open(self.page, width, scheme)

    def count(self, selector: str) -> int:
        return self.browser.value(f"document.querySelectorAll({json.dumps(selector)}).length")

    def test_it_opens_without_a_network_and_without_a_complaint(self) -> None:
        self.open()
        self.assertEqual(self.browser.complaints, [])
        self.assertEqual([url for url in self.browser.requests if not url.startswith("data:")],
                         [self.page.resolve().as_uri()])
        self.assertLess(self.page.stat().st_size, 2_000_000)

    def test_a_complaint_would_be_heard(self) -> None:
        self.open()
        self.browser.value("console.error('x'); fetch('https://example.org').catch(() => 0); 0")
        for _ in range(100):
            self.browser.value("new Promise(done => setTimeout(done, 20)), 0")
            if len(self.browser.requests) > 1 and self.browser.complaints:
                break
        self.assertIn("console.error", self.browser.complaints)
        self.assertIn("https://example.org/", self.browser.requests)

    def test_it_has_all_sections_and_every_way_to_one_leads_there(self) -> None:
        self.open()
        self.assertEqual(self.browser.value("[...document.querySelectorAll('section')].map(s => s.id)"),
                         SECTIONS)
        self.assertEqual(self.browser.value(
            "[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))"),
            [f"#{name}" for name in SECTIONS])
        self.assertEqual(self.count("h1"), 1)
        self.assertEqual(self.count("section > h2"), len(SECTIONS))
        self.assertEqual(self.count("html[lang=en]"), 1)

    def test_every_picture_is_there_and_says_what_it_shows(self) -> None:
        self.open()
        self.browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
        self.assertGreater(self.count("img"), 60)
        self.assertEqual(self.browser.value(
            "[...document.images].filter(i => !i.alt || i.naturalHeight !== 28).length"), 0)
        self.assertEqual(self.count("svg:not([role=img])"), 0)
        self.assertEqual(self.count("svg:not([aria-label])"), 0)

    def test_it_is_no_wider_than_the_window(self) -> None:
        for width in WIDTHS:
            with self.subTest(width=width):
                self.open(width)
                self.browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
                self.assertEqual(self.browser.value(TOO_WIDE), [])
                self.assertEqual(self.browser.value("innerWidth"), width)
                self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), width)

    def test_no_table_has_to_be_scrolled_on_a_phone(self) -> None:
        self.open(390)
        self.assertEqual(self.count(".table"), 3)
        self.assertEqual(self.browser.value(
            "[...document.querySelectorAll('.table')].filter(t => t.scrollWidth > t.clientWidth).length"),
            0)

    def test_every_text_can_be_read_by_day_and_by_night(self) -> None:
        grounds = set()
        for scheme in SCHEMES:
            self.open(scheme=scheme)
            grounds.add(self.browser.value("getComputedStyle(document.body).backgroundColor"))
            contrasts = self.browser.value(CONTRASTS)
            self.assertGreater(len(contrasts), 300)
            for contrast in contrasts:
                with self.subTest(scheme=scheme, text=contrast["text"]):
                    self.assertGreaterEqual(contrast["ratio"], 3 if contrast["large"] else 4.5)
        self.assertEqual(len(grounds), 2)

    def test_a_stage_is_ticked_by_its_report_alone(self) -> None:
        self.open()
        self.assertEqual(self.browser.value(
            "[...document.querySelectorAll('.road .ticked')].map(li => li.dataset.stage)"), ["7", "20"])
        self.assertEqual(self.count(".road li"), 21)


if __name__ == "__main__":
    unittest.main()
