"""Who sees which facts, and the filters over them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.clock import SetClock
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere, RoleForbidden
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger
from tests.scenario import refused
from tests.story import Village, person, said


@pytest.fixture
def village(ledger: Ledger) -> Village:
    """Northfield and Ashfield are partners, with the hub's coordinator; Oakwood is alone."""
    village = Village(ledger)
    for name in ("Northfield", "Ashfield", "Oakwood"):
        village.school(name)
    village.school("Hub", "hub")
    partners = [{"organisation_id": village.ids[name], "role": "partner"} for name in ("Northfield", "Ashfield")]
    formed = ledger.post(
        village.coordinator("Hub"),
        said(
            "partnership.formed",
            name="Harbour",
            purpose="Better mathematics",
            aims=[{"aim_id": "a", "statement": "Raise attainment", "due_on": "2027-07-01"}],
            partners=partners,
            coordinator_id=village.ids["Hub"],
            starts_on="2026-09-01",
        ),
    )
    village.ids["Harbour"] = formed.stream_id
    for name in ("Northfield", "Ashfield"):
        village.post(
            name,
            "partnership.partner_accepted",
            formed.stream_id,
            organisation_id=village.ids[name],
            on="2026-09-01",
        )
    return village


def seen(village: Village, reader: Speaker, **filters: object) -> list[str]:
    query = FactQuery(visible=village.ledger.visible(reader), **filters)  # type: ignore[arg-type]  # literal filters
    return [fact.type for fact in village.ledger.facts(query).facts]


def test_a_school_sees_what_names_it_and_its_partnership(village: Village) -> None:
    village.confirmed("Northfield", "Oakwood")
    village.confirmed("Northfield", "Ashfield", partnership_id=village.ids["Harbour"])
    supports = ("support.delivered", "support.delivery_confirmed")
    assert seen(village, village.members["Oakwood"], types=supports) == list(supports)
    assert seen(village, village.members["Ashfield"], types=supports) == list(supports)
    assert seen(village, village.members["Northfield"], types=supports) == [*supports, *supports]


def test_a_coordinator_sees_its_partnerships(village: Village) -> None:
    village.confirmed("Northfield", "Ashfield", partnership_id=village.ids["Harbour"])
    village.confirmed("Northfield", "Oakwood")
    assert seen(village, village.coordinator("Hub"), types=("support.delivered",)) == ["support.delivered"]


def test_a_whole_ledger_auditor_sees_all_and_a_trust_s_only_its_trust(village: Village) -> None:
    trust = village.school("Trust", "trust")
    village.post("Oakwood", "organisation.joined_trust", village.ids["Oakwood"], trust_id=trust, on="2026-01-01")
    village.confirmed("Northfield", "Oakwood")
    village.confirmed("Northfield", "Ashfield")
    everything = replace(person("auditor"), whole_ledger=True)
    its_trust = replace(person("auditor"), trust=trust)
    assert seen(village, everything, types=("support.delivered",)) == ["support.delivered"] * 2
    assert seen(village, its_trust, types=("support.delivered",)) == ["support.delivered"]


def test_a_trust_sees_the_partnerships_its_present_members_are_in(village: Village) -> None:
    """Oakwood comes to Harbour after it was formed, and into the trust: then the trust sees it."""
    trust, harbour = village.school("Trust", "trust"), village.ids["Harbour"]
    auditor, coordinator = replace(person("auditor"), trust=trust), village.coordinator("Trust")
    delivery = village.delivered("Northfield", "Ashfield", partnership_id=harbour)
    joins = {"organisation_id": village.ids["Oakwood"], "on": "2026-09-01"}
    village.post("Oakwood", "organisation.joined_trust", village.ids["Oakwood"], trust_id=trust, on="2026-01-01")
    assert not any(village.ledger.may_see(one, harbour) for one in (auditor, coordinator))
    village.ledger.post(village.coordinator("Hub"), said("partnership.partner_invited", harbour, **joins))
    for one in (auditor, coordinator):
        assert village.ledger.opened_to(one) == (f"partnership:{harbour}",)
        assert not village.ledger.may_see(one, delivery.stream_id)
    village.post("Oakwood", "partnership.partner_accepted", harbour, **joins)
    for one in (auditor, coordinator):
        assert village.ledger.may_see(one, harbour)
        assert seen(village, one, types=("support.delivered",)) == ["support.delivered"]
    village.post("Oakwood", "organisation.left_trust", village.ids["Oakwood"], trust_id=trust, on="2026-09-01")
    assert village.ledger.opened_to(auditor) == village.ledger.opened_to(coordinator) == ()


def test_an_admin_reads_no_facts(village: Village) -> None:
    with pytest.raises(RoleForbidden):
        village.ledger.visible(village.admin)


