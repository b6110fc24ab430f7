"""What a crash comes down to: the learner's line, and in plain words what is wrong there.

The reports are those of AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer, and the
assertions of libstdc++ and assert, which speak without sanitizers too. Only a stack tells the line
that broke one of libstdc++'s: ASAN_OPTIONS=handle_abort=2:handle_segv=2 prints it, even where
Catch2 would handle the signal, and UBSAN_OPTIONS=print_stacktrace=1 that of undefined behaviour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from loop.compiler import is_in, shown

FRAME = re.compile(r"\s+#\d+ 0x[0-9a-f]+ in (?P<function>.+) (?P<path>\S+?):(?P<line>\d+)"
                   r"(?::\d+)?$")
UNDEFINED = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+):\d+: runtime error: (?P<what>.+)$",
                       re.MULTILINE)
ADDRESS = re.compile(r"(?:\d+==)?ERROR: (?:Address|Leak)Sanitizer: (?:attempting )?"
                     r"(?P<kind>[\w-]+).*$", re.MULTILINE)
ASSERTION = re.compile(r"^(?:[^:\n]+: )?(?P<path>[^:\n]+):(?P<line>\d+): (?P<function>.+): "
                       r"Assertion [`'](?P<claim>.+)' failed\.?$", re.MULTILINE)
ACCESS = re.compile(r"^(?P<what>READ|WRITE) of size (?P<size>\d+)", re.MULTILINE)
REGION = re.compile(r"is located (?P<distance>\d+) bytes (?P<side>to the right of|after|"
                    r"to the left of|before|inside of) (?P<bytes>\d+)-byte region")
VARIABLE = re.compile(r"'(?P<name>[\w:]+)'.* <== Memory access|of global variable '(?P<globe>\w+)")
DEEP = 30  # calls from one line that are too many to be meant
NULL_PAGE = 4096  # an address below is a null pointer and a small distance

# What libstdc++ asserts, by what is in the claim.
CLAIMS = (
    ("__n < this->size()", "a std::{kind} was asked for an element past its end"),
    ("!this->empty()", "an empty std::{kind} was asked for its first or last element"),
    ("_M_is_engaged", "a std::optional without a value was opened by *"),
    ("_M_get() != nullptr", "a std::shared_ptr that points at nothing was opened by *"),
    ("buffer_->size()) == shape_.count()",
     "this Storage got more or fewer values than its shape counts"),
)
# What UndefinedBehaviorSanitizer says; {1} is the pattern's first group.
UNDEFINED_KINDS = (
    (r"signed integer overflow: (.+)", "computes a number that is too large: {1}"),
    (r"division by zero", "divides by zero"),
    (r"(.+) is outside the range .* type '(.+)'", "{1} does not fit into {2}"),
    (r"index (-?\d+) out of bounds for type '(.+)'", "asks for element {1} of {2}"),
    (r"(?:load|store) .* insufficient space", "reaches outside of an array"),
    (r".* null pointer", "uses a null pointer, which points at nothing"),
    (r".* misaligned address", "reads a number where none can begin: the pointer is wrong"),
    (r"shift exponent (-?\d+)", "shifts a number by {1} bits, more than it has"),
    (r"execution reached the end", "this function ended without the return that it owes"),
    (r"load of value .* 'bool'", "reads a bool that nobody has set"),
)
ADDRESS_KINDS = {
    "heap-use-after-free": "{does} a buffer that is freed already, with the Storage or the vector "
                           "that held it",
    "stack-use-after-scope": "{does} {variable}, whose block has ended",
    "stack-use-after-return": "{does} {variable}, whose function has returned",
    "stack-buffer-overflow": "{does} outside of {variable}",
    "global-buffer-overflow": "{does} outside of {variable}",
    "stack-overflow": "calls itself again and again: the recursion has no end",
    "double-free": "frees the same memory twice",
    "requested": "asks for more memory than there is: a size is wrong, perhaps negative",
    "detected": "takes memory by new and never gives it back",
    "ABRT": "stops the program by abort()",
}
KIND_NAMES = {"requested": "allocation-size-too-big", "detected": "memory leak"}


@dataclass(frozen=True)
class Frame:
    """One call of a stack: a line, and the function that it is in."""

    path: Path
    line: int
    function: str


def explain_crash(stderr: str, folder: Path) -> str | None:
    """One or two lines about the report in stderr; None where there is none that is understood.

    folder is the learner's, such as work/stage_03_storage.
    """
    assertion = ASSERTION.search(stderr)
    undefined = UNDEFINED.search(stderr)
    address = ADDRESS.search(stderr)
    if assertion:
        own = Frame(Path(assertion["path"]), int(assertion["line"]), assertion["function"])
        calls = stack(stderr[assertion.end():])
        line = told(about_claim(assertion), [own, *calls], folder)
        callers = [call for call in calls if (call.path, call.line) != (own.path, own.line)]
        where = place(callers, folder) if is_in(own.path, folder) else ""
        return f"{line}\nIt was called at {where}." if where else line
    if undefined:
        own = Frame(Path(undefined["path"]), int(undefined["line"]), "")
        calls = stack(stderr[undefined.end():])
        return told(about_undefined(undefined), calls or [own], folder)
    if address:
        report = stderr[address.start():]
        calls = stack(report)
        kind = address["kind"]
        if kind == "SEGV" and is_endless(calls):
            kind = "stack-overflow"
        if kind == "stack-overflow":
            calls = calls[1:]  # the innermost call is where it ran out, the others call themselves
        line = told(about_address(kind, address[0], report), calls, folder)
        freed = stack(report[report.find("freed by"):]) if "freed by" in report else []
        # Destructors and assignments that nobody wrote count as the line of their class.
        written = [call for call in freed if not re.search("~|operator=", call.function)]
        where = place(written, folder)
        return f"{line}\nIt was freed at {where}." if where else line
    return None


def stack(report: str) -> list[Frame]:
    """The first stack of a report, from the inside out."""
    frames: list[Frame] = []
    for line in report.splitlines():
        found = FRAME.match(line)
        if found:
            frames.append(Frame(Path(found["path"]), int(found["line"]), found["function"]))
        elif frames and not re.match(r"\s+#\d", line):
            break
    return frames


def told(what: str, frames: list[Frame], folder: Path) -> str:
    """what, with the line and the function where it happens, as far as they are known."""
    frame = chosen(frames, folder)
    if not frame:
        return what
    name = short_name(frame.function)
    return f"{shown(frame.path, folder)}:{frame.line}: {what}{f', in {name}' if name else ''}"


def place(frames: list[Frame], folder: Path) -> str:
    """The line of a stack, as in storage.cpp:42; empty where none is ours."""
    frame = chosen(frames, folder)
    return f"{shown(frame.path, folder)}:{frame.line}" if frame else ""


def chosen(frames: list[Frame], folder: Path) -> Frame | None:
    """The innermost call in the learner's folder, or else in the project."""
    root = folder.parent.parent
    return (next((frame for frame in frames if is_in(frame.path, folder)), None)
            or next((frame for frame in frames if frame.path.is_relative_to(root)), None))


