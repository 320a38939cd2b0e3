"""Which fact puts which other right: withdrawals, reversals, redactions, in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from ledger.domain.fact import AnyFact
from ledger.domain.log.facts import TextRedacted
from ledger.domain.partnership import facts as partnership
from ledger.domain.review import facts as review
from ledger.domain.support import facts as support


class Corrections(NamedTuple):
    """The ids of the facts that one fact corrects, and of those that correct it, each in ledger order."""

    corrects: tuple[str, ...] = ()
    corrected_by: tuple[str, ...] = ()


def corrections_in(streams: Iterable[Sequence[AnyFact]]) -> Mapping[str, Corrections]:
    """By event id, over whole streams; only facts that correct or are corrected stand in it."""
    corrects: dict[str, list[str]] = defaultdict(list)
    corrected_by: dict[str, list[str]] = defaultdict(list)
    for facts in streams:
        for later, earlier in _pairs(facts):
            corrects[later].append(earlier)
            corrected_by[earlier].append(later)
    return {
        one: Corrections(tuple(corrects.get(one, ())), tuple(corrected_by.get(one, ())))
        for one in {*corrects, *corrected_by}
    }


def _pairs(facts: Sequence[AnyFact]) -> Iterator[tuple[str, str]]:
    """Each correcting fact of a stream with the fact it corrects."""
    for index, fact in enumerate(facts):
        find = _CORRECTS.get(type(fact.data))
        earlier = None if find is None else find(fact, facts[:index])
        if earlier is not None:
            yield fact.event_id, earlier


def _named(fact: AnyFact, before: Sequence[AnyFact]) -> str | None:
    named: str = fact.data.event_id
    return named


def _delivery(fact: AnyFact, before: Sequence[AnyFact]) -> str | None:
    return _latest(before, support.Delivered, "delivery_id", fact.data.delivery_id)


def _confirmation(fact: AnyFact, before: Sequence[AnyFact]) -> str | None:
    return _latest(before, support.DeliveryConfirmed, "delivery_id", fact.data.delivery_id)


def _notice(fact: AnyFact, before: Sequence[AnyFact]) -> str | None:
    own = [one for one in before if isinstance(one.data, partnership.NoticeGiven) and one.voice == fact.voice]
    return own[-1].event_id if own else None


def _latest(before: Sequence[AnyFact], kind: type[Any], name: str, value: str) -> str | None:
    found = [one for one in before if isinstance(one.data, kind) and getattr(one.data, name) == value]
    return found[-1].event_id if found else None


_CORRECTS: Final[dict[type[Any], Callable[[AnyFact, Sequence[AnyFact]], str | None]]] = {
    support.EntryWithdrawn: _named,
    partnership.EntryWithdrawn: _named,
    review.EntryWithdrawn: _named,
    TextRedacted: _named,
    support.DeliveryReversed: _delivery,
    support.ConfirmationWithdrawn: _confirmation,
    partnership.NoticeRescinded: _notice,
}
