"""Reciprocity as a door reads it: facts in a real log, folded by the runner, answered from one snapshot."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from projections.reciprocity.scopes import network_reciprocity, reciprocity, trust_overview
from projections.views import Asked, ReadModels
from projections.wording import percent
from tests.projections.books import folded, reading
from tests.projections.giving import Story, village
from tests.scenario import ADMIN, member, ref

NORTHFIELD, ASHFIELD, BROOKSIDE = ref("northfield"), ref("ashfield"), ref("brookside")
HARBOUR = ref("harbour")


def read(database_url: str, story: Story) -> ReadModels:
    folded(database_url, story.facts)
    return reading(database_url)


def ring(story: Story) -> Story:
    """Northfield and Ashfield exchange 120 and 30; what Northfield is owed comes round through Brookside."""
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 30, "2026-09-19", "s2", "harbour", category="english")
    story.exchanged("ashfield", "brookside", 60, "2026-09-20", "s3", "harbour")
    story.exchanged("brookside", "northfield", 40, "2026-09-21", "s4", "harbour")
    return story


def shares(told: dict[str, Any]) -> list[str]:
    return [told[name]["fraction"] for name in ("two_way", "comes_round", "one_way")]


def test_a_partnership_in_three_ways(database_url: str) -> None:
    with read(database_url, ring(village())) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR).to_json()
    assert told["scope"] == {"partnership": HARBOUR}
    assert told["rule_version"] == "reciprocity/1"
    assert told["minutes"] == 250
    assert shares(told) == ["6/25", "12/25", "7/25"]
    assert (told["members"], told["arcs"], told["reciprocated_arcs"]) == (3, 4, 2)
    assert [set(ring) for ring in told["rings"]] == [{NORTHFIELD, ASHFIELD, BROOKSIDE}]
    assert told["without_largest_giver"]["giver_id"] == NORTHFIELD
    assert told["without_largest_giver"]["minutes"] == 60
    assert told["names"][NORTHFIELD] == "Northfield"
    assert "independent" not in told
    categories = {one["category"]: one["minutes"] for one in told["categories"]}
    assert categories == {"maths": 220, "english": 30}
    assert {one["organisation_id"]: one["net_minutes"] for one in told["organisations"]} == {
        NORTHFIELD: 50,
        ASHFIELD: -30,
        BROOKSIDE: -20,
    }


def test_partners_who_gave_nothing_are_members(database_url: str) -> None:
    with read(database_url, village()) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR).to_json()
    assert (told["members"], told["minutes"], told["two_way"], told["rings"]) == (3, 0, None, [])
    assert told["why"]["one_way"] == "nothing_confirmed"
    assert told["why"]["reciprocity_arcs"] == "no_arcs"
    assert told["without_largest_giver"] is None
    assert told["unknown"] == ["pupils"]


def test_only_what_both_sides_have_said_counts(database_url: str) -> None:
    story = ring(village())
    story.gave("northfield", "brookside", 999, "2026-09-22", "claimed", "harbour")
    story.exchanged("northfield", "brookside", 999, "2026-09-22", "gift", "harbour", basis="gift")
    story.exchanged("northfield", "brookside", 999, "2026-09-22", "elsewhere")
    story.at("2026-11-01").reversed("brookside", "s4", "2026-10-20")
    with read(database_url, story) as models:
        before = models.answer(reciprocity, Asked(as_of=date(2026, 10, 19)), HARBOUR).to_json()
        after = models.answer(reciprocity, Asked(), HARBOUR).to_json()
        windowed = models.answer(reciprocity, Asked(from_=date(2026, 9, 19), to=date(2026, 9, 20)), HARBOUR).to_json()
    assert (before["minutes"], after["minutes"], windowed["minutes"]) == (250, 210, 90)
    assert after["comes_round"]["fraction"] == "0/1"


def test_the_half_life_is_that_of_the_terms(database_url: str) -> None:
    story = Story()
    story.schools("northfield", "ashfield")
    story.partnership("harbour", "hub", "northfield", "ashfield", terms={"half_life_days": 30})
    story.at("2026-10-01").exchanged("northfield", "ashfield", 120, "2026-09-01", "s1", "harbour")
    with read(database_url, story) as models:
        asked = Asked(as_of=date(2026, 10, 1))
        told = models.answer(reciprocity, asked, HARBOUR).to_json()
        network = models.answer(network_reciprocity, asked, None).to_json()
    assert told["felt"] == {"half_life_days": 30, "minutes": 60}
    [pair] = told["pairs"]
    assert (pair["minutes"], pair["felt_minutes"]) == (120, 60)
    by_id = {one["organisation_id"]: one["felt_net_minutes"] for one in told["organisations"]}
    assert by_id == {NORTHFIELD: 60, ASHFIELD: -60}
    assert network["felt"] == {"half_life_days": 365, "minutes": 113}


def test_what_is_not_independent_is_shown_beside(database_url: str) -> None:
    story = Story()
    story.schools("northfield", "ashfield", trust="anchor").schools("brookside")
    story.partnership("harbour", "hub", "northfield", "ashfield", "brookside")
    ring(story.at("2026-10-01"))
    with read(database_url, story) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR).to_json()
    assert shares(told) == ["6/25", "12/25", "7/25"]
    assert told["independent"]["minutes"] == 100
    assert shares(told["independent"]) == ["0/1", "0/1", "1/1"]


def test_people_are_counted_and_never_named(database_url: str) -> None:
    story = ring(village())
    for person in ("ada", "ben"):
        story.given(
            member("northfield"),
            "person.introduced",
            person,
            person_id=ref(person),
            organisation_id=NORTHFIELD,
            role="teacher",
            name=person,
        )
    story.exchanged("northfield", "ashfield", 100, "2026-09-22", "s5", "harbour", people=[ref("ada"), ref("ben")])
    story.exchanged("northfield", "brookside", 20, "2026-09-22", "s6", "harbour", people=[ref("ada")])
    with read(database_url, story) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR).to_json()
    people = told["by_person"]
    assert (people["people"], people["named_minutes"], people["unnamed_minutes"]) == (2, 120, 250)
    assert people["largest_share"]["fraction"] == str(Fraction(70, 370))
    assert people["without_largest"]["minutes"] == 250
    assert ref("ada") not in str(told)


def test_pupils_where_they_are_known(database_url: str) -> None:
    story = ring(village())
    for name, pupils in (("northfield", 300), ("ashfield", 150), ("brookside", 60)):
        story.given(ADMIN, "organisation.details_changed", name, pupils=pupils)
    with read(database_url, story) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR).to_json()
    [northfield] = [one for one in told["organisations"] if one["organisation_id"] == NORTHFIELD]
    assert northfield["given_minutes_per_100_pupils"] == {"fraction": "40/1", "value": 40.0}
    assert northfield["received_minutes_per_100_pupils"]["fraction"] == "70/3"
    assert told["unknown"] == []


def test_the_network_is_what_somebody_sees(database_url: str) -> None:
    story = ring(village("elm", "oak"))
    story.exchanged("elm", "oak", 500, "2026-09-22", "s5")
    with read(database_url, story) as models:
        everything = models.answer(network_reciprocity, Asked(), None).to_json()
        harbour = models.answer(network_reciprocity, Asked(), [f"partnership:{HARBOUR}"]).to_json()
        elm = models.answer(network_reciprocity, Asked(), [f"organisation:{ref('elm')}"]).to_json()
    assert [told["minutes"] for told in (everything, harbour, elm)] == [750, 250, 500]
    assert [told["members"] for told in (everything, harbour, elm)] == [5, 5, 2]
    assert (everything["scope"], harbour["scope"]) == ({"network": "all"}, {"network": "in_sight"})


def test_a_school_registered_twice_is_one_member(database_url: str) -> None:
    story = ring(village("northfield-again"))
    story.exchanged("northfield-again", "ashfield", 40, "2026-09-18", "s5", "harbour")
    story.exchanged("northfield", "northfield-again", 999, "2026-09-18", "s6", "harbour")
    story.given(
        ADMIN, "organisation.duplicate_declared", "northfield-again", duplicate_of=NORTHFIELD, reason="The same school"
    )
    with read(database_url, story) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR, explain=True).to_json()
    assert (told["members"], told["minutes"]) == (3, 290)
    [first, *_] = told["working"][0]["steps"]
    assert len(first["event_ids"]) == 6


def test_a_trust_at_a_glance(database_url: str) -> None:
    story = Story()
    story.schools("northfield", "ashfield", trust="anchor").schools("brookside")
    story.partnership("harbour", "hub", "northfield", "brookside")
    story.at("2026-10-01")
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.exchanged("ashfield", "northfield", 30, "2026-09-18", "s2")
    story.exchanged("northfield", "brookside", 25, "2026-09-18", "s3", "harbour")
    with read(database_url, story) as models:
        told = models.answer(trust_overview, Asked(), ref("anchor"), explain=True).to_json()
    assert told["scope"] == {"trust": ref("anchor")}
    assert (told["whole"]["given_minutes"], told["whole"]["outside_given_minutes"]) == (150, 25)
    assert shares(told["reciprocity"]) == ["2/5", "0/1", "3/5"]
    assert told["reciprocity"]["members"] == 3
    assert told["partnerships"] == [{"partnership_id": HARBOUR, "name": "Harbour Cluster"}]
    assert told["reciprocity"]["independent"]["two_way"] is None
    assert told["working"]
    assert told["names"][ref("ashfield")] == "Ashfield"


def test_each_working_ends_in_its_number_and_names_its_facts(database_url: str) -> None:
    story = ring(village())
    with read(database_url, story) as models:
        told = models.answer(reciprocity, Asked(), HARBOUR, explain=True).to_json()
    workings = {one["figure"]: one for one in told["working"]}
    assert list(workings) == ["two_way", "comes_round", "one_way", "felt", "effective_givers"]
    for figure in ("two_way", "comes_round", "one_way"):
        assert workings[figure]["steps"][-1]["comes_to"] == percent(Fraction(told[figure]["fraction"]))
    effective = round(told["concentration"]["effective_givers"]["value"])
    assert f" {effective} school" in workings["effective_givers"]["steps"][-1]["comes_to"]
    known = {fact.event_id for fact in story.facts if fact.type.startswith("support.")}
    for working in workings.values():
        named = {event for step in working["steps"] for event in step["event_ids"]}
        assert named == known
    pair = workings["two_way"]["steps"][0]
    support = {fact.event_id for fact in story.facts if fact.stream.id in {ref("s1"), ref("s2")}}
    assert set(pair["event_ids"]) == support
