"""From a question about the board to its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ledger.domain.fact import AnyFact
from ledger.domain.refusals import NotThere
from projections.asking import Asking
from projections.board import queries
from projections.board.answers import BoardAnswer, Draft, MatchesAnswer, shown_as
from projections.board.drafts import drafts_for
from projections.board.measures import RULE_VERSION, Grounds, Match, goes_together, matched
from projections.board.queries import Filters, Open
from projections.board.reach import BoardReader, Reach
from projections.board.rows import Kind
from projections.directory import queries as directory
from projections.directory.queries import Aliases
from projections.reciprocity.measures import given_matrix
from projections.reciprocity.queries import of_organisation, sums

MOST_CANDIDATES: Final = 500
"""Offers or requests looked at for one other, the newest first."""

SUBJECTS: Final = 20
"""Own offers and requests read at a time while a page of matches fills."""


def board(
    asking: Asking, reader: BoardReader, kind: Kind, filters: Filters, *, before: int | None, limit: int
) -> BoardAnswer:
    """At most `limit` offers or requests in reach, the newest first, from before the position `before` on; drafts of
    requests stand on the first page of the whole board of them."""
    aliases = directory.aliases(asking.connection, asking.question)
    reach = reader.reach.read_as(aliases)
    found = queries.open_postings(asking, reach, kind, filters, before=before, limit=limit + 1)
    rows = [read_as(row, aliases) for row in found[:limit]]
    whole = [row for row in rows if row.kind == "request" and shown_as(row, reach) == "whole"]
    drafts: Sequence[Draft] = ()
    facts: Sequence[AnyFact] = queries.first_facts(asking, whole)
    if kind == "request" and before is None and not filters.narrow:
        drafts, held = drafts_for(asking, reach, aliases)
        facts = [*facts, *held]
    ids = shown_ids(rows, reach) | {one for draft in drafts for one in (draft.receiver_id, draft.partnership_id)}
    return BoardAnswer(
        header=asking.header(RULE_VERSION, board=f"{kind}s"),
        rows=rows,
        reach=reach,
        has_more=len(found) > limit,
        texts=reader.texts(facts),
        names=names_in(asking, ids),
        drafts=drafts,
        next=rows[-1].position if rows else before or 0,
    )


def read_as(row: Open, aliases: Aliases) -> Open:
    """With its organisations under the one id each is read as."""
    addressed = None if row.addressed_id is None else aliases.canonical(row.addressed_id)
    return row._replace(maker_id=aliases.canonical(row.maker_id), addressed_id=addressed)


def shown_ids(rows: Iterable[Open], reach: Reach) -> set[str | None]:
    """The ids in what a reader is shown of offers and requests."""
    found: set[str | None] = set()
    for row in rows:
        shown = shown_as(row, reach)
        if shown == "whole":
            found |= {row.maker_id, row.addressed_id, row.partnership_id}
        elif shown == "pool" and row.named:
            found.add(row.maker_id)
        elif shown == "confidential" and row.in_reach:
            found.add(row.partnership_id)
    return found


def names_in(asking: Asking, ids: Iterable[str | None]) -> dict[str, str]:
    return directory.names(asking.connection, {one for one in ids if one is not None}, asking.question)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of matches stopped: the position of what they are for, and the order of the last one."""

    position: int
    order: tuple[int, int, str, str]

    def __str__(self) -> str:
        return " ".join(map(str, (self.position, *self.order)))

    @classmethod
    def read(cls, text: str) -> Place | None:
        """None for the beginning. Raises ValueError where it is no place."""
        if not text:
            return None
        position, weight, reasons, offer, request = text.split(" ")
        return cls(int(position), (int(weight), int(reasons), offer, request))


def matches(
    asking: Asking, reader: BoardReader, support_id: str | None, *, after: str, limit: int, explain: bool
) -> MatchesAnswer:
    """At most `limit` matches for one offer or request, or for all that are the reader's.

    Raises NotThere for one that is not open or not in reach, ValueError where `after` is no place.
    """
    aliases = directory.aliases(asking.connection, asking.question)
    reach, place = reader.reach.read_as(aliases), Place.read(after)
    if support_id is None:
        subjects = own(asking, reach, aliases, place)
    else:
        one = queries.one_posting(asking, reach, support_id)
        if one is None:
            raise NotThere(stream_kind="support", id=support_id)
        subjects = iter([read_as(one, aliases)])
    found = list(islice(all_matches(asking, reach, aliases, subjects, place, support_id is None), limit + 1))
    page = found[:limit]
    last = str(Place(page[-1][0].position, page[-1][1].order)) if page else after
    ids = {one for subject, match in page for one in ids_of(match)}
    scope = {"board": "matches"} | ({} if support_id is None else {"support": support_id})
    return MatchesAnswer(
        header=asking.header(RULE_VERSION, **scope),
        matches=page,
        next=last,
        has_more=len(found) > limit,
        names=names_in(asking, ids),
        explain=explain,
    )


