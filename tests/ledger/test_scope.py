"""Whether what a reader sees of the past has changed since a position."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.clock import SetClock
from ledger.domain.fact import Speaker
from ledger.scope import Scope, changed_since, gains
from ledger.service import Ledger
from ledger.visibility import Sight
from tests.story import Village, person, said

TODAY = "2026-09-01"


@pytest.fixture
def village(ledger: Ledger) -> Village:
    """Northfield and Ashfield in a partnership that the hub runs; Oakwood, and a trust with nobody in it."""
    village = Village(ledger)
    village.school("Hub", "hub")
    village.school("Trust", "trust")
    for name in ("Northfield", "Ashfield", "Oakwood"):
        village.school(name)
    village.ids["Harbour"] = formed(village, "Northfield", "Ashfield")
    return village


def formed(village: Village, *partners: str) -> str:
    """A partnership that the hub runs and these have accepted."""
    hub, members = village.ids["Hub"], [{"organisation_id": village.ids[one], "role": "partner"} for one in partners]
    event: dict[str, Any] = {"name": "Harbour", "purpose": "Better mathematics", "starts_on": TODAY, "terms": {}}
    event["aims"] = [{"aim_id": "maths", "statement": "Raise attainment", "due_on": "2027-07-01"}]
    event |= {"partners": members, "coordinator_id": hub}
    partnership = village.ledger.post(village.coordinator("Hub"), said("partnership.formed", **event)).stream_id
    for one in partners:
        joined = {"organisation_id": village.ids[one], "on": TODAY}
        village.post(one, "partnership.partner_accepted", partnership, **joined)
    return partnership


def auditor_of_trust(village: Village) -> Speaker:
    return Speaker(principal=person("auditor").principal, role="auditor", trust=village.ids["Trust"])


def test_what_happens_inside_what_one_sees_changes_nothing(village: Village) -> None:
    last = village.ledger.head()
    village.confirmed("Northfield", "Ashfield", partnership_id=village.ids["Harbour"])
    formed(village, "Oakwood", "Ashfield")
    for who in (village.members["Northfield"], village.coordinator("Hub"), auditor_of_trust(village)):
        assert not changed_since(village.ledger, who, last)


def test_a_removal_concerns_the_one_removed_alone(village: Village) -> None:
    last, left = village.ledger.head(), {"organisation_id": village.ids["Ashfield"], "on": TODAY, "removed": True}
    event = said("partnership.partner_left", village.ids["Harbour"], **left, reason="Moved on")
    village.ledger.post(village.coordinator("Hub"), event)
    assert changed_since(village.ledger, village.members["Ashfield"], last)
    assert not changed_since(village.ledger, village.members["Northfield"], last)
    assert not changed_since(village.ledger, village.members["Ashfield"], last + 1)


def test_a_school_that_joins_a_trust_concerns_those_who_read_for_the_trust(village: Village) -> None:
    last = village.ledger.head()
    village.post(
        "Oakwood", "organisation.joined_trust", village.ids["Oakwood"], trust_id=village.ids["Trust"], on=TODAY
    )
    assert changed_since(village.ledger, auditor_of_trust(village), last)
    assert changed_since(village.ledger, village.coordinator("Trust"), last)
    assert not changed_since(village.ledger, village.members["Oakwood"], last)


def test_another_coordinator_concerns_the_old_one_and_the_new(village: Village) -> None:
    last, trust = village.ledger.head(), village.ids["Trust"]
    change = said("partnership.coordinator_changed", village.ids["Harbour"], coordinator_id=trust, on=TODAY)
    village.ledger.post(village.coordinator("Hub"), change)
    assert changed_since(village.ledger, village.coordinator("Hub"), last)
    assert changed_since(village.ledger, village.coordinator("Trust"), last)
    assert not changed_since(village.ledger, village.members["Northfield"], last)


def test_a_position_that_nobody_has_reached_says_nothing(village: Village) -> None:
    assert not changed_since(village.ledger, village.members["Northfield"], 0)
    assert not changed_since(village.ledger, village.members["Northfield"], village.ledger.head() + 1)


def test_another_credential_of_the_same_principal_is_another_scope(village: Village, clock: SetClock) -> None:
    northfield, hub = village.members["Northfield"], village.coordinator("Hub")
    before, now = Scope.of(village.ledger, northfield), Scope.of(village.ledger, hub)
    assert now.differs(before, village.ledger, village.ledger.head())
    clock.advance(timedelta(days=1))
    assert not Scope.of(village.ledger, northfield).differs(before, village.ledger, village.ledger.head())


def test_gains_are_told_from_losses() -> None:
    before = Sight(frozenset({"a"}), frozenset())
    assert gains(before, Sight(frozenset({"a", "b"}), frozenset({"a"}))) == frozenset({"a", "b"})
    assert gains(before, Sight(frozenset({"a"}), frozenset(), invited=frozenset({"p"}))) == frozenset()
    assert gains(before, Sight(frozenset({"b"}), frozenset())) is None
    assert gains(before, Sight(None, frozenset())) is None
