"""Days and moments at the ends of the calendar: asked about from 1900 to 2199, refused beyond."""

from __future__ import annotations

import pytest

from tests.api.calls import Town

BEYOND = ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31")
ENDS = ("1900-01-01", "2199-12-31")


@pytest.fixture
def village(served: Town) -> Town:
    """Northfield gave Ashfield an hour."""
    for name in ("Northfield", "Ashfield"):
        served.school(name)
    served.delivered("Northfield", "Ashfield")
    return served


def asked(village: Town, path: str, query: str) -> tuple[int, list[str]]:
    own = path.format(one=village.ids["Northfield"])
    answer = village.get("Northfield", f"/v1/{own}?min_position={village.ledger.head()}&{query}")
    problem = answer.get_json() if answer.status_code == 400 else {"errors": []}
    return answer.status_code, [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize("day", BEYOND)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("organisations/{one}/landscape", "as_of"),
        ("organisations/{one}/governors", "as_of"),
        ("organisations/{one}/statement", "from"),
        ("organisations/{one}/balance", "to"),
        ("organisations/{one}/history", "on_from"),
        ("partnerships/{one}/way-out", "on"),
        ("inbox", "as_of"),
        ("network/reciprocity", "as_of"),
    ],
)
def test_a_day_beyond_them_is_refused(village: Town, path: str, name: str, day: str) -> None:
    assert asked(village, path, f"{name}={day}") == (400, [f"/{name}"])


@pytest.mark.parametrize("moment", ["1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "1900-01-01T00:00:00%2B01:00"])
@pytest.mark.parametrize(("path", "name"), [("inbox", "known_at"), ("events", "recorded_from")])
def test_a_moment_beyond_them_is_refused(village: Town, path: str, name: str, moment: str) -> None:
    assert asked(village, path, f"{name}={moment}") == (400, [f"/{name}"])


@pytest.mark.parametrize("day", ENDS)
@pytest.mark.parametrize(
    "path",
    [
        "organisations/{one}/landscape", "organisations/{one}/governors", "organisations/{one}/balance",
        "organisations/{one}/statement", "organisations/{one}/partners", "organisations/{one}/history",
        "inbox", "network/reciprocity", "board/offers", "board/matches", "reviews", "practices", "frameworks",
        "calendars", "programmes/report",
    ],
)  # fmt: skip
def test_the_ends_themselves_are_answered(village: Town, path: str, day: str) -> None:
    assert asked(village, path, f"as_of={day}") == (200, [])


@pytest.mark.parametrize("window", ["all", "academic_year"])
@pytest.mark.parametrize("day", ENDS)
def test_windows_around_the_ends_are_answered(village: Town, window: str, day: str) -> None:
    assert asked(village, "network/reciprocity", f"as_of={day}&window={window}") == (200, [])
