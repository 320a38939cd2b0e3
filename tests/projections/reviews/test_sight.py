"""Who reads how much of a review: those who take part all of it, others what was opened to them."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere, RoleForbidden
from ledger.visibility import WITHHELD
from tests.projections.reviews.harbour import AUDITOR, Harbour
from tests.projections.reviews.notes import TO_DEVELOP
from tests.scenario import refused
from tests.story import person

READING = {
    "finding_id": "reading",
    "area": "Early reading",
    "judgement": "strength",
    "evidence": "Every child reads each day",
}
ANSWER = {"response": "We thank you", "findings": [{"finding_id": "writing", "accepted": True, "comment": "We knew"}]}


@pytest.fixture
def review_id(harbour: Harbour) -> str:
    """Oakwood reviewed Northfield in the partnership; Northfield answered, Elmwood moderated."""
    more = {"moderator_id": harbour.ids["Elmwood"]}
    found = harbour.held("Northfield", "Oakwood", "2026-09-14", READING, TO_DEVELOP, **more)
    harbour.said("Northfield", "review.answered", found, **ANSWER)
    harbour.said("Elmwood", "review.moderated", found, verdict="upheld", comment="Well founded")
    return found


def outsider(harbour: Harbour) -> Speaker:
    """A school that has nothing to do with the partnership."""
    harbour.village.school("Beechwood")
    return harbour.member("Beechwood")


@pytest.mark.parametrize("name", ["Northfield", "Oakwood", "Elmwood"])
def test_whoever_takes_part_reads_it_whole(harbour: Harbour, review_id: str, name: str) -> None:
    answer = harbour.one(harbour.member(name), review_id)
    reading, writing = answer["findings"]
    assert answer["parts"] == ["full"]
    assert (reading["evidence"], writing["next_step"]) == (READING["evidence"], TO_DEVELOP["next_step"])
    assert (writing["accepted"], writing["comment"]) == (True, "We knew")
    assert (answer["answer"]["response"], answer["moderation"]["comment"]) == ("We thank you", "Well founded")
    assert len(answer["event_ids"]) == 4
    assert [item["id"] for item in harbour.list(harbour.member(name))["items"]] == [review_id]


def test_the_coordinator_reads_the_reviews_of_its_partnership(harbour: Harbour, review_id: str) -> None:
    answer = harbour.one(harbour.hub(), review_id)
    assert (answer["parts"], answer["findings"][0]["evidence"]) == (["full"], READING["evidence"])


def test_other_partners_learn_that_it_took_place_and_no_more(harbour: Harbour, review_id: str) -> None:
    answer = harbour.one(harbour.member("Ashfield"), review_id)
    assert (answer["parts"], answer["findings"], answer["rigour"]) == (["outline"], [], None)
    assert (answer["state"], answer["held_on"], answer["moderated"]) == ("answered", "2026-09-14", True)
    assert {"judgements", "holds", "answer", "moderation", "event_ids", "opened"}.isdisjoint(answer)
    listed = harbour.list(harbour.member("Ashfield"))
    assert (listed["reviews"], listed["rigour"], listed["unknown"]) == (1, None, ["rigour"])


def test_without_a_partnership_only_its_coordinator_learns_of_it(harbour: Harbour) -> None:
    review_id = harbour.held("Northfield", "Oakwood", "2026-09-14", partnership_id=None)
    assert harbour.one(harbour.hub(), review_id)["parts"] == ["outline"]
    with refused(NotThere, id=review_id):
        harbour.one(harbour.member("Ashfield"), review_id)
    elsewhere = harbour.held("Northfield", "Elmwood", "2026-09-21", partnership_id=None)
    with refused(NotThere, id=elsewhere):
        harbour.one(harbour.hub(), elsewhere)


def test_an_auditor_reads_all_but_the_texts(harbour: Harbour, review_id: str) -> None:
    answer = harbour.one(AUDITOR, review_id)
    assert (answer["parts"], answer["findings"][1]["judgement"]) == (["full"], "to_develop")
    assert (answer["findings"][1]["next_step"], answer["answer"]["response"]) == (WITHHELD, WITHHELD)


def opened(harbour: Harbour, review_id: str, *parts: str) -> tuple[dict[str, Any], Speaker]:
    """What a school reads to which Northfield opened these parts."""
    reader = outsider(harbour)
    for one in parts:
        harbour.said("Northfield", "review.shared", review_id, with_=[harbour.ids["Beechwood"]], parts=one)
    return harbour.one(reader, review_id), reader


def test_a_summary_has_the_judgements_and_no_text(harbour: Harbour, review_id: str) -> None:
    answer, reader = opened(harbour, review_id, "summary")
    assert [(one["area"], one["judgement"]) for one in answer["findings"]] == [
        ("Early reading", "strength"), ("Writing", "to_develop"),
    ]  # fmt: skip
    assert (answer["findings"][1]["accepted"], answer["moderation"]["verdict"]) == (True, "upheld")
    assert all({"evidence", "next_step", "comment", "chain"}.isdisjoint(one) for one in answer["findings"])
    assert "response" not in answer["answer"]
    assert answer["rigour"]["fraction"] == "1/1"
    assert harbour.list(reader)["items"][0]["judgements"] == {"strength": 1, "sound": 0, "to_develop": 1}


def test_strengths_are_strengths_alone(harbour: Harbour, review_id: str) -> None:
    answer, _ = opened(harbour, review_id, "strengths")
    [finding] = answer["findings"]
    assert (finding["finding_id"], finding["evidence"]) == ("reading", READING["evidence"])
    assert (answer["rigour"], answer["unknown"]) == (None, ["rigour"])
    assert {"answer", "moderation", "event_ids", "judgements"}.isdisjoint(answer)


def test_summary_and_strengths_add_up(harbour: Harbour, review_id: str) -> None:
    answer, _ = opened(harbour, review_id, "summary", "strengths")
    reading, writing = answer["findings"]
    assert (reading["evidence"], "evidence" in writing) == (READING["evidence"], False)


def test_all_is_the_whole_report(harbour: Harbour, review_id: str) -> None:
    answer, _ = opened(harbour, review_id, "all")
    assert (answer["parts"], answer["findings"][1]["evidence"]) == (["all"], TO_DEVELOP["evidence"])
    assert (answer["answer"]["response"], "opened" in answer) == ("We thank you", False)
    own = harbour.one(harbour.member("Northfield"), review_id)
    assert own["opened"][0]["with_ids"] == [harbour.ids["Beechwood"]]
    assert own["names"][harbour.ids["Beechwood"]] == "Beechwood"


def test_a_trust_reads_the_reviews_of_its_schools(harbour: Harbour, review_id: str) -> None:
    trust = harbour.village.school("Trust", "trust")
    reader = person("coordinator", trust)
    with refused(NotThere, id=review_id):
        harbour.one(reader, review_id)
    harbour.said("Oakwood", "organisation.joined_trust", harbour.ids["Oakwood"], trust_id=trust, on="2026-09-14")
    assert harbour.one(reader, review_id)["findings"][1]["evidence"] == TO_DEVELOP["evidence"]


def test_others_learn_nothing(harbour: Harbour, review_id: str) -> None:
    reader = outsider(harbour)
    assert harbour.list(reader)["items"] == []
    with refused(NotThere, id=review_id):
        harbour.one(reader, review_id)
    with refused(NotThere, id=harbour.ids["Harbour"]):
        harbour.one(AUDITOR, harbour.ids["Harbour"])
    with refused(RoleForbidden):
        harbour.list(harbour.village.admin)


def test_a_swap_is_told_without_the_review_that_makes_it_one(harbour: Harbour, review_id: str) -> None:
    harbour.held("Oakwood", "Northfield", "2026-09-21", partnership_id=None)
    answer, _ = opened(harbour, review_id, "all")
    assert (answer["swap"], answer["swap_review_ids"], answer["holds"]["no_swap"]) == (True, [], False)
