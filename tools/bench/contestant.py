"""A contestant: a process that works while it is its turn, and sleeps while it is not."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from arguments import Failure


class Turn(NamedTuple):
    """How fast a contestant worked, and what it came to."""

    speed: float  # images, or floating-point operations, a second
    answer: float


class Contestant:
    """The process behind a name: it introduces itself in a line of JSON, and answers each job with
    another."""

    def __init__(self, name: str, command: list[str | Path], root: Path,
                 environment: dict[str, str] | None = None) -> None:
        self.name = name
        self.process = subprocess.Popen(
            command, cwd=root, env={**os.environ, **(environment or {})}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self.introduction = self._read()
        except BaseException:
            self.end()
            raise

    @property
    def missing(self) -> str | None:
        """What this machine lacks for it to take part."""
        return self.introduction.get("missing")

    def run(self, job: str, seconds: float) -> Turn:
        """Does a job, such as `train 64`, for that long."""
        try:
            print(job, seconds, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # it is dead, and reading says so
        answer = self._read()
        return Turn(answer["amount"] / answer["seconds"], answer["answer"])

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self.process.kill()
        self.process.communicate()

    def _read(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"bench: {self.name} ended with status {self.process.wait()}")
        try:
            return json.loads(line)
        except ValueError:
            raise Failure(f"bench: {self.name} said '{line.strip()}'") from None
