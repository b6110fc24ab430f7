"""./learn watch, in a terminal of our own: checks at every save, and keys."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import select
import subprocess
import sys
import termios
import time
from unittest import mock

from course import InCourse, solve
from support import TOOLS, run

from loop import watch
from loop.check import Options
from stages import find_stages

FRONT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import learn
sys.exit(learn.main(sys.argv[3:], Path(sys.argv[2])))
"""
PATIENCE = 20


class Terminal(InCourse):
    """Stage 1 is started, and watched in a pseudo terminal."""

    def setUp(self) -> None:
        super().setUp()
        self.begin(1, solved=False)

    def watch(self) -> None:
        self.unread = ""
        self.screen, self.inside = pty.openpty()
        self.addCleanup(os.close, self.screen)
        self.addCleanup(os.close, self.inside)
        self.before = termios.tcgetattr(self.inside)
        self.process = subprocess.Popen(
            [sys.executable, "-c", FRONT, str(TOOLS), str(self.root), "watch", "1"],
            stdin=self.inside, stdout=self.inside, stderr=self.inside, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.expect("watching work/stage_01_first/   h hint   n next   s solution   q quit")

    def expect(self, text: str) -> str:
        """What the screen shows from what was expected last up to text."""
        end = time.monotonic() + PATIENCE
        while text not in self.unread:
            ready, _, _ = select.select([self.screen], [], [], max(0, end - time.monotonic()))
            self.assertTrue(ready, f"no {text!r} in {self.unread!r}")
            self.unread += os.read(self.screen, 1 << 16).decode()
            self.unread = self.unread.replace("\r\n", "\n")
        before, _, self.unread = self.unread.partition(text)
        return before + text

    def press(self, key: str, text: str) -> str:
        os.write(self.screen, key.encode())
        return self.expect(text)

    def end(self, key: str) -> int:
        """The status after a key; the terminal is then as it was."""
        self.assertNotEqual(termios.tcgetattr(self.inside), self.before)
        os.write(self.screen, key.encode())
        status = self.process.wait(PATIENCE)
        self.assertEqual(termios.tcgetattr(self.inside), self.before)
        return status

    def test_checks_at_once_and_after_every_save(self) -> None:
        self.watch()
        own = solve(self.root, 1)
        self.assertIn("1.1   done   1 of 1    left", self.expect("stage 1 is done, all 3 checks"))
        self.expect("q quit")
        self.say(1, "wrong 1.2")
        self.assertIn("1.2   wrong  0 of 1    right", self.expect("q quit"))
        own.unlink()
        self.expect("work/stage_01_first/first.cpp: is missing: ")
        self.expect("q quit")
        solve(self.root, 1)
        self.expect("stage 1 is done")
        self.assertEqual(self.end("q"), 0)

    def test_keys_answer_for_the_exercise_that_comes_next(self) -> None:
        self.watch()
        self.press("h", "1.1 left, hint 1 of 3:\nThink of a sum.\n")
        self.press("xh", "1.1 left, hint 2 of 3:")
        self.press("n", '1.1 at work/stage_01_first/first.cpp:5: add the first and the "second"')
        self.press("s", "no exercise is done yet")
        self.replace(self.own(1), 'throw NotImplemented("1.1"', 'return 1;  // ("1.1"')
        self.expect("q quit")
        self.press("n", "1.2 at work/stage_01_first/first.cpp:11: subtract them")
        self.assertIn("return 1;", self.press("s", "In PyTorch: `torch.add`."))

    def test_keys_say_so_where_there_is_nothing_to_answer(self) -> None:
        solve(self.root, 1)
        self.watch()
        for key in "hn":
            self.press(key, "every exercise is done")
        self.press("s", "In PyTorch: `torch.sub`.")
        self.say(1, "syntax error")
        self.expect("q quit")
        for key in "hns":
            self.press(key, "first it must build")

    def test_what_is_typed_is_not_shown(self) -> None:
        self.watch()
        self.assertEqual(self.press("xyzn", "1.1 at").strip(), "1.1 at")

    def test_ctrl_d_ends_it_and_ctrl_c_interrupts_it(self) -> None:
        for key, status in (("\x04", 0), ("\x03", 130)):
            self.watch()
            self.assertEqual(self.end(key), status)


class Without(InCourse):
    def setUp(self) -> None:
        super().setUp()
        self.begin(1)

    def test_a_terminal_it_refuses(self) -> None:
        result = run([sys.executable, "-c", FRONT, TOOLS, self.root, "watch", "1"])
        self.assertEqual((result.returncode, result.stdout, result.stderr), (
            1, "", "learn: watch: reads keys, and standard input is no terminal\n"))

    def test_a_stage_of_mine_it_refuses(self) -> None:
        self.assertEqual(self.learn("watch 2"),
                         (1, "", "learn: stage 2 is not started: ./learn start 2\n"))

    def test_a_pause_it_checks_what_was_saved_during_the_check(self) -> None:
        calls = []

        def check(*arguments) -> None:
            calls.append(arguments)
            if len(calls) == 1:
                self.say(1, "saved while it is checked")

        stage = find_stages(self.root)[1]
        with contextlib.redirect_stdout(io.StringIO()), \
                mock.patch.object(watch, "single_keys", contextlib.nullcontext), \
                mock.patch.object(watch, "try_check", check), \
                mock.patch.object(watch, "read_key", lambda: "q"), \
                mock.patch("sys.stdin") as stdin:
            stdin.isatty.return_value = True
            self.assertEqual(watch.watch(self.root, stage, Options(), None, None), 0)
        self.assertEqual(len(calls), 2)
