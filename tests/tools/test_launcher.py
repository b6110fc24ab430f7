"""The launcher ./learn, with an apt-get, a dpkg-query and a sudo of our own on PATH."""

from __future__ import annotations

import shutil
import tempfile
import unittest
from pathlib import Path

from support import ROOT, run, write_script

DPKG_QUERY = """#!/bin/sh
# Answers as `dpkg-query -W -f ' ${Package}=${db:Status-Status} ' package...` does.
echo call >> "$STATE/dpkg-query"
shift 3
for package; do
  grep "^ $package=" "$STATE/packages" | tr -d '\\n'
done
"""
APT_GET = """#!/bin/sh
echo "apt-get $* ($DEBIAN_FRONTEND)" >> "$STATE/apt-get"
[ ! -e "$STATE/broken" ]
"""
SUDO = """#!/bin/sh
[ -e "$STATE/sudoer" ] || exit 1
shift
"$@"
"""
PACKAGES = "g++    compiles the stages\ncatch2 runs the checks\ncmake  configures\n"
FRONT = "import os, sys\nprint(sys.argv[1:], os.getcwd())\n"


class Launcher(unittest.TestCase):
    """A copy of the launcher in a folder with a space in its name, before a front that echoes."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.state = Path(temporary.name).resolve()
        self.tree = self.state / "a tree"
        self.commands = self.state / "commands"
        (self.tree / "tools").mkdir(parents=True)
        self.commands.mkdir()
        shutil.copy(ROOT / "learn", self.tree)
        (self.tree / "tools" / "packages.txt").write_text(PACKAGES)
        (self.tree / "tools" / "learn.py").write_text(FRONT)
        write_script(self.commands / "dpkg-query", DPKG_QUERY)
        write_script(self.commands / "apt-get", APT_GET)
        write_script(self.commands / "sudo", SUDO)
        self.be(user=0)
        self.installed(" g++=installed \n catch2=installed \n cmake=installed \n")

    def be(self, user: int) -> None:
        write_script(self.commands / "id", f"#!/bin/sh\necho {user}\n")

    def installed(self, packages: str) -> None:
        (self.state / "packages").write_text(packages)

    def log(self, command: str) -> str:
        path = self.state / command
        return path.read_text() if path.exists() else ""

    def learn(self, *arguments: str, program: Path | None = None, path: str | None = None):
        environment = {"PATH": path or f"{self.commands}:/usr/bin:/bin", "STATE": str(self.state)}
        return run(["/bin/sh", program or self.tree / "learn", *arguments], env=environment,
                   cwd=self.state)

    def test_hands_over_in_silence_when_nothing_is_missing(self) -> None:
        result = self.learn("run", "3", "--", "two words")
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.stdout, f"['run', '3', '--', 'two words'] {self.state}\n")
        self.assertEqual(self.log("dpkg-query"), "call\n")
        self.assertEqual(self.log("apt-get"), "")

    def test_works_through_symlinks(self) -> None:
        (self.state / "link").symlink_to(Path("a tree") / "learn")
        (self.state / "second").symlink_to("link")
        result = self.learn("check", program=Path("second"))
        self.assertEqual((result.stdout, result.stderr), (f"['check'] {self.state}\n", ""))

    def test_installs_what_is_missing_and_says_why(self) -> None:
        self.installed(" g++=installed \n")
        result = self.learn()
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr, r"\n  catch2 +runs the checks\n  cmake +configures\n$")
        self.assertNotIn("compiles", result.stderr)
        update, install = self.log("apt-get").splitlines()
        self.assertRegex(update, r" update \(noninteractive\)$")
        self.assertRegex(install, r" install -y --no-install-recommends catch2 cmake \(noninter")

    def test_a_package_removed_but_for_its_configuration_is_missing(self) -> None:
        self.installed(" g++=installed \n catch2=config-files \n cmake=half-installed \n")
        self.learn()
        self.assertIn("recommends catch2 cmake ", self.log("apt-get"))

    def test_installs_by_sudo(self) -> None:
        self.be(user=1000)
        (self.state / "sudoer").touch()
        self.installed(" g++=installed \n catch2=installed \n")
        self.assertEqual(self.learn().returncode, 0)
        self.assertIn("install -y --no-install-recommends cmake (noninter", self.log("apt-get"))

    def test_names_what_it_may_not_install(self) -> None:
        self.be(user=1000)
        self.installed(" catch2=installed \n")
        result = self.learn()
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(result.stderr, (
            "learn: missing, and only root may install: g++ cmake; as root, type: "
            "apt-get update && apt-get install -y --no-install-recommends g++ cmake\n"))
        self.assertEqual(self.log("apt-get"), "")

    def test_stops_when_apt_get_fails(self) -> None:
        self.installed(" g++=installed \n catch2=installed \n")
        (self.state / "broken").touch()
        result = self.learn()
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr.splitlines()[-1],
                         "^learn: apt-get could not install: cmake; as root, type: apt-get update")

    def test_without_dpkg_looks_for_the_commands(self) -> None:
        elsewhere = self.state / "elsewhere"
        elsewhere.mkdir()
        for command in ("dirname", "readlink"):
            (elsewhere / command).symlink_to(str(shutil.which(command)))
        for command in ("c++", "python3", "cmake"):
            write_script(elsewhere / command, "#!/bin/sh\n")
        result = self.learn(path=str(elsewhere))
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "learn: not on PATH: ninja "
                                        "(all that is needed: tools/packages.txt)\n")
        write_script(elsewhere / "ninja", "#!/bin/sh\n")
        self.assertEqual(self.learn(path=str(elsewhere)).returncode, 0)


class Packages(unittest.TestCase):
    """The list that the launcher reads."""

    def test_every_package_has_its_reason(self) -> None:
        text = (ROOT / "tools" / "packages.txt").read_text()
        self.assertTrue(text.endswith("\n"), "sh reads no line without its end")
        lines = text.splitlines()
        for line in lines:
            self.assertRegex(line, r"^[a-z0-9][a-z0-9+.-]+ +\S.*\S$")
        self.assertEqual(len(lines), len({line.split()[0] for line in lines}))
