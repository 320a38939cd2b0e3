"""Questions to the board: what is open on a day, as known at a position, within a reader's reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from ledger.domain.fact import AnyFact
from ledger.domain.support.facts import Audience, Basis
from ledger.eventstore.codec import decode
from projections.asking import Asking
from projections.board.reach import Reach
from projections.board.rows import Kind, PostingState


class Open(NamedTuple):
    """An offer or request that is open, with what the directory says of its maker."""

    support_id: str
    kind: Kind
    minutes: int
    minutes_left: int
    maker_id: str
    partnership_id: str | None
    category: str
    open_to: Audience
    addressed_id: str | None
    starts_on: date | None
    ends_on: date
    basis: Basis | None
    paid_by: str | None
    pence_per_day: int | None
    named: bool
    confidential: bool
    summary: str | None
    review_id: str | None
    finding: str | None
    position: int
    events: list[str]
    phase: str | None
    region: str | None
    in_reach: bool


class Belonging(NamedTuple):
    """By organisation, the partnerships it is an active partner of and the trusts it is part of."""

    partnerships: Mapping[str, set[str]]
    trusts: Mapping[str, set[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked for; None and nothing stand for everything. `words` all stand in an offer's summary."""

    category: str | None = None
    partnership: str | None = None
    phase: str | None = None
    region: str | None = None
    least_minutes: int | None = None
    words: Sequence[str] = ()

    @property
    def narrow(self) -> bool:
        """Whether less than the whole board is looked for."""
        return self != Filters()


LITERAL: Final = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})

# Whether a posting is open to the reader, or its own, or in a partnership it runs: more than what the pool shows all.
REACHED: Final = """(
    %(everything)s OR p.maker_id = ANY (%(own)s::uuid[]) OR p.addressed_id = ANY (%(own)s::uuid[])
    OR p.partnership_id = ANY (%(run)s::uuid[])
    OR (p.open_to IN ('partnership', 'pool') AND p.partnership_id = ANY (%(partnerships)s::uuid[]))
    OR (p.open_to = 'trust' AND EXISTS (
        SELECT FROM directory_trust_span s
        WHERE s.organisation_id = p.maker_id AND s.trust_id = ANY (%(trusts)s::uuid[])
        AND s.since <= %(as_of)s AND s.until > %(as_of)s
        AND s.known_from <= %(known_at)s AND s.known_until > %(known_at)s
    ))
)"""

# What is open ends with its maker and with its maker's membership, whoever ended them.
_OPEN: Final = f"""
    SELECT {", ".join(f"p.{name}" for name in Open._fields[:-3])}, o.phase, o.region, {REACHED}
    FROM board_posting p JOIN directory_organisation o ON o.organisation_id = p.maker_id
    WHERE p.state = 'open' AND p.kind = ANY (%(kinds)s) AND p.ends_on >= %(as_of)s
    AND p.known_until > %(known_at)s AND p.known_from <= %(known_at)s
    AND p.effective_from <= %(as_of)s AND p.effective_until > %(as_of)s
    AND o.known_from <= %(known_at)s AND o.known_until > %(known_at)s
    AND (o.closed_on IS NULL OR o.closed_on > %(as_of)s) AND (o.succeeded_on IS NULL OR o.succeeded_on > %(as_of)s)
    AND (p.partnership_id IS NULL OR EXISTS (
        SELECT FROM directory_membership m
        WHERE m.partnership_id = p.partnership_id AND m.organisation_id = p.maker_id AND m.state = 'partner'
        AND m.until > %(as_of)s AND m.known_from <= %(known_at)s AND m.known_until > %(known_at)s
    ))
    AND (p.open_to = 'pool' OR {REACHED})
"""

# What a stranger is not shown of a request, it cannot find it by either.
_SHOWN: Final = f"(p.kind = 'offer' OR {REACHED} OR p.named)"
_WHOLE: Final = (
    "(NOT p.confidential OR p.maker_id = ANY (%(sides)s::uuid[]) OR p.addressed_id = ANY (%(sides)s::uuid[]))"
)
_FILTERED: Final = f"""
    AND (%(category)s::text IS NULL OR (CASE WHEN {_WHOLE} THEN p.category ELSE 'other' END) = %(category)s)
    AND (%(partnership)s::uuid IS NULL OR (p.partnership_id = %(partnership)s AND (p.kind = 'offer' OR {REACHED})))
    AND (%(phase)s::text IS NULL OR (o.phase = %(phase)s AND {_WHOLE}))
    AND (%(region)s::text IS NULL OR (o.region = %(region)s AND {_WHOLE}))
    AND (%(least)s::bigint IS NULL OR (p.minutes_left >= %(least)s AND {_SHOWN}))
    AND (%(from)s::date IS NULL OR (p.ends_on >= %(from)s AND {_WHOLE}))
    AND (%(to)s::date IS NULL OR p.starts_on IS NULL OR p.starts_on <= %(to)s)
    AND (%(patterns)s::text[] = '{{}}' OR p.summary ILIKE ALL (%(patterns)s))
"""

_BEFORE: Final = "AND (%(before)s::bigint IS NULL OR p.position < %(before)s) ORDER BY p.position DESC LIMIT %(limit)s"


def open_postings(
    asking: Asking, reach: Reach, kind: Kind, filters: Filters, *, before: int | None, limit: int
) -> list[Open]:
    """At most `limit` open offers or requests in reach, the newest first, from before the position `before` on."""
    return _open(
        asking,
        reach,
        f"{_FILTERED} {_BEFORE}",
        {
            "kinds": [kind],
            "before": before,
            "limit": limit,
            "category": filters.category,
            "partnership": filters.partnership,
            "phase": filters.phase,
            "region": filters.region,
            "least": filters.least_minutes,
            "patterns": [f"%{word.translate(LITERAL)}%" for word in filters.words],
        },
    )


