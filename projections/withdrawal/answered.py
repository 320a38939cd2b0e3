"""Notices and the points they name: a point that was answered keeps the id by which it was named, and is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from projections.evidence.gathering import Evidence
from projections.evidence.partnerships import Notice
from projections.withdrawal.points import Named, Point, named

Then = Mapping[str, Point]
"""By the event of a notice, the point it named as it stood when the notice was recorded; only where there was one."""


def speaks_for(evidence: Evidence, voice: str) -> list[str]:
    """The partners, present and former, that a voice speaks for: itself, and those it goes on from."""
    following = {one.organisation_id: one.other_id for one in evidence.changes if one.kind == "succeeded"}
    return [partner for partner in sorted(evidence.partnership.spans) if voice in line(partner, following)]


def line(partner: str, following: Mapping[str, str | None]) -> list[str]:
    """An organisation and those that went on from it, one after the other."""
    found = [partner]
    while (successor := following.get(found[-1])) is not None and successor not in found:
        found.append(successor)
    return found


def leaver(evidence: Evidence, notice: Notice) -> str:
    """The partner that leaves: the one its point names, where the voice speaks for it, else itself or the first."""
    name = None if notice.point_id is None else named(notice.point_id)
    partners = speaks_for(evidence, notice.organisation_id)
    if name is not None and evidence.canonical(name.organisation_id) in partners:
        return evidence.canonical(name.organisation_id)
    return notice.organisation_id if notice.organisation_id in partners else [*partners, notice.organisation_id][0]


def with_answers(points: Sequence[Point], evidence: Evidence, day: date, then: Then) -> list[Point]:
    """The points; those that notices given by `day` named bear the ids so used, and are taken while a notice stands."""
    found = list(points)
    for notice in evidence.partnership.notices:
        name = None if notice.point_id is None else named(notice.point_id)
        if name is not None and notice.given_on <= day and is_own(name, evidence, notice):
            answer(found, notice, name._replace(organisation_id=leaver(evidence, notice)), day, then)
    return found


def is_own(name: Named, evidence: Evidence, notice: Notice) -> bool:
    """Whether a notice names a point of this partnership and of the partner that leaves."""
    here = name.partnership_id == evidence.partnership.partnership_id
    return here and evidence.canonical(name.organisation_id) == leaver(evidence, notice)


def answer(found: list[Point], notice: Notice, name: Named, day: date, then: Then) -> None:
    """Marks the point that a notice answers: the one it names, else the one of that kind and partner that covers its
    day, else the one that was open when it was recorded, whatever has become of its days since."""
    index = answered_by(found, notice, name, known=notice.event_id in then)
    if index is None:
        if notice.event_id not in then:
            return
        found.append(then[notice.event_id])
        index = len(found) - 1
    more = {"state": "taken", "earliest_leaving_on": notice.leaves_on} if notice.stands_on(day) else {}
    found[index] = replace(found[index], kept_id=notice.point_id, **more)  # type: ignore[arg-type]  # two members


def answered_by(found: Iterable[Point], notice: Notice, name: Named, *, known: bool) -> int | None:
    """Where the point stands that a notice answers. One that bears the name but does not cover the day is answered
    where it is `known` to have covered it by what had been recorded then."""
    kind_and_partner = (name.kind, name.organisation_id)
    own = [(index, one) for index, one in enumerate(found) if (one.kind, one.organisation_id) == kind_and_partner]
    for index, one in own:
        if one.point_id == notice.point_id:
            return index if known or one.covers(notice.given_on) else None
    return next((index for index, one in own if one.covers(notice.given_on)), None)
