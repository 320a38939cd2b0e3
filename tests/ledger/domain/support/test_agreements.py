"""What is addressed to one organisation is agreed by that one, in the same stream."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import (
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NeedsAnotherVoice,
    NotAPartner,
    OrganisationEnded,
    UnknownReference,
    WrongVoice,
)
from ledger.domain.support.refusals import MoreThanOffered, NoLongerOpen, NotAsOffered, OpenToSeveral
from ledger.domain.support.shapes import Agreed
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    HUB,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreed_in_cluster,
    agreement,
    answers,
    cluster,
    days,
    offer,
    request,
    schools,
    support,
    to,
)
from tests.scenario import ADMIN, Scenario, client, ref, refused


def offered(story: Scenario | None = None, **more: Any) -> Scenario:
    """Northfield offers six days to Oakwood alone."""
    data = offer(open_to=to("oakwood")) | more
    return (story or schools()).given(NORTHFIELD, "support.offered", "maths", **data)


def requested(**more: Any) -> Scenario:
    """Oakwood asks Northfield alone for four days."""
    data = request(open_to=to("northfield")) | more
    return schools().given(OAKWOOD, "support.requested", "maths", **data)


def test_the_one_addressed_agrees_an_offer() -> None:
    state = support(agreed())
    assert isinstance(state, Agreed)
    assert (state.giver_id, state.receiver_id, state.agreement.minutes) == (ref("northfield"), ref("oakwood"), 780)
    assert (state.is_agreed_and_open, state.is_offer_or_request_open) == (True, False)
    assert (state.category, state.basis, state.partnership_id) == ("maths", "exchange", None)


def test_the_one_addressed_agrees_a_request() -> None:
    story = requested().given(NORTHFIELD, "support.agreed", "maths", **agreement(basis="gift"))
    assert support(story).basis == "gift"


def test_its_maker_does_not_agree_for_the_other() -> None:
    with refused(WrongVoice, voice=ref("northfield")):
        offered().when(NORTHFIELD, "support.agreed", "maths", **agreement())


def test_nobody_else_agrees() -> None:
    with refused(WrongVoice, voice=ref("ashfield")):
        offered().when(ASHFIELD, "support.agreed", "maths", **agreement())


def test_the_principal_who_recorded_the_offer_does_not_agree_it() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = schools().given(both, "support.offered", "maths", for_="northfield", **offer(open_to=to("oakwood")))
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, "support.agreed", "maths", for_="oakwood", **agreement())


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"giver_id": ref("ashfield")}, "/data/giver_id"),
        ({"receiver_id": ref("ashfield")}, "/data/receiver_id"),
        ({"category": "english"}, "/data/category"),
        ({"partnership_id": ref("cluster")}, "/data/partnership_id"),
        ({"basis": "gift"}, "/data/basis"),
    ],
)
def test_an_agreement_says_what_was_offered(changed: dict[str, str], pointer: str) -> None:
    with refused(NotAsOffered) as caught:
        offered().when(OAKWOOD, "support.agreed", "maths", **agreement(**changed))
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_an_agreement_takes_no_more_than_was_offered() -> None:
    with refused(MoreThanOffered, minutes=2730, at_most=2340):
        offered().when(OAKWOOD, "support.agreed", "maths", **agreement(amount=days(7)))
    with refused(MoreThanOffered, minutes=1950, at_most=1560):
        requested().when(NORTHFIELD, "support.agreed", "maths", **agreement(amount=days(5)))


def test_paid_support_is_agreed_as_offered() -> None:
    paid: dict[str, Any] = {"basis": "paid", "paid_by": "Oakwood", "pence_per_day": 35_000}
    story = offered(**paid)
    with refused(NotAsOffered) as caught:
        story.when(OAKWOOD, "support.agreed", "maths", **agreement(**paid | {"pence_per_day": 30_000}))
    assert [error.pointer for error in caught.value.errors] == ["/data/pence_per_day"]
    story.given(OAKWOOD, "support.agreed", "maths", **agreement(**paid))
    assert support(story).payment.paid_by == "Oakwood"


def test_nobody_pays_for_what_was_only_asked_for() -> None:
    with refused(NotAsOffered):
        requested().when(NORTHFIELD, "support.agreed", "maths", **agreement(basis="paid", paid_by="Oakwood"))


def test_confidence_that_was_asked_for_is_kept() -> None:
    story = requested(confidential=True)
    with refused(NotAsOffered):
        story.when(NORTHFIELD, "support.agreed", "maths", **agreement(confidential=False))
    fact = story.when(NORTHFIELD, "support.agreed", "maths", **agreement())
    assert fact.data.confidential is True
    assert support(story).confidential


def test_confidence_is_asked_for_with_the_agreement() -> None:
    assert support(agreed(confidential=True)).confidential
    assert not support(agreed(confidential=False)).confidential
    assert not support(agreed()).confidential


def test_what_has_run_out_is_not_agreed() -> None:
    with refused(NoLongerOpen, because="run_out"):
        offered(available_until="2026-09-30").at("2026-10-01").when(OAKWOOD, "support.agreed", "maths", **agreement())


def test_what_was_withdrawn_is_not_agreed() -> None:
    story = offered().given(NORTHFIELD, "support.offer_withdrawn", "maths", reason="Ill")
    with refused(NoLongerOpen, because="withdrawn"):
        story.when(OAKWOOD, "support.agreed", "maths", **agreement())


def test_what_is_open_to_several_is_not_agreed_in_its_own_stream() -> None:
    story = schools().given(NORTHFIELD, "support.offered", "maths", **offer())
    with refused(OpenToSeveral, support_id=ref("maths")):
        story.when(NORTHFIELD, "support.agreed", "maths", **agreement())


def test_an_agreement_in_the_same_stream_answers_that_stream() -> None:
    story = offered()
    with refused(ClaimUnsound):
        story.when(OAKWOOD, "support.agreed", "maths", **agreement(answers=answers("maths")))
    story.when(OAKWOOD, "support.agreed", "maths", **agreement(answers={"support_id": ref("maths")}))


def test_it_is_agreed_once() -> None:
    with refused(AlreadyThere, id=ref("maths")):
        agreed().when(OAKWOOD, "support.agreed", "maths", **agreement())


@pytest.mark.parametrize("changed", [{"starts_on": "2037-01-01", "ends_on": "2037-01-02"}, {"ends_on": "2037-01-01"}])
def test_an_agreement_lies_within_ten_years(changed: dict[str, str]) -> None:
    with refused(DayOutOfRange):
        offered().when(OAKWOOD, "support.agreed", "maths", **agreement(**changed))


def test_both_sides_still_exist() -> None:
    story = offered().given(ADMIN, "organisation.closed", "northfield", on="2026-09-01", reason="Merged")
    with refused(OrganisationEnded, organisation_id=ref("northfield")):
        story.when(OAKWOOD, "support.agreed", "maths", **agreement())


def test_both_sides_are_partners_when_it_starts() -> None:
    story = offered(cluster(), partnership_id=ref("cluster"))
    left = {"organisation_id": ref("northfield"), "on": "2026-09-01", "removed": True, "reason": "Silent for a year"}
    story.given(HUB, "partnership.partner_left", "cluster", **left)
    with refused(NotAPartner, organisation_id=ref("northfield"), partnership_id=ref("cluster")):
        story.when(OAKWOOD, "support.agreed", "maths", **agreement(partnership_id=ref("cluster")))


def test_an_agreement_names_an_aim_of_its_partnership() -> None:
    story = offered(cluster(), partnership_id=ref("cluster"))
    inside = agreement(partnership_id=ref("cluster"))
    with refused(UnknownReference, id="chess"):
        story.when(OAKWOOD, "support.agreed", "maths", **inside, aim_id="chess")
    story.when(OAKWOOD, "support.agreed", "maths", **inside, aim_id="maths")


def test_support_outside_a_partnership_has_no_aim() -> None:
    with refused(ClaimUnsound):
        offered().when(OAKWOOD, "support.agreed", "maths", **agreement(aim_id="maths"))


def test_an_agreement_is_priced_with_the_tariff_of_the_day_it_starts() -> None:
    story = agreed_in_cluster()
    assert support(story).agreement.minutes == 780
    later = offered(cluster(), partnership_id=ref("cluster"))
    terms = {"terms": {"tariff": {"day": 300}}, "effective_on": "2026-10-05", "reason": "Shorter days"}
    later.given(HUB, "partnership.terms_revised", "cluster", **terms)
    starting = agreement(partnership_id=ref("cluster"), starts_on="2026-10-05")
    assert later.when(OAKWOOD, "support.agreed", "maths", **starting).data.amount.minutes == 600
