"""Only the receiver confirms, through somebody else than who recorded the delivery, and it counts once."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import (
    NeedsAnotherVoice,
    OnlyTheReceiverConfirms,
    SpeaksForItself,
    UnknownReference,
)
from ledger.domain.support.refusals import (
    AlreadyConfirmed,
    AlreadyReversed,
    AlreadySettled,
    NotConfirmed,
    TooLateToWithdraw,
)
from tests.ledger.domain.calendar.stories import set_by, terms
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    HUB,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreed_in_cluster,
    alone,
    confirmed,
    days,
    delivered,
    delivery,
    disputed,
    schools,
    support,
)
from tests.scenario import ADMIN, Scenario, client, coordinator, member, ref, refused

CONFIRMED, WITHDRAWN = "support.delivery_confirmed", "support.confirmation_withdrawn"
MISTAKE = {"delivery_id": "d1", "reason": "Mistaken for another"}


def test_a_confirmed_delivery_counts() -> None:
    one = support(confirmed()).deliveries["d1"]
    assert (one.status, one.counted_minutes) == ("confirmed", 390)


@pytest.mark.parametrize("who", [NORTHFIELD, ASHFIELD, HUB])
def test_only_the_receiver_confirms(who: Speaker) -> None:
    with refused(OnlyTheReceiverConfirms):
        delivered(agreed_in_cluster()).when(who, CONFIRMED, "maths", delivery_id="d1")


def test_a_coordinator_never_confirms_for_a_school() -> None:
    story = schools_of_a_trust()
    with refused(SpeaksForItself, recorded_for=ref("oakwood")):
        story.when(coordinator("harbour"), CONFIRMED, "maths", for_="oakwood", delivery_id="d1")


def schools_of_a_trust() -> Scenario:
    story = Scenario().schools("northfield", "oakwood", trust="harbour")
    return story.given(NORTHFIELD, "support.delivered", "maths", **alone())


def test_who_recorded_the_delivery_never_confirms_it() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = agreed().given(both, "support.delivered", "maths", for_="northfield", **delivery())
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, CONFIRMED, "maths", for_="oakwood", delivery_id="d1")


def test_who_is_named_in_the_delivery_never_confirms_it() -> None:
    person = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "head", "name": "Ada"}
    story = agreed().given(NORTHFIELD, "person.introduced", "ada", **person)
    delivered(story, people=[ref("ada")])
    head = member("oakwood", principal="ada at oakwood", person="ada")
    for type_name, data in (
        (CONFIRMED, {"delivery_id": "d1"}),
        ("support.delivery_disputed", MISTAKE),
    ):
        with refused(NeedsAnotherVoice, principal=head.principal):
            story.when(head, type_name, "maths", **data)
    story.when(member("oakwood", principal="chair of governors", person="ben"), CONFIRMED, "maths", delivery_id="d1")


def test_it_is_confirmed_once() -> None:
    with refused(AlreadyConfirmed, delivery_id="d1"):
        confirmed().when(OAKWOOD, CONFIRMED, "maths", delivery_id="d1")


def test_what_was_reversed_is_not_confirmed() -> None:
    said = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}
    story = delivered().given(NORTHFIELD, "support.delivery_reversed", "maths", **said)
    with refused(AlreadyReversed, delivery_id="d1"):
        story.when(OAKWOOD, CONFIRMED, "maths", delivery_id="d1")


def test_what_was_settled_is_not_confirmed_or_withdrawn() -> None:
    said = {"settlement_id": "s1", "delivery_id": "d1", "amount": days(1), "reason": "Agreed by telephone"}
    story = disputed().given(NORTHFIELD, "support.settlement_proposed", "maths", **said)
    story.given(OAKWOOD, "support.dispute_settled", "maths", settlement_id="s1")
    with refused(AlreadySettled, delivery_id="d1"):
        story.when(OAKWOOD, CONFIRMED, "maths", delivery_id="d1")
    with refused(AlreadySettled, delivery_id="d1"):
        story.when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)


def test_only_what_was_delivered_is_confirmed() -> None:
    with refused(UnknownReference, id="d9"):
        delivered().when(OAKWOOD, CONFIRMED, "maths", delivery_id="d9")


def test_two_schools_without_a_trust_are_independent() -> None:
    assert confirmed().facts[-1].data.independence == "independent"


def test_two_schools_of_one_trust_are_not_independent() -> None:
    fact = schools_of_a_trust().when(OAKWOOD, CONFIRMED, "maths", delivery_id="d1")
    assert fact.data.independence == "same_trust"


def test_the_trusts_of_the_day_of_the_delivery_decide() -> None:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    story.given(NORTHFIELD, "support.delivered", "maths", **alone()).at("2026-09-05")
    story.given(OAKWOOD, "organisation.joined_trust", "oakwood", trust_id=ref("harbour"), on="2026-09-02")
    assert story.when(OAKWOOD, CONFIRMED, "maths", delivery_id="d1").data.independence == "independent"


def test_an_import_stays_an_import() -> None:
    story = Scenario().schools("northfield", "oakwood", trust="harbour")
    story.given(NORTHFIELD, "support.delivered", "maths", **alone(imported=True))
    assert story.when(OAKWOOD, CONFIRMED, "maths", delivery_id="d1").data.independence == "imported"


def test_a_delivery_is_confirmed_after_the_end() -> None:
    story = delivered().given(OAKWOOD, "support.cancelled", "maths", reason="Staff changed")
    story.given(OAKWOOD, CONFIRMED, "maths", delivery_id="d1")
    assert support(story).deliveries["d1"].counted_minutes == 390


def test_a_confirmation_is_withdrawn_and_given_again() -> None:
    story = confirmed().given(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)
    assert support(story).deliveries["d1"].status == "claimed"
    story.given(OAKWOOD, CONFIRMED, "maths", delivery_id="d1")
    assert support(story).deliveries["d1"].counted_minutes == 390


def test_only_the_receiver_withdraws_its_confirmation() -> None:
    with refused(OnlyTheReceiverConfirms, voice=ref("northfield")):
        confirmed().when(NORTHFIELD, WITHDRAWN, "maths", **MISTAKE)


def test_only_what_was_confirmed_is_withdrawn() -> None:
    with refused(NotConfirmed, delivery_id="d1", status="claimed"):
        delivered().when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)


def test_a_confirmation_is_withdrawn_within_fourteen_days() -> None:
    confirmed().at("2026-09-15").when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)
    with refused(TooLateToWithdraw, delivery_id="d1"):
        confirmed().at("2026-09-16").when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)


def test_the_terms_say_how_long_a_confirmation_may_be_withdrawn() -> None:
    story = confirmed(delivered(agreed_in_cluster(confirm_within_days=3)))
    with refused(TooLateToWithdraw):
        story.at("2026-09-05").when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)


def in_the_receivers_terms(story: Scenario) -> Scenario:
    """Oakwood's autumn term begins on 14 September."""
    autumn = {"name": "Autumn", "starts_on": "2026-09-14", "ends_on": "2026-12-18"}
    return set_by(ADMIN, terms(autumn, for_=ref("oakwood")), story)


def test_days_outside_the_receivers_terms_do_not_count() -> None:
    in_the_receivers_terms(confirmed()).at("2026-09-27").when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)
    with refused(TooLateToWithdraw, until=date(2026, 9, 27)):
        in_the_receivers_terms(confirmed()).at("2026-09-28").when(OAKWOOD, WITHDRAWN, "maths", **MISTAKE)


def test_the_successor_of_the_receiver_confirms_for_it() -> None:
    story = delivered(schools_with_agreement()).at("2026-09-03")
    story.given(ADMIN, "organisation.succeeded", "oakwood", successor_id=ref("ashfield"), on="2026-09-02")
    story.given(ASHFIELD, CONFIRMED, "maths", delivery_id="d1")
    assert support(story).deliveries["d1"].counted_minutes == 390


def schools_with_agreement() -> Scenario:
    return agreed(schools())
