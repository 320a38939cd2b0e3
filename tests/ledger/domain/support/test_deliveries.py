"""The giver records what it gave, inside an agreement or without one, and may take it back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.refusals import (
    AlreadySaid,
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
from ledger.domain.support.refusals import AlreadyReversed, StretchTooLong
from ledger.domain.support.shapes import Delivered
from ledger.errors import ClaimMalformed
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    HUB,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreed_in_cluster,
    alone,
    cluster,
    confirmed,
    days,
    delivered,
    delivery,
    schools,
    support,
)
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused

DELIVERED = "support.delivered"
REVERSED: dict[str, Any] = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}


def test_a_delivery_inside_an_agreement_is_claimed_until_it_is_answered() -> None:
    one = support(delivered(occasion_id="inset")).deliveries["d1"]
    assert (one.minutes, one.delivered_on, one.status, one.basis) == (390, date(2026, 9, 1), "claimed", "exchange")
    assert (one.counted_minutes, one.actor) == (0, NORTHFIELD.principal)


def test_the_receiver_does_not_record_what_was_given() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        agreed().when(OAKWOOD, DELIVERED, "maths", **delivery())


@pytest.mark.parametrize(
    "more",
    [
        {"giver_id": ref("northfield")},
        {"receiver_id": ref("oakwood")},
        {"category": "maths"},
        {"basis": "gift"},
        {"imported": True},
        {"partnership_id": ref("cluster")},
    ],
)
def test_what_was_agreed_is_not_said_again(more: dict[str, Any]) -> None:
    with refused(ClaimUnsound) as caught:
        agreed().when(NORTHFIELD, DELIVERED, "maths", **delivery(**more))
    assert [error.pointer for error in caught.value.errors] == [f"/data/{next(iter(more))}"]


def test_a_delivery_has_an_id_of_its_own() -> None:
    with refused(AlreadySaid, id="d1"):
        delivered().when(NORTHFIELD, DELIVERED, "maths", **delivery())


def test_nothing_is_delivered_tomorrow() -> None:
    with refused(DayOutOfRange):
        agreed().when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_on="2026-09-02"))


def test_a_stretch_is_at_most_one_term_long() -> None:
    story = agreed()
    story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_from="2026-05-05"))
    with refused(StretchTooLong, days=121, at_most=120):
        story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivery_id="d2", delivered_from="2026-05-04"))


def test_no_stretch_begins_before_there_were_schools() -> None:
    with refused(DayOutOfRange):
        agreed().when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_from="1799-12-31"))


def test_the_people_are_known() -> None:
    with refused(UnknownReference, id=ref("ada")):
        agreed().when(NORTHFIELD, DELIVERED, "maths", **delivery(people=[ref("ada")]))


def test_a_delivery_is_priced_with_the_tariff_of_its_day() -> None:
    story = agreed_in_cluster()
    terms = {"terms": {"tariff": {"day": 300}}, "effective_on": "2026-10-05", "reason": "Shorter days"}
    story.given(HUB, "partnership.terms_revised", "cluster", **terms).at("2026-11-01")
    before = story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_on="2026-10-04"))
    after = story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivery_id="d2", delivered_on="2026-10-05"))
    assert (before.data.amount.minutes, after.data.amount.minutes) == (390, 300)


def removed(story: Scenario, name: str) -> Scenario:
    said = {"organisation_id": ref(name), "on": "2026-10-01", "removed": True, "reason": "Silent for a year"}
    return story.at("2026-10-05").given(HUB, "partnership.partner_left", "cluster", **said)


@pytest.mark.parametrize("name", ["northfield", "oakwood"])
def test_a_delivery_lies_inside_both_sides_membership(name: str) -> None:
    story = removed(agreed_in_cluster(), name)
    story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_on="2026-09-30"))
    with refused(NotAPartner, organisation_id=ref(name), partnership_id=ref("cluster")):
        story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivery_id="d2", delivered_on="2026-10-01"))


def test_the_whole_stretch_lies_inside_the_membership() -> None:
    story = agreed_in_cluster().at("2026-09-10")
    with refused(NotAPartner, organisation_id=ref("northfield")):
        story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_from="2026-08-31", delivered_on="2026-09-10"))


@pytest.mark.parametrize("name", ["northfield", "oakwood"])
def test_what_was_given_before_the_end_of_a_school_is_still_recorded(name: str) -> None:
    story = agreed().at("2026-10-05").given(ADMIN, "organisation.closed", name, on="2026-10-01", reason="Merged")
    story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivered_on="2026-09-30"))
    with refused(OrganisationEnded, organisation_id=ref(name)):
        story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivery_id="d2", delivered_on="2026-10-01"))


@pytest.mark.parametrize("ended", ["Completed", "Cancelled"])
def test_nothing_is_delivered_after_the_end(ended: str) -> None:
    story = agreed().given(OAKWOOD, f"support.{ended.lower()}", "maths", reason="Done")
    with refused(NotNow, state=ended):
        story.when(NORTHFIELD, DELIVERED, "maths", **delivery())


def test_support_that_nobody_agreed_is_one_delivery() -> None:
    story = schools().given(NORTHFIELD, DELIVERED, "maths", **alone())
    state = support(story)
    assert isinstance(state, Delivered)
    assert (state.giver_id, state.receiver_id, state.category, state.basis, state.partnership_id) == (
        ref("northfield"), ref("oakwood"), "maths", "exchange", None,
    )  # fmt: skip
    assert (state.is_agreed_and_open, state.is_offer_or_request_open) == (False, False)
    with refused(NotNow, state="Delivered"):
        story.when(NORTHFIELD, DELIVERED, "maths", **delivery(delivery_id="d2"))


def test_support_that_nobody_agreed_may_be_a_gift() -> None:
    story = schools().given(NORTHFIELD, DELIVERED, "maths", **alone(basis="gift"))
    assert support(story).deliveries["d1"].basis == "gift"


@pytest.mark.parametrize("missing", ["giver_id", "receiver_id", "category"])
def test_a_first_fact_says_who_and_what(missing: str) -> None:
    data = {name: value for name, value in alone().items() if name != missing}
    with refused(ClaimUnsound) as caught:
        schools().when(NORTHFIELD, DELIVERED, "maths", **data)
    assert [error.pointer for error in caught.value.errors] == [f"/data/{missing}"]


def test_nobody_records_what_another_gave() -> None:
    with refused(WrongVoice, voice=ref("ashfield")):
        schools().when(ASHFIELD, DELIVERED, "maths", **alone())


def test_the_category_must_be_known() -> None:
    with refused(ClaimMalformed):
        schools().when(NORTHFIELD, DELIVERED, "maths", **alone(category="mathes"))


def test_support_nobody_agreed_counts_in_a_partnership_of_both() -> None:
    story = cluster()
    story.when(NORTHFIELD, DELIVERED, "maths", **alone(partnership_id=ref("cluster")))
    with refused(NotAPartner, organisation_id=ref("ashfield")):
        story.when(NORTHFIELD, DELIVERED, "other", **alone(partnership_id=ref("cluster"), receiver_id=ref("ashfield")))
    with refused(NotThere, stream_kind="partnership"):
        story.when(NORTHFIELD, DELIVERED, "other", **alone(partnership_id=ref("nothing")))


def test_a_coordinator_records_for_a_school_but_never_what_it_got_itself() -> None:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    story.when(coordinator("harbour"), DELIVERED, "maths", for_="northfield", **alone())
    with refused(SpeaksForItself, recorded_for=ref("northfield")):
        story.when(coordinator("harbour"), DELIVERED, "other", for_="northfield", **alone(receiver_id=ref("harbour")))


def test_the_giver_reverses_once() -> None:
    story = confirmed().given(NORTHFIELD, "support.delivery_reversed", "maths", **REVERSED)
    one = support(story).deliveries["d1"]
    assert (one.status, one.reversed_on, one.counted_minutes) == ("reversed", date(2026, 9, 1), 0)
    with refused(AlreadyReversed, delivery_id="d1"):
        story.when(NORTHFIELD, "support.delivery_reversed", "maths", **REVERSED)


def test_the_receiver_does_not_reverse() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        confirmed().when(OAKWOOD, "support.delivery_reversed", "maths", **REVERSED)


@pytest.mark.parametrize("day", ["2026-08-31", "2026-09-02"])
def test_a_reversal_lies_between_the_delivery_and_today(day: str) -> None:
    with refused(DayOutOfRange):
        delivered().when(NORTHFIELD, "support.delivery_reversed", "maths", **REVERSED | {"effective_on": day})


def test_only_what_was_delivered_is_reversed() -> None:
    with refused(UnknownReference, id="d1"):
        agreed().when(NORTHFIELD, "support.delivery_reversed", "maths", **REVERSED)


def test_a_side_that_coordinates_does_not_reverse_for_the_other() -> None:
    story = Scenario().schools("northfield", trust="harbour")
    story.given(NORTHFIELD, DELIVERED, "maths", **alone(receiver_id=ref("harbour")))
    with refused(SpeaksForItself, recorded_for=ref("northfield")):
        story.when(coordinator("harbour"), "support.delivery_reversed", "maths", for_="northfield", **REVERSED)


def test_a_delivery_names_who_gave_it() -> None:
    story = agreed()
    person = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "specialist", "name": "Ada"}
    story.given(member("northfield"), "person.introduced", "ada", **person)
    delivered(story, people=[ref("ada")], amount=days(1))
    assert support(story).deliveries["d1"].people == {ref("ada")}
