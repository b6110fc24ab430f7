"""The tower goes upward only: CMake refuses to look up, and looking up does not compile."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("NT_BUILD", ROOT / "build/default"))


def refuse(name: str, uses: str) -> subprocess.CompletedProcess[str]:
    """Asks tower.cmake whether stage `name` may use those stages."""
    script = f'include("{ROOT}/cmake/tower.cmake")\nrefuse_to_look_up({name} "{uses}")\n'
    with tempfile.NamedTemporaryFile("w", suffix=".cmake") as file:
        file.write(script)
        file.flush()
        return subprocess.run(["cmake", "-P", file.name], capture_output=True, text=True)


def compile_with_flags_of(source: str, code: str) -> subprocess.CompletedProcess[str]:
    """Compiles `code` as if it stood in `source`, which belongs to a target."""
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    command = next(entry for entry in commands if entry["file"] == str(ROOT / source))
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as file:
        file.write(code)
        file.flush()
        arguments = [file.name if argument == str(ROOT / source) else argument
                     for argument in shlex.split(command["command"])]
        output = arguments.index("-o")
        arguments[output:output + 2] = ["-fsyntax-only"]
        return subprocess.run(arguments, cwd=command["directory"], capture_output=True, text=True)


class Tower(unittest.TestCase):
    def test_a_stage_may_use_those_below(self) -> None:
        self.assertEqual(refuse("03_storage", "01_tensor;02_backend").returncode, 0)

    def test_cmake_refuses_a_stage_above_and_says_why(self) -> None:
        for lookup in ("04_broadcast", "03_storage", "02_backend;10_tinyvit"):
            answer = refuse("03_storage", lookup)
            self.assertNotEqual(answer.returncode, 0, lookup)
            self.assertIn("stage 03_storage may not use stage", answer.stderr)

    def test_a_header_from_below_compiles(self) -> None:
        answer = compile_with_flags_of("stages/stage_03_storage/storage.cpp",
                                       '#include "tensor.hpp"\n#include "op.hpp"\n')
        self.assertEqual(answer.returncode, 0, answer.stderr)

    def test_a_header_from_above_does_not_compile(self) -> None:
        for source, header in (("stages/stage_03_storage/storage.cpp", "broadcast.hpp"),
                               ("reference/idx.cpp", "tensor.hpp"),
                               ("common/core/shape.cpp", "frozen.hpp")):
            answer = compile_with_flags_of(source, f'#include "{header}"\n')
            self.assertNotEqual(answer.returncode, 0, header)
            self.assertIn(f"{header}: No such file", answer.stderr)

    def test_eigen_and_python_stay_out_of_the_stages(self) -> None:
        users = [path.name for path in ROOT.glob("stages/*/*.?pp")
                 if re.search(r"#include <(Eigen|pybind11)/", path.read_text())]
        self.assertEqual(users, [])

    def test_headers_are_unique_by_the_name_by_which_they_are_included(self) -> None:
        folders = [ROOT / "reference", *(ROOT / "stages").iterdir()]
        names = Counter(path.relative_to(folder) for folder in folders
                        for path in folder.rglob("*.hpp"))
        self.assertEqual([name for name, count in names.items() if count > 1], [])


if __name__ == "__main__":
    unittest.main()
