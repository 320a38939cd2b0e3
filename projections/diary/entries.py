"""The days ahead of one reader, from what is known of its partnerships, reviews and offers. Pure.

An entry is a day and names: nothing in it says why, or speaks of a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from ledger.domain.support.shapes import Offered, Requested
from projections.board.queries import Open
from projections.evidence.partnerships import Partnership
from projections.reviews.records import PeerReview
from projections.withdrawal.points import Point

Kind = Literal["review", "peer_review", "notice_by", "point_opens", "offer_ends", "request_ends"]

BEHIND: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=400)
"""A calendar holds the days from a month ago to a year and a month from now."""

MOST_ENTRIES: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One whole day. `key` tells entries of a kind apart and stays the same while the thing it is about does.

    `organisation_id` is whose day it is, None for everybody of the partnership.
    """

    on: date
    kind: Kind
    key: str
    organisation_id: str | None = None
    partnership_id: str | None = None


def of_partnership(record: Partnership, day: date) -> Iterator[Entry]:
    """The reviews of a partnership that are awaited, as of a day; where none is announced, the next one."""
    if record.closed_by(day) is not None:
        return
    awaited = {(review.due_on, review.review_id) for review in record.waiting_reviews(day)}
    for due_on, review_id in awaited or {record.next_review_due(day)}:
        if record.ends_on is None or due_on <= record.ends_on:
            key = f"{record.partnership_id}:{review_id}"
            yield Entry(on=due_on, kind="review", key=key, partnership_id=record.partnership_id)


def of_points(points: Iterable[Point], *, together: bool) -> Iterator[Entry]:
    """The last days for notice and the days on which points open.

    With `together` those that have a day of their own, which is the same for all partners, are told once for all. What
    other support makes up for is no point yet.
    """
    for point in points:
        if point.elsewhere is not None:
            continue
        dated = point.notice_by is not None
        whose = None if together and dated else point.organisation_id
        key = f"{point.kind}:{point.partnership_id}:{whose or ''}:{point.key}"
        if point.notice_by is not None:
            yield Entry(
                on=point.notice_by,
                kind="notice_by",
                key=key,
                organisation_id=whose,
                partnership_id=point.partnership_id,
            )
        yield Entry(
            on=point.opens_on, kind="point_opens", key=key, organisation_id=whose, partnership_id=point.partnership_id
        )


def of_review(review: PeerReview) -> Iterator[Entry]:
    """The day for which a peer review is planned, until it was held."""
    if review.held_on is None and not review.withdrawn:
        yield Entry(on=review.planned_on, kind="peer_review", key=review.review_id, organisation_id=review.reviewed_id)


def of_posting(row: Open) -> Entry:
    """The last day of an offer or request on the board."""
    return last_day(row.support_id, row.kind == "offer", row.ends_on, row.maker_id, row.partnership_id)


def of_posted(support_id: str, state: Offered | Requested) -> Iterator[Entry]:
    """The last day of an offer or request made to one organisation alone, where it has one."""
    if state.until is not None:
        yield last_day(support_id, isinstance(state, Offered), state.until, state.maker_id, state.partnership_id)


def last_day(support_id: str, is_offer: bool, on: date, maker_id: str, partnership_id: str | None) -> Entry:
    kind: Kind = "offer_ends" if is_offer else "request_ends"
    return Entry(on=on, kind=kind, key=support_id, organisation_id=maker_id, partnership_id=partnership_id)


def diary_of(entries: Iterable[Entry], day: date) -> list[Entry]:
    """The entries around a day in order, one of each kind and key; where there are too many, the nearest."""
    near = sorted((one for one in entries if day - BEHIND <= one.on <= day + AHEAD), key=order)
    near = list({(one.kind, one.key): one for one in reversed(near)}.values())[::-1]
    ahead, behind = [one for one in near if one.on >= day], [one for one in near if one.on < day]
    kept = ahead[:MOST_ENTRIES]
    room = MOST_ENTRIES - len(kept)
    return [*(behind[-room:] if room else []), *kept]


def order(entry: Entry) -> tuple[date, str, str]:
    return entry.on, entry.kind, entry.key
