"""Configures, builds and runs through CMake's presets: quiet unless something is wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable, NoReturn

from arguments import Failure
from terminal import clear_status, say, show_status

PRESET = "default"
STEP = re.compile(r"\[(\d+/\d+)\] (.*)")
# What CMake and ninja say when all is well; with STEP left out too, compiler messages remain.
CHATTER = re.compile(r"-- |ninja: no work to do|ninja: Entering directory|$")
# The steps that ninja takes at every build to see whether there is something to do.
LOOKING = re.compile(r"Re-checking globbed|Re-running CMake")


def binary_folder(root: Path, preset: str = PRESET) -> Path:
    """Where the preset builds."""
    return root / "build" / preset


def program_path(root: Path, name: str, preset: str = PRESET) -> Path:
    """Where the build leaves a program (CMAKE_RUNTIME_OUTPUT_DIRECTORY)."""
    return binary_folder(root, preset) / "bin" / name


def build(root: Path, target: str = "all") -> None:
    """Brings target up to date; shows the compiler's messages, and raises Failure when it fails."""
    configure(root)
    what = "everything" if target == "all" else target
    if not run_ninja(root, [target], what, tell=say):
        raise Failure(f"{what} does not build")


def run_ninja(root: Path, targets: list[str], what: str, tell: Callable[[str], None],
              preset: str = PRESET, keep_going: bool = False) -> bool:
    """Builds targets in a configured folder, and tells every line that is not mere progress.

    Announces `what`, unless that is empty, when there is something to do.
    """
    command = ["cmake", "--build", "--preset", preset, "--target", *targets]
    if keep_going:
        command += ["--", "-k", "0"]
    # The form that STEP reads, and GCC in the language that loop/compiler.py reads.
    environment = {**os.environ, "NINJA_STATUS": "[%f/%t] ", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, cwd=root, env=environment, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        announced = not what
        for line in map(str.rstrip, process.stdout):
            step = STEP.match(line)
            if step and not LOOKING.match(step[2]):
                if not announced:
                    say(f"building {what} ...")
                    announced = True
                show_status(f"[{step[1]}] {step[2]}")
            elif not step and not CHATTER.match(line):
                tell(line)
    clear_status()
    return process.returncode == 0


def configure(root: Path, preset: str = PRESET, towers: list[Path] | None = None) -> None:
    """Configures the build folder where that is not done yet; ninja sees to it from then on.

    towers are those that must exist beside work/ (cmake/towers.cmake); others are then forgotten.
    """
    folder = binary_folder(root, preset)
    source = read_cache(folder, "CMAKE_HOME_DIRECTORY")
    fresh = (folder / "build.ninja").exists()
    if source and Path(source).resolve() != root.resolve():
        say(f"{folder} was configured for {source}: configuring it afresh")
        (folder / "CMakeCache.txt").unlink()
        shutil.rmtree(folder / "CMakeFiles", ignore_errors=True)
        fresh = False
    command = ["cmake", "--preset", preset]
    if towers is not None:
        wanted = ";".join(map(str, towers))
        fresh = fresh and wanted == (read_cache(folder, "NT_TOWERS") or "")
        command.append(f"-DNT_TOWERS={wanted}")
    if fresh:
        return
    if not source:
        say(f"configuring {folder} ...")
    result = subprocess.run(command, cwd=root, text=True, errors="replace",
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if result.returncode:
        say(result.stdout)
        raise Failure("CMake cannot configure the build: its reasons stand above")


def read_cache(folder: Path, entry: str) -> str | None:
    """An entry of CMake's cache; None where there is none.

    CMAKE_HOME_DIRECTORY is another tree than ours when the tree was moved or copied with its build.
    """
    cache = folder / "CMakeCache.txt"
    if not cache.exists():
        return None
    found = re.search(rf"^{entry}:\w+=(.*)$",
                      cache.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found[1] if found else None


def become_program(root: Path, program: Path, options: list[str]) -> NoReturn:
    """Turns this process into the program, so that status, signals and terminal are its own."""
    os.chdir(root)
    os.execv(program, [str(program), *options])


def run_tests(root: Path) -> int:
    """Runs every test that is not labelled slow; 0 when all pass, 1 when not, or at none."""
    command = ["ctest", "--preset", PRESET, "--parallel", str(os.cpu_count() or 1),
               "--label-exclude", "^slow$", "--no-tests=error"]
    return 1 if subprocess.call(command, cwd=root) else 0
