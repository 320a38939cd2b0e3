"""Where the receiver says nothing, a coordinator who did not record the delivery may attest it."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.refusals import NeedsAnotherVoice, RoleForbidden, WrongVoice
from ledger.domain.support.refusals import (
    AlreadyAttested,
    AlreadyConfirmed,
    AlreadyDisputed,
    AlreadyReversed,
    StillTimeToAnswer,
)
from tests.ledger.domain.support.stories import (
    HUB,
    NORTHFIELD,
    OAKWOOD,
    agreed_in_cluster,
    alone,
    cluster,
    confirmed,
    delivered,
    delivery,
    disputed,
    support,
)
from tests.scenario import Scenario, coordinator, ref, refused

ATTESTED = "support.delivery_attested"
SEEN = {"delivery_id": "d1", "evidence": "The visit is in the diary"}


def unanswered() -> Scenario:
    """Delivered and recorded on 1 September in the cluster; twice fourteen days have passed."""
    return delivered(agreed_in_cluster()).at("2026-09-30")


def test_a_coordinator_attests_what_nobody_answers() -> None:
    story = unanswered().given(HUB, ATTESTED, "maths", **SEEN)
    one = support(story).deliveries["d1"]
    assert (one.status, one.counted_minutes) == ("attested", 0)


def test_the_receiver_has_twice_the_days() -> None:
    with refused(StillTimeToAnswer, delivery_ids=("d1",), until=date(2026, 9, 29)):
        unanswered().at("2026-09-29").when(HUB, ATTESTED, "maths", **SEEN)


def test_the_days_run_from_the_recording_where_that_is_later() -> None:
    story = agreed_in_cluster().at("2026-10-10")
    delivered(story)
    with refused(StillTimeToAnswer, until=date(2026, 11, 7)):
        story.at("2026-11-07").when(HUB, ATTESTED, "maths", **SEEN)


def test_the_days_run_anew_when_a_confirmation_was_withdrawn() -> None:
    story = confirmed(delivered(agreed_in_cluster())).at("2026-09-10")
    story.given(OAKWOOD, "support.confirmation_withdrawn", "maths", delivery_id="d1", reason="Mistaken")
    with refused(StillTimeToAnswer, until=date(2026, 10, 8)):
        story.at("2026-09-30").when(HUB, ATTESTED, "maths", **SEEN)


def test_only_a_coordinator_attests() -> None:
    with refused(RoleForbidden, role="member"):
        unanswered().when(NORTHFIELD, ATTESTED, "maths", **SEEN)


def test_a_coordinator_of_something_else_does_not_attest() -> None:
    story = unanswered().partnership("other", "elsewhere", "ashfield", "northfield")
    with refused(WrongVoice, voice=ref("elsewhere")):
        story.when(coordinator("elsewhere"), ATTESTED, "maths", **SEEN)


def test_a_trust_attests_for_its_school() -> None:
    story = Scenario().schools("oakwood", trust="harbour").schools("northfield")
    story.given(NORTHFIELD, "support.delivered", "maths", **alone()).at("2026-09-30")
    story.given(coordinator("harbour"), ATTESTED, "maths", **SEEN)
    assert support(story).deliveries["d1"].status == "attested"


def test_a_coordinator_never_vouches_for_what_it_gave_itself() -> None:
    story = Scenario().schools("oakwood", trust="harbour")
    story.given(coordinator("harbour"), "support.delivered", "maths", **alone(giver_id=ref("harbour")))
    with refused(WrongVoice, voice=ref("harbour")):
        story.at("2026-09-30").when(coordinator("harbour", principal="another"), ATTESTED, "maths", **SEEN)


def test_who_recorded_the_delivery_does_not_attest_it() -> None:
    story = agreed_in_cluster().given(HUB, "support.delivered", "maths", for_="northfield", **delivery())
    with refused(NeedsAnotherVoice, principal=HUB.principal):
        story.at("2026-09-30").when(HUB, ATTESTED, "maths", **SEEN)
    story.when(coordinator("hub", principal="a colleague"), ATTESTED, "maths", **SEEN)


def test_it_is_attested_once() -> None:
    with refused(AlreadyAttested, delivery_id="d1"):
        unanswered().given(HUB, ATTESTED, "maths", **SEEN).when(HUB, ATTESTED, "maths", **SEEN)


def test_what_was_answered_is_not_attested() -> None:
    with refused(AlreadyConfirmed):
        confirmed(unanswered()).when(HUB, ATTESTED, "maths", **SEEN)
    with refused(AlreadyDisputed):
        disputed(unanswered()).when(HUB, ATTESTED, "maths", **SEEN)
    said = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}
    with refused(AlreadyReversed):
        unanswered().given(NORTHFIELD, "support.delivery_reversed", "maths", **said).when(
            HUB, ATTESTED, "maths", **SEEN
        )


@pytest.mark.parametrize(("type_name", "status"), [("confirmed", "confirmed"), ("disputed", "disputed")])
def test_the_receiver_still_answers_what_was_attested(type_name: str, status: str) -> None:
    story = unanswered().given(HUB, ATTESTED, "maths", **SEEN)
    said = {"delivery_id": "d1"} | ({"reason": "Nobody came"} if type_name == "disputed" else {})
    story.given(OAKWOOD, f"support.delivery_{type_name}", "maths", **said)
    assert support(story).deliveries["d1"].status == status


def test_the_terms_of_the_partnership_say_how_long() -> None:
    story = delivered(agreed_in_cluster(confirm_within_days=2)).at("2026-09-06")
    story.given(HUB, ATTESTED, "maths", **SEEN)
    assert support(story).deliveries["d1"].status == "attested"


def test_a_coordinator_that_handed_over_does_not_attest() -> None:
    story = delivered(agreed_in_cluster()).at("2026-09-30").schools("centre")
    handed = {"coordinator_id": ref("centre"), "on": "2026-09-29"}
    story.given(HUB, "partnership.coordinator_changed", "cluster", **handed)
    with refused(WrongVoice, voice=ref("hub")):
        story.when(HUB, ATTESTED, "maths", **SEEN)
    story.when(coordinator("centre"), ATTESTED, "maths", **SEEN)


def test_a_cluster_alone_makes_no_coordinator_of_support_outside_it() -> None:
    story = cluster().given(NORTHFIELD, "support.delivered", "maths", **alone()).at("2026-09-30")
    with refused(WrongVoice, voice=ref("hub")):
        story.when(HUB, ATTESTED, "maths", **SEEN)
