"""Of several, the maker takes up one interest, in a new stream; the offer stays open until it is used up."""

from __future__ import annotations

from typing import Any

from ledger.domain.refusals import ClaimUnsound, NeedsAnotherVoice, UnknownReference, WrongVoice
from ledger.domain.support.refusals import (
    AddressedToOne,
    InterestTaken,
    MoreThanOffered,
    NoLongerOpen,
    NotAsOffered,
)
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreement,
    answers,
    days,
    interest,
    offer,
    request,
    schools,
    support,
    to,
)
from tests.scenario import Scenario, client, ref, refused


def wanted() -> Scenario:
    """Northfield offers six days; Oakwood wants two of them, Ashfield five."""
    story = schools().given(NORTHFIELD, "support.offered", "offer", **offer())
    story.given(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))
    return story.given(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield", "i2", amount=days(5)))


def to_ashfield(quantity: int) -> dict[str, Any]:
    return agreement(receiver_id=ref("ashfield"), amount=days(quantity), answers=answers("offer", "i2"))


def test_the_maker_takes_up_an_interest() -> None:
    story = wanted().given(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer")))
    state = support(story)
    assert (state.giver_id, state.receiver_id, state.taken_minutes) == (ref("northfield"), ref("oakwood"), 780)
    assert support(story, "offer").is_offer_or_request_open


def test_the_decision_leans_on_the_offer() -> None:
    story = wanted()
    story.leaned.clear()
    story.when(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer")))
    assert f"stream:{ref('offer')}" in story.leaned


def test_who_showed_interest_does_not_agree() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        wanted().when(OAKWOOD, "support.agreed", "maths", **agreement(answers=answers("offer")))


def test_the_principal_who_showed_interest_does_not_agree_it() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = schools().given(NORTHFIELD, "support.offered", "offer", **offer())
    story.given(both, "support.interest_shown", "offer", for_="oakwood", **interest("oakwood"))
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, "support.agreed", "maths", for_="northfield", **agreement(answers=answers("offer")))


def test_an_interest_is_taken_up_once() -> None:
    story = wanted().given(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer")))
    with refused(InterestTaken, interest_id="i1", support_id=ref("maths")):
        story.when(NORTHFIELD, "support.agreed", "again", **agreement(answers=answers("offer")))


def test_no_more_is_agreed_than_the_other_side_wants() -> None:
    with refused(MoreThanOffered, minutes=1170, at_most=780):
        wanted().when(NORTHFIELD, "support.agreed", "maths", **agreement(amount=days(3), answers=answers("offer")))


def test_no_more_is_agreed_than_is_left() -> None:
    story = wanted().given(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer")))
    with refused(MoreThanOffered, minutes=1950, at_most=1560):
        story.when(NORTHFIELD, "support.agreed", "english", **to_ashfield(5))
    story.when(NORTHFIELD, "support.agreed", "english", **to_ashfield(4))


def test_a_used_up_offer_is_not_open() -> None:
    story = wanted().given(NORTHFIELD, "support.agreed", "english", **to_ashfield(5))
    story.given(NORTHFIELD, "support.agreed", "maths", **agreement(amount=days(1), answers=answers("offer")))
    assert support(story, "offer").minutes == 2340
    with refused(NoLongerOpen, because="used_up"):
        story.when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood", "i3"))


def test_what_is_cancelled_takes_up_only_what_was_delivered() -> None:
    story = wanted().given(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer")))
    day = {"delivery_id": "d1", "amount": days(1), "delivered_on": "2026-09-01"}
    story.given(NORTHFIELD, "support.delivered", "maths", **day)
    story.given(OAKWOOD, "support.cancelled", "maths", reason="Staff changed")
    assert support(story).taken_minutes == 390
    story.when(NORTHFIELD, "support.agreed", "english", **to_ashfield(5))


def test_an_interest_in_a_request_brings_the_basis() -> None:
    story = schools().given(OAKWOOD, "support.requested", "request", **request())
    story.given(NORTHFIELD, "support.interest_shown", "request", **interest("northfield", basis="gift"))
    with refused(NotAsOffered):
        story.when(OAKWOOD, "support.agreed", "maths", **agreement(answers=answers("request")))
    story.when(OAKWOOD, "support.agreed", "maths", **agreement(basis="gift", answers=answers("request")))


def test_where_the_giver_said_nothing_it_is_an_exchange() -> None:
    story = schools().given(OAKWOOD, "support.requested", "request", **request(confidential=True))
    story.given(NORTHFIELD, "support.interest_shown", "request", **interest("northfield"))
    fact = story.when(OAKWOOD, "support.agreed", "maths", **agreement(answers=answers("request")))
    assert (fact.data.basis, fact.data.confidential) == ("exchange", True)


def test_the_interest_must_be_there() -> None:
    with refused(UnknownReference, id="i9"):
        wanted().when(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer", "i9")))


def test_the_offer_must_be_there() -> None:
    with refused(UnknownReference, id=ref("nothing")):
        schools().when(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("nothing")))


def test_an_agreement_is_no_offer() -> None:
    with refused(UnknownReference, id=ref("maths")):
        agreed().when(NORTHFIELD, "support.agreed", "new", **agreement(answers=answers("maths")))


def test_a_new_stream_says_what_it_answers() -> None:
    with refused(ClaimUnsound):
        schools().when(NORTHFIELD, "support.agreed", "maths", **agreement())
    with refused(ClaimUnsound):
        wanted().when(NORTHFIELD, "support.agreed", "maths", **agreement(answers={"support_id": ref("offer")}))


def test_what_is_addressed_to_one_is_not_taken_up_elsewhere() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "offer", **offer(open_to=to("oakwood")))
    with refused(AddressedToOne, support_id=ref("offer")):
        story.when(OAKWOOD, "support.agreed", "maths", **agreement(answers=answers("offer")))


def test_a_withdrawn_offer_is_not_taken_up() -> None:
    story = wanted().given(NORTHFIELD, "support.offer_withdrawn", "offer", reason="Ill")
    with refused(NoLongerOpen, because="withdrawn"):
        story.when(NORTHFIELD, "support.agreed", "maths", **agreement(answers=answers("offer")))
