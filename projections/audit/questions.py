"""Questions the record gives rise to. None says that something is wrong: each names facts that somebody may look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.values import moment
from projections.asking import Asking
from projections.audit.mirrored import TIMES, Confirmed, Couple, Mirrored, mirrored
from projections.directory.queries import aliases, names
from projections.following import following
from projections.question import Header
from projections.reciprocity.queries import Scope, of_network, of_sight
from projections.reciprocity.scopes import of_kind
from projections.wording import amount, day, listing, several
from projections.working import Step, Working, workings_to_json

RULE_VERSION: Final = "questions/1"
QUESTIONS: Final = 100
MOST_ROWS: Final = 100_000
"""Confirmed deliveries looked at, at most: those between organisations that gave each other the same amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsAnswer:
    """A page of the questions of a scope, by organisations."""

    header: Header
    found: Sequence[Mirrored]
    has_more: bool
    after: str
    names: Mapping[str, str]
    explain: bool

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "items": [_question(one, self.names) for one in self.found],
            "next": _place(self.found[-1]) if self.found else self.after,
            "has_more": self.has_more,
        }
        if self.explain:
            body["working"] = workings_to_json(_working(one, self.names) for one in self.found)
        return self.header.to_json(self.names, **body)


def questions(
    asking: Asking,
    scope: Scope,
    about: Mapping[str, str],
    *,
    after: str = "",
    limit: int = QUESTIONS,
    explain: bool = False,
) -> QuestionsAnswer:
    """What mirrors itself among the entries of a scope, as they stood on the day and were known at the position.

    `after` is the `next` of the page before.
    """
    found, has_more = following(mirrored(_confirmed(asking, scope)), _place, after or None, limit)
    ids = {one for each in found for one in (each.one_id, each.other_id)}
    return QuestionsAnswer(
        header=asking.header(RULE_VERSION, **about),
        found=found,
        has_more=has_more,
        after=after,
        explain=explain,
        names=names(asking.connection, ids, asking.question),
    )


def in_sight(keys: Sequence[str] | None) -> Scope:
    """The entries that a reader of these fact keys sees (None: all)."""
    if keys is None:
        return of_network()
    return of_sight(of_kind("organisation", keys), of_kind("partnership", keys))


def _confirmed(asking: Asking, scope: Scope) -> list[Confirmed]:
    """The confirmed exchanges of a scope for which there is one of the same amount the other way."""
    read_as = aliases(asking.connection, asking.question)
    rows = asking.connection.execute(
        f"WITH standing AS (SELECT e.giver_id, e.receiver_id, e.minutes, e.recorded_at, e.status_position, e.events"
        f" FROM reciprocity_entry e WHERE {_STANDS} AND {scope.condition})"
        " SELECT s.giver_id, s.receiver_id, s.minutes, s.recorded_at, l.recorded_at, s.events FROM standing s"
        " JOIN pledger.log l ON l.position = s.status_position"
        " WHERE EXISTS (SELECT FROM standing b WHERE b.minutes = s.minutes"
        " AND b.giver_id = s.receiver_id AND b.receiver_id = s.giver_id)"
        " ORDER BY s.status_position LIMIT %(most)s".encode(),
        {**asking.question.parameters, **scope.parameters, "most": MOST_ROWS},
    )
    return [
        Confirmed(
            read_as.canonical(giver), read_as.canonical(receiver), minutes, recorded_at, confirmed_at, tuple(events)
        )
        for giver, receiver, minutes, recorded_at, confirmed_at, events in rows
    ]


_STANDS: Final = (
    "e.known_from <= %(known_at)s AND e.known_until > %(known_at)s AND e.effective_from <= %(as_of)s"
    " AND e.effective_until > %(as_of)s AND e.kind = 'delivery' AND e.basis = 'exchange' AND e.status = 'confirmed'"
)


def _place(one: Mirrored) -> str:
    return f"{one.one_id} {one.other_id}"


def _sides(one: Mirrored, named: Mapping[str, str]) -> tuple[str, str]:
    return named.get(one.one_id, "an organisation"), named.get(one.other_id, "an organisation")


def _working(one: Mirrored, named: Mapping[str, str]) -> Working:
    """Each couple with its facts, then how many there are."""
    first, second = _sides(one, named)
    couples = [
        Step(
            says=f"{first} and {second} gave each other the same, confirmed on {_days(couple)}",
            comes_to=f"{amount(couple.there.minutes)} each way",
            event_ids=[event_id for each in couple for event_id in each.event_ids],
        )
        for couple in one.couples
    ]
    last = Step(says=f"So often; it is a question from {TIMES} times on", comes_to=several(len(couples), "time"))
    about = f"what {first} and {second} gave each other"
    return Working(figure="mirrored", about=about, rule_version=RULE_VERSION, steps=[*couples, last])


def _days(couple: Couple) -> str:
    """The days on which the two were confirmed, in UTC as they are recorded."""
    return listing(list(dict.fromkeys(day(each.confirmed_at.date()) for each in couple)))


def _question(one: Mirrored, named: Mapping[str, str]) -> dict[str, Any]:
    first, second = _sides(one, named)
    amounts = sorted({couple.there.minutes for couple in one.couples})
    same = " and ".join(amount(minutes) for minutes in amounts[:3])
    return {
        "kind": "mirrored",
        "says": f"{first} and {second} gave each other the same ({same}), each confirmed within a day,"
        f" {several(len(one.couples), 'time')}: was this given as recorded?",
        "organisation_ids": [one.one_id, one.other_id],
        "times": len(one.couples),
        "couples": [
            {
                "minutes": couple.there.minutes,
                "confirmed_at": [moment(each.confirmed_at) for each in couple],
                "event_ids": [event_id for each in couple for event_id in each.event_ids],
            }
            for couple in one.couples
        ],
    }
