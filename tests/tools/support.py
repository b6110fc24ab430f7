"""What the tests of tools/ share: the way to the modules, and a small tree that looks like ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "tools"
sys.path.insert(0, str(TOOLS))

# Its programs are one shell script, so that configuring and building it take no compiler, no time.
CMAKE_LISTS = """
cmake_minimum_required(VERSION 3.21)
project(small_tree LANGUAGES NONE)
enable_testing()
file(GLOB stages CONFIGURE_DEPENDS stages/stage_*)
foreach(name stage_00_baseline stage_01_first stage_02_second stage_02_second_checks draw_digits)
  set(program ${CMAKE_BINARY_DIR}/bin/${name})
  add_custom_command(OUTPUT ${program} DEPENDS ${PROJECT_SOURCE_DIR}/program.sh
    COMMAND sh -n ${PROJECT_SOURCE_DIR}/program.sh
    COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/program.sh ${program} VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${program})
endforeach()
add_test(NAME the_checks COMMAND ${CMAKE_BINARY_DIR}/bin/stage_02_second_checks)
"""

PROGRAM = """#!/bin/sh
echo "$(basename "$0") in $(pwd): $*"
exit "${STATUS:-0}"
"""

AGENTS = """# A small tree
- not a row
- [x] 0 reference: frozen numbers -> the curve to land on
- [x] 1 stage_01_first: one thing: a colon -> an arrow -> and its end
- [ ] 2 stage_02_second: another -> something not finished
- [ ] 3 stage_03_third: a third -> something to come
"""


def make_tree(root: Path) -> Path:
    """Writes a tree with stages 0 to 2, and with this repository's tools, to a new folder."""
    for folder in ("reference", "stages/stage_01_first", "stages/stage_02_second"):
        (root / folder).mkdir(parents=True)
        (root / folder / "CMakeLists.txt").touch()
    (root / "CMakeLists.txt").write_text(CMAKE_LISTS)
    (root / "AGENTS.md").write_text(AGENTS)
    write_script(root / "program.sh", PROGRAM)
    shutil.copy(ROOT / "CMakePresets.json", root)
    (root / "data").mkdir()
    shutil.copy(ROOT / "data/mnist.sha256", root / "data")
    shutil.copytree(TOOLS, root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    return root


def write_script(path: Path, text: str) -> None:
    """Writes an executable file."""
    path.write_text(text)
    path.chmod(0o755)


def run(command: list[str | Path], **options) -> subprocess.CompletedProcess[str]:
    """Runs a command away from any terminal, and keeps what it prints."""
    return subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=60, **options)
