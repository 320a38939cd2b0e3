"""Practices over HTTP: search, one with its lineage, tables."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from projections.practices.explaining import beside
from tests.api.calls import Town


@pytest.fixture
def village(served: Town) -> Town:
    """Northfield shared a practice that Oakwood assured and Elmwood adopted and returned."""
    for name in ("Northfield", "Oakwood", "Elmwood"):
        served.school(name)
    practice = {"title": "=Phonics", "category": "english", "summary": "A daily routine"}
    shared = served.said("Northfield", "practice.shared", organisation_id=served.ids["Northfield"], **practice)
    served.ids["practice"] = shared["stream"]["id"]
    return served


def assured(village: Town) -> None:
    look = {"assured_by": village.ids["Oakwood"], "verdict": "assured", "criteria": "Ours"}
    village.said("Oakwood", "practice.assured", village.ids["practice"], **look)
    adopted = {"organisation_id": village.ids["Elmwood"], "on": "2026-09-01"}
    village.said("Elmwood", "practice.adopted", village.ids["practice"], **adopted)
    village.said("Elmwood", "practice.returned", village.ids["practice"], improvement="Pictures")


def get(village: Town, name: str, path: str, **headers: str) -> Any:
    separator = "&" if "?" in path else "?"
    return village.get(name, f"{path}{separator}min_position={village.ledger.head()}", **headers)


def test_a_practice_is_for_everybody_once_it_is_assured(village: Town) -> None:
    path = f"/v1/practices/{village.ids['practice']}"
    assert [get(village, name, path).status_code for name in ("Northfield", "Oakwood", "admin")] == [200, 404, 403]
    assured(village)
    one = get(village, "Oakwood", f"{path}?explain=true").get_json()
    assert [step["step"] for step in one["lineage"]] == ["assured", "adopted", "returned"]
    assert (one["state"], one["came_back_share"]["fraction"], one["rule_version"]) == ("assured", "1/1", "practices/1")
    assert one["working"][0]["steps"][-1]["comes_to"] == beside(1, 1, 1)
    village.school("Beechwood")
    assert get(village, "Beechwood", path).get_json()["adopter_ids"] == [village.ids["Elmwood"]]


def test_search_and_filters(village: Town) -> None:
    def found(query: str) -> int:
        return int(get(village, "Northfield", f"/v1/practices?{query}").get_json()["shared"])

    assert [found(f"q={one}") for one in ("daily+PHONICS", "weekly")] == [1, 0]
    assert [found(f"category={one}") for one in ("english", "maths")] == [1, 0]
    assert [found(f"author={village.ids[one]}") for one in ("Northfield", "Oakwood")] == [1, 0]
    assert [found(f"state={one}") for one in ("shared", "assured")] == [1, 0]
    assert [found(f"from={one}") for one in ("2026-09-01", "2026-09-02")] == [1, 0]


def test_tables(village: Town) -> None:
    assured(village)
    answer = get(village, "Elmwood", "/v1/practices", Accept="text/csv")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (row["title"], row["author"], row["adopted"], row["returned"]) == ("'=Phonics", "Northfield", "1", "1")
    answer = get(village, "Elmwood", f"/v1/practices/{village.ids['practice']}", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [(row["step"], row["organisation"]) for row in rows] == [
        ("assured", "Oakwood"), ("adopted", "Elmwood"), ("returned", "Elmwood"),
    ]  # fmt: skip


def test_page_by_page(village: Town) -> None:
    more = {"title": "Art", "category": "other", "summary": "Drawing"}
    village.said("Northfield", "practice.shared", organisation_id=village.ids["Northfield"], **more)
    page = get(village, "Northfield", "/v1/practices?limit=1").get_json()
    rest = village.get("Northfield", f"/v1/practices?cursor={page['next']}").get_json()
    assert [item["title"] for item in (*page["items"], *rest["items"])] == ["=Phonics", "Art"]
    assert (page["has_more"], rest["has_more"]) == (True, False)


@pytest.mark.parametrize(("query", "pointer"), [("state=good", "/state"), ("author=x", "/author"), ("word=x", "/word")])
def test_a_question_that_cannot_be_read(village: Town, query: str, pointer: str) -> None:
    answer = village.get("Northfield", f"/v1/practices?{query}")
    assert (answer.status_code, [error["pointer"] for error in answer.get_json()["errors"]]) == (400, [pointer])
