"""From a reader to its days ahead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from ledger.domain.fact import Speaker
from ledger.domain.support.shapes import Offered, Requested
from projections.asking import Asking
from projections.board import queries as board
from projections.board.answers import shown_as
from projections.board.reach import Reach
from projections.daily.points import points_of
from projections.diary.entries import Entry, diary_of, of_partnership, of_points, of_posted, of_posting, of_review
from projections.directory.queries import aliases, names
from projections.evidence.reading import facts_with
from projections.inbox.answering import audited
from projections.inbox.desk import Desk, desk_of, partnership_records
from projections.inbox.points import reader_of
from projections.inbox.supports import spoken_supports
from projections.inbox.told import Told, streams, told_of, unfinished_supports
from projections.reader import PartnershipReader
from projections.reviews.records import fold_review
from projections.withdrawal.sight import may_read

MOST_PARTNERSHIPS: Final = 200
MOST_POSTINGS: Final = 500
AUDITOR: Final = PartnershipReader(organisations=frozenset(), is_auditor=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """A reader's entries and the names in them. `left_out` is how many partnerships are in scope beyond those looked
    at."""

    entries: Sequence[Entry]
    names: Mapping[str, str]
    left_out: int


def diary(asking: Asking, reader: Speaker, reach: Reach, today: date) -> Diary:
    """The days ahead of a reader on the question's day.

    A member or client has those of its organisations, a coordinator besides those of the partnerships it runs, an
    auditor the reviews and points of its scope. Raises FactDoesNotFit.
    """
    if reader.role == "auditor":
        found, count = of_auditor(asking, reader, today)
    else:
        desk = desk_of(asking, reader, today)
        partnerships = sorted((desk.run | desk.partner_of) & desk.records.keys())
        count = len(partnerships)
        found = chain(
            of_desk(asking, desk, partnerships[:MOST_PARTNERSHIPS]),
            reviews(asking, desk.told),
            of_board(asking, desk, reach),
        )
    entries = diary_of(found, asking.question.as_of)
    ids = {one for entry in entries for one in (entry.organisation_id, entry.partnership_id) if one is not None}
    known = names(asking.connection, ids, asking.question)
    return Diary(entries=entries, names=known, left_out=max(0, count - MOST_PARTNERSHIPS))


def of_desk(asking: Asking, desk: Desk, partnerships: Collection[str]) -> Iterator[Entry]:
    """For a partner its own points, for who runs a partnership those of all partners; and the reviews of both."""
    for one in partnerships:
        reads = reader_of(desk, one)
        points = (
            point
            for point in points_of(asking, one)
            if may_read(reads, point) and (reads.is_coordinator or point.organisation_id in desk.mine)
        )
        yield from of_partnership(desk.records[one], desk.day)
        yield from of_points(points, together=reads.is_coordinator)


def of_auditor(asking: Asking, reader: Speaker, today: date) -> tuple[Iterator[Entry], int]:
    """The reviews and points of the partnerships in scope, and how many these are."""
    scope = sorted(audited(asking, reader, today))
    looked_at = scope[:MOST_PARTNERSHIPS]
    return chain(
        of_records(asking, looked_at), reviews(asking, told_of(asking, [f"partnership:{one}" for one in looked_at]))
    ), len(scope)


def of_records(asking: Asking, partnerships: Collection[str]) -> Iterator[Entry]:
    records = partnership_records(asking, partnerships, aliases(asking.connection, asking.question))
    for one, record in records.items():
        yield from of_partnership(record, asking.question.as_of)
        yield from of_points((point for point in points_of(asking, one) if may_read(AUDITOR, point)), together=True)


def reviews(asking: Asking, told: Collection[Told]) -> Iterator[Entry]:
    """The peer reviews that are planned, among those that these facts are of."""
    canonical = aliases(asking.connection, asking.question).canonical
    for notes in facts_with(asking, [f"stream:{one}" for one in streams(told, "review")]).values():
        review = fold_review(notes, canonical)
        stood = None if review is None else review.as_of(asking.question.as_of)
        if stood is not None:
            yield from of_review(stood)


def of_board(asking: Asking, desk: Desk, reach: Reach) -> Iterator[Entry]:
    """The last days of the reader's open offers and requests, of those in partnerships it runs, and of those made to
    one of its organisations alone."""
    own = reach.read_as(desk.read_as)
    rows = board.own_postings(asking, own, before=None, limit=MOST_POSTINGS)
    yield from (of_posting(row) for row in rows if shown_as(row, own) == "whole")
    for one in spoken_supports(asking, unfinished_supports(desk.told)):
        if isinstance(one.state, Offered | Requested) and one.state.addressed_to in desk.mine:
            yield from of_posted(one.support_id, one.state)
