"""The list of reviews: swaps, rings, rigour and codes, over all that were asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.views import Asked
from tests.projections.reviews.harbour import AUDITOR, Harbour
from tests.projections.reviews.notes import TO_DEVELOP


def by_id(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in answer["items"]}


def two_soft_swaps(harbour: Harbour) -> Harbour:
    """Northfield and Oakwood reviewed each other and found nothing to develop."""
    harbour.held("Northfield", "Oakwood", "2026-09-14")
    harbour.held("Oakwood", "Northfield", "2026-09-21")
    return harbour


def test_a_swap_counts_against_both(harbour: Harbour) -> None:
    two_soft_swaps(harbour)
    harbour.held("Ashfield", "Northfield", "2026-10-05", TO_DEVELOP)
    answer = harbour.list(AUDITOR)
    assert (answer["reviews"], answer["held"], answer["swaps"], answer["overdue"]) == (3, 3, 2, 0)
    first, second, third = answer["items"]
    assert (first["swap"], first["swap_review_ids"]) == (True, [second["id"]])
    assert first["holds"] == {
        "held_in_time": True, "has_to_develop": False, "no_swap": False, "from_outside": False,
    }  # fmt: skip
    assert first["rigour"]["fraction"] == "1/4"
    assert (third["swap"], third["rigour"]["fraction"], third["judgements"]["to_develop"]) == (False, "3/4", 1)
    assert answer["rigour"] == {"fraction": "5/12", "value": 0.416667}
    assert {"reviewer_id": harbour.ids["Oakwood"], "reviewed_id": harbour.ids["Northfield"], "reviews": 1} in answer[
        "pairs"
    ]


def test_a_ring_is_named_with_its_reviews(harbour: Harbour) -> None:
    harbour.held("Northfield", "Oakwood", "2026-09-14")
    harbour.held("Ashfield", "Northfield", "2026-09-21")
    assert harbour.list(AUDITOR)["rings"] == []
    harbour.held("Oakwood", "Ashfield", "2026-09-28")
    answer = harbour.list(AUDITOR)
    [ring] = answer["rings"]
    assert set(ring["organisation_ids"]) == {harbour.ids[one] for one in ("Northfield", "Oakwood", "Ashfield")}
    assert [item["in_ring"] for item in answer["items"]] == [True, True, True]
    assert [item["holds"]["no_swap"] for item in answer["items"]] == [True, True, True]


def test_recent_reviews_found_little_to_work_on(harbour: Harbour) -> None:
    two_soft_swaps(harbour)
    partnership = harbour.ids["Harbour"]
    for reader in (harbour.member("Northfield"), harbour.member("Ashfield"), harbour.hub()):
        assert harbour.list(reader, partnership_id=partnership)["codes"] == ["cosy"]
    assert harbour.list(AUDITOR, partnership_id=partnership)["codes"] == []
    assert harbour.list(harbour.hub(), Asked(as_of=date(2026, 9, 20)), partnership_id=partnership)["codes"] == []
    harbour.held("Ashfield", "Oakwood", "2026-10-05", TO_DEVELOP)
    assert harbour.list(harbour.hub(), partnership_id=partnership)["codes"] == []


def test_a_moderator_and_a_lead_from_outside(harbour: Harbour) -> None:
    review_id = harbour.held("Northfield", "Oakwood", "2026-09-14", moderator_id=harbour.ids["Elmwood"])
    outside = harbour.held("Northfield", "Elmwood", "2026-09-21", partnership_id=None)
    before = by_id(harbour.list(AUDITOR))
    assert [before[one]["lead_from_outside"] for one in (review_id, outside)] == [False, True]
    assert [before[one]["holds"]["from_outside"] for one in (review_id, outside)] == [False, True]
    harbour.said("Elmwood", "review.moderated", review_id, verdict="amended", comment="Two points are too hard")
    after = by_id(harbour.list(AUDITOR))[review_id]
    assert (after["moderated"], after["holds"]["from_outside"]) == (True, True)


def test_reviewers_of_the_same_trust_are_told(harbour: Harbour) -> None:
    village = harbour.village
    village.school("Trust", "trust")
    for name in ("Northfield", "Oakwood"):
        harbour.said(
            name, "organisation.joined_trust", harbour.ids[name], trust_id=harbour.ids["Trust"], on="2026-09-01"
        )
    harbour.held("Northfield", "Oakwood", "2026-09-14")
    harbour.held("Northfield", "Ashfield", "2026-09-21")
    first, second = harbour.list(AUDITOR)["items"]
    assert (first["same_trust_ids"], second["same_trust_ids"]) == ([harbour.ids["Oakwood"]], [])


def test_a_review_is_overdue_by_the_calendar_of_its_lead(harbour: Harbour) -> None:
    harbour.planned("Northfield", "Oakwood", on="2026-09-14")
    harbour.at("2026-09-29")
    assert harbour.list(AUDITOR)["items"][0]["overdue"]
    term = {"name": "Autumn", "starts_on": "2026-09-01", "ends_on": "2026-09-18"}
    oakwood = {"for": harbour.ids["Oakwood"], "academic_year": "2026/27", "terms": [term]}
    harbour.said("Oakwood", "calendar.terms_set", None, **oakwood)
    item = harbour.list(AUDITOR)["items"][0]
    assert (item["overdue"], item["rigour"], set(item["why"])) == (False, None, {"rigour"})


def test_filters(harbour: Harbour) -> None:
    two_soft_swaps(harbour)
    harbour.held("Northfield", "Elmwood", "2026-10-05", partnership_id=None)
    planned = harbour.planned("Ashfield", "Oakwood", on="2026-11-02")
    own = harbour.reviews

    def found(asked: Asked | None = None, **wanted: Any) -> list[str]:
        return [item["id"] for item in harbour.list(AUDITOR, asked, **wanted)["items"]]

    assert found() == [
        own["Northfield by Oakwood"],
        own["Oakwood by Northfield"],
        own["Northfield by Elmwood"],
        planned,
    ]
    assert found(organisation_id=harbour.ids["Elmwood"]) == [own["Northfield by Elmwood"]]
    assert found(partnership_id=harbour.ids["Harbour"]) == [
        own["Northfield by Oakwood"], own["Oakwood by Northfield"], planned,
    ]  # fmt: skip
    assert found(state="scheduled") == [planned]
    assert found(Asked(from_=date(2026, 9, 20), to=date(2026, 10, 31))) == [
        own["Oakwood by Northfield"], own["Northfield by Elmwood"],
    ]  # fmt: skip
    assert found(Asked(as_of=date(2026, 9, 20))) == [own["Northfield by Oakwood"]]


def test_page_by_page(harbour: Harbour) -> None:
    two_soft_swaps(harbour)
    harbour.held("Ashfield", "Northfield", "2026-10-05")
    first = harbour.list(AUDITOR, limit=2)
    rest = harbour.list(AUDITOR, after=first["next"], limit=2)
    empty = harbour.list(AUDITOR, after=rest["next"], limit=2)
    assert [first["has_more"], rest["has_more"], empty["has_more"]] == [True, False, False]
    assert [len(page["items"]) for page in (first, rest, empty)] == [2, 1, 0]
    assert {page["reviews"] for page in (first, rest, empty)} == {3}
    assert empty["next"] == rest["next"]
    with pytest.raises(ValueError, match="Invalid isoformat"):
        harbour.list(AUDITOR, after="somewhere else")


def test_the_working_ends_in_the_number(harbour: Harbour) -> None:
    two_soft_swaps(harbour)
    answer = harbour.list(AUDITOR, explain=True)
    [working] = answer["working"]
    assert (working["figure"], working["rule_version"]) == ("rigour", answer["rule_version"])
    assert (answer["rigour"]["fraction"], working["steps"][-1]["comes_to"]) == ("1/4", "25 %")
    assert [step["comes_to"] for step in working["steps"][:-1]] == ["2 reviews", "2 of 2", "0 of 2", "0 of 2", "0 of 2"]
    assert len(working["steps"][0]["event_ids"]) == 2
    one = harbour.one(AUDITOR, answer["items"][0]["id"], explain=True)
    steps = one["working"][0]["steps"]
    assert [step["comes_to"] for step in steps[:-1]] == ["yes", "no", "no", "no"]
    assert steps[-1]["comes_to"] == "25 %"
    assert set(steps[-1]["event_ids"]) == set(one["event_ids"])


def test_nothing_in_sight_is_told_so(harbour: Harbour) -> None:
    answer = harbour.list(AUDITOR, explain=True)
    assert (answer["rigour"], answer["unknown"], answer["items"]) == (None, ["rigour"], [])
    assert answer["why"]["rigour"]
    assert answer["working"][0]["steps"][0]["comes_to"] == "0 reviews"


def test_known_at_a_position_is_what_was_known_there(harbour: Harbour) -> None:
    day = Asked(as_of=date(2026, 12, 31))

    def without_position(answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if name != "position"}

    then: dict[int, Any] = {}

    def note() -> None:
        answer = harbour.list(AUDITOR, day, explain=True)
        one = harbour.one(AUDITOR, answer["items"][0]["id"], day)
        then[answer["known_at"]] = (without_position(answer), without_position(one))

    harbour.held("Northfield", "Oakwood", "2026-09-14", TO_DEVELOP)
    note()
    harbour.said("Northfield", "review.answered", harbour.reviews["Northfield by Oakwood"], response="Yes", findings=[])
    note()
    harbour.held("Oakwood", "Northfield", "2026-09-21")
    note()
    harbour.said("Northfield", "support.requested", **asked_because(harbour, harbour.reviews["Northfield by Oakwood"]))
    note()
    for position, (whole, one) in then.items():
        known = Asked(as_of=date(2026, 12, 31), known_at=position)
        assert without_position(harbour.list(AUDITOR, known, explain=True)) == whole
        assert without_position(harbour.one(AUDITOR, one["id"], known)) == one


def asked_because(harbour: Harbour, review_id: str) -> dict[str, Any]:
    return {
        "receiver_id": harbour.ids["Northfield"],
        "category": "english",
        "need": "Somebody to plan writing with us",
        "amount": {"quantity": "2", "unit": "day"},
        "open_to": {"to": "organisation", "organisation_id": harbour.ids["Ashfield"]},
        "arising_from": {"review_id": review_id, "finding_id": "writing"},
    }