def ids_of(match: Match) -> set[str]:
    return {match.offer.maker_id} if match.anonymous else {match.offer.maker_id, match.request.maker_id}


def own(asking: Asking, reach: Reach, aliases: Aliases, place: Place | None) -> Iterator[Open]:
    """The reader's offers and requests, the newest first, from that on at which the last page stopped."""
    before = None if place is None else place.position + 1
    while True:
        rows = queries.own_postings(asking, reach, before=before, limit=SUBJECTS)
        yield from (read_as(row, aliases) for row in rows)
        if len(rows) < SUBJECTS:
            return
        before = rows[-1].position


def all_matches(
    asking: Asking,
    reach: Reach,
    aliases: Aliases,
    subjects: Iterator[Open],
    place: Place | None,
    once: bool,
) -> Iterator[tuple[Open, Match]]:
    """The matches of each subject in their order, after a place; with `once`, a pair whose request is the reader's as
    well is told with the request alone."""
    for subject in subjects:
        found = sorted(matches_of(asking, reach, aliases, subject), key=lambda match: match.order)
        for match in found:
            if once and subject.kind == "offer" and is_own(match.request, reach):
                continue
            if place is not None and subject.position == place.position and match.order <= place.order:
                continue
            yield subject, match


def is_own(row: Open, reach: Reach) -> bool:
    return reach.everything or row.maker_id in reach.own or row.partnership_id in reach.run


def matches_of(asking: Asking, reach: Reach, aliases: Aliases, subject: Open) -> list[Match]:
    """What could meet a request, or what an offer could meet, as far as the reader sees it."""
    if shown_as(subject, reach) == "confidential":
        return []
    other: Kind = "request" if subject.kind == "offer" else "offer"
    makers = sorted(aliases.registrations(subject.maker_id))
    rows = queries.counterparts(asking, reach, other, subject.category, makers, MOST_CANDIDATES)
    candidates = [read_as(row, aliases) for row in rows if shown_as(row, reach) != "confidential"]
    belonging = queries.belonging(asking, {subject.maker_id, *(row.maker_id for row in candidates)})
    pairs = [(subject, row) if subject.kind == "offer" else (row, subject) for row in candidates]
    fitting = [
        (offer, request, is_anonymous(request, reach))
        for offer, request in pairs
        if goes_together(offer, request, belonging) and tells_nothing(offer, request, reach)
    ]
    if not fitting:
        return []
    grounds = grounds_of(asking, reach, aliases, subject, {offer.maker_id for offer, _, _ in fitting}, candidates)
    return [matched(offer, request, anonymous, grounds) for offer, request, anonymous in fitting]


def is_anonymous(request: Open, reach: Reach) -> bool:
    return shown_as(request, reach) == "pool" and not request.named


def tells_nothing(offer: Open, request: Open, reach: Reach) -> bool:
    """Whether a match gives away nothing of an anonymous request: that a narrower offer is open to its maker would
    say who it may be."""
    if not is_anonymous(request, reach):
        return True
    return offer.open_to == "pool" and offer.partnership_id is None


def grounds_of(
    asking: Asking, reach: Reach, aliases: Aliases, subject: Open, givers: set[str], candidates: Sequence[Open]
) -> Grounds:
    """What the reasons are looked up in, for one subject and all that might go with it."""
    makers = {row.maker_id for row in candidates}
    passed = [
        row._replace(giver_id=aliases.canonical(row.giver_id), receiver_id=aliases.canonical(row.receiver_id))
        for row in sums(asking.connection, of_organisation(aliases.registrations(subject.maker_id)), asking.question)
    ]
    return Grounds(
        names=names_in(asking, {subject.maker_id, *makers}),
        good=queries.good_givers(asking, givers, subject.category),
        passed=given_matrix(passed),
        met={frozenset({row.giver_id, row.receiver_id}) for row in passed},
        knows={frozenset({subject.maker_id, one}) for one in makers if reach.knows(subject.maker_id, one)},
    )
