"""The check cases of a stage: as its sources declare them, and as Catch2's XML reports them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

# TEST_CASE("a sentence",   perhaps on two lines   "[stage_03][3.2]")
DECLARED = re.compile(r'TEST_CASE\(\s*"((?:[^"\\]|\\.)*)",\s*"([^"]*)"\)')
EXERCISE_TAG = re.compile(r"\[(\d+\.\d+)\]")
UNWRITTEN = re.compile(r"exercise (\d+\.\d+) is not written yet")
MISTAKE = re.compile(r"^likely mistake: .*$", re.MULTILINE)

# What the commonest signals mean; Catch2 and Python name them.
SIGNALS = {
    "SIGSEGV": "read or wrote memory that is not its own, or called itself without end",
    "SIGABRT": "stopped by an assertion",
    "SIGFPE": "divided a whole number by 0",
}
PASSED, FAILED, CRASHED, HUNG, ENDED = "passed", "failed", "crashed", "hung", "ended"


@dataclass
class Case:
    """One TEST_CASE and, once it has run, how it went."""

    name: str
    exercises: tuple[str, ...]
    file: str
    line: int
    outcome: str | None = None  # None: it has not run
    failures: list[Failure] = field(default_factory=list)
    printed: str = ""

    @property
    def judges(self) -> str | None:
        """The exercise that it judges: of several that it needs, the last."""
        return max(self.exercises, key=lambda number: int(number.split(".")[1]), default=None)

    @property
    def unwritten(self) -> set[str]:
        """The exercises at which it stopped because they are not written."""
        return {number for failure in self.failures
                for number in UNWRITTEN.findall(failure.text)}

    @property
    def wrong(self) -> list[Failure]:
        """Its failures that have another reason than an unwritten exercise."""
        return [failure for failure in self.failures if not UNWRITTEN.search(failure.text)]


@dataclass(frozen=True)
class Failure:
    """A failed expression, an exception or a crash, as a reader needs it."""

    line: int
    expression: str
    text: str

    @property
    def mistake(self) -> str:
        """The close-matcher's diagnosis, or nothing."""
        found = MISTAKE.search(self.text)
        return found[0] if found else ""

    @property
    def numbers(self) -> str:
        """The rest of the text."""
        return MISTAKE.sub("", self.text).replace("\n\n", "\n").strip("\n")


def declared_cases(folder: Path) -> list[Case]:
    """What the check files of a stage's folder declare, but for hidden ones such as [.slow]."""
    cases = []
    for path in sorted(folder.glob("*checks.cpp")):
        text = path.read_text(encoding="utf-8")
        for found in DECLARED.finditer(text):
            if "[." in found[2]:
                continue
            name = found[1].replace('\\"', '"').replace("\\\\", "\\")
            cases.append(Case(name, tuple(EXERCISE_TAG.findall(found[2])), path.name,
                              text.count("\n", 0, found.start()) + 1))
    return cases


class Reader:
    """Reads Catch2's XML as it comes, so that a report which breaks off still tells what it can."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.current: Case | None = None  # the one that is running
        self._parser = ElementTree.XMLPullParser(("start", "end"))
        self._information: list[str] = []
        self._in_expression = False

    def feed(self, data: bytes) -> None:
        """Takes in what has come. What is no XML ends the report."""
        try:
            self._parser.feed(data)
            for event, element in self._parser.read_events():
                (self._start if event == "start" else self._end)(element)
        except ElementTree.ParseError:
            self._parser = ElementTree.XMLPullParser(())

    def stop(self, outcome: str, failure: str) -> None:
        """Ends the running case, which will not end by itself."""
        self.current.outcome = outcome
        self.current.failures.append(Failure(self.current.line, "", failure))
        self.current = None

    def _start(self, element: ElementTree.Element) -> None:
        if element.tag == "TestCase":
            self.current = Case(element.get("name", ""),
                                tuple(EXERCISE_TAG.findall(element.get("tags", ""))),
                                Path(element.get("filename", "")).name, int(element.get("line", 0)))
            self.cases.append(self.current)
            self._information = []
        elif element.tag == "Expression":
            self._in_expression = True

    def _end(self, element: ElementTree.Element) -> None:
        text = (element.text or "").strip("\n")
        case = self.current
        if case is None:
            return
        elif element.tag == "Info":
            self._information.append(text.strip())
        elif element.tag == "Expression":
            self._in_expression = False
            if element.get("success") == "false":
                case.failures.append(self._failed_expression(element))
        elif element.tag in ("Exception", "FatalErrorCondition", "Failure"):
            # One inside an Expression is taken back when that ends, and told with it.
            text = in_words(text.strip())
            if not self._in_expression:
                text = self._with_information(text)
            case.failures.append(Failure(int(element.get("line", 0)), "", text))
            if element.tag == "FatalErrorCondition":
                case.outcome = CRASHED
        elif element.tag == "OverallResult":
            streams = ((element.findtext(tag) or "").strip() for tag in ("StdOut", "StdErr"))
            case.printed = "".join(f"{text}\n" for text in streams if text)
            if case.outcome is None:
                case.outcome = PASSED if element.get("success") == "true" else FAILED
            if case.outcome != PASSED and not case.failures:
                case.failures.append(Failure(case.line, "", "fails, and Catch2 does not say why"))
        elif element.tag == "TestCase":
            self.current = None

    def _failed_expression(self, element: ElementTree.Element) -> Failure:
        case = self.current
        inner = element.find("Exception")
        inner = element.find("FatalErrorCondition") if inner is None else inner
        if inner is not None:
            case.failures.pop()  # told when the inner element ended
            text = in_words((inner.text or "").strip())
        else:
            text = clean(element.findtext("Expanded") or "")
        original = " ".join((element.findtext("Original") or "").split())
        # Between two assertions there is none to name, only the line of the one before.
        known = element.get("type") and not original.startswith("{Unknown expression")
        return Failure(int(element.get("line", 0)),
                       f"{element.get('type')}({original})" if known else "",
                       self._with_information(text))

    def _with_information(self, text: str) -> str:
        """text below what INFO and CAPTURE have told of it; they are told anew for the next."""
        told, self._information = self._information, []
        return f"with {', '.join(told)}\n{text}" if told else text


def in_words(text: str) -> str:
    """A crash as Catch2 names it, with what it means; any other text as it is."""
    name = text.split(" ")[0]
    return f"crashed ({name}): {SIGNALS[name]}" if name in SIGNALS else text


def clean(expanded: str) -> str:
    """The values of a failed expression, without the frame that XML and the matcher put around."""
    text = expanded.strip("\n")
    indent = re.match(r" *", text)[0]
    text = text.removeprefix(indent).rstrip()
    return re.sub(r"^.* is within (\S+) of the expected\n", "", text, count=1, flags=re.DOTALL)
