"""What was agreed is varied when one side proposes and the other agrees."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    NeedsAnotherVoice,
    NotNow,
    UnknownReference,
    WrongVoice,
)
from ledger.domain.support.refusals import LessThanDelivered
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreed_in_cluster,
    alone,
    days,
    delivered,
    delivery,
    schools,
    support,
)
from tests.scenario import Scenario, client, ref, refused

PROPOSED, AGREED = "support.variation_proposed", "support.variation_agreed"
MORE: dict[str, Any] = {"variation_id": "v1", "amount": days(3), "reason": "It helps"}


def test_a_proposal_changes_nothing_until_the_other_side_agrees() -> None:
    story = agreed().given(NORTHFIELD, PROPOSED, "maths", **MORE)
    assert support(story).agreement.minutes == 780
    story.given(OAKWOOD, AGREED, "maths", variation_id="v1")
    assert support(story).agreement.minutes == 1170


def test_days_and_basis_are_varied() -> None:
    said = {"variation_id": "v1", "starts_on": "2026-09-14", "ends_on": "2027-03-26", "reason": "Later"}
    story = agreed().given(OAKWOOD, PROPOSED, "maths", **said, basis="funded", paid_by="A programme")
    story.given(NORTHFIELD, AGREED, "maths", variation_id="v1")
    state = support(story)
    assert (state.agreement.starts_on, state.agreement.ends_on) == (date(2026, 9, 14), date(2027, 3, 26))
    assert (state.basis, state.payment.paid_by, state.agreement.minutes) == ("funded", "A programme", 780)


def test_a_new_basis_holds_for_what_is_recorded_after_it() -> None:
    story = delivered().given(NORTHFIELD, PROPOSED, "maths", variation_id="v1", basis="gift", reason="A present")
    story.given(OAKWOOD, AGREED, "maths", variation_id="v1")
    story.given(NORTHFIELD, "support.delivered", "maths", **delivery(delivery_id="d2"))
    assert [one.basis for one in support(story).deliveries.values()] == ["exchange", "gift"]


def test_nobody_agrees_their_own_proposal() -> None:
    story = agreed().given(NORTHFIELD, PROPOSED, "maths", **MORE)
    with refused(WrongVoice, voice=ref("northfield")):
        story.when(NORTHFIELD, AGREED, "maths", variation_id="v1")


def test_the_principal_who_proposed_does_not_agree() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = agreed().given(both, PROPOSED, "maths", for_="northfield", **MORE)
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, AGREED, "maths", for_="oakwood", variation_id="v1")


def test_nobody_outside_varies() -> None:
    with refused(WrongVoice, voice=ref("ashfield")):
        agreed().when(ASHFIELD, PROPOSED, "maths", **MORE)


def test_a_proposal_has_an_id_of_its_own() -> None:
    story = agreed().given(NORTHFIELD, PROPOSED, "maths", **MORE)
    with refused(AlreadySaid, id="v1"):
        story.when(OAKWOOD, PROPOSED, "maths", **MORE)


def test_a_proposal_is_agreed_once() -> None:
    story = agreed().given(NORTHFIELD, PROPOSED, "maths", **MORE).given(OAKWOOD, AGREED, "maths", variation_id="v1")
    with refused(AlreadySaid, id="v1"):
        story.when(OAKWOOD, AGREED, "maths", variation_id="v1")


def test_only_what_was_proposed_is_agreed() -> None:
    with refused(UnknownReference, id="v9"):
        agreed().when(OAKWOOD, AGREED, "maths", variation_id="v9")


def test_no_less_is_agreed_than_was_delivered() -> None:
    story = delivered()
    with refused(LessThanDelivered, minutes=195, at_least=390):
        story.when(OAKWOOD, PROPOSED, "maths", **MORE | {"amount": {"quantity": "1", "unit": "half_day"}})


def test_what_was_delivered_since_the_proposal_counts() -> None:
    story = agreed().given(OAKWOOD, PROPOSED, "maths", **MORE | {"amount": days(1)})
    story.given(NORTHFIELD, "support.delivered", "maths", **delivery(amount=days(2)))
    with refused(LessThanDelivered, minutes=390, at_least=780):
        story.when(NORTHFIELD, AGREED, "maths", variation_id="v1")


def test_what_was_reversed_was_not_delivered() -> None:
    said = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}
    story = delivered(amount=days(2)).given(NORTHFIELD, "support.delivery_reversed", "maths", **said)
    story.when(OAKWOOD, PROPOSED, "maths", **MORE | {"amount": days(1)})


@pytest.mark.parametrize("changed", [{"starts_on": "2026-12-19"}, {"ends_on": "2026-09-06"}])
def test_support_does_not_end_before_it_starts(changed: dict[str, str]) -> None:
    with refused(ClaimUnsound):
        agreed().when(OAKWOOD, PROPOSED, "maths", variation_id="v1", reason="Oops", **changed)


def test_two_proposals_do_not_make_it_end_before_it_starts() -> None:
    story = agreed().given(OAKWOOD, PROPOSED, "maths", variation_id="v1", starts_on="2026-12-01", reason="Later")
    story.given(OAKWOOD, PROPOSED, "maths", variation_id="v2", ends_on="2026-11-01", reason="Shorter")
    story.given(NORTHFIELD, AGREED, "maths", variation_id="v1")
    with refused(ClaimUnsound):
        story.when(NORTHFIELD, AGREED, "maths", variation_id="v2")


def test_a_variation_lies_within_ten_years() -> None:
    with refused(DayOutOfRange):
        agreed().when(OAKWOOD, PROPOSED, "maths", variation_id="v1", ends_on="2037-01-01", reason="For ever")


def test_an_amount_is_priced_with_the_tariff_of_the_agreement() -> None:
    story = agreed_in_cluster(tariff={"day": 300})
    assert story.when(OAKWOOD, PROPOSED, "maths", **MORE).data.amount.minutes == 900


def cancelled() -> Scenario:
    story = agreed().given(NORTHFIELD, PROPOSED, "maths", **MORE)
    return story.given(OAKWOOD, "support.cancelled", "maths", reason="Staff changed")


def test_what_has_ended_is_not_varied() -> None:
    with refused(NotNow, state="Cancelled"):
        cancelled().when(OAKWOOD, PROPOSED, "maths", **MORE | {"variation_id": "v2"})
    with refused(NotNow, state="Cancelled"):
        cancelled().when(OAKWOOD, AGREED, "maths", variation_id="v1")


@pytest.mark.parametrize(("asking", "other"), [(NORTHFIELD, OAKWOOD), (OAKWOOD, NORTHFIELD)])
def test_either_side_asks_for_confidence_and_both_lift_it(asking: Speaker, other: Speaker) -> None:
    story = agreed().given(asking, PROPOSED, "maths", variation_id="v1", confidential=True, reason="Sensitive")
    assert support(story).confidential
    story.given(other, PROPOSED, "maths", variation_id="v2", confidential=False, reason="Others may learn")
    assert support(story).confidential
    story.given(asking, AGREED, "maths", variation_id="v2")
    assert not support(story).confidential


def test_confidence_is_asked_for_and_lifted_when_support_has_ended() -> None:
    story = cancelled().given(OAKWOOD, PROPOSED, "maths", variation_id="v2", confidential=True, reason="Sensitive")
    story.given(OAKWOOD, PROPOSED, "maths", variation_id="v3", confidential=False, reason="Over")
    story.given(NORTHFIELD, AGREED, "maths", variation_id="v3")
    assert not support(story).confidential


def test_confidence_is_asked_for_what_nobody_agreed_beforehand() -> None:
    story = schools().given(NORTHFIELD, "support.delivered", "maths", **alone())
    story.given(OAKWOOD, PROPOSED, "maths", variation_id="v1", confidential=True, reason="Sensitive")
    assert support(story).confidential
    story.given(OAKWOOD, PROPOSED, "maths", variation_id="v2", confidential=False, reason="Over")
    story.given(NORTHFIELD, AGREED, "maths", variation_id="v2")
    assert not support(story).confidential
