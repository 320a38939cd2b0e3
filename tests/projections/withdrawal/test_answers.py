"""Points and the way out as a door asks for them: read from a real log, as known at a position, for a reader."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import NotThere
from projections.reader import PartnershipReader
from projections.views import Asked, ReadModels
from projections.withdrawal.answering import Asked as Wanted
from projections.withdrawal.answering import known_points, withdrawal_points
from projections.withdrawal.answering_way import what_leaving_takes
from projections.withdrawal.explaining import STATE_WORDS
from projections.withdrawal.walking import points_on
from tests.projections.evidence_of import evidence
from tests.projections.giving import Story
from tests.projections.keyed import known
from tests.projections.withdrawal.leaving import accounts, closed, harbour, noticed, on, point_id, terms_of_school
from tests.projections.withdrawal.random_story import Told
from tests.scenario import coordinator, member, ref

HARBOUR = ref("harbour")
COORDINATOR = PartnershipReader(
    organisations=frozenset({ref("hub")}), is_partner=False, is_coordinator=True, is_auditor=False
)
AUDITOR = PartnershipReader(organisations=frozenset(), is_partner=False, is_coordinator=False, is_auditor=True)


def partner(name: str) -> PartnershipReader:
    return PartnershipReader(
        organisations=frozenset({ref(name)}), is_partner=True, is_coordinator=False, is_auditor=False
    )


def asked(models: ReadModels, day: str, reader: PartnershipReader = COORDINATOR, **more: Any) -> dict[str, Any]:
    explain = more.pop("explain", False)
    as_of = Asked(as_of=on(day), known_at=more.pop("known_at", None))
    return models.answer(withdrawal_points, as_of, HARBOUR, reader, Wanted(**more), explain=explain).to_json()


def leaving(
    models: ReadModels, day: str, who: str, reader: PartnershipReader = COORDINATOR, **more: Any
) -> dict[str, Any]:
    as_of = Asked(as_of=on(day))
    return models.answer(what_leaving_takes, as_of, HARBOUR, reader, ref(who), None, **more).to_json()


@pytest.mark.parametrize("seed", [1, 5])
def test_as_known_at_a_position_the_points_are_those_that_the_first_facts_alone_tell(
    database_url: str, seed: int
) -> None:
    told = Told(seed)
    first, last = next(fact for fact in told.story.facts if fact.type == "partnership.formed"), len(told.story.facts)
    seen = set()
    with known(database_url, told.story) as models:
        for position in range(first.position or 0, last + 1, 9):
            found = models.answer(known_points, Asked(as_of=told.day, known_at=position), HARBOUR)
            alone = points_on(
                evidence(told.story, "harbour", position),
                accounts(told.story, known_at=position),
                told.day,
                found.named,
            )
            assert found.points == alone
            seen |= {point.kind for point in alone}
    assert len(seen) > 4


def test_an_answer_says_what_was_asked_and_each_point_stands_for_itself(database_url: str) -> None:
    with known(database_url, harbour()) as models:
        answer = asked(models, "2026-10-20", organisation_id=ref("ashfield"))
    assert answer["scope"] == {"partnership": HARBOUR}
    assert (answer["as_of"], answer["rule_version"], answer["has_more"]) == ("2026-10-20", "withdrawal/1", False)
    [point] = answer["items"]
    assert point["point_id"] == point_id("review_due", "ashfield", "2026-11-30")
    sentence, event_ids = point["because"]
    assert isinstance(sentence, str)
    assert len(event_ids) == 1
    assert (point["opens_on"], point["notice_by"], point["closes_on"]) == ("2026-10-01", "2026-10-31", "2026-12-14")
    assert (point["state"], point["rule_version"]) == ("open", "withdrawal/1")
    assert answer["names"][ref("ashfield")] == "Ashfield"


def test_page_by_page_every_point_comes_once(database_url: str) -> None:
    with known(database_url, harbour(terms={"break_dates": ["2027-03-31", "2027-06-30"]})) as models:
        whole = [one["point_id"] for one in asked(models, "2026-10-20")["items"]]
        found: list[str] = []
        after, has_more = "", True
        while has_more:
            page = asked(models, "2026-10-20", after=after, limit=2)
            found += [one["point_id"] for one in page["items"]]
            after, has_more = page["next"], page["has_more"]
        assert found == whole
        assert len(whole) == 9
        with pytest.raises(ValueError, match="isoformat"):
            asked(models, "2026-10-20", after="somewhere else")
        assert {one["state"] for one in asked(models, "2026-10-20", state="upcoming")["items"]} == {"upcoming"}


def test_each_point_is_explained_to_the_word_for_its_state(database_url: str) -> None:
    story = harbour().at("2026-10-12")
    story.exchanged("northfield", "ashfield", 900, "2026-10-12", "s1", "harbour")
    with known(database_url, story) as models:
        answer = asked(models, "2026-12-20", explain=True)
    states = {one["point_id"]: STATE_WORDS[one["state"]] for one in answer["items"]}
    assert {one["figure"]: one["steps"][-1]["comes_to"] for one in answer["working"]} == states
    assert not any(one["figure"] in one["about"] or "_" in one["about"] for one in answer["working"])
    one_sided = next(one for one in answer["working"] if one["figure"].startswith("one_sided"))
    assert any(fact.event_id in one_sided["steps"][1]["event_ids"] for fact in story.facts)


def test_a_notice_says_whether_its_point_was_open_by_what_was_known_then(database_url: str) -> None:
    story = harbour()
    noticed(story, "ashfield", "2026-10-10", "2026-11-20", point_id("review_due", "ashfield", "2026-11-30"))
    noticed(story, "brookside", "2026-10-11", "2026-11-20", point_id("quiet", "brookside", "2026-10-01"))
    noticed(story, "northfield", "2026-10-12", "2026-11-20")
    story.at("2026-10-20").given(member("northfield"), "partnership.notice_rescinded", "harbour", reason="We talked")
    with known(database_url, story) as models:
        first, second, third = asked(models, "2026-10-20")["notices"]
        assert len(asked(models, "2026-10-11")["notices"]) == 2
        assert "rescinded_on" not in asked(models, "2026-10-19")["notices"][2]
    assert (first["point_was_open"], second["point_was_open"]) == (True, False)
    assert "point_was_open" not in third
    assert (third["rescinded_on"], third["leaves_on"]) == ("2026-10-20", "2026-11-20")


def test_a_point_undone_by_late_facts_stays_as_the_notice_found_it(database_url: str) -> None:
    story = harbour()
    story.at("2026-09-10").exchanged("northfield", "ashfield", 60, "2026-09-10", "s1", "harbour")
    noticed(story, "ashfield", "2027-02-01", "2027-03-31", point_id("quiet", "ashfield", "2027-01-23"))
    story.at("2027-02-10").exchanged("northfield", "ashfield", 60, "2026-12-12", "s2", "harbour")
    with known(database_url, story) as models:
        found = asked(models, "2027-02-10", organisation_id=ref("ashfield"))["items"]
    [quiet] = [one for one in found if one["kind"] == "quiet"]
    assert (quiet["state"], quiet["opens_on"], quiet["earliest_leaving_on"]) == ("taken", "2027-01-23", "2027-03-31")


def made_up() -> Story:
    story = harbour().at("2026-10-12")
    story.exchanged("northfield", "ashfield", 900, "2026-10-12", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 900, "2026-10-12", "s2")
    return story


def test_what_makes_up_for_it_elsewhere_is_for_the_partner_alone(database_url: str) -> None:
    def northfields(models: ReadModels, reader: PartnershipReader) -> dict[str, Any]:
        found = asked(models, "2026-12-20", reader, organisation_id=ref("northfield"))["items"]
        [point] = [one for one in found if one["kind"] == "one_sided"]
        return dict(point)

    with known(database_url, made_up()) as models:
        others = [northfields(models, reader) for reader in (COORDINATOR, AUDITOR, partner("ashfield"))]
        own = northfields(models, partner("northfield"))
        working = asked(models, "2026-12-20", COORDINATOR, explain=True)["working"]
        own_working = asked(models, "2026-12-20", partner("northfield"), explain=True)["working"]
    for point in others:
        assert (point["state"], point["made_up_elsewhere"], point["because"][1]) == ("upcoming", True, [])
        assert not {"inside", "elsewhere"} & point.keys()
    assert (own["elsewhere"]["standing_minutes"], own["elsewhere"]["turnover_minutes"]) == (0, 1800)
    assert own["elsewhere"]["balance_index"] == {"fraction": "0/1", "value": 0.0}
    assert own["inside"]["standing_minutes"] == 900
    steps = next(one["steps"] for one in working if one["figure"] == own["point_id"])
    assert [step["event_ids"] for step in steps] == [[]] * len(steps)
    own_steps = next(one["steps"] for one in own_working if one["figure"] == own["point_id"])
    assert [step["comes_to"] for step in own_steps if step["comes_to"]][:3] == ["15 h", "100 %", "0 min"]


def test_a_dispute_is_seen_by_its_parties_and_those_who_look_on(database_url: str) -> None:
    story = harbour().at("2026-09-20")
    story.gave("northfield", "ashfield", 60, "2026-09-18", "s1", "harbour")
    story.at("2026-09-21").disputed("ashfield", "s1")

    def seen(reader: PartnershipReader) -> set[str]:
        found = asked(models, "2026-11-01", reader)["items"]
        return {one["organisation_id"] for one in found if one["kind"] == "disputes_open"}

    with known(database_url, story) as models:
        assert seen(COORDINATOR) == seen(AUDITOR) == {ref("northfield"), ref("ashfield")}
        assert seen(partner("ashfield")) == {ref("ashfield")}
        assert seen(partner("brookside")) == set()


def test_the_way_out_says_when_and_in_which_term(database_url: str) -> None:
    story = harbour()
    terms_of_school(story, "ashfield")
    with known(database_url, story) as models:
        dates = leaving(models, "2026-10-20", "ashfield")["leaving"]
        holiday = leaving(models, "2026-11-25", "ashfield")["leaving"]
        without = leaving(models, "2026-10-20", "northfield")["leaving"]
    assert (dates["notice_days"], dates["earliest_leaving_on"], dates["end_of_term_on"]) == (
        30, "2026-11-19", "2026-12-18",
    )  # fmt: skip
    assert holiday["why"] == {"end_of_term_on": "between_terms"}
    assert without["why"] == {"end_of_term_on": "no_calendar"}


def test_the_way_out_lists_what_is_open_and_what_may_become_of_what_stands(database_url: str) -> None:
    story = harbour().at("2026-10-12")
    story.exchanged("northfield", "ashfield", 900, "2026-10-12", "s1", "harbour")
    story.gave("ashfield", "brookside", 60, "2026-10-11", "s2", "harbour")
    said = {"debtor_id": ref("ashfield"), "creditor_id": ref("northfield"), "minutes": 300, "disposal": "passed_on"}
    story.given(
        member("ashfield"), "partnership.residual_proposed", "harbour", proposal_id="n1", reason="With thanks",
        to=ref("brookside"), **said,
    )  # fmt: skip
    story.given(member("northfield"), "partnership.residual_agreed", "harbour", proposal_id="n1")
    with known(database_url, story) as models:
        way = leaving(models, "2026-10-20", "ashfield", explain=True)
    [delivery] = way["open"]["deliveries"]
    assert (delivery["state"], delivery["awaits"], delivery["side"]) == ("unanswered", [ref("brookside")], "gives")
    standing = {one["organisation_id"]: one for one in way["standing"]}
    assert standing[ref("brookside")]["standing_minutes"] == 0
    owed = standing[ref("northfield")]
    assert owed["standing_minutes"] == -900
    both = [ref("ashfield"), ref("northfield")]
    assert [(one["disposal"], one["must_agree"]) for one in owed["choices"]] == [
        ("returned", both), ("passed_on", both), ("forgiven", both), ("carried", both), ("left_open", []),
    ]  # fmt: skip
    [proposed] = owed["proposed"]
    assert (proposed["awaits"], proposed["minutes"]) == ([ref("brookside")], 300)
    assert way["depends"]["with"]["one_way"]["fraction"] == "1/1"
    assert way["depends"]["without"] == {
        "minutes": 0, "two_way": None, "comes_round": None, "one_way": None, "why": "nothing_confirmed",
    }  # fmt: skip
    assert way["lessons"] == {
        "supports_with_outcome": 0,
        "supports_without_outcome": [
            {"support_id": ref("s1"), "side": "gets", "other_id": ref("northfield")},
        ],
    }
    [earliest, *_] = way["working"]
    assert (earliest["figure"], earliest["steps"][-1]["comes_to"]) == ("earliest_leaving_on", "Thu 19 Nov 2026")


def test_after_leaving_what_was_open_is_still_listed_by_name(database_url: str) -> None:
    story = harbour().at("2026-10-12")
    story.exchanged("northfield", "ashfield", 900, "2026-10-12", "s1", "harbour")
    story.gave("ashfield", "brookside", 60, "2026-10-11", "s2", "harbour")
    closed(story, "2026-11-01")
    with known(database_url, story) as models:
        way = leaving(models, "2026-11-02", "ashfield")
    assert (way["leaving"]["left_on"], way["leaving"]["earliest_leaving_on"]) == ("2026-11-01", None)
    assert len(way["open"]["deliveries"]) == 1
    assert [one["standing_minutes"] for one in way["standing"]] == [-900]


def test_who_depends_on_a_partner_is_seen_without_it(database_url: str) -> None:
    story = harbour().at("2026-10-12")
    story.exchanged("northfield", "ashfield", 300, "2026-10-12", "s1", "harbour")
    story.exchanged("brookside", "ashfield", 100, "2026-10-12", "s2", "harbour")
    with known(database_url, story) as models:
        depends = leaving(models, "2026-10-20", "northfield")["depends"]
    assert depends["without"]["minutes"] == 100
    assert depends["partners"] == [
        {"organisation_id": ref("ashfield"), "minutes": 300, "part": {"fraction": "3/4", "value": 0.75}}
    ]


def test_reviews_owed_are_listed(database_url: str) -> None:
    story = harbour().at("2026-10-01")
    story.given(coordinator("hub"), "partnership.review_scheduled", "harbour", review_id="autumn", due_on="2026-10-20")
    with known(database_url, story) as models:
        before, due = (leaving(models, day, "ashfield")["open"]["reviews"] for day in ("2026-10-19", "2026-10-20"))
    assert before == []
    assert [(one["review_id"], one["task"]) for one in due] == [("autumn", "hold")]


def test_there_is_no_way_out_for_who_never_was_in(database_url: str) -> None:
    with known(database_url, harbour()) as models, pytest.raises(NotThere):
        leaving(models, "2026-10-20", "hub")
