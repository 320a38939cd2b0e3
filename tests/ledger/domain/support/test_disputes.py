"""The receiver disputes; one side proposes what counts, the other agrees: that settles it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import (
    AlreadySaid,
    NeedsAnotherVoice,
    OnlyTheReceiverConfirms,
    UnknownReference,
    WrongVoice,
)
from ledger.domain.support.refusals import (
    AlreadyConfirmed,
    AlreadyDisputed,
    AlreadyReversed,
    AlreadySettled,
    MoreThanDelivered,
    NotDisputed,
    SettlementLapsed,
)
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    confirmed,
    days,
    delivered,
    delivery,
    disputed,
    minutes,
    support,
)
from tests.scenario import ADMIN, Scenario, client, member, ref, refused

DISPUTED, PROPOSED, SETTLED = "support.delivery_disputed", "support.settlement_proposed", "support.dispute_settled"
HALF: dict[str, Any] = {
    "settlement_id": "s1", "delivery_id": "d1", "amount": {"quantity": "1", "unit": "half_day"}, "reason": "Half a day",
}  # fmt: skip
NO: dict[str, Any] = {"delivery_id": "d1", "reason": "Nobody came"}


def test_a_disputed_delivery_counts_nothing() -> None:
    one = support(disputed()).deliveries["d1"]
    assert (one.status, one.counted_minutes) == ("disputed", 0)


def test_only_the_receiver_disputes() -> None:
    with refused(OnlyTheReceiverConfirms, voice=ref("northfield")):
        delivered().when(NORTHFIELD, DISPUTED, "maths", **NO)


def test_who_recorded_the_delivery_does_not_dispute_it() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = agreed().given(both, "support.delivered", "maths", for_="northfield", **delivery())
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, DISPUTED, "maths", for_="oakwood", **NO)


def test_what_the_receiver_accepts_is_told_but_does_not_count() -> None:
    fact = delivered().when(OAKWOOD, DISPUTED, "maths", **NO, amount_accepted=minutes(0))
    assert fact.data.amount_accepted.minutes == 0
    with refused(MoreThanDelivered, minutes=780, at_most=390):
        delivered().when(OAKWOOD, DISPUTED, "maths", **NO, amount_accepted=days(2))


def test_it_is_disputed_once() -> None:
    with refused(AlreadyDisputed, delivery_id="d1"):
        disputed().when(OAKWOOD, DISPUTED, "maths", **NO)


def test_what_was_confirmed_is_not_disputed() -> None:
    with refused(AlreadyConfirmed, delivery_id="d1"):
        confirmed().when(OAKWOOD, DISPUTED, "maths", **NO)


def test_a_disputed_delivery_is_confirmed_after_all() -> None:
    assert support(confirmed(disputed())).deliveries["d1"].counted_minutes == 390


@pytest.mark.parametrize(("proposing", "agreeing"), [(NORTHFIELD, OAKWOOD), (OAKWOOD, NORTHFIELD)])
def test_either_side_proposes_and_the_other_settles(proposing: Speaker, agreeing: Speaker) -> None:
    story = disputed().given(proposing, PROPOSED, "maths", **HALF)
    with refused(WrongVoice, voice=next(iter(proposing.organisations))):
        story.when(proposing, SETTLED, "maths", settlement_id="s1")
    story.given(agreeing, SETTLED, "maths", settlement_id="s1")
    one = support(story).deliveries["d1"]
    assert (one.status, one.settled_minutes, one.counted_minutes) == ("settled", 195, 195)
    assert support(story).delivery_of_settlement("s1") == "d1"
    assert support(story).delivery_of_settlement("s2") is None


def test_a_dispute_may_be_settled_with_nothing() -> None:
    story = disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF | {"amount": minutes(0)})
    story.given(OAKWOOD, SETTLED, "maths", settlement_id="s1")
    assert support(story).deliveries["d1"].counted_minutes == 0


def test_no_more_is_settled_than_was_delivered() -> None:
    with refused(MoreThanDelivered, minutes=391, at_most=390):
        disputed().when(NORTHFIELD, PROPOSED, "maths", **HALF | {"amount": minutes(391)})


def test_nobody_outside_proposes() -> None:
    with refused(WrongVoice, voice=ref("ashfield")):
        disputed().when(ASHFIELD, PROPOSED, "maths", **HALF)


def test_a_settlement_has_an_id_of_its_own() -> None:
    story = disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF)
    with refused(AlreadySaid, id="s1"):
        story.when(OAKWOOD, PROPOSED, "maths", **HALF)


def test_only_a_dispute_is_settled() -> None:
    with refused(NotDisputed, delivery_id="d1", status="claimed"):
        delivered().when(NORTHFIELD, PROPOSED, "maths", **HALF)


def test_only_what_was_proposed_is_settled() -> None:
    with refused(UnknownReference, id="s9"):
        disputed().when(OAKWOOD, SETTLED, "maths", settlement_id="s9")


def test_it_is_settled_once() -> None:
    story = disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF)
    story.given(OAKWOOD, PROPOSED, "maths", **HALF | {"settlement_id": "s2", "amount": minutes(30)})
    story.given(OAKWOOD, SETTLED, "maths", settlement_id="s1")
    with refused(AlreadySettled, delivery_id="d1"):
        story.when(NORTHFIELD, SETTLED, "maths", settlement_id="s2")


def test_a_confirmation_ends_the_dispute() -> None:
    story = confirmed(disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF))
    with refused(AlreadyConfirmed, delivery_id="d1"):
        story.when(OAKWOOD, SETTLED, "maths", settlement_id="s1")


def test_a_reversal_ends_the_dispute() -> None:
    said = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}
    story = disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF)
    story.given(NORTHFIELD, "support.delivery_reversed", "maths", **said)
    with refused(AlreadyReversed, delivery_id="d1"):
        story.when(OAKWOOD, SETTLED, "maths", settlement_id="s1")


def test_a_proposal_does_not_outlive_its_dispute() -> None:
    story = confirmed(disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF))
    story.given(OAKWOOD, "support.confirmation_withdrawn", "maths", delivery_id="d1", reason="Mistaken")
    story.given(OAKWOOD, DISPUTED, "maths", **NO)
    with refused(SettlementLapsed, settlement_id="s1"):
        story.when(OAKWOOD, SETTLED, "maths", settlement_id="s1")


def test_other_disputes_keep_their_proposals() -> None:
    story = disputed().given(NORTHFIELD, PROPOSED, "maths", **HALF)
    story.given(NORTHFIELD, "support.delivered", "maths", **delivery(delivery_id="d2"))
    story.given(OAKWOOD, SETTLED, "maths", settlement_id="s1")
    assert support(story).deliveries["d1"].status == "settled"


def test_the_principal_who_proposed_does_not_settle() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = disputed().given(both, PROPOSED, "maths", for_="northfield", **HALF)
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, SETTLED, "maths", for_="oakwood", settlement_id="s1")


def recorded_by(both: Speaker) -> Scenario:
    return disputed(agreed().given(both, "support.delivered", "maths", for_="northfield", **delivery()))


def test_who_recorded_the_delivery_says_nothing_of_it_for_the_receiver() -> None:
    both = client("northfield", "oakwood", principal="one head")
    with refused(NeedsAnotherVoice, principal=both.principal):
        recorded_by(both).when(both, PROPOSED, "maths", for_="oakwood", **HALF)
    proposed = recorded_by(both).given(NORTHFIELD, PROPOSED, "maths", **HALF)
    with refused(NeedsAnotherVoice, principal=both.principal):
        proposed.when(both, SETTLED, "maths", for_="oakwood", settlement_id="s1")


def test_who_is_named_in_the_delivery_does_not_settle_it_for_the_receiver() -> None:
    person = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "head", "name": "Ada"}
    story = agreed().given(NORTHFIELD, "person.introduced", "ada", **person)
    disputed(delivered(story, people=[ref("ada")])).given(NORTHFIELD, PROPOSED, "maths", **HALF)
    head = member("oakwood", principal="ada at oakwood", person="ada")
    with refused(NeedsAnotherVoice, principal=head.principal):
        story.when(head, SETTLED, "maths", settlement_id="s1")


def test_successors_settle_what_their_predecessors_left() -> None:
    story = disputed().at("2026-09-03")
    story.given(ADMIN, "organisation.succeeded", "northfield", successor_id=ref("ashfield"), on="2026-09-02")
    story.given(ASHFIELD, PROPOSED, "maths", **HALF)
    with refused(WrongVoice, voice=ref("ashfield")):
        story.when(ASHFIELD, SETTLED, "maths", settlement_id="s1")
    story.given(OAKWOOD, SETTLED, "maths", settlement_id="s1")
    assert support(story).deliveries["d1"].counted_minutes == 195
