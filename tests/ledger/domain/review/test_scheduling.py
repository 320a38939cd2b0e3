"""Who reviews whom: scheduled by the reviewed or by a coordinator of both; nobody reviews themselves."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import (
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NotAPartner,
    NotThere,
    RoleForbidden,
    UnknownOrganisation,
    WrongVoice,
)
from ledger.domain.review.scheduling import ModeratorInvolved, NobodyReviewsThemselves
from ledger.domain.review.state import ScheduledReview
from tests.ledger.domain.review.stories import cluster, four_schools, plan, scheduled, scheduled_by_hub
from tests.scenario import ADMIN, AUDITOR, Scenario, coordinator, member, ref, refused


def schedule(story: Scenario, said: dict[str, Any]) -> Scenario:
    return story.given(member("northfield"), "review.scheduled", "review", **said)


def test_the_reviewed_schedules_its_review() -> None:
    state = scheduled().states["review", ref("review")]
    assert isinstance(state, ScheduledReview)
    assert (state.plan.reviewed_id, state.plan.lead_id) == (ref("northfield"), ref("oakwood"))


def test_a_review_is_scheduled_once() -> None:
    with refused(AlreadyThere, id=ref("review")):
        schedule(scheduled(), plan())


@pytest.mark.parametrize("who", ["oakwood", "elmwood"])
def test_neither_the_reviewers_nor_others_schedule_it(who: str) -> None:
    with refused(WrongVoice, voice=ref(who)):
        four_schools().when(member(who), "review.scheduled", "review", **plan())


@pytest.mark.parametrize("who", [ADMIN, AUDITOR])
def test_admins_and_auditors_schedule_nothing(who: Any) -> None:
    with refused(RoleForbidden, role=who.role):
        four_schools().when(who, "review.scheduled", "review", **plan())


def test_the_coordinator_of_a_partnership_of_both_schedules_it() -> None:
    story = scheduled_by_hub(cluster("northfield", "oakwood"))
    assert story.facts[-1].voice == ref("hub")
    story = scheduled_by_hub(cluster("northfield", "oakwood"), partnership_id=ref("cluster"))
    assert story.facts[-1].voice == ref("hub")


def test_a_coordinator_schedules_nothing_for_a_pair_it_does_not_have() -> None:
    story = cluster("northfield", "ashfield")
    with refused(WrongVoice, voice=ref("hub")):
        scheduled_by_hub(story)
    with refused(WrongVoice, voice=ref("harbour")):
        story.when(coordinator("harbour"), "review.scheduled", "review", **plan())


def test_a_member_of_the_coordinating_organisation_is_no_coordinator() -> None:
    with refused(WrongVoice, voice=ref("hub")):
        cluster("northfield", "oakwood").when(member("hub"), "review.scheduled", "review", **plan())


def test_where_a_partnership_is_named_both_sides_are_in_it() -> None:
    with refused(NotAPartner, organisation_id=ref("oakwood"), partnership_id=ref("cluster")):
        schedule(cluster("northfield", "ashfield"), plan(partnership_id=ref("cluster")))
    with refused(NotAPartner, organisation_id=ref("northfield")):
        schedule(cluster("oakwood", "ashfield"), plan(partnership_id=ref("cluster")))
    schedule(cluster("northfield", "oakwood"), plan(partnership_id=ref("cluster")))


def test_both_sides_are_partners_on_the_day_of_the_review() -> None:
    story = cluster("northfield", "oakwood")
    with refused(NotAPartner):
        schedule(story, plan(partnership_id=ref("cluster"), on="2026-07-31"))
    schedule(story, plan(partnership_id=ref("cluster"), on="2026-08-01"))


@pytest.mark.parametrize(
    ("named", "kind"),
    [({"partnership_id": ref("none")}, "partnership"), ({"framework_id": ref("none")}, "framework"),
     ({"support_id": ref("none")}, "support")],
)  # fmt: skip
def test_what_a_review_names_must_be_there(named: dict[str, str], kind: str) -> None:
    with refused(NotThere, stream_kind=kind, id=ref("none")):
        schedule(four_schools(), plan(**named))


def test_nobody_reviews_themselves() -> None:
    itself = NobodyReviewsThemselves
    with refused(itself, organisation_id=ref("northfield")):
        schedule(four_schools(), plan("northfield", "northfield"))
    with refused(itself, organisation_id=ref("northfield")):
        schedule(four_schools(), plan("northfield", "oakwood", "northfield"))
    with refused(itself, organisation_id=ref("northfield")):
        schedule(four_schools(), plan(moderator_id=ref("northfield")))


def introduced(story: Scenario, person: str, school: str) -> Scenario:
    said = {"person_id": ref(person), "organisation_id": ref(school), "role": "head", "name": person.title()}
    return story.given(member(school), "person.introduced", person, **said)


def reviewed_by(person: str) -> dict[str, Any]:
    return plan(reviewers=[{"organisation_id": ref("oakwood"), "person_id": ref(person)}])


def test_a_person_of_the_reviewed_school_is_no_reviewer_in_anothers_name() -> None:
    story = introduced(introduced(four_schools(), "ada", "northfield"), "bea", "oakwood")
    with refused(NobodyReviewsThemselves, organisation_id=ref("northfield")):
        schedule(story, reviewed_by("ada"))
    schedule(story, reviewed_by("bea"))


def test_somebody_who_has_left_the_school_reviews_it() -> None:
    story = introduced(four_schools(), "ada", "northfield")
    story.given(member("northfield"), "person.role_ended", "ada", person_id=ref("ada"), on="2026-09-14")
    with refused(NobodyReviewsThemselves):
        schedule(story, reviewed_by("ada") | {"on": "2026-09-13"})
    schedule(story, reviewed_by("ada"))


def test_a_reviewing_person_is_known() -> None:
    with refused(NotThere, stream_kind="person", id=ref("ada")):
        schedule(four_schools(), reviewed_by("ada"))


def test_the_lead_is_one_of_the_reviewers() -> None:
    with refused(ClaimUnsound) as unsound:
        schedule(four_schools(), plan(lead_id=ref("ashfield")))
    assert [error.pointer for error in unsound.value.errors] == ["/data/lead_id"]


def test_a_reviewer_is_named_once() -> None:
    with refused(ClaimUnsound) as unsound:
        schedule(four_schools(), plan("northfield", "oakwood", "ashfield", "oakwood"))
    assert [error.pointer for error in unsound.value.errors] == ["/data/reviewers/2"]


@pytest.mark.parametrize(("moderator", "side"), [("oakwood", "oakwood"), ("harbour", "northfield")])
def test_a_moderator_is_of_neither_side_nor_their_trust(moderator: str, side: str) -> None:
    with refused(ModeratorInvolved, organisation_id=ref(moderator), side_id=ref(side)):
        schedule(four_schools(), plan(moderator_id=ref(moderator)))


@pytest.mark.parametrize("side", ["northfield", "oakwood"])
def test_a_school_of_the_same_trust_does_not_moderate(side: str) -> None:
    story = Scenario().schools(side, "sister", trust="harbour")
    story.schools(*({"northfield", "oakwood"} - {side}))
    with refused(ModeratorInvolved, side_id=ref(side)):
        schedule(story, plan(moderator_id=ref("sister")))


def test_everybody_named_is_registered() -> None:
    with refused(UnknownOrganisation, ids=(ref("nowhere"),)):
        schedule(four_schools(), plan(moderator_id=ref("nowhere")))


def test_a_review_is_planned_within_ten_years() -> None:
    with refused(DayOutOfRange):
        schedule(four_schools(), plan(on="2037-09-14"))
