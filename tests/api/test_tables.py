"""Tables as CSV: every list has one, its columns are there without a line, and no cell begins a formula."""

from __future__ import annotations

import csv
import io

import pytest

from tests.api.calls import Town


@pytest.fixture
def village(served: Town) -> Town:
    """Northfield, its framework and its calendar; nobody gave anybody anything."""
    for name in ("Northfield", "Ashfield"):
        served.school(name)
    served.key("auditor", "auditor", whole_ledger=True)
    component = {"component_id": "reading", "statement": "We read", "stance": "expected"}
    framework = {"owner_id": served.ids["Northfield"], "name": "Ours", "components": [component]}
    served.said("Northfield", "framework.published", **framework)
    term = {"name": "autumn", "starts_on": "2026-09-01", "ends_on": "2026-12-18"}
    year = {"for": served.ids["Northfield"], "academic_year": "2026/27", "terms": [term], "closed_days": []}
    served.said("Northfield", "calendar.terms_set", **year)
    return served


def table(village: Town, who: str, path: str) -> list[list[str]]:
    answer = village.get(who, f"/v1/{path}", Accept="text/csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv"), answer.get_data(as_text=True)
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def own(village: Town, name: str) -> str:
    return f"organisations/{village.ids['Northfield']}/{name}?min_position={village.ledger.head()}"


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("{own}/statement", {"on", "position", "counterpart_id", "category", "gave_minutes", "balance_minutes"}),
        ("{own}/partners", {"organisation_id", "given_minutes", "claimed_minutes", "balance_index", "warnings"}),
        ("{own}/governors", {"side", "partner_id", "confirmed_minutes"}),
        ("network/reciprocity", {"organisation_id", "given_minutes", "felt_given_minutes"}),
        ("programmes/report", {"partnership_id", "ends_on", "closed_on", "two_way", "health"}),
        ("board/offers", {"support_id", "maker_id", "minutes_left", "available_from"}),
        ("board/requests", {"support_id", "needed_by"}),
        ("board/matches", {"offer_id", "request_id", "weight"}),
        ("reviews", {"id", "reviewed_id", "rigour"}),
        ("practices", {"id", "title", "author_id"}),
        ("inbox", {"kind", "due", "says", "action_type", "action_subject"}),
    ],
)
def test_an_empty_one_names_its_columns(village: Town, path: str, columns: set[str]) -> None:
    lines = table(village, "Northfield", path.format(own=f"organisations/{village.ids['Northfield']}"))
    assert len(lines) == 1
    assert columns <= set(lines[0])


def test_nothing_to_ask_names_its_columns(village: Town) -> None:
    assert table(village, "auditor", "audit/questions") == [["kind", "says", "organisation_ids", "times", "couples"]]


@pytest.mark.parametrize("name", ["statement", "partners", "governors"])
def test_the_columns_of_a_line_are_those_of_an_empty_table(village: Town, name: str) -> None:
    [before] = table(village, "Northfield", own(village, name))
    village.delivered("Northfield", "Ashfield")
    filled, _ = table(village, "Northfield", own(village, name))
    assert set(filled) - set(before) <= {column.removesuffix("_id") for column in before}


def test_frameworks_calendars_and_projections(village: Town) -> None:
    at = f"min_position={village.ledger.head()}"
    [columns, line] = table(village, "Northfield", f"frameworks?{at}")
    framework = dict(zip(columns, line, strict=True))
    assert (framework["name"], framework["owner"], framework["version"]) == ("Ours", "Northfield", "1")
    assert int(framework["position"]) > 0
    [columns, line] = table(village, "Northfield", f"calendars?{at}")
    assert dict(zip(columns, line, strict=True))["academic_year"] == "2026/27"
    columns, *lines = table(village, "admin", "projections")
    assert {line[columns.index("view")] for line in lines} >= {"directory", "reciprocity"}
    assert {line[columns.index("state")] for line in lines} == {"working"}


def test_a_line_keeps_its_own_position_and_rule_version(village: Town) -> None:
    columns, *lines = table(village, "auditor", f"audit/trail?min_position={village.ledger.head()}")
    assert [int(line[columns.index("position")]) for line in lines] == [*range(1, village.ledger.head() + 1)]
    columns, _ = table(village, "Northfield", own(village, "balance"))
    assert {"position", "rule_version", "scope", "names", "unknown"}.isdisjoint(columns)


def test_a_share_below_nothing_begins_no_formula(village: Town) -> None:
    support = village.delivered("Northfield", "Ashfield")["stream"]["id"]
    village.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    path = f"organisations/{village.ids['Ashfield']}/balance?min_position={village.ledger.head()}"
    columns, line = table(village, "Ashfield", path)
    figures = dict(zip(columns, line, strict=True))
    assert (figures["balance_index"], figures["net_minutes"]) == ("'-1/1", "-60")
