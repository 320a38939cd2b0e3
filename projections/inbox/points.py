"""Points at which a partner may leave, near or open, and what the daily clock found to have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final

from projections.asking import Asking
from projections.daily.points import points_of
from projections.daily.rows import Noticed, noticed
from projections.health.bands import WORDS
from projections.inbox.desk import Desk
from projections.inbox.items import Action, Item, called
from projections.reader import PartnershipReader
from projections.withdrawal.points import RULE_VERSION, Point
from projections.withdrawal.sight import may_read
from projections.wording import day as spoken

AHEAD: Final = timedelta(days=30)
"""How long before it opens a point is told of."""

SHOWN: Final = timedelta(days=30)
"""How long a change is told of."""

BAND: Final = "health_band"


def point_items(asking: Asking, desk: Desk) -> Iterator[Item]:
    """For a partner its own points, for who runs a partnership those of all partners: open, or opening soon."""
    for partnership_id in sorted(desk.run | desk.partner_of):
        if partnership_id in desk.records:
            reader = reader_of(desk, partnership_id)
            for point in points_of(asking, partnership_id):
                whose = point.organisation_id
                near = point.state == "open" or (point.state == "upcoming" and point.opens_on - AHEAD <= desk.day)
                if near and (reader.is_coordinator or whose in desk.mine) and may_read(reader, point):
                    yield of_point(desk, point)


def reader_of(desk: Desk, partnership_id: str) -> PartnershipReader:
    """How much the reader may know of a partnership's points."""
    runs = partnership_id in desk.run
    return PartnershipReader(
        organisations=frozenset(desk.mine), is_partner=not runs, is_coordinator=runs, is_auditor=False
    )


def of_point(desk: Desk, point: Point) -> Item:
    """`due` is the last day for notice where that is ahead, else the point's own last day."""
    own = desk.mine.get(point.organisation_id)
    notice_by = point.notice_by if point.notice_by is not None and point.notice_by >= desk.day else None
    data = {"point_id": point.point_id}
    if point.earliest_leaving_on is not None:
        data["leaves_on"] = point.earliest_leaving_on.isoformat()
    voice = own or point.organisation_id
    step = Action(type="partnership.notice_given", subject=point.partnership_id, voice=voice, data=data)
    when = "now" if point.state == "open" else f"from {spoken(point.opens_on)}"
    return Item(
        kind="withdrawal_point",
        key=point.point_id,
        organisation_id=own or point.organisation_id,
        partnership_id=point.partnership_id,
        since=point.opens_on if point.state == "open" else max(point.opens_on - AHEAD, date.min),
        due=notice_by or point.closes_on,
        says=f"{called(point.organisation_id)} may leave {called(point.partnership_id)} {when}. {point.says}",
        action=step if own is not None and point.state == "open" else None,
        event_ids=point.event_ids,
        more={
            "point_id": point.point_id, "point_kind": point.kind, "state": point.state,
            "opens_on": point.opens_on.isoformat(), "rule_version": RULE_VERSION,
        },
    )  # fmt: skip


def change_items(asking: Asking, partnership_ids: Collection[str], *, points: bool) -> Iterator[Item]:
    """What the clock found in the 30 days up to the question's; of points only where these are asked for.

    That a review found little to work on is for the partners and their coordinator, never for who looks on.
    """
    since = asking.question.as_of - SHOWN
    for row in noticed(asking, partnership_ids, since):
        if row.kind == BAND or (points and row.point_kind != "cosy"):
            yield of_change(row)


def of_change(row: Noticed) -> Item:
    return Item(
        kind="change",
        key=f"{row.partnership_id}:{row.day.isoformat()}:{row.part}",
        organisation_id=row.organisation_id,
        partnership_id=row.partnership_id,
        since=row.day,
        due=None,
        says=sentence(row),
        action=None,
        event_ids=tuple(row.events),
        more={
            "change": row.kind, "from": row.before, "to": row.after, "point_id": row.point_id,
            "point_kind": row.point_kind, "rule_version": row.rule_version,
        },
    )  # fmt: skip


def sentence(row: Noticed) -> str:
    """What was so and what is, as people say it."""
    where, on = called(row.partnership_id), spoken(row.day)
    if row.kind == BAND:
        was, now = WORDS[row.before or "unknown"], WORDS[row.after or "unknown"]
        return f"{where} on {on}: {now}; before: {was}."
    told = {
        "upcoming": "may leave {where} before long",
        "open": "may leave {where} from {on}",
        "taken": "gave notice at a point at which it may leave {where}",
    }.get(row.after or "", "came to the end of a point at which it could leave {where}, on {on}")
    return f"{called(row.organisation_id or '')} {told.format(where=where, on=on)}. {row.says or ''}".rstrip()
