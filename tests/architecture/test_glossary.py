"""The glossary's defaults are the code's defaults, and the figures it explains are those that are answered."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any, get_args

from ledger.domain import shape
from ledger.domain.terms import DEFAULT_TARIFF, DEFAULT_TERMS, TermsGiven
from projections.health.dimension import NAMES
from projections.reciprocity.measures import Balance, Minutes
from projections.withdrawal.points import Kind
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "glossary.md").read_text("utf-8")


def defaults() -> dict[str, Any]:
    """The rows of the page that give a value: `name` and the JSON beside it."""
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`|none) \|", PAGE, re.MULTILINE)
    return {name: json.loads(value or "null") for name, value in rows}


def test_the_default_terms_and_tariff_are_those_of_the_ledger() -> None:
    absent = {one.name: None for one in fields(TermsGiven) if one.name != "tariff"}
    terms = {name: value for name, value in shape.write(DEFAULT_TERMS).items() if name != "tariff"}
    assert defaults() == absent | terms | shape.write(DEFAULT_TARIFF)


def test_a_day_is_six_and_a_half_hours() -> None:
    [hours] = re.findall(r"A day is ([\d.]+) hours", PAGE)
    assert DEFAULT_TARIFF.day == float(hours) * 60


def test_every_figure_explained_is_answered() -> None:
    explained = re.findall(r"^\| [\w ]+ \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert len(explained) == 10
    assert set(explained) <= set(Balance(minutes=Minutes()).to_json())


def named(heading: str) -> list[str]:
    """The names that the table under a heading explains."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_every_dimension_and_every_kind_of_point_is_explained() -> None:
    assert named("How a partnership is doing") == list(NAMES)
    assert sorted(named("Leaving")) == sorted(get_args(Kind))
