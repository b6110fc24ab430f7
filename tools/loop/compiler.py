"""What the output of a failed build comes down to: its first cause, where it is, what to do.

GCC finds many errors where one mistake is, and those of templates far from it. The first cause is
the first error on a line of the learner's own folder, or in code that such a line makes the
compiler look at; without any, the first error that there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from loop.mistakes import advice

PLACE = r"(?P<path>[^:\n]+):(?P<line>\d+):"
ERROR = re.compile(PLACE + r"(?:\d+:)? (?:fatal )?error: (?P<message>.+)$")
# The lines above an error that tell how GCC came to it: templates from inside out, or includes.
USED_BY = re.compile(PLACE + r"(?P<column>\d+):   (?:(?:recursively )?required|in 'constexpr')")
INCLUDED = re.compile(r"(?:In file included|\s+) from (?P<path>[^:\n]+):(?P<line>\d+)(?:\D|$)")
CONTEXT = re.compile(r"[^:\n]+: (?:In|At) |\s+from <command-line>:")
LINKER = re.compile(r"(?:" + PLACE + r" )?(?P<message>(?:undefined reference to|"
                    r"multiple definition of) [`'](?P<symbol>[^'\n]+)')")
LAMBDA = re.compile(r"^" + PLACE + r"\d+: note: candidate: .*<lambda", re.MULTILINE)
EXCERPT = re.compile(r" *\d* \|")
NO_HEADER = re.compile(r"(?P<header>\S+): No such file or directory")
NO_SOURCE = re.compile(r"(?P<path>\S+)\s+is\s+missing:\s+there\s+are\s+no\s+targets")
LONGEST = 200  # a message in letters, cut behind them
TAIL = 12  # lines of an output that is not understood


@dataclass(frozen=True)
class Spot:
    """A line of a source, and its text with a caret below, as far as they are known."""

    path: Path
    line: int
    excerpt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Error:
    """One error of the compiler: where, what, how GCC came to it, and what it says afterwards."""

    spot: Spot
    message: str
    uses: tuple[Spot, ...]
    includes: tuple[Spot, ...]
    rest: str


def explain_build(output: str, folder: Path, command: str = "") -> str:
    """The first cause in a failed build's output, in a few lines.

    folder is the learner's, such as work/stage_03_storage; command shows the output as it is.
    """
    text = plain(output)
    command = command or f"./learn check {int(folder.name.split('_')[1])} --raw"
    compiler = find_errors(text)
    linker = {found["symbol"]: found for found in LINKER.finditer(text)}
    missing = NO_SOURCE.search(text)
    if compiler:
        lines = explain_error(first_cause(compiler, folder), folder)
    elif linker:
        lines = explain_symbol(next(iter(linker.values())), text, folder)
    elif missing:
        return (f"{shown(Path(missing['path']), folder)}: this source is missing, and without it "
                "the stage cannot be built: put it back")
    else:
        tail = [line for line in output.splitlines() if line.strip()][-TAIL:]
        return "\n".join(["the build failed, and this is the end of what it says:", *tail])
    more = len({(error.spot, error.message) for error in compiler} or linker) - 1
    if more:
        lines.append(f"and {more} more error{'s' if more > 1 else ''}: {command} shows all of it")
    return "\n".join(lines)


def plain(output: str) -> str:
    """output with straight quotation marks, and without what GCC adds to types."""
    straight = output.replace("\u2018", "'").replace("\u2019", "'")
    return re.sub(r" \{aka [^{}\n]*\}| \[with [^\n]*\](?=')", "", straight)


def find_errors(text: str) -> list[Error]:
    """The compiler's errors, from top to bottom."""
    errors: list[Error] = []
    uses: list[Spot] = []
    includes: list[Spot] = []
    lines = text.splitlines()
    for at, line in enumerate(lines):
        error, use, include = ERROR.match(line), USED_BY.match(line), INCLUDED.match(line)
        if use:
            uses.append(spot_in_file(Path(use["path"]), int(use["line"]), int(use["column"])))
        elif include:
            includes.append(Spot(Path(include["path"]), int(include["line"])))
        elif error:
            excerpt = tuple(below for below in lines[at + 1:at + 3] if EXCERPT.match(below))
            errors.append(Error(Spot(Path(error["path"]), int(error["line"]), excerpt),
                                error["message"], tuple(uses), tuple(includes),
                                "\n".join(lines[at + 1:])))
        if not (use or include or CONTEXT.match(line)):
            uses, includes = [], []
    return errors


def first_cause(errors: list[Error], folder: Path) -> Error:
    """The first error with a line of the folder; the first one of all if there is none."""
    return next((error for error in errors if learners_spot(error, folder)), errors[0])


def learners_spot(error: Error, folder: Path) -> Spot | None:
    """The line of the folder that is nearest to the error."""
    spots = (error.spot, *error.uses, *error.includes)
    return next((spot for spot in spots if is_in(spot.path, folder)), None)


def is_in(path: Path, folder: Path) -> bool:
    """Whether path, through whatever tower, is a source of the learner's folder.

    The course's own folder and the copies of its checks have the same name.
    """
    return (path.parent.name == folder.name and path.parent.parent.name != "stages"
            and (folder / path.name).exists())


