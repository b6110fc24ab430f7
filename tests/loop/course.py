"""A small course of three stages with exercises, in which nothing compiles: its programs are one
shell script, followed by the sources they are made of, where they look for what is written."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from support import ROOT, InFolder, learn

from stages import Stage

# As cmake/towers.cmake does: the course's own programs, and those of each tower that has stages.
CMAKE_LISTS = """
cmake_minimum_required(VERSION 3.21)
project(small_course LANGUAGES NONE)
set(NT_TOWERS "" CACHE STRING "")
file(GLOB stages RELATIVE ${PROJECT_SOURCE_DIR}/stages CONFIGURE_DEPENDS stages/stage_*)
foreach(tower IN ITEMS course ${PROJECT_SOURCE_DIR}/work ${NT_TOWERS})
  get_filename_component(name ${tower} NAME)
  set(touched OFF)
  set(sources)
  set(ending .${name})
  set(bin ${CMAKE_BINARY_DIR}/bin/${name})
  if(tower STREQUAL course)
    set(touched ON)
    set(ending)
    set(bin ${CMAKE_BINARY_DIR}/bin)
  endif()
  foreach(stage ${stages})
    set(course ${PROJECT_SOURCE_DIR}/stages/${stage})
    file(GLOB own CONFIGURE_DEPENDS ${tower}/${stage}/*.?pp)
    if(IS_DIRECTORY ${tower}/${stage})
      set(touched ON)
    else()
      file(GLOB own ${course}/[a-z]*.?pp)
      list(REMOVE_ITEM own ${course}/main.cpp ${course}/checks.cpp)
    endif()
    list(APPEND sources ${own})
    if(touched)
      foreach(kind "" _checks)
        set(parts ${PROJECT_SOURCE_DIR}/program.sh ${course}/checks.cpp ${sources})
        add_custom_command(OUTPUT ${bin}/${stage}${kind} DEPENDS ${parts}
          COMMAND sh ${PROJECT_SOURCE_DIR}/compile.sh ${bin}/${stage}${kind} ${parts} VERBATIM)
        add_custom_target(${stage}${kind}${ending} DEPENDS ${bin}/${stage}${kind})
      endforeach()
    endif()
  endforeach()
endforeach()
set(baseline ${CMAKE_BINARY_DIR}/bin/stage_00_baseline_checks)
set(parts ${PROJECT_SOURCE_DIR}/program.sh ${PROJECT_SOURCE_DIR}/reference/checks.cpp)
add_custom_command(OUTPUT ${baseline} DEPENDS ${parts}
  COMMAND sh ${PROJECT_SOURCE_DIR}/compile.sh ${baseline} ${parts} VERBATIM)
add_custom_target(stage_00_baseline_checks DEPENDS ${baseline})
"""

COMPILE = """
out=$1
shift
! grep -n 'syntax error' "$@" || exit 1
mkdir -p "$(dirname "$out")"
cat "$@" > "$out"
chmod +x "$out"
"""

# A check fails where a source says so: `wrong 1.2.` anywhere, for what is tagged [1.2].
PROGRAM = """#!/bin/sh
[ "$1" = --reporter ] || { echo "$(basename "$0") in $(pwd): $*"; exit "${STATUS:-0}"; }
echo "$0" >> runs.log
exec 3> "$4"
status=0
xml() { printf '%s\\n' "$*" >&3; }
text=$(cat "$0")
says() { case $text in *"$1"*) true ;; *) false ;; esac }
xml '<Catch name="c"><Group name="c">'
while read -r tags name; do
  number=${tags##*[}
  number=${number%]}
  case $5 in *"~[$number]"*) continue ;; esac
  xml "<TestCase name='$name' tags='$tags' filename='checks.cpp' line='3'>"
  result=true
  if says "NotImplemented(\\"$number\\""; then
    xml "<Exception filename='checks.cpp' line='3'>"
    xml "exercise $number is not written yet: it</Exception>"
    result=false
  elif says "crash $number."; then
    kill -SEGV $$
  elif says "wrong $number."; then
    xml "<Expression success='false' type='CHECK' filename='checks.cpp' line='3'><Original>f() == 1"
    xml "</Original><Expanded>2 == 1</Expanded></Expression>"
    result=false
  fi
  [ $result = true ] || status=1
  xml "<OverallResult success='$result'/></TestCase>"
done <<END
$(sed -n 's/^TEST_CASE("\\(.*\\)", "\\(.*\\)").*/\\2 \\1/p' "$0")
END
xml '</Group><OverallResultsCases successes="1" failures="0"/></Catch>'
exit $status
"""

AGENTS = """# A small course
- [x] 0 reference: frozen numbers -> the curve to land on
- [x] 1 stage_01_first: one thing -> its end
- [x] 2 stage_02_second: another -> its end
- [x] 3 stage_03_third: a third -> its end
"""

NAMES = {1: "first", 2: "second", 3: "third"}

HEADER = """#pragma once

int sum();
"""

SOURCE = """#include "{name}.hpp"

int left() {{
  // exercise {n}.1: add the first and the "second"
  int sum = {n};
  sum += 1;
  return sum;
  // end exercise
}}

int right() {{
  // exercise {n}.2: subtract them
  int rest = {n};
  rest -= 1;
  return rest;
  // end exercise
}}
"""

CHECKS = """#include "{name}.hpp"

TEST_CASE("the sum is right in {name}", "[stage_0{n}][{n}.1]") {{}}
TEST_CASE("the rest is right in {name}", "[stage_0{n}][{n}.2]") {{}}
TEST_CASE("all is well in {name}", "[stage_0{n}]") {{}}
"""

HINTS = """# Hints for stage {n}

## {n}.1 left

1. Think of a sum.
2. Begin with {n}.
3. `sum += 1;`

Why it works: A sum has parts.

In PyTorch: `torch.add`.

## {n}.2 right

1. Think of a rest.
2. Begin with {n} again.
3. `rest -= 1;`

Why it works: A rest is left.

In PyTorch: `torch.sub`.
"""


def make_course(root: Path) -> Path:
    """Writes the course, with this repository's tools, to a folder."""
    (root / "reference" / "frozen").mkdir(parents=True)
    (root / "reference" / "CMakeLists.txt").touch()
    (root / "reference" / "checks.cpp").write_text('TEST_CASE("it is frozen", "[stage_00]") {}\n')
    (root / "reference" / "frozen" / "SHA256SUMS").write_text("0 nothing\n")
    for number in NAMES:
        make_stage(root, number)
    (root / "CMakeLists.txt").write_text(CMAKE_LISTS)
    (root / "compile.sh").write_text(COMPILE)
    (root / "program.sh").write_text(PROGRAM)
    (root / "AGENTS.md").write_text(AGENTS)
    shutil.copy(ROOT / "CMakePresets.json", root)
    return root


def make_stage(root: Path, number: int) -> Path:
    """Writes one stage, in which ./learn prove finds nothing to object to before it builds."""
    name = NAMES[number]
    folder = root / "stages" / f"stage_0{number}_{name}"
    folder.mkdir(parents=True)
    for file, text in {f"{name}.cpp": SOURCE, "checks.cpp": CHECKS, "hints.md": HINTS}.items():
        (folder / file).write_text(text.format(n=number, name=name))
    (folder / f"{name}.hpp").write_text(HEADER)
    (folder / "main.cpp").touch()
    (folder / "CMakeLists.txt").write_text(f"# builds {name}.cpp more_checks.cpp\n")
    mistakes = [{"name": f"mistake {find}", "exercise": f"{number}.{place}", "file": f"{name}.cpp",
                 "find": find, "replace": f"// wrong {number}.{place}.\n"}
                for place, find in ((1, "sum += 1;"), (1, "return sum;"), (2, "rest -= 1;"),
                                    (2, "return rest;"))]
    (folder / "mutants.json").write_text(json.dumps(mistakes))
    return folder


def without_exercises(root: Path) -> Stage:
    """Makes stage 2 one like the last of the course: solved, and with nothing to write."""
    stage = Stage(20, "stage_20_last")
    folder = (root / "stages" / f"stage_02_{NAMES[2]}").rename(root / "stages" / stage.program)
    for file in folder.iterdir():
        text = re.sub(r" *// (?:exercise 2\.\d: .*|end exercise)\n|\[2\.\d\]", "", file.read_text())
        file.write_text(text)
    (folder / "hints.md").write_text("# Hints for stage 20\n\nThere is nothing to write.\n")
    mistakes = json.loads((folder / "mutants.json").read_text())
    for mistake in mistakes:
        del mistake["exercise"]
    (folder / "mutants.json").write_text(json.dumps(mistakes))
    return stage


def solve(root: Path, number: int) -> Path:
    """Puts the course's sources into the learner's stage, which must be started; its source."""
    name = NAMES[number]
    own = root / "work" / f"stage_0{number}_{name}" / f"{name}.cpp"
    shutil.copy(root / "stages" / own.parent.name / own.name, own)
    return own


class InCourse(InFolder):
    """Every test has a course of its own, in which no stage is started."""

    def setUp(self) -> None:
        super().setUp()
        make_course(self.root)

    def learn(self, line: str) -> tuple[int, str, str]:
        """Status, stdout and stderr of a command."""
        return learn(self.root, line)

    def begin(self, *numbers: int, solved: bool = True) -> None:
        """Starts stages, and solves them or not."""
        for number in numbers:
            self.assertEqual(self.learn(f"start {number}")[0], 0)
            if solved:
                solve(self.root, number)

    def own(self, number: int) -> str:
        """The learner's source of a stage, from the root."""
        return f"work/stage_0{number}_{NAMES[number]}/{NAMES[number]}.cpp"

    def say(self, number: int, *words: str) -> None:
        """Adds lines to the learner's source of a stage: wrong 1.2, crash 1.2, syntax error."""
        with open(self.root / self.own(number), "a", encoding="utf-8") as file:
            file.writelines(f"// {word}.\n" for word in words)

    def runs(self) -> list[str]:
        """The check programs that have run since the last time, from the folder of programs."""
        log = self.root / "runs.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [str(Path(line).relative_to(self.root / "build/default/bin")) for line in lines]
