"""docs/security.md: every requirement of the two lists has its row, and each test that is named is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import Final

from tests.architecture.sources import ROOT, tree

PAGE: Final = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
REASONS: Final = ("written: [", "does not apply: ", "operator: ", "rests on: ", "not met: ")
# The requirements of levels 1 and 2 in ASVS 5.0.0: by section the last number of each, those of level 3 left out.
SECTIONS: Final = """
1.1 2, 1.2 9, 1.3 11, 1.4 3, 1.5 2, 2.1 3, 2.2 3, 2.3 4, 2.4 1, 3.2 2, 3.3 4, 3.4 6, 3.5 5, 3.7 2, 4.1 3, 4.2 1, 4.3 2,
4.4 4, 5.1 1, 5.2 3, 5.3 2, 5.4 3, 6.1 3, 6.2 12, 6.3 4, 6.4 4, 6.5 5, 6.6 3, 6.8 4, 7.1 3, 7.2 4, 7.3 2, 7.4 5, 7.5 2,
7.6 2, 8.1 2, 8.2 3, 8.3 1, 8.4 1, 9.1 3, 9.2 4, 10.1 2, 10.2 2, 10.3 4, 10.4 11, 10.5 5, 10.6 2, 10.7 3, 11.1 2,
11.2 3, 11.3 3, 11.4 4, 11.5 1, 11.6 1, 12.1 3, 12.2 2, 12.3 4, 13.1 1, 13.2 5, 13.3 2, 13.4 5, 14.1 2, 14.2 4, 14.3 3,
15.1 3, 15.2 3, 15.3 7, 16.1 1, 16.2 5, 16.3 4, 16.4 3, 16.5 3, 17.1 1, 17.2 4, 17.3 2
"""
REQUIRED: Final = 253


def asvs() -> list[str]:
    sections = (one.split() for one in SECTIONS.replace("\n", " ").split(","))
    return [f"{section}.{number}" for section, last in sections for number in range(1, int(last) + 1)]


def rows() -> list[tuple[list[str], str]]:
    """The numbers of each row of the second list, and what shows it."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+[^|]*) \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    return [(re.findall(r"\d+\.\d+\.\d+", numbers), shown) for numbers, shown in found]


@cache
def functions_of(path: str) -> frozenset[str]:
    return frozenset(node.name for node in ast.walk(tree(ROOT / path)) if isinstance(node, ast.FunctionDef))


def test_every_requirement_has_one_row() -> None:
    numbers = [number for ones, _ in rows() for number in ones]
    assert len(asvs()) == REQUIRED
    assert sorted(numbers) == sorted(asvs())


def test_each_row_is_shown_or_says_why_not() -> None:
    assert [numbers for numbers, shown in rows() if not NAMED.match(shown) and not shown.startswith(REASONS)] == []


def test_the_ten_are_shown_by_tests() -> None:
    ten = re.findall(r"^\| API(\d+) [^|]+\| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert [int(number) for number, shown in ten if NAMED.match(shown)] == list(range(1, 11))


def test_each_test_that_is_named_is_there() -> None:
    named = set(NAMED.findall(PAGE))
    assert len(named) > 100
    assert {f"{path}::{name}" for path, name in named if name not in functions_of(path)} == set()


def test_what_is_not_met_stands_at_the_top() -> None:
    top = PAGE.split("## Not met\n")[1].split("\n## ")[0]
    missing = [numbers[0] for numbers, shown in rows() if shown.startswith("not met: ")]
    assert re.findall(r"^- (\d+\.\d+\.\d+)", top, re.MULTILINE) == missing


def test_the_readme_leads_here() -> None:
    assert "(docs/security.md)" in (ROOT / "README.md").read_text("utf-8")
