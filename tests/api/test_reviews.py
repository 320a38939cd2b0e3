"""Peer reviews over HTTP: lists, one with its chain, tables, and what a client gets wrong."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.api.calls import Town

FINDING = {
    "finding_id": "writing",
    "area": "Writing",
    "judgement": "to_develop",
    "evidence": "=Books of two year groups",
    "next_step": "Plan a sequence together",
}


@pytest.fixture
def village(served: Town) -> Town:
    """Oakwood reviewed Northfield, which reviewed nobody; Elmwood stands aside."""
    for name in ("Northfield", "Oakwood", "Elmwood"):
        served.school(name)
    plan = {"reviewed_id": served.ids["Northfield"], "lead_id": served.ids["Oakwood"], "on": "2026-09-01"}
    reviewers = [{"organisation_id": served.ids["Oakwood"]}]
    planned = served.said("Northfield", "review.scheduled", reviewers=reviewers, **plan)
    served.ids["review"] = planned["stream"]["id"]
    served.said("Oakwood", "review.completed", served.ids["review"], findings=[FINDING], on="2026-09-01")
    return served


def get(village: Town, name: str, path: str, **headers: str) -> Any:
    separator = "&" if "?" in path else "?"
    return village.get(name, f"{path}{separator}min_position={village.ledger.head()}", **headers)


def test_a_list_and_one_review(village: Town) -> None:
    listed = get(village, "Oakwood", "/v1/reviews?explain=true").get_json()
    [item] = listed["items"]
    assert (item["id"], item["state"], item["reviewer_ids"]) == (
        village.ids["review"],
        "completed",
        [village.ids["Oakwood"]],
    )
    assert (listed["rigour"]["fraction"], listed["rule_version"], listed["has_more"]) == ("1/1", "reviews/1", False)
    assert listed["working"][0]["figure"] == "rigour"
    assert listed["names"][village.ids["Northfield"]] == "Northfield"
    answer = get(village, "Northfield", f"/v1/reviews/{item['id']}")
    one = answer.get_json()
    assert (one["findings"][0]["evidence"], one["findings"][0]["reached"]) == (FINDING["evidence"], "found")
    assert (one["scope"], answer.headers["Cache-Control"]) == ({"review": item["id"]}, "no-store")
    assert "working" not in one


def test_filters_reach_the_view(village: Town) -> None:
    def found(query: str) -> int:
        return int(get(village, "Oakwood", f"/v1/reviews?{query}").get_json()["reviews"])

    assert [found(f"organisation={village.ids[one]}") for one in ("Northfield", "Elmwood")] == [1, 0]
    assert [found(f"state={one}") for one in ("completed", "scheduled")] == [1, 0]
    assert [found(f"from={one}") for one in ("2026-09-01", "2026-09-02")] == [1, 0]
    assert found(f"partnership={village.ids['Elmwood']}") == 0
    assert found("known_at=position:1") == 0


def test_what_is_out_of_sight_is_not_there(village: Town) -> None:
    assert get(village, "Elmwood", "/v1/reviews").get_json()["items"] == []
    assert get(village, "Elmwood", f"/v1/reviews/{village.ids['review']}").status_code == 404
    assert get(village, "Northfield", f"/v1/reviews/{village.ids['Northfield']}").status_code == 404
    assert get(village, "admin", "/v1/reviews").status_code == 403


def test_tables(village: Town) -> None:
    answer = get(village, "Oakwood", "/v1/reviews", Accept="text/csv")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (row["reviewed"], row["lead"], row["swap"], row["rigour"]) == ("Northfield", "Oakwood", "false", "1/1")
    answer = get(village, "Oakwood", f"/v1/reviews/{village.ids['review']}", Accept="text/csv")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (row["judgement"], row["evidence"], row["reached"]) == ("to_develop", f"'{FINDING['evidence']}", "found")


def test_page_by_page(village: Town) -> None:
    reviewers = [{"organisation_id": village.ids["Elmwood"]}]
    plan = {"reviewed_id": village.ids["Northfield"], "lead_id": village.ids["Elmwood"], "on": "2026-10-01"}
    village.said("Northfield", "review.scheduled", reviewers=reviewers, **plan)
    answer = get(village, "Northfield", "/v1/reviews?limit=1&state=scheduled&to=2026-12-31")
    assert (answer.get_json()["items"][0]["planned_on"], answer.get_json()["has_more"]) == ("2026-10-01", False)
    first = get(village, "Northfield", "/v1/reviews?limit=1")
    page = first.get_json()
    rest = village.get("Northfield", f"/v1/reviews?cursor={page['next']}").get_json()
    assert [item["planned_on"] for item in (*page["items"], *rest["items"])] == ["2026-09-01", "2026-10-01"]
    assert 'rel="next"' in first.headers["Link"]
    wrong = village.get("Northfield", "/v1/organisations?limit=1").get_json()["next"]
    assert village.get("Northfield", f"/v1/reviews?cursor={wrong}").status_code == 400


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("state=held", "/state"), ("organisation=Oakwood", "/organisation"), ("orgnisation=x", "/orgnisation")],
)
def test_a_question_that_cannot_be_read(village: Town, query: str, pointer: str) -> None:
    answer = village.get("Northfield", f"/v1/reviews?{query}")
    assert (answer.status_code, [error["pointer"] for error in answer.get_json()["errors"]]) == (400, [pointer])
