"""How a balance comes about, in words: with whom, in how many deliveries, and what is not counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from projections.asking import Asking
from projections.directory.queries import aliases, names
from projections.reciprocity.answering import scope
from projections.reciprocity.measures import COUNTED, RULE_VERSION
from projections.reciprocity.queries import Evidence, evidence
from projections.wording import amount, several
from projections.working import Step, Working

MOST_ENTRIES: Final = 5_000
"""Entries looked at, at most; the last step says where there are more."""
MOST_OTHERS: Final = 20
"""Others told one by one, in order of name; the rest in one step."""

_UNCOUNTED: Final = {
    "claimed": "recorded, not yet confirmed",
    "disputed": "queried",
    "attested": "vouched for by a coordinator, not by the receiver",
}


def balance_workings(asking: Asking, organisation_id: str, other_id: str | None = None) -> list[Working]:
    """Of one organisation's net, with everybody or with one other."""
    entries = _entries(asking, organisation_id=organisation_id, other_id=other_id)
    return [_working(asking, entries, organisation_id, "net_minutes")]


def partnership_workings(asking: Asking, partnership_id: str, members: Iterable[str]) -> list[Working]:
    """Of each member's net within a partnership; `figure` names the member."""
    entries = _entries(asking, partnership_id=partnership_id)
    return [_working(asking, entries, one, f"members.{one}.net_minutes") for one in members]


def _entries(
    asking: Asking, organisation_id: str | None = None, other_id: str | None = None, partnership_id: str | None = None
) -> list[Evidence]:
    """The entries with every organisation under the id it is read as; what stays inside one is left out."""
    connection, question = asking.connection, asking.question
    read_as = aliases(connection, question).canonical
    wanted = scope(connection, question, organisation_id, other_id, partnership_id, None)
    found = evidence(connection, wanted, question, limit=MOST_ENTRIES)
    read = (one._replace(giver_id=read_as(one.giver_id), receiver_id=read_as(one.receiver_id)) for one in found)
    return [one for one in read if one.giver_id != one.receiver_id]


def _working(asking: Asking, entries: Sequence[Evidence], organisation_id: str, figure: str) -> Working:
    one = aliases(asking.connection, asking.question).canonical(organisation_id)
    own = [entry for entry in entries if one in (entry.giver_id, entry.receiver_id)]
    ids = {one, *(id_ for entry in own for id_ in (entry.giver_id, entry.receiver_id))}
    known = names(asking.connection, ids, asking.question)
    told = _Told(one, own, {id_: known.get(id_, "an organisation") for id_ in ids})
    title = f"{known.get(one, 'an organisation')}: what it gave, less what it got"
    steps = tuple(told.steps(len(entries) == MOST_ENTRIES))
    return Working(figure=figure, about=title, rule_version=RULE_VERSION, steps=steps)


class _Told:
    """One organisation's entries as sentences."""

    def __init__(self, one: str, entries: Sequence[Evidence], known: dict[str, str]) -> None:
        self._one, self._known = one, known
        self._entries = entries
        counted = [e for e in entries if e.kind == "delivery" and e.basis == "exchange" and e.status in COUNTED]
        self._gave = [e for e in counted if e.giver_id == one]
        self._got = [e for e in counted if e.receiver_id == one]

    def steps(self, is_cut: bool) -> Iterator[Step]:
        yield from self._sides(
            "gave", self._gave, "{one} gave {other} {minutes} in {deliveries} that {other} confirmed."
        )
        yield from self._sides(
            "got", self._got, "{one} got {minutes} from {other} in {deliveries} that {one} confirmed."
        )
        yield from self._beside()
        given, got = _sum(self._gave), _sum(self._got)
        more = f" Only the first {MOST_ENTRIES:,} entries are told here." if is_cut else ""
        says = f"In all {self._known[self._one]} gave {amount(given)} and got {amount(got)}.{more}"
        yield Step(says=says, comes_to=amount(given - got))

    def _sides(self, way: str, entries: Sequence[Evidence], sentence: str) -> Iterator[Step]:
        others: dict[str, list[Evidence]] = {}
        for entry in entries:
            others.setdefault(entry.receiver_id if way == "gave" else entry.giver_id, []).append(entry)
        by_name = sorted(others.items(), key=lambda pair: (self._known[pair[0]], pair[0]))
        for other, some in by_name[:MOST_OTHERS]:
            deliveries, minutes = several(len(some), "delivery", "deliveries"), amount(_sum(some))
            named = {"one": self._known[self._one], "other": self._known[other]}
            says = sentence.format(**named, minutes=minutes, deliveries=deliveries)
            yield Step(says=says, comes_to=minutes, event_ids=_events(some))
        left = [entry for _, some in by_name[MOST_OTHERS:] for entry in some]
        if left:
            says = f"With {several(len(by_name) - MOST_OTHERS, 'other')} it {way} {amount(_sum(left))} more."
            yield Step(says=says, comes_to=amount(_sum(left)), event_ids=_events(left))

    def _beside(self) -> Iterator[Step]:
        """What is shown beside the balance and is not in it."""
        for status, words in _UNCOUNTED.items():
            some = [e for e in self._entries if e.kind == "delivery" and e.basis == "exchange" and e.status == status]
            if some:
                yield Step(says=f"Not counted: {amount(_sum(some))} {words}.", event_ids=_events(some))
        other = [e for e in self._entries if e.kind == "delivery" and e.basis != "exchange" and e.status in COUNTED]
        if other:
            says = f"Not counted: {amount(_sum(other))} given as a gift, paid or funded."
            yield Step(says=says, event_ids=_events(other))
        agreed = [e for e in self._entries if e.kind != "delivery"]
        if agreed:
            says = f"Beside it, both agreed on {amount(_sum(agreed))} from before the ledger, or on what becomes of it."
            yield Step(says=says, event_ids=_events(agreed))


def _sum(entries: Iterable[Evidence]) -> int:
    return sum(entry.minutes for entry in entries)


def _events(entries: Collection[Evidence]) -> list[str]:
    return [event_id for entry in entries for event_id in entry.events]
