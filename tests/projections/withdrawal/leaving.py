"""A story's withdrawal points without a database: its evidence, and its entries folded in memory."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.reciprocity.fold import reciprocity_view
from projections.reciprocity.rows import ENTRIES
from projections.withdrawal.accounts import NOTHING, Accounts, Entry, accounts_of
from projections.withdrawal.points import Point
from projections.withdrawal.walking import points_on
from tests.projections.evidence_of import LONDON, evidence
from tests.projections.giving import Story
from tests.projections.memory import Memory
from tests.scenario import ADMIN, Scenario, coordinator, member, ref


def on(text: str) -> date:
    return date.fromisoformat(text)


def accounts(story: Scenario, partnership: str = "harbour", known_at: int | None = None) -> Accounts:
    """What stands between the story's organisations, as known at a position (its last)."""
    at = len(story.facts) if known_at is None else known_at
    rows = Memory(reciprocity_view(LONDON)).fold(story.facts[:at]).all(ENTRIES)
    counting = [
        (
            row.partnership_id,
            Entry(
                row.giver_id, row.receiver_id, row.minutes, row.kind == "delivery", row.effective_from.toordinal(),
                row.effective_until.toordinal(), " ".join(row.events),
            ),
        )
        for row in rows
        if row.known_until > at
        and (row.kind != "delivery" or (row.basis == "exchange" and row.status in ("confirmed", "settled")))
    ]  # fmt: skip
    inside = accounts_of(entry for partnership_id, entry in counting if partnership_id == ref(partnership))
    overall = accounts_of(entry for _, entry in counting)
    return Accounts(inside=inside, overall=lambda one: overall.get(one, NOTHING))


def points(story: Scenario, day: str, partnership: str = "harbour", known_at: int | None = None) -> tuple[Point, ...]:
    """Every point as of a day, as known at a position (the last)."""
    known = evidence(story, partnership, known_at)
    return points_on(known, accounts(story, partnership, known_at), on(day))


def of(found: tuple[Point, ...], organisation: str, kind: str) -> list[Point]:
    """The points of one partner and one kind, the earliest to open first."""
    return [one for one in reversed(found) if (one.organisation_id, one.kind) == (ref(organisation), kind)]


def only(found: tuple[Point, ...], organisation: str, kind: str) -> Point:
    [point] = of(found, organisation, kind)
    return point


def harbour(**more: Any) -> Story:
    """Northfield, Ashfield and Brookside together since 1 September 2026, run by their hub."""
    story = Story()
    story.schools("northfield", "ashfield", "brookside")
    story.partnership("harbour", "hub", "northfield", "ashfield", "brookside", **more)
    return story


def reviewed(story: Story, day: str, *partners: str, **more: Any) -> None:
    """These partners look at their partnership on a day."""
    story.at(day)
    for one in partners or ("northfield",):
        story.given(member(one), "partnership.reviewed", "harbour", decision="continue", **more)


def noticed(story: Story, who: str, day: str, leaves_on: str, point_id: str | None = None) -> None:
    """A partner gives notice on a day."""
    named = {} if point_id is None else {"point_id": point_id}
    story.at(day).given(
        member(who), "partnership.notice_given", "harbour", leaves_on=leaves_on, reason="We have to look elsewhere",
        **named,
    )  # fmt: skip


def left(story: Story, who: str, day: str) -> None:
    story.at(day).given(member(who), "partnership.partner_left", "harbour", organisation_id=ref(who), on=day)


def closed(story: Story, day: str, reason: str = "by_agreement") -> None:
    story.at(day).given(coordinator("hub"), "partnership.closed", "harbour", reason=reason, on=day, lessons="Name it")


TERMS = {
    "autumn": ("2026-09-01", "2026-12-18"),
    "spring": ("2027-01-05", "2027-03-26"),
    "summer": ("2027-04-12", "2027-07-23"),
}


def terms_of_school(story: Story, whose: str) -> None:
    """The three terms of 2026/27, for one organisation."""
    terms = [{"name": name, "starts_on": first, "ends_on": last} for name, (first, last) in TERMS.items()]
    said = {"for__": ref(whose), "academic_year": "2026/27", "terms": terms}
    story.given(ADMIN, "calendar.terms_set", f"urn:pledger:calendar:{ref(whose)}", **said)


def point_id(kind: str, organisation: str, key: str) -> str:
    return f"{kind}:{ref('harbour')}:{ref(organisation)}:{key}"
