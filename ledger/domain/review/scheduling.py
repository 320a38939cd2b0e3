"""Who reviews whom: nobody themselves, and a moderator stands outside."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.context import Context
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import NotAPartner, NotThere, require_sound
from ledger.domain.review.facts import Scheduled
from ledger.domain.review.state import reviewing
from ledger.domain.trusts import same_trust
from ledger.errors import FieldError, Refusal


class NobodyReviewsThemselves(Refusal):
    """The reviewed organisation, or somebody of it, is on the reviewing side. Fields: `organisation_id`."""

    code = "reviews-itself"
    title = "Nobody reviews themselves"


class ModeratorInvolved(Refusal):
    """A moderator is of neither side nor of their trusts. Fields: `organisation_id` (the moderator), `side_id`."""

    code = "moderator-involved"
    title = "The moderator has to stand outside both sides and their trusts"


def coordinators(data: Scheduled, context: Context) -> frozenset[str]:
    """Who coordinates a partnership in which both sides are active on the day of the review."""
    if data.partnership_id is None:
        found = context.partnerships_of(data.reviewed_id)
    else:
        one = context.partnership(data.partnership_id)
        found = {} if one is None else {data.partnership_id: one}
    return frozenset(one.coordinator_id for one in found.values() if not outsiders(data, one))


def outsiders(data: Scheduled, partnership: PartnershipState) -> list[str]:
    """The organisations of the two sides that are no active partners on the day of the review."""
    sides = [data.reviewed_id, *sorted(reviewing(data))]
    return [one for one in sides if not partnership.active_on(one, data.on)]


def admit_scheduled(data: Scheduled, context: Context) -> Scheduled:
    context.planned(data.on, "/data/on")
    require_sound(unsound(data))
    require_other_reviewers(data, context)
    require_moderator_outside(data, context)
    require_partners(data, context)
    if data.framework_id is not None and context.framework(data.framework_id) is None:
        raise NotThere(stream_kind="framework", id=data.framework_id)
    if data.support_id is not None and context.support(data.support_id) is None:
        raise NotThere(stream_kind="support", id=data.support_id)
    return data


def unsound(data: Scheduled) -> Iterator[FieldError]:
    if data.lead_id not in {reviewer.organisation_id for reviewer in data.reviewers}:
        yield FieldError("/data/lead_id", "not-a-reviewer", "must be one of the reviewers")
    for index, reviewer in enumerate(data.reviewers):
        if reviewer in data.reviewers[:index]:
            yield FieldError(f"/data/reviewers/{index}", "given-twice", "is given before")


def require_other_reviewers(data: Scheduled, context: Context) -> None:
    """Neither the reviewed organisation nor a person of it is among the reviewers."""
    if data.reviewed_id in reviewing(data) | {data.moderator_id}:
        raise NobodyReviewsThemselves(organisation_id=data.reviewed_id)
    for person_id in filter(None, (reviewer.person_id for reviewer in data.reviewers)):
        person = context.person(person_id)
        if person is None:
            raise NotThere(stream_kind="person", id=person_id)
        if person.organisation_id == data.reviewed_id and not (person.ended_on and person.ended_on <= data.on):
            raise NobodyReviewsThemselves(organisation_id=data.reviewed_id)


def require_moderator_outside(data: Scheduled, context: Context) -> None:
    """Asked when the review is scheduled and again when it is moderated: trusts change. Raises ModeratorInvolved."""
    moderator_id = data.moderator_id
    if moderator_id is None:
        return
    for side_id in (data.reviewed_id, *sorted(reviewing(data))):
        if moderator_id == side_id or same_trust(context, moderator_id, side_id, context.today) is not None:
            raise ModeratorInvolved(organisation_id=moderator_id, side_id=side_id)


def require_partners(data: Scheduled, context: Context) -> None:
    """Where a partnership is named, both sides are in it on the day of the review."""
    if data.partnership_id is None:
        return
    partnership = context.partnership(data.partnership_id)
    if partnership is None:
        raise NotThere(stream_kind="partnership", id=data.partnership_id)
    for organisation_id in outsiders(data, partnership):
        raise NotAPartner(organisation_id=organisation_id, partnership_id=data.partnership_id)
