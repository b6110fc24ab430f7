"""Runs a check program to its end, whatever the learner's code does: a crash or an endless loop is
named with its check, and the other checks run all the same.
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from loop.cases import CRASHED, ENDED, HUNG, Case, Failure, Reader, in_words

# The slowest check of the reference takes 0.3 s; under the sanitizers, 20 times that.
CASE_SECONDS = 10
SANITIZED_SECONDS = 120
# Where one check has hung, others probably do, and a reader has waited long enough.
IMPATIENCE = 5
# An endless loop that fetches memory must not take the machine with it.
MEMORY = 4 << 30
OUTPUT_BYTES = 100_000
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # each thread reserves memory
    # The sanitizers report a crash before Catch2 hears of it, and say where it came from.
    "ASAN_OPTIONS": "handle_abort=2:handle_segv=2", "UBSAN_OPTIONS": "print_stacktrace=1",
}


@dataclass
class Run:
    """What one process of a check program did."""

    reader: Reader
    output: str  # the first OUTPUT_BYTES of what it printed past Catch2
    status: int


def run_checks(program: Path, root: Path, declared: list[Case], sanitized: bool = False
               ) -> tuple[list[Case], str]:
    """Runs every declared check; the cases in the order of declaration, and what was printed.

    A check that hangs or crashes ends its process, so the rest runs in another one, without the
    checks of the same exercise: they would do the same, and are left unrun.
    """
    seen: dict[str, Case] = {}
    printed = ""
    excluded: list[str] = []
    seconds = SANITIZED_SECONDS if sanitized else CASE_SECONDS
    while True:
        run = run_once(program, root, excluded, seconds, None if sanitized else MEMORY)
        printed += run.output
        for case in run.reader.cases:
            seen.setdefault(case.name, case)
        stopped = [case for case in run.reader.cases if case.outcome in (CRASHED, HUNG, ENDED)]
        if not stopped:
            break
        further = ([f"~[{tag}]" for tag in stopped[0].exercises]
                   or [f"~{escaped(stopped[0].name)}"])
        if set(further) <= set(excluded):
            break  # it runs all the same, and would for ever
        if stopped[0].outcome == HUNG and not excluded:
            seconds /= IMPATIENCE
        excluded += further
    if run.status != 0 and not any(case.failures for case in seen.values()):
        broken = Case("the check program", (), program.name, 0, CRASHED)
        broken.failures.append(Failure(0, "", ending(run.status, "outside of its checks")))
        return [broken], printed
    return [seen.get(case.name, case) for case in declared], printed


def run_once(program: Path, root: Path, excluded: list[str], seconds: float, memory: int | None
             ) -> Run:
    """One process, without the excluded checks, and with a time limit for each check."""
    reader = Reader()
    report, report_end = os.pipe()
    command = [str(program), "--reporter", "xml", "--out", f"/dev/fd/{report_end}",
               "".join(["~[.]", *excluded])]
    environment = {**os.environ, **ENVIRONMENT}
    with subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          pass_fds=[report_end]) as process:
        os.close(report_end)
        if memory:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory, memory))
        output = follow(process, report, reader, seconds)
        process.wait()
    os.close(report)
    if reader.current:
        reader.stop(CRASHED if process.returncode else ENDED, ending(process.returncode))
    return Run(reader, output, process.returncode)


def follow(process: subprocess.Popen, report: int, reader: Reader, seconds: float) -> str:
    """Reads report and output until both end; kills the process when one check takes too long."""
    output = b""
    watched, since = None, time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(report, selectors.EVENT_READ)
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(timeout=0.2):
                data = os.read(key.fd, 1 << 16)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fd == report:
                    reader.feed(data)
                elif len(output) < OUTPUT_BYTES:
                    output += data
            if reader.current is not watched:
                watched, since = reader.current, time.monotonic()
            elif time.monotonic() - since > seconds and process.poll() is None:
                process.kill()
                if reader.current:
                    reader.stop(HUNG, f"did not end within {seconds:g} s: an endless loop?")
    return output.decode(errors="replace")


def ending(status: int, when: str = "in the middle of this check") -> str:
    """How a process ended that should have gone on."""
    if status >= 0:
        return f"the program ended {when}, with status {status}"
    return in_words(signal.Signals(-status).name)


def escaped(name: str) -> str:
    """A check's name as Catch2's command line takes it."""
    return '"' + "".join(f"\\{letter}" if letter in '\\,[]"~' else letter for letter in name) + '"'
