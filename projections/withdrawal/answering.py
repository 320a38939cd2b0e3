"""From a question to the points of a partnership and the notices that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple, Self

from projections.asking import Asking
from projections.directory.queries import names
from projections.evidence.gathering import Evidence, evidence_of
from projections.evidence.partnerships import Notice
from projections.question import Header
from projections.reader import PartnershipReader
from projections.withdrawal.accounts import Accounts
from projections.withdrawal.answered import leaver
from projections.withdrawal.explaining import spelled, workings_of
from projections.withdrawal.points import RULE_VERSION, Point, State
from projections.withdrawal.queries import accounts_within
from projections.withdrawal.sight import may_read
from projections.withdrawal.walking import points_on
from projections.working import Working, workings_to_json

POINTS: Final = 100


class Place(NamedTuple):
    """A place in the list: what follows opened no later, or bears a later id."""

    opens_on: date
    point_id: str

    @classmethod
    def of(cls, text: str) -> Self:
        """The place a text names. Raises ValueError."""
        on, _, point_id = text.partition(" ")
        return cls(date.fromisoformat(on), point_id)

    def text(self) -> str:
        return f"{self.opens_on.isoformat()} {self.point_id}"

    def precedes(self, point: Point) -> bool:
        return (-self.opens_on.toordinal(), self.point_id) < (-point.opens_on.toordinal(), point.point_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which points are wanted; None leaves out nothing. `after` is the `next` of the page before."""

    organisation_id: str | None = None
    state: State | None = None
    after: str = ""
    limit: int = POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a partnership's points on a day; `named` as in `points_on`."""

    evidence: Evidence
    accounts: Accounts
    points: tuple[Point, ...]
    named: Mapping[str, Point]


def known_points(asking: Asking, partnership_id: str) -> Known:
    """All points as of the question's day, whoever may read them. Raises NotThere, FactDoesNotFit."""
    question = asking.question
    evidence = evidence_of(asking, partnership_id)
    key = ("points", partnership_id, question.known_at, question.as_of, evidence.last_position, evidence.facts)

    def make() -> Known:
        accounts = accounts_within(asking, partnership_id)
        named = dict(named_then(asking, evidence))
        found = points_on(evidence, accounts, question.as_of, named)
        return Known(evidence=evidence, accounts=accounts, points=found, named=named)

    return asking.memory.worked(key, make, lambda known: known.evidence.facts // 5)


def named_then(asking: Asking, evidence: Evidence) -> Iterator[tuple[str, Point]]:
    """By the event of each notice, the point it names, as it stood on its day by all that was recorded before it."""
    for notice in evidence.partnership.notices:
        if notice.point_id is not None and notice.given_on <= asking.question.as_of:
            before = replace(asking.question, as_of=notice.given_on, known_at=notice.position - 1)
            then = replace(asking, question=before)
            as_known = evidence_of(then, evidence.partnership.partnership_id)
            accounts = accounts_within(then, evidence.partnership.partnership_id)
            for point in points_on(as_known, accounts, notice.given_on):
                if point.point_id == notice.point_id and point.covers(notice.given_on):
                    yield notice.event_id, point


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsAnswer:
    """A page of the points one reader may have, the latest to open first, and the notices given."""

    header: Header
    known: Known
    reader: PartnershipReader
    page: Sequence[Point]
    has_more: bool
    after: str
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        last = self.page[-1] if self.page else None
        body: dict[str, Any] = {
            "items": [point_json(point, self.reader, self.names) for point in self.page],
            "next": self.after if last is None else Place(last.opens_on, last.point_id).text(),
            "has_more": self.has_more,
            "notices": notices_json(self.known, self.header.question.as_of),
        }
        if self.working is not None:
            body["working"] = workings_to_json(self.working)
        return self.header.to_json(self.names, **body)


def withdrawal_points(
    asking: Asking, partnership_id: str, reader: PartnershipReader, asked: Asked, *, explain: bool = False
) -> PointsAnswer:
    """The points as of the question's day. Raises NotThere, FactDoesNotFit; ValueError where `after` is no place."""
    known = known_points(asking, partnership_id)
    place = Place.of(asked.after) if asked.after else None
    wanted = [
        point for point in known.points
        if may_read(reader, point) and asked.organisation_id in (None, point.organisation_id)
        and asked.state in (None, point.state) and (place is None or place.precedes(point))
    ]  # fmt: skip
    page = wanted[: asked.limit]
    ids = {partnership_id, *known.evidence.partnership.spans, *known.accounts.inside}
    known_names = names(asking.connection, ids, asking.question)
    return PointsAnswer(
        header=asking.header(RULE_VERSION, partnership=partnership_id),
        known=known,
        reader=reader,
        page=page,
        has_more=len(wanted) > len(page),
        after=asked.after,
        names=known_names,
        working=workings_of(known.evidence, known.accounts, page, reader, known_names) if explain else None,
    )


def point_json(point: Point, reader: PartnershipReader, known_names: Mapping[str, str]) -> dict[str, Any]:
    """A point that stands for itself. A day nobody can tell is null, with the reason under `why`."""
    days = {name: getattr(point, name) for name in ("opens_on", "closes_on", "notice_by", "earliest_leaving_on")}
    why = {name: why_null(name, point) for name, on in days.items() if on is None}
    return {
        "point_id": point.point_id,
        "kind": point.kind,
        "partnership_id": point.partnership_id,
        "organisation_id": point.organisation_id,
        "state": point.state,
        **{name: None if on is None else on.isoformat() for name, on in days.items()},
        "because": [spelled(point.says, known_names), list(point.event_ids)],
        "rule_version": RULE_VERSION,
        **standing_json(point, reader),
        **({"why": why} if why else {}),
    }


def why_null(name: str, point: Point) -> str:
    if name == "closes_on":
        return "still_so"
    return "no_day_of_its_own" if name == "notice_by" else "passed"


def standing_json(point: Point, reader: PartnershipReader) -> dict[str, Any]:
    """Of `one_sided`: which way, and by how much; that which makes up for it is for the partner alone to read."""
    if point.way is None or point.inside is None:
        return {}
    if point.elsewhere is None:
        return {"way": point.way, "inside": point.inside.to_json()}
    if not reader.is_itself(point.organisation_id):
        return {"way": point.way, "made_up_elsewhere": True}
    both = {"inside": point.inside.to_json(), "elsewhere": point.elsewhere.to_json()}
    return {"way": point.way, "made_up_elsewhere": True} | both


def notices_json(known: Known, day: date) -> list[dict[str, Any]]:
    """The notices given by a day, in the order of recording."""
    return [notice_json(known, one, day) for one in known.evidence.partnership.notices if one.given_on <= day]


def notice_json(known: Known, notice: Notice, day: date) -> dict[str, Any]:
    """A notice; `point_was_open` says whether the point it names was open that day by all that was recorded then."""
    named = {} if notice.point_id is None else {"point_id": notice.point_id, "point_was_open": was_open(known, notice)}
    taken_back = notice.rescinded_on if not notice.stands_on(day) else None
    return {
        "organisation_id": leaver(known.evidence, notice),
        "given_on": notice.given_on.isoformat(),
        "leaves_on": notice.leaves_on.isoformat(),
        **({} if taken_back is None else {"rescinded_on": taken_back.isoformat()}),
        **named,
        "event_id": notice.event_id,
    }


def was_open(known: Known, notice: Notice) -> bool:
    point = known.named.get(notice.event_id)
    return point is not None and point.state == "open"
