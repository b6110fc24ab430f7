"""Reading a command line, and the two ways in which ./learn gives up: in one line each."""

from __future__ import annotations

import argparse


class Failure(Exception):
    """What was asked for is right and cannot be done: exit status 1."""

    status = 1


class UsageError(Failure):
    """What was asked for makes no sense: exit status 2."""

    status = 2


class Parser(argparse.ArgumentParser):
    """argparse whose errors are one line that names the mistake and what exists instead.

    Leave no argument required: argparse then complains of a missing one before a misspelt one.
    """

    def __init__(self, command: str, description: str, hint: str = "") -> None:
        super().__init__(prog=f"./learn {command}", description=description, epilog=hint,
                         allow_abbrev=False)
        self.command = command
        self.hint = hint

    def parse(self, arguments: list[str]) -> argparse.Namespace:
        """The arguments as attributes; raises UsageError for one that does not exist."""
        parsed, unknown = self.parse_known_args(arguments)
        if unknown:
            options = ", ".join(option for action in self._actions
                                for option in action.option_strings)
            hint = f"; {self.hint}" if self.hint else ""
            self.error(f"unknown argument '{unknown[0]}': the options are {options}{hint}")
        return parsed

    def error(self, message: str) -> None:
        """Called by argparse as well."""
        raise UsageError(f"{self.command}: {message}")


def split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before the first `--` is for ./learn, what stands after it for the program."""
    if "--" not in arguments:
        return arguments, []
    dashes = arguments.index("--")
    return arguments[:dashes], arguments[dashes + 1:]


def split_at_foreign_option(arguments: list[str], own: set[str]) -> tuple[list[str], list[str]]:
    """What stands before the first option that is not our own is for ./learn; that option and all
    behind it are the program's. A `--` in front of them may be left out."""
    for at, argument in enumerate(arguments):
        if argument.startswith("-") and argument not in own:
            return arguments[:at], arguments[at + (argument == "--"):]
    return arguments, []


def choose(what: str, name: str, table: dict):
    """table[name]; raises UsageError naming what exists when that does not."""
    if name not in table:
        raise UsageError(f"unknown {what} '{name}': the {what}s are {', '.join(table)}")
    return table[name]
