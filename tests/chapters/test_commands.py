"""Every command that a page of the course shows can be typed as it stands.

`./learn` carries them out in a scratch course: the real stages, exercises and hints, with scripts for
programs, so that nothing compiles and nobody's work/ is touched. A program that `./learn run` would
become is then run for real. NOT_RUN names what is only parsed, with the reason.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from outputs import MNIST, output
from pages import BUILD, PAGES, ROOT, commands, spelt_out

sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/loop")]
import course  # noqa: E402  the way to it stands above
import learn  # noqa: E402
from loop import exercises  # noqa: E402
from stages import find_stages  # noqa: E402

# Where ./learn goes no further here: its own parser has read the command by then.
NOT_RUN = {
    "learn.run_tests": "./learn test: runs this very test; a step of CI",
    "mnist.download": "./learn data mnist: needs the network",
    "data.build": "./learn data digits: draws 60000 images",
    "loop.commands.watch_stage": "./learn watch: ends when its reader ends it",
    "bench.command.build": "./learn bench: a contest of minutes; a step of CI",
    "prove.command.prove": "./learn prove: builds for a minute a stage; a step of CI",
}
# These take minutes and stand in .ci/run, which runs them; the last one is that file.
STEPS_OF_CI = ("tests/walk.py", "reference/freeze.py --check", ".ci/run")
# This one writes the frozen files anew; with --check it computes the same, as a step of CI.
NEVER_RUN = ("reference/freeze.py",)


class Stopped(Exception):
    """Where ./learn would have gone on to something that it does not do here."""


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.root = make_scratch_course(Path(temporary.name).resolve())

    def test_every_command_shown_runs(self) -> None:
        shown = {form for page in PAGES for command in commands(page.read_text())
                 for form in spelt_out(command)}
        self.assertTrue(shown)
        for command in sorted(shown):
            with self.subTest(command):
                words = shlex.split(command)
                if words[0] == "./learn":
                    self.run_learn(words[1:])
                elif words[0] in ("cmake", "ctest"):
                    self.look_only(words)
                elif words[0].startswith("build/"):
                    self.run_in_scratch(words)
                elif command in STEPS_OF_CI:
                    self.assertTrue(os.access(ROOT / words[0], os.X_OK))
                    self.assertIn(command, (ROOT / ".ci/run").read_text() + ".ci/run")
                else:
                    self.assertIn(command, NEVER_RUN)

    def run_learn(self, arguments: list[str]) -> None:
        """One command line of ./learn, in the scratch course, with the stage of the line solved."""
        shutil.rmtree(self.root / "work", ignore_errors=True)
        stage = re.search(r"^(?!start|prove)\w+ ([1-9]\d*)", " ".join(arguments))
        if stage:
            self.solve("1")  # blame wants a stage below
            self.solve(stage[1])
        said = io.StringIO()
        with ExitStack() as stack:
            stack.enter_context(redirect_stdout(said))
            stack.enter_context(redirect_stderr(said))
            stack.enter_context(mock.patch.dict(os.environ))
            os.environ.pop("NANO_TORCH_MNIST", None)
            stack.enter_context(mock.patch("learn.build"))
            for place in NOT_RUN:
                stack.enter_context(mock.patch(place, side_effect=Stopped))
            become = stack.enter_context(mock.patch("os.execv", side_effect=Stopped))
            try:
                self.assertEqual(learn.main(arguments, self.root), 0, said.getvalue())
            except Stopped:
                pass
        if become.called and arguments[0] == "run" and "--mine" not in arguments:
            path, (_, *options) = become.call_args[0]
            if MNIST or "mnist" not in options:
                output(path.name, options)

    def solve(self, number: str) -> None:
        """Starts a stage with exercises, if that is not done, and puts the course's own code into it."""
        if not any(map(exercises.in_folder, self.root.glob(f"stages/stage_{int(number):02}_*"))):
            return
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            learn.main(["start", number], self.root)
        started = list(self.root.glob(f"work/stage_{int(number):02}_*/*.?pp"))
        self.assertTrue(started)
        for own in started:
            shutil.copy(self.root / "stages" / own.parent.name / own.name, own)

    def look_only(self, words: list[str]) -> None:
        """CMake's commands, told to say what they would do: others may be using the build."""
        dry = {"cmake --build": ["--", "-n"]}.get(" ".join(words[:2]), ["-N"])
        self.assert_runs([*words, *dry], ROOT)

    def run_in_scratch(self, words: list[str]) -> None:
        """A program of the build, where what it writes is in nobody's way."""
        folder = self.root / "written"
        (folder / "data").mkdir(parents=True, exist_ok=True)
        self.assert_runs([str(BUILD / "bin" / Path(words[0]).name), *words[1:]], folder)

    def assert_runs(self, words: list[str], folder: Path) -> None:
        """Exit status 0."""
        result = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


def make_scratch_course(root: Path) -> Path:
    """The sources and hints of the real stages, with the small course's scripts for a build, and a
    check for every exercise."""
    course.make_course(root)
    shutil.rmtree(root / "stages")
    shutil.copy(ROOT / "AGENTS.md", root)
    for stage in find_stages(ROOT)[1:]:
        folder = root / "stages" / stage.program
        shutil.copytree(ROOT / "stages" / stage.program, folder)
        for checks in folder.glob("*checks.cpp"):
            checks.unlink()
        numbers = [exercise.number for exercise in exercises.in_folder(folder)]
        (folder / "checks.cpp").write_text("".join(
            f'TEST_CASE("it does {number}", "[stage_{stage.number:02}][{number}]") {{}}\n'
            for number in numbers))
    return root


if __name__ == "__main__":
    unittest.main()
