"""The terms of a school year that the stories of calendars share."""

from __future__ import annotations

from typing import Any

from tests.scenario import Scenario

AUTUMN = {"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}
SPRING = {"name": "Spring", "starts_on": "2027-01-04", "ends_on": "2027-03-25"}
SUMMER = {"name": "Summer", "starts_on": "2027-04-12", "ends_on": "2027-07-20"}


def terms(*given: dict[str, str], for_: str = "ledger", **more: Any) -> dict[str, Any]:
    return {"for": for_, "academic_year": "2026/27", "terms": list(given)} | more


def set_by(who: Any, said: dict[str, Any], story: Scenario | None = None) -> Scenario:
    return (story or Scenario()).given(who, "calendar.terms_set", f"urn:pledger:calendar:{said['for']}", **said)