def shown(path: Path, folder: Path) -> str:
    """path as a learner knows it: from the root on; a copy of the checks as what it copies."""
    root = folder.parent.parent
    if is_in(path, folder):
        return str((folder / path.name).relative_to(root))
    if path.parent.name == folder.name:
        return f"stages/{folder.name}/{path.name}"
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def explain_error(error: Error, folder: Path) -> list[str]:
    """An error of the compiler."""
    spot = learners_spot(error, folder) or error.spot
    lines = [f"{shown(spot.path, folder)}:{spot.line}: error: {shortened(error.message)}",
             *spot.excerpt]
    header = NO_HEADER.match(error.message)
    if header:
        return [*lines, about_header(header["header"], folder)]
    what_to_do = advice(f"{error.message}\n{error.rest}")
    if spot.path.parent.name == folder.name and not is_in(spot.path, folder):
        declared = re.search(PLACE + r"\d+: note: (?:candidate|declared here)", error.rest)
        where = f"{shown(Path(declared['path']), folder)}:{declared['line']}" if declared else ""
        lines.append(f"The course's {spot.path.name} uses what your headers declare, and it does "
                     f"not fit: give {where or 'it'} the name and the parameters it had.")
    elif what_to_do:
        lines.append(what_to_do)
    if spot != error.spot:
        lines.append(f"(GCC saw it in {error.spot.path.name}:{error.spot.line}, which this line "
                     "uses.)")
    function = LAMBDA.search(error.rest) if "<lambda" in error.message else None
    if function and is_in(Path(function["path"]), folder):
        lines.append(f"(The lambda: {shown(Path(function['path']), folder)}:{function['line']})")
    return lines


def shortened(message: str) -> str:
    """The message without the surroundings of lambdas, and cut when it is still long."""
    while (end := message.find("::<lambda")) >= 0:
        message = message[:start_of_name(message, end)] + message[end + 2:]
    return message if len(message) <= LONGEST else f"{message[:LONGEST]} ..."


def start_of_name(text: str, end: int) -> int:
    """Where the name before end begins, whatever it has in brackets."""
    depth = 0
    for at in range(end - 1, -1, -1):
        depth += (text[at] in ")>}") - (text[at] in "(<{")
        if depth < 0 or (depth == 0 and text[at] in " ,'"):
            return at + 1
    return 0


def about_header(header: str, folder: Path) -> str:
    """Why a header is not found."""
    root = folder.parent.parent
    owner = next(root.glob(f"stages/stage_*/{header}"), None)
    if owner and owner.parent.name > folder.name:
        return (f"{header} belongs to {owner.parent.name}, and a stage sees only the stages below "
                "it: do without, with what there is up to here.")
    common = next(root.glob(f"common/*/{Path(header).name}"), None)
    if common:
        return f'It is included with its folder: #include "{common.parent.name}/{common.name}".'
    if header.startswith(("Eigen/", "pybind11/")):
        return "Eigen and Python belong to the reference: a stage does without them."
    return "There is no header of this name: is it misspelt?"


def explain_symbol(found: re.Match, text: str, folder: Path) -> list[str]:
    """A function that the linker finds nowhere, or more than once."""
    message = found["message"].replace("`", "'")
    name = re.search(r"(~?\w+)(?:\[[^]]*\])?(?:\(.*)?$", found["symbol"].removesuffix(" const"))
    own = [Spot(Path(each["path"].strip()), int(each["line"])) for each in LINKER.finditer(text)
           if each["symbol"] == found["symbol"] and each["path"]]
    own = [spot for spot in own if is_in(spot.path, folder)]
    if message.startswith("multiple"):
        headers = [spot for spot in own if spot.path.suffix == ".hpp"]
        spot = next(iter(headers or own), None)
        tip = ("Every source that includes the header brings its own copy: write inline before the "
               "function." if headers else
               "Two sources define it: rename one, or put it between namespace { and }.")
    else:
        spot = declaration(name[1] if name else found["symbol"], folder) or next(iter(own), None)
        tip = ("The header promises this function and no source has it: was it deleted or renamed, "
               "or are its parameters or its namespace others than in the header?")
    if not spot:
        return [f"error: {message}", tip]
    spot = spot if spot.excerpt else spot_in_file(folder / spot.path.name, spot.line)
    return [f"{shown(spot.path, folder)}:{spot.line}: error: {message}", *spot.excerpt, tip]


def declaration(name: str, folder: Path) -> Spot | None:
    """Where a header of the folder declares a function."""
    for path in sorted(folder.glob("*.hpp")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            found = re.match(rf"(?!\s*//).*?\b({re.escape(name)})\(", line)
            if found:
                return spot_in_file(path, number, found.start(1) + 1)
    return None


def spot_in_file(path: Path, line: int, column: int = 0) -> Spot:
    """A line with its text, and a caret below where its column is known."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace").splitlines()[line - 1]
    except (OSError, IndexError):
        return Spot(path, line)
    caret = (f"      | {' ' * (column - 1)}^",) if column else ()
    return Spot(path, line, (f"{line:5} | {text}", *caret))