def test_a_stranger_s_stream_is_out_of_sight_and_the_directory_is_not(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    oakwood = village.members["Oakwood"]
    assert not village.ledger.may_see(oakwood, delivery.stream_id)
    assert village.ledger.may_see(village.members["Ashfield"], delivery.stream_id)
    assert village.ledger.may_see(oakwood, village.ids["Northfield"])
    assert not village.ledger.may_see(oakwood, str(uuid.uuid4()))


def test_the_filters(village: Village, clock: SetClock) -> None:
    first = village.confirmed("Northfield", "Ashfield", partnership_id=village.ids["Harbour"])
    clock.advance(timedelta(days=3))
    event = replace(said("organisation.registered", name="Elm", kind="school", identifiers=[]), correlationid="c-1")
    elm = village.ledger.post(village.admin, event)
    auditor = replace(person("auditor"), whole_ledger=True)
    assert seen(village, auditor, stream=first.stream_id) == ["support.delivered", "support.delivery_confirmed"]
    assert seen(village, auditor, correlation_id="c-1") == ["organisation.registered"]
    assert seen(village, auditor, after=elm.position - 1) == ["organisation.registered"]
    assert seen(village, auditor, recorded_from=clock.now()) == ["organisation.registered"]
    assert seen(village, auditor, on_from=date(2026, 9, 4)) == ["organisation.registered"]
    assert seen(village, auditor, actor=village.members["Ashfield"].principal)[-1] == "support.delivery_confirmed"
    assert seen(village, auditor, voice=village.ids["Northfield"])[-1] == "support.delivered"
    assert set(seen(village, auditor, partnership=village.ids["Harbour"])) == {
        "partnership.formed",
        "partnership.partner_accepted",
        "support.delivered",
        "support.delivery_confirmed",
    }


def test_pages_follow_each_other_without_a_gap(village: Village) -> None:
    positions, after = [], 0
    while True:
        page = village.ledger.facts(FactQuery(after=after, limit=3))
        positions += [fact.position for fact in page.facts]
        after = page.last_position
        if not page.has_more:
            break
    assert positions == list(range(1, page.head + 1))
    assert page.last_position == page.head


def test_a_stranger_is_told_nothing_about_a_stream(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    confirm = said("support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    for claim in (confirm, replace(confirm, expectedversion=7)):
        with refused(NotThere, id=delivery.stream_id):
            village.ledger.post(village.members["Oakwood"], claim)


def test_partners_do_not_read_each_other_s_reviews(village: Village) -> None:
    ratings = {"purpose": 4, "trust": 5, "reciprocity": 3, "challenge": 4, "impact": 4}
    review = {"ratings": ratings, "decision": "continue", "comment": "We ask each other harder questions"}
    receipt = village.post("Northfield", "partnership.reviewed", village.ids["Harbour"], **review)
    fact = village.ledger.fact(receipt.event_id)
    readers = {name: village.members[name] for name in ("Northfield", "Ashfield")} | {"Hub": village.coordinator("Hub")}
    read = {name: village.ledger.opened([fact], reader)[0].data for name, reader in readers.items()}
    assert read["Northfield"].comment == read["Hub"].comment == "We ask each other harder questions"
    assert (read["Ashfield"].comment, read["Ashfield"].ratings) == ("[withheld]", None)


def test_a_partnership_is_seen_by_partners_and_the_invited_for_as_long_as_they_are(village: Village) -> None:
    harbour, oakwood = village.ids["Harbour"], village.members["Oakwood"]
    invited = {"organisation_id": village.ids["Oakwood"], "on": "2026-09-01"}
    assert not village.ledger.may_see(oakwood, harbour)
    village.ledger.post(village.coordinator("Hub"), said("partnership.partner_invited", harbour, **invited))
    assert village.ledger.may_see(oakwood, harbour)
    village.post("Oakwood", "partnership.partner_declined", harbour, **invited)
    assert not village.ledger.may_see(oakwood, harbour)


def test_inviting_a_school_gives_nobody_its_voice(village: Village) -> None:
    harbour = village.ids["Harbour"]
    invited = {"organisation_id": village.ids["Oakwood"], "on": "2026-09-01"}
    village.ledger.post(village.coordinator("Hub"), said("partnership.partner_invited", harbour, **invited))
    for more in ({}, {"partnership_id": harbour}):
        claim = said(
            "support.delivered",
            delivery_id="d1",
            amount={"quantity": "1", "unit": "hour"},
            delivered_on="2026-09-01",
            giver_id=village.ids["Oakwood"],
            receiver_id=village.ids["Ashfield"],
            category="maths",
            **more,
        )
        with refused(NotThere):
            village.ledger.post(village.coordinator("Hub"), replace(claim, recordedfor=village.ids["Oakwood"]))


def test_an_interest_is_for_the_maker_alone(village: Village) -> None:
    offered = village.post(
        "Northfield",
        "support.offered",
        giver_id=village.ids["Northfield"],
        partnership_id=village.ids["Harbour"],
        category="maths",
        summary="A specialist for a day",
        amount={"quantity": "1", "unit": "day"},
        open_to={"to": "partnership"},
        available_from="2026-09-01",
    )
    interest = {"interest_id": "i1", "organisation_id": village.ids["Ashfield"]}
    shown = village.post(
        "Ashfield", "support.interest_shown", offered.stream_id, **interest, amount={"quantity": "2", "unit": "hour"}
    )
    fact = village.ledger.fact(shown.event_id)
    assert village.ledger.seen([fact], village.members["Northfield"]) == [fact]
    assert village.ledger.seen([fact], village.coordinator("Hub")) == []


def test_how_far_a_school_has_come_is_not_for_everybody(village: Village) -> None:
    framework = village.post(
        "Oakwood",
        "framework.published",
        owner_id=village.ids["Oakwood"],
        name="Eight things",
        components=[{"component_id": "one", "statement": "We meet", "stance": "expected"}],
    )
    assessed = village.post(
        "Oakwood",
        "organisation.assessed",
        village.ids["Oakwood"],
        framework_id=framework.stream_id,
        component_id="one",
        status="not_yet",
        evidence="We begin in spring",
        assessed_on="2026-09-01",
        assessed_by=village.ids["Oakwood"],
    )
    fact = village.ledger.fact(assessed.event_id)
    assert village.ledger.seen([fact], village.members["Oakwood"]) == [fact]
    assert village.ledger.seen([fact], village.members["Ashfield"]) == []