def one_posting(asking: Asking, reach: Reach, support_id: str) -> Open | None:
    """One open offer or request, None where there is none in reach."""
    found = _open(asking, reach, "AND p.support_id = %(id)s", {"kinds": ["offer", "request"], "id": support_id})
    return found[0] if found else None


def own_postings(asking: Asking, reach: Reach, *, before: int | None, limit: int) -> list[Open]:
    """Open offers and requests that the reader made, or that stand in a partnership it runs, the newest first."""
    return _open(
        asking,
        reach,
        "AND (%(everything)s OR p.maker_id = ANY (%(own)s::uuid[]) OR p.partnership_id = ANY (%(run)s::uuid[]))"
        f" {_BEFORE}",
        {"kinds": ["offer", "request"], "before": before, "limit": limit},
    )


def counterparts(
    asking: Asking, reach: Reach, kind: Kind, category: str, makers: Sequence[str], limit: int
) -> list[Open]:
    """Open postings of one kind and category in reach that others than `makers` made, the newest first."""
    return _open(
        asking,
        reach,
        "AND p.category = %(category)s AND NOT p.maker_id = ANY (%(makers)s::uuid[])"
        " ORDER BY p.position DESC LIMIT %(limit)s",
        {"kinds": [kind], "category": category, "makers": list(makers), "limit": limit},
    )


def _open(asking: Asking, reach: Reach, more: str, parameters: Mapping[str, Any]) -> list[Open]:
    question = asking.question.parameters
    given = {**question, **reach.parameters, "sides": sorted(reach.sides), **parameters}
    rows = asking.connection.execute(f"{_OPEN} {more}".encode(), given)
    return [Open(*row) for row in rows]


def first_facts(asking: Asking, postings: Iterable[Open]) -> list[AnyFact]:
    """The facts in which these were offered or asked for, texts still sealed."""
    positions = sorted(one.position for one in postings)
    rows = asking.connection.execute(
        "SELECT position, record FROM pledger.log WHERE position = ANY (%s) ORDER BY position",
        (positions,),
        binary=True,
    )
    return [decode(record, position) for position, record in rows]


def good_givers(asking: Asking, givers: Collection[str], category: str) -> set[str]:
    """Those who gave support of a category of which its receiver said last that the effect was evident or embedded."""
    rows = asking.connection.execute(
        "SELECT DISTINCT giver_id FROM ("
        " SELECT DISTINCT ON (s.support_id) s.giver_id, o.impact"
        " FROM board_sides s JOIN board_outcome o USING (support_id)"
        " WHERE s.giver_id = ANY (%(givers)s::uuid[]) AND s.category = %(category)s AND NOT s.confidential"
        " AND o.by_receiver AND o.assessed_on <= %(as_of)s"
        " AND o.known_from <= %(known_at)s AND o.known_until > %(known_at)s"
        " ORDER BY s.support_id, o.assessed_on DESC, o.known_from DESC) latest WHERE impact >= 2",
        asking.question.parameters | {"givers": sorted(givers), "category": category},
    )
    return {row[0] for row in rows}


def belonging(asking: Asking, organisations: Collection[str]) -> Belonging:
    """The partnerships and trusts that organisations belong to on the day."""
    parameters = asking.question.parameters | {"ids": sorted(organisations)}
    found: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    for kind, statement in enumerate((_PARTNERSHIPS, _TRUSTS)):
        for organisation_id, other_id in asking.connection.execute(statement.encode(), parameters):
            found[kind].setdefault(organisation_id, set()).add(other_id)
    return Belonging(*found)


_DAY: Final = (
    "organisation_id = ANY (%(ids)s::uuid[]) AND since <= %(as_of)s AND until > %(as_of)s"
    " AND known_from <= %(known_at)s AND known_until > %(known_at)s"
)
_PARTNERSHIPS: Final = (
    f"SELECT organisation_id, partnership_id FROM directory_membership WHERE state = 'partner' AND {_DAY}"
)
_TRUSTS: Final = f"SELECT organisation_id, trust_id FROM directory_trust_span WHERE {_DAY}"


class Left(NamedTuple):
    """What an offer or request came to, and what is left of it."""

    kind: Kind
    state: PostingState
    minutes: int
    minutes_left: int

    def to_json(self) -> dict[str, Any]:
        """`offered_minutes` or `requested_minutes`, `left_minutes`, and whether it is open."""
        said = "offered" if self.kind == "offer" else "requested"
        return {f"{said}_minutes": self.minutes, "left_minutes": self.minutes_left, f"{self.kind}_state": self.state}


def left_of(asking: Asking, support_id: str) -> Left | None:
    """What is left of an offer or request on the day; None for what is none, or was not made by then."""
    row = asking.connection.execute(
        "SELECT kind, state, minutes, minutes_left FROM board_posting WHERE support_id = %(id)s"
        " AND known_from <= %(known_at)s AND known_until > %(known_at)s"
        " AND effective_from <= %(as_of)s AND effective_until > %(as_of)s",
        asking.question.parameters | {"id": support_id},
    ).fetchone()
    return None if row is None else Left(*row)


def same_occasion(asking: Asking, givers: Collection[str], occasion: str) -> list[str]:
    """The supports in which one of these registrations of a giver recorded something given on an occasion."""
    rows = asking.connection.execute(
        "SELECT DISTINCT support_id FROM board_occasion"
        " WHERE giver_id = ANY (%s::uuid[]) AND occasion = %s AND known_from <= %s ORDER BY support_id",
        (sorted(givers), occasion, asking.question.known_at),
    )
    return [row[0] for row in rows]