def is_endless(calls: list[Frame]) -> bool:
    """Whether one line calls itself without end, whatever the report says."""
    inner = calls[1:DEEP + 1]
    return len(inner) == DEEP and len({(call.path, call.line) for call in inner}) == 1


def short_name(function: str) -> str:
    """nt::naive::add_product of void nt::naive::add_product(float const*, ...)."""
    if function.startswith("operator()"):
        return "a lambda"
    name = re.split(r"[<(]", function.replace("(anonymous namespace)::", ""), maxsplit=1)[0]
    return name.split()[-1] if name.split() else ""


def about_claim(found: re.Match) -> str:
    """An assertion in words."""
    for claim, words in CLAIMS:
        if claim in found["claim"]:
            kind = re.search(r"std::(vector|array|span)", found["function"])
            return words.format(kind=kind[1] if kind else "string")
    return f"the program relies on {found['claim']}, and it is not so"


def about_undefined(found: re.Match) -> str:
    """A runtime error of UndefinedBehaviorSanitizer in words."""
    if found["path"].endswith("core/array.hpp") and "null pointer" in found["what"]:
        return "asks an Array that holds no data, such as a gradient that nobody has set"
    for pattern, words in UNDEFINED_KINDS:
        kind = re.match(pattern, found["what"])
        if kind:
            return words.format(kind[0], *kind.groups())
    return found["what"]


def about_address(kind: str, headline: str, report: str) -> str:
    """An error of AddressSanitizer in words, and its name."""
    access = ACCESS.search(report)
    does = "uses"
    if access:
        does = f"{'reads' if access['what'] == 'READ' else 'writes'} {access['size']} bytes"
    region = REGION.search(report)
    if kind == "heap-buffer-overflow" and access and region:
        words = f"{does} {outside(region, int(access['size']))}"
    elif kind == "SEGV":
        words = about_segv(headline, report)
    else:
        variable = VARIABLE.search(report)
        name = f"'{variable['name'] or variable['globe']}'" if variable else "a variable"
        does = f"{does} of" if "use-after" in kind else does
        words = ADDRESS_KINDS.get(kind, "misuses memory").format(does=does, variable=name)
    return f"{words} ({KIND_NAMES.get(kind, kind)})"


def outside(region: re.Match, size: int) -> str:
    """Where an access lies beside a buffer."""
    distance = int(region["distance"])
    after = region["side"] in ("to the right of", "after")
    away = "" if distance == (0 if after else size) else f"that lie {distance} bytes "
    side = "past the end" if after else "before the beginning"
    return f"{away}{side} of a buffer of {region['bytes']} bytes"


def about_segv(headline: str, report: str) -> str:
    """An access to an address where nothing is.

    Catch2 raises the signal again, and the address is then the number of the process.
    """
    verb = "writes" if "caused by a WRITE" in report else "reads"
    address = re.search(r"unknown address 0x([0-9a-f]+)", headline)
    process = re.match(r"\d+", headline)
    if address and process and int(address[1], 16) == int(process[0]):
        return f"{verb} where nothing is: through a null pointer, or far from any buffer"
    if address and int(address[1], 16) < NULL_PAGE:
        return f"{verb} through a null pointer, which points at nothing"
    return f"{verb} far from any buffer: an index is much too large, or the pointer is wrong"
