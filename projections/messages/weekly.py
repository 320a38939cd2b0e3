"""The weekly letter: what one reader has to confirm and has promised, and where a partner may leave before long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ledger.domain.fact import Speaker
from projections.asking import Asking
from projections.directory.queries import names
from projections.inbox.answering import Wanted, of_desk
from projections.inbox.deliveries import delivery_items
from projections.inbox.desk import Desk, desk_of
from projections.inbox.items import Item, in_words
from projections.inbox.points import AHEAD
from projections.inbox.supports import spoken_supports
from projections.inbox.told import unfinished_supports
from projections.messages.confirming import is_reminder, most_days, told
from projections.messages.letter import WAITING, Letter, section, subject
from projections.messages.school_days import in_term, school_days
from projections.wording import day as spoken
from projections.wording import several

ROLES: Final = frozenset({"member", "coordinator"})
"""Who gets letters every week: the people of schools and hubs. Machines, auditors and admins have nothing to do."""
MOST_COLLEAGUES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that nobody has confirmed, and for how many school days of its receiver."""

    item: Item
    waited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What of an inbox goes into a weekly letter."""

    deliveries: Sequence[Waiting]
    promises: Sequence[Item]
    points: Sequence[Item]

    def items(self) -> Iterator[Item]:
        yield from (one.item for one in self.deliveries)
        yield from self.promises
        yield from self.points


Colleagues = Mapping[str, Sequence[Speaker]]
"""By organisation, the people who speak for it and can be written to, longest there first."""


def weekly(asking: Asking, reader: Speaker, today: date, colleagues: Colleagues) -> Letter | None:
    """The letter of a reader on a day; None when there is nothing, or when it is no week of term for it.

    Raises FactDoesNotFit.
    """
    if reader.role not in ROLES:
        return None
    desk = desk_of(asking, reader, today)
    monday = date.fromordinal(today.toordinal() - today.weekday())
    if not in_term([desk.calendar(one) for one in sorted(reader.organisations)], monday):
        return None
    chosen = choose(asking, desk, colleagues)
    ids = {each for item in chosen.items() for each in item.ids()}
    return letter_of(chosen, names(asking.connection, ids, asking.question), today)


def choose(asking: Asking, desk: Desk, colleagues: Colleagues) -> Chosen:
    """What of the reader's inbox it is told of by mail."""
    found = sorted(of_desk(asking, desk, Wanted()), key=lambda item: item.place(desk.day))
    confirming = {
        one.principal: may_confirm(asking, desk, one)
        for organisation_id in desk.mine.values()
        for one in colleagues.get(organisation_id, ())[:MOST_COLLEAGUES]
    }
    return Chosen(
        deliveries=[one for item in found if (one := waiting(desk, item, confirming, colleagues)) is not None],
        promises=[item for item in found if item.kind == "promise" and item.why_not is None],
        points=[item for item in found if item.kind == "withdrawal_point" and is_near(item, desk.day)],
    )


def may_confirm(asking: Asking, desk: Desk, colleague: Speaker) -> frozenset[str]:
    """The keys of the deliveries that a colleague of the reader may confirm."""
    theirs = replace(desk, reader=colleague)
    return frozenset(
        item.key
        for one in spoken_supports(asking, unfinished_supports(desk.told))
        for item in delivery_items(theirs, one, asking.zone)
        if item.kind == "delivery" and item.why_not is None and item.organisation_id in colleague.organisations
    )


def waiting(
    desk: Desk, item: Item, confirming: Mapping[str, Collection[str]], colleagues: Colleagues
) -> Waiting | None:
    """The delivery, where it is this reader's turn to be told of it."""
    if item.kind not in ("delivery", "unanswered") or item.organisation_id is None:
        return None
    people = colleagues.get(item.organisation_id, ())[:MOST_COLLEAGUES]
    if item.kind == "unanswered":
        confirmers = [one.principal for one in people]
    else:
        confirmers = [one.principal for one in people if item.key in confirming.get(one.principal, ())]
    most = most_days(len(confirmers))
    waited = school_days(desk.calendar(item.organisation_id), item.since, desk.day, most)
    whose = told(waited, len(confirmers))
    own = {"first": confirmers[:1], "second": confirmers[1:2]}.get(whose, [])
    is_told = desk.reader.principal in own or (whose == "coordinator" and item.kind == "unanswered")
    return Waiting(item=item, waited=waited) if is_told else None


def is_near(item: Item, day: date) -> bool:
    """Whether a point opens within 30 days, or its last day for notice lies within 30 days."""
    return item.more["state"] == "upcoming" or (item.due is not None and day <= item.due <= day + AHEAD)


def letter_of(chosen: Chosen, called: Mapping[str, str], day: date) -> Letter | None:
    """The words of a weekly letter. Names of organisations and partnerships, and nobody's own text."""
    deliveries = [delivery_line(one, called) for one in chosen.deliveries]
    promises = [in_words(item.says, called) for item in chosen.promises]
    points = [point_line(item, called, day) for item in chosen.points]
    parts = (
        ("To confirm", deliveries, "delivery", "deliveries", "to confirm"),
        ("What you promised", promises, "promise", "promises", "due"),
        ("Points at which a partner may leave", points, "point", "points", "within 30 days"),
    )
    told_of = [part for part in parts if part[1]]
    if not told_of:
        return None
    return Letter(
        subject=subject(f"{several(len(lines), one, many)} {what}" for _, lines, one, many, what in told_of),
        sections=tuple(section(title, lines, one, many) for title, lines, one, many, _ in told_of),
        path=WAITING,
        does="See all of it in one list",
    )


def delivery_line(one: Waiting, called: Mapping[str, str]) -> str:
    """What the giver recorded, told as its word; and for how long it has waited, where it was told before."""
    says = in_words(one.item.says, called)
    return f"{says} It has waited for {several(one.waited, 'school day')}." if is_reminder(one.waited) else says


def point_line(item: Item, called: Mapping[str, str], day: date) -> str:
    """Who may leave what, and when; the reasons are in the list."""
    whose, where = (called.get(one or "", "a partner") for one in (item.organisation_id, item.partnership_id))
    opens = date.fromisoformat(str(item.more["opens_on"]))
    when = "now" if opens <= day else f"from {spoken(opens)}"
    last = "" if item.due is None else f" The last day to say so is {spoken(item.due)}."
    return f"{whose} may leave {where} {when}.{last}"
