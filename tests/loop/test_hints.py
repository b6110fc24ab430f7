"""The hints of a stage: read whole or refused, shown one after the other."""

from __future__ import annotations

from support import InFolder

from arguments import Failure
from loop.hints import Help, Shown, read_help

HINTS = """# Hints for stage 3

## 3.1 at

1. First.
2. Second, with 4. in it.
3. `third`

Why it works: Because.

In PyTorch: `x[i]`.

## 3.2 transpose and more

1. One.
2. Two.
3. Three.

Why it works: It does.

In PyTorch: `x.t()`.
"""


class Sections(InFolder):
    def test_are_read_by_their_exercise(self) -> None:
        helps = read_help(self.write("hints.md", HINTS))
        self.assertEqual(list(helps), ["3.1", "3.2"])
        self.assertEqual(helps["3.1"], Help("3.1", "at", ["First.", "Second, with 4. in it.",
                                                          "`third`"], "Because.", "`x[i]`."))
        self.assertEqual(helps["3.2"].title, "transpose and more")

    def test_one_that_lacks_something_names_its_place(self) -> None:
        for old, new, place, problem in (
                ("2. Two.\n", "", 13, "3.2: expected 3 hints, numbered from 1, found 2"),
                ("1. First.\n", "0. First.\n", 3, "3.1: expected 3 hints, numbered from 1"),
                ("3. Three.\n", "3. Three.\n4. Four.\n", 13, "3.2: expected 3 hints, numbered"),
                ("1. One.\n2. Two.", "2. Two.\n1. One.", 13, "3.2: expected 3 hints, numbered"),
                ("Why it works: It", "It", 13, "3.2: expected a line 'Why it works: ...', found"),
                ("In PyTorch: `x[i]`.\n", "", 3, "3.1: expected a line 'In PyTorch: ...', found"),
        ):
            with self.subTest(new), self.assertRaises(Failure) as raised:
                path = self.write("hints.md", HINTS.replace(old, new))
                read_help(path)
            self.assertTrue(str(raised.exception).startswith(f"{path}:{place}: exercise {problem}"),
                            raised.exception)

    def test_a_file_without_sections_helps_with_nothing(self) -> None:
        self.assertEqual(read_help(self.write("hints.md", "# Hints\n")), {})


class Levels(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.shown = Shown(self.root / "work")

    def levels(self, number: str, count: int) -> list[int]:
        return [self.shown.next_level(number) for _ in range(count)]

    def test_rise_to_the_third_which_stays(self) -> None:
        self.assertEqual(self.levels("3.1", 5), [1, 2, 3, 3, 3])

    def test_are_those_of_each_exercise_and_last(self) -> None:
        self.assertEqual(self.levels("3.1", 2), [1, 2])
        self.assertEqual(self.levels("3.2", 1), [1])
        self.assertEqual(Shown(self.root / "work").next_level("3.1"), 3)

    def test_a_damaged_file_makes_them_begin_again(self) -> None:
        for text in ("", "{", "[]", "7", "null", '{"3.1": "x"}', '{"3.1": null}', '{"3.1": [1]}',
                     '{"3.1": -5}', '{"3.1": 1e999}', '{"3.1": NaN}', "\x00"):
            with self.subTest(text):
                self.write("work/.hints", text)
                self.assertEqual(self.levels("3.1", 2), [1, 2])
        (self.root / "work/.hints").write_bytes(b"\xff\xfe")
        self.assertEqual(self.levels("3.1", 2), [1, 2])

    def test_more_hints_than_there_are_is_the_last(self) -> None:
        self.write("work/.hints", '{"3.1": 99}')
        self.assertEqual(self.levels("3.1", 1), [3])
