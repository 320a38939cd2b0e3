"""From a question to what needs its reader, in the order in which it should be looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger.domain.fact import Speaker
from projections.asking import Asking
from projections.daily.clock import state_of
from projections.directory.queries import aliases, names, schools_of
from projections.inbox.deliveries import delivery_items
from projections.inbox.desk import Desk, desk_of
from projections.inbox.items import RULE_VERSION, Item, Kind
from projections.inbox.memberships import membership_items
from projections.inbox.peer_reviews import peer_review_items
from projections.inbox.points import change_items, point_items
from projections.inbox.supports import spoken_supports, support_items
from projections.inbox.told import unfinished_supports
from projections.question import Header, Question
from projections.reciprocity.around import partnerships_of_all
from projections.working import workings_to_json

LINES: Final = 100
_GAP: Final = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which items are wanted; None leaves out nothing. `after` is the `next` of the page before."""

    kind: Kind | None = None
    organisation_id: str | None = None
    partnership_id: str | None = None
    after: str = ""
    limit: int = LINES

    def takes(self, item: Item) -> bool:
        given = (item.kind, item.organisation_id, item.partnership_id)
        wanted = (self.kind, self.organisation_id, self.partnership_id)
        return all(want in (None, one) for want, one in zip(wanted, given, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxAnswer:
    """A page of an inbox. `counts` are those of all wanted items, by kind; `clock` the last day on which changes were
    looked for, None where they never were."""

    header: Header
    items: Sequence[Item]
    counts: Mapping[str, int]
    after: str
    has_more: bool
    clock: date | None
    names: Mapping[str, str]
    explained: bool = False

    def rows(self) -> list[dict[str, Any]]:
        """The items as lines of a table."""
        day = self.header.question.as_of
        return [flat(item.to_json(self.names, day)) for item in self.items]

    def to_json(self) -> dict[str, Any]:
        day = self.header.question.as_of
        working = workings_to_json(item.working(self.names) for item in self.items)
        return self.header.to_json(
            self.names,
            items=[item.to_json(self.names, day) for item in self.items],
            counts=dict(self.counts),
            **({} if self.clock is None else {"changes_up_to": self.clock.isoformat()}),
            next=_GAP.join(self.items[-1].place(day)) if self.items else self.after,
            has_more=self.has_more,
            **({"working": working} if self.explained else {}),  # type: ignore[arg-type]  # no member of the header's
        )


def flat(item: dict[str, Any]) -> dict[str, Any]:
    """An item on one line: its step by type, stream and voice."""
    action = item.pop("action", {})
    step = {f"action_{name}": action.get(name) for name in ("type", "subject", "recordedfor")}
    return item | step | {"event_ids": " ".join(item["event_ids"])}


def inbox(asking: Asking, reader: Speaker, today: date, wanted: Wanted, *, explain: bool = False) -> InboxAnswer:
    """What needs a reader on the question's day, which it may look at by what holds `today`.

    A member or client reads what its organisations need, a coordinator besides what the partnerships it runs need, an
    auditor what has changed in its scope. Raises FactDoesNotFit.
    """
    day = asking.question.as_of
    found = sorted(of_reader(asking, reader, today, wanted), key=lambda item: item.place(day))
    items = [item for item in found if wanted.takes(item)]
    counts: dict[str, int] = {}
    for item in items:
        counts[item.kind] = counts.get(item.kind, 0) + 1
    following = [item for item in items if not wanted.after or item.place(day) > tuple(wanted.after.split(_GAP))]
    page = following[: wanted.limit]
    clock = state_of(asking)
    return InboxAnswer(
        header=asking.header(RULE_VERSION, reader=reader.role),
        items=page,
        counts=counts,
        after=wanted.after,
        has_more=len(following) > len(page),
        clock=None if clock is None else clock[0].day,
        names=names(asking.connection, {one for item in page for one in item.ids()}, asking.question),
        explained=explain,
    )


def of_reader(asking: Asking, reader: Speaker, today: date, wanted: Wanted) -> Iterator[Item]:
    if reader.role == "auditor":
        yield from change_items(asking, audited(asking, reader, today), points=True)
    else:
        yield from of_desk(asking, desk_of(asking, reader, today), wanted)


def of_desk(asking: Asking, desk: Desk, wanted: Wanted) -> Iterator[Item]:
    """What waits, falls due or has changed; parts that cannot hold what is wanted are not worked out."""
    for one in spoken_supports(asking, unfinished_supports(desk.told)):
        yield from support_items(desk, one)
        yield from delivery_items(desk, one, asking.zone)
    yield from membership_items(asking, desk)
    yield from peer_review_items(asking, desk)
    if wanted.kind in (None, "withdrawal_point"):
        yield from point_items(asking, desk)
    yield from change_items(asking, desk.run | desk.partner_of, points=False)


def audited(asking: Asking, reader: Speaker, today: date) -> Collection[str]:
    """The partnerships in an auditor's scope: all, or those that a school of its trust is a partner of today."""
    if reader.whole_ledger:
        rows = asking.connection.execute("SELECT DISTINCT partnership_id FROM directory_partnership")
        return [row[0] for row in rows]
    if reader.trust is None:
        return []
    now = Question(as_of=today, known_at=asking.position)
    read_as = aliases(asking.connection, now)
    schools = {*schools_of(asking.connection, reader.trust, now), reader.trust}
    own = {each for one in schools for each in read_as.registrations(one)}
    return partnerships_of_all(asking.connection, own, now)
