"""A school offers what it can give, or asks for what it needs, and may take either back."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import (
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NotAPartner,
    NotNow,
    NotThere,
    OrganisationEnded,
    SpeaksForItself,
    UnknownReference,
    WrongVoice,
)
from ledger.domain.support.shapes import Offered, Requested, WithdrawnOffer, WithdrawnRequest
from ledger.errors import ClaimMalformed
from tests.ledger.domain.support.stories import (
    HUB,
    NORTHFIELD,
    OAKWOOD,
    POOL,
    agreed,
    cluster,
    days,
    offer,
    request,
    schools,
    support,
    to,
)
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused

IN_CLUSTER = {"partnership_id": ref("cluster")}


def test_an_offer_comes_to_whole_minutes() -> None:
    fact = schools().when(NORTHFIELD, "support.offered", "offer", **offer())
    assert (fact.data.amount.quantity, fact.data.amount.unit, fact.data.amount.minutes) == ("6", "day", 2340)


def test_an_offer_says_what_is_known_of_it() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "offer", **offer(basis="gift"))
    state = support(story, "offer")
    assert isinstance(state, Offered)
    assert (state.giver_id, state.receiver_id, state.category, state.basis) == (
        ref("northfield"), None, "maths", "gift",
    )  # fmt: skip
    assert state.is_offer_or_request_open
    assert not state.is_agreed_and_open
    assert (dict(state.deliveries), dict(state.entry_days)) == ({}, {})
    assert state.delivery_of_settlement("s1") is None


def test_a_request_says_what_is_known_of_it() -> None:
    story = schools().given(OAKWOOD, "support.requested", "request", **request(confidential=True))
    state = support(story, "request")
    assert isinstance(state, Requested)
    assert (state.giver_id, state.receiver_id, state.basis, state.confidential) == (None, ref("oakwood"), None, True)


@pytest.mark.parametrize("type_name", ["support.offered", "support.requested"])
def test_a_stream_begins_once(type_name: str) -> None:
    story = agreed()
    who, data = (NORTHFIELD, offer()) if type_name == "support.offered" else (OAKWOOD, request())
    with refused(AlreadyThere, id=ref("maths")):
        story.when(who, type_name, "maths", **data)


def test_nobody_offers_for_another() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        schools().when(OAKWOOD, "support.offered", "offer", **offer())


def test_the_category_must_be_known() -> None:
    with refused(ClaimMalformed):
        schools().when(NORTHFIELD, "support.offered", "offer", **offer(category="mathes"))
    with refused(ClaimMalformed):
        schools().when(OAKWOOD, "support.requested", "request", **request(category="mathes"))


@pytest.mark.parametrize("quantity", ["0", "1/7", "1539"])
def test_minutes_come_out_whole_and_in_bounds(quantity: str) -> None:
    with refused(ClaimMalformed):
        schools().when(NORTHFIELD, "support.offered", "offer", **offer(amount=days(quantity)))


@pytest.mark.parametrize("member_name", ["available_from", "available_until"])
def test_an_offer_lies_within_ten_years(member_name: str) -> None:
    with refused(DayOutOfRange):
        schools().when(
            NORTHFIELD,
            "support.offered",
            "offer",
            **offer(**{"available_until": "2037-01-01", member_name: "2037-01-01"}),
        )


def test_a_request_lies_within_ten_years() -> None:
    with refused(DayOutOfRange):
        schools().when(OAKWOOD, "support.requested", "request", **request(needed_by="2037-01-01"))


def test_an_offer_in_a_partnership_is_priced_with_its_tariff() -> None:
    story = cluster(tariff={"day": 300})
    fact = story.when(NORTHFIELD, "support.offered", "offer", **offer(**IN_CLUSTER))
    assert fact.data.amount.minutes == 1800


def test_an_offer_for_later_is_priced_as_of_today() -> None:
    story = cluster()
    terms = {"terms": {"tariff": {"day": 300}}, "effective_on": "2026-10-05", "reason": "Shorter days"}
    story.given(HUB, "partnership.terms_revised", "cluster", **terms)
    fact = story.when(NORTHFIELD, "support.offered", "offer", **offer(**IN_CLUSTER, available_from="2026-11-02"))
    assert fact.data.amount.minutes == 2340


def test_only_an_active_partner_offers_or_asks_in_a_partnership() -> None:
    story = cluster()
    with refused(NotAPartner, organisation_id=ref("ashfield"), partnership_id=ref("cluster")):
        story.when(member("ashfield"), "support.offered", "o", **offer(**IN_CLUSTER, giver_id=ref("ashfield")))
    with refused(NotAPartner, organisation_id=ref("ashfield")):
        story.when(member("ashfield"), "support.requested", "r", **request(**IN_CLUSTER, receiver_id=ref("ashfield")))


def test_the_partnership_must_exist() -> None:
    with refused(NotThere, stream_kind="partnership"):
        schools().when(NORTHFIELD, "support.offered", "offer", **offer(**IN_CLUSTER))


def test_an_offer_may_be_made_before_the_partnership_begins() -> None:
    story = schools().at("2026-07-01").partnership("cluster", "hub", "northfield", "oakwood")
    story.when(NORTHFIELD, "support.offered", "offer", **offer(**IN_CLUSTER))
    with refused(NotAPartner, organisation_id=ref("northfield")):
        story.when(NORTHFIELD, "support.offered", "early", **offer(**IN_CLUSTER, available_from="2026-07-02"))


def test_nobody_offers_to_itself() -> None:
    with refused(ClaimUnsound):
        schools().when(NORTHFIELD, "support.offered", "offer", **offer(open_to=to("northfield")))


def test_what_a_partnership_may_answer_names_it() -> None:
    with refused(ClaimUnsound):
        schools().when(NORTHFIELD, "support.offered", "offer", **offer(open_to={"to": "partnership"}))
    cluster().when(NORTHFIELD, "support.offered", "offer", **offer(open_to={"to": "partnership"}, **IN_CLUSTER))


def test_what_a_trust_may_answer_is_offered_inside_one() -> None:
    with refused(ClaimUnsound):
        schools().when(NORTHFIELD, "support.offered", "offer", **offer(open_to={"to": "trust"}))
    story = Scenario().schools("northfield", trust="harbour")
    story.when(NORTHFIELD, "support.offered", "offer", **offer(open_to={"to": "trust"}))


def test_the_one_addressed_belongs_to_the_partnership() -> None:
    with refused(NotAPartner, organisation_id=ref("ashfield")):
        cluster().when(NORTHFIELD, "support.offered", "offer", **offer(open_to=to("ashfield"), **IN_CLUSTER))


def test_the_one_addressed_still_exists() -> None:
    story = schools().given(ADMIN, "organisation.closed", "oakwood", on="2026-08-31", reason="Merged")
    with refused(OrganisationEnded, organisation_id=ref("oakwood")):
        story.when(NORTHFIELD, "support.offered", "offer", **offer(open_to=to("oakwood")))


def test_people_were_introduced_and_are_named_once() -> None:
    story = schools()
    with refused(UnknownReference, id=ref("ada")):
        story.when(NORTHFIELD, "support.offered", "offer", **offer(people=[ref("ada")]))
    person = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "specialist", "name": "Ada"}
    story.given(NORTHFIELD, "person.introduced", "ada", **person)
    story.when(NORTHFIELD, "support.offered", "offer", **offer(people=[ref("ada")]))
    with refused(ClaimUnsound):
        story.when(NORTHFIELD, "support.offered", "twice", **offer(people=[ref("ada"), ref("ada")]))


def test_a_coordinator_offers_for_a_school_in_its_scope() -> None:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    fact = story.when(coordinator("harbour"), "support.offered", "offer", for_="northfield", **offer())
    assert fact.voice == ref("northfield")


def test_a_coordinator_never_offers_itself_something_for_a_school() -> None:
    story = Scenario().schools("northfield", "oakwood", trust="harbour")
    with refused(SpeaksForItself, recorded_for=ref("northfield")):
        story.when(coordinator("harbour"), "support.offered", "o", for_="northfield", **offer(open_to=to("harbour")))
    with refused(SpeaksForItself, recorded_for=ref("oakwood")):
        story.when(coordinator("harbour"), "support.requested", "r", for_="oakwood", **request(open_to=to("harbour")))


def test_an_offer_is_withdrawn_by_its_maker_once() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "offer", **offer())
    with refused(WrongVoice, voice=ref("oakwood")):
        story.when(OAKWOOD, "support.offer_withdrawn", "offer", reason="Not mine")
    story.given(NORTHFIELD, "support.offer_withdrawn", "offer", reason="The specialist is ill")
    assert isinstance(support(story, "offer"), WithdrawnOffer)
    assert not support(story, "offer").is_offer_or_request_open
    with refused(NotNow, state="WithdrawnOffer"):
        story.when(NORTHFIELD, "support.offer_withdrawn", "offer", reason="Again")


def test_a_request_is_withdrawn_by_its_maker_once() -> None:
    story = schools().given(OAKWOOD, "support.requested", "request", **request())
    with refused(NotNow, state="Requested"):
        story.when(OAKWOOD, "support.offer_withdrawn", "request", reason="It is no offer")
    story.given(OAKWOOD, "support.request_withdrawn", "request", reason="Solved")
    assert isinstance(support(story, "request"), WithdrawnRequest)
    with refused(NotNow, state="WithdrawnRequest"):
        story.when(OAKWOOD, "support.request_withdrawn", "request", reason="Again")


def test_what_was_agreed_in_this_stream_is_not_withdrawn() -> None:
    with refused(NotNow, state="Agreed"):
        agreed().when(NORTHFIELD, "support.offer_withdrawn", "maths", reason="Too late")


def test_nothing_is_withdrawn_that_was_never_offered() -> None:
    with refused(NotThere, stream_kind="support"):
        schools().when(NORTHFIELD, "support.offer_withdrawn", "nothing", reason="Lost")


def test_an_offer_is_not_delivered_before_it_is_agreed() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "offer", **offer(open_to=POOL))
    said: dict[str, Any] = {"delivery_id": "d1", "amount": days(1), "delivered_on": "2026-09-01"}
    with refused(NotNow, state="Offered"):
        story.when(NORTHFIELD, "support.delivered", "offer", **said)
