"""Configures, builds and runs through CMake's preset `default`: quiet unless something is wrong."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import NoReturn

from arguments import Failure
from terminal import clear_status, say, show_status

PRESET = "default"
STEP = re.compile(r"\[(\d+/\d+)\] (.*)")
# What CMake and ninja say when all is well; with STEP left out too, compiler messages remain.
CHATTER = re.compile(r"-- |ninja: no work to do|ninja: Entering directory|$")
# The steps that ninja takes at every build to see whether there is something to do.
LOOKING = re.compile(r"Re-checking globbed|Re-running CMake")


def binary_folder(root: Path) -> Path:
    """Where the preset builds."""
    return root / "build" / PRESET


def program_path(root: Path, name: str) -> Path:
    """Where the build leaves a program (CMAKE_RUNTIME_OUTPUT_DIRECTORY)."""
    return binary_folder(root) / "bin" / name


def build(root: Path, target: str = "all") -> None:
    """Brings target up to date; shows the compiler's messages, and raises Failure when it fails."""
    configure(root)
    what = "everything" if target == "all" else target
    command = ["cmake", "--build", "--preset", PRESET, "--target", target]
    environment = {**os.environ, "NINJA_STATUS": "[%f/%t] "}  # the form that STEP reads
    with subprocess.Popen(command, cwd=root, env=environment, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        announced = False
        for line in map(str.rstrip, process.stdout):
            step = STEP.match(line)
            if step and not LOOKING.match(step[2]):
                if not announced:
                    say(f"building {what} ...")
                    announced = True
                show_status(f"[{step[1]}] {step[2]}")
            elif not step and not CHATTER.match(line):
                say(line)
    clear_status()
    if process.returncode:
        raise Failure(f"{what} does not build")


def configure(root: Path) -> None:
    """Configures the build folder where that is not done yet; ninja sees to it from then on."""
    folder = binary_folder(root)
    source = configured_source(folder)
    if source and source.resolve() != root.resolve():
        say(f"{folder} was configured for {source}: configuring it afresh")
        (folder / "CMakeCache.txt").unlink()
        shutil.rmtree(folder / "CMakeFiles", ignore_errors=True)
    elif (folder / "build.ninja").exists():
        return
    say(f"configuring {folder} ...")
    result = subprocess.run(["cmake", "--preset", PRESET], cwd=root, text=True, errors="replace",
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if result.returncode:
        say(result.stdout)
        raise Failure("CMake cannot configure the build: its reasons stand above")


def configured_source(folder: Path) -> Path | None:
    """The tree that a build folder was configured for; None where it was not.

    Another one than ours when the tree has been moved or copied, build folder included.
    """
    cache = folder / "CMakeCache.txt"
    if not cache.exists():
        return None
    home = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$",
                     cache.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return Path(home[1]) if home else None


def become_program(root: Path, name: str, options: list[str]) -> NoReturn:
    """Turns this process into the program, so that status, signals and terminal are its own."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and programs would inherit
    os.chdir(root)
    program = program_path(root, name)
    os.execv(program, [str(program), *options])


def run_tests(root: Path) -> int:
    """Runs every test of the build folder; 0 when all pass, 1 when not, or when there is none."""
    command = ["ctest", "--preset", PRESET, "--parallel", str(os.cpu_count() or 1),
               "--no-tests=error"]
    return 1 if subprocess.call(command, cwd=root) else 0
