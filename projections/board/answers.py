"""The board's answers, as the doors print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from projections.board.measures import RULE_VERSION, Match
from projections.board.queries import Open
from projections.board.reach import Reach
from projections.question import Header
from projections.tables import FOREVER
from projections.wording import several
from projections.working import Step, Working, workings_to_json

Shown = Literal["whole", "pool", "confidential"]


def shown_as(row: Open, reach: Reach) -> Shown:
    """How much of an offer or request a reader sees: `pool` is what a stranger sees of a request that is open to
    everybody, `confidential` what anybody but its maker and the one addressed sees of a confidential one."""
    if row.confidential and reach.sides.isdisjoint({row.maker_id, row.addressed_id}):
        return "confidential"
    if row.kind == "request" and not row.in_reach:
        return "pool"
    return "whole"


def members(row: Open, shown: Shown, need: str | None = None) -> dict[str, Any]:
    """An offer or request; what it has no value for, and what this reader is not shown, is absent."""
    found: dict[str, Any] = {"support_id": row.support_id, "kind": row.kind, "category": row.category}
    if shown == "confidential":
        found |= {"category": "other", "confidential": True}
        found |= {"partnership_id": row.partnership_id, **amounts(row)} if row.in_reach else {}
        return present(found)
    found |= {"phase": row.phase, "region": row.region, "named": row.named, **dates(row)}
    found["open_to"] = present({"to": row.open_to, "organisation_id": row.addressed_id})
    if shown == "pool" and not row.named:
        return present(found)
    found |= {"maker_id": row.maker_id, **amounts(row)}
    if shown == "pool":
        return present(found)
    if row.review_id is not None:
        found["arising_from"] = {"review_id": row.review_id, "finding_id": row.finding}
    payment = {"basis": row.basis, "paid_by": row.paid_by, "pence_per_day": row.pence_per_day}
    more = {"partnership_id": row.partnership_id, "summary": row.summary, "need": need, "event_ids": row.events}
    return present(found | payment | more | {"confidential": row.confidential or None})


def amounts(row: Open) -> dict[str, int]:
    return {"minutes": row.minutes, "minutes_left": row.minutes_left}


def dates(row: Open) -> dict[str, str | None]:
    """From when until when an offer stands, or by when a request is needed."""
    until = None if row.ends_on == FOREVER else row.ends_on.isoformat()
    if row.kind == "request":
        return {"needed_by": until}
    return {"available_from": None if row.starts_on is None else row.starts_on.isoformat(), "available_until": until}


def present(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A finding that asks for support: what a request arising from it would say."""

    review_id: str
    finding: str
    receiver_id: str
    partnership_id: str | None
    area: str
    category: str | None
    held_on: str
    event_ids: list[str]

    @property
    def text(self) -> str:
        """Under which its next step stands among texts."""
        return f"{self.review_id}/{self.finding}"

    def to_json(self, next_step: str | None) -> dict[str, Any]:
        """The next step as the reader may read it stands where the request will say its need."""
        return present(
            {
                "receiver_id": self.receiver_id,
                "partnership_id": self.partnership_id,
                "category": self.category,
                "area": self.area,
                "need": next_step,
                "arising_from": {"review_id": self.review_id, "finding_id": self.finding},
                "held_on": self.held_on,
                "event_ids": self.event_ids,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardAnswer:
    """A page of offers or requests, the newest first. `texts` are the needs that the reader may read, by support, and
    the next steps, by review and finding; `next` is the position before which the next page goes on."""

    header: Header
    rows: Sequence[Open]
    reach: Reach
    has_more: bool
    texts: Mapping[str, str]
    names: Mapping[str, str]
    drafts: Sequence[Draft]
    next: int

    def to_json(self) -> dict[str, Any]:
        texts = self.texts
        items = [members(row, shown_as(row, self.reach), texts.get(row.support_id)) for row in self.rows]
        body: dict[str, Any] = {"items": items, "next": self.next, "has_more": self.has_more}
        if self.header.scope["board"] == "requests":
            body["drafts"] = [one.to_json(texts.get(one.text)) for one in self.drafts]
        return self.header.to_json(self.names, **body)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchesAnswer:
    """A page of matches: by the offer or request they are for (the newest first), then by their order."""

    header: Header
    matches: Sequence[tuple[Open, Match]]
    next: str
    has_more: bool
    names: Mapping[str, str]
    explain: bool

    def to_json(self) -> dict[str, Any]:
        items = [match_to_json(subject, match) for subject, match in self.matches]
        body: dict[str, Any] = {"items": items, "next": self.next, "has_more": self.has_more}
        if self.explain:
            explained = (working(number, match, self.names) for number, (_, match) in enumerate(self.matches))
            body["working"] = workings_to_json(explained)
        return self.header.to_json(self.names, **body)


def match_to_json(subject: Open, match: Match) -> dict[str, Any]:
    """One match; `for_id` is the offer or request it was looked for."""
    offer, request = match.offer, match.request
    found: dict[str, Any] = {
        "for_id": subject.support_id,
        "offer_id": offer.support_id,
        "request_id": request.support_id,
        "giver_id": offer.maker_id,
        "receiver_id": None if match.anonymous else request.maker_id,
        "category": offer.category,
        "minutes_left": offer.minutes_left,
        "minutes_asked": None if match.anonymous else request.minutes_left,
        **dates(offer),
        **dates(request),
        "summary": offer.summary,
        "weight": match.weight,
        "reasons": [reason.to_json() for reason in match.reasons],
    }
    return present(found)


def working(number: int, match: Match, names: Mapping[str, str]) -> Working:
    """The weight of a match, reason by reason."""
    giver = names.get(match.offer.maker_id, "an organisation")
    receiver = "somebody who asked" if match.anonymous else names.get(match.request.maker_id, "an organisation")
    facts = [*match.offer.events, *(() if match.anonymous else match.request.events)]
    steps = [Step(says=reason.says, comes_to=several(reason.weight, "point")) for reason in match.reasons]
    total = Step(says="All reasons together", comes_to=several(match.weight, "point"), event_ids=facts)
    return Working(
        figure=f"items.{number}.weight",
        about=f"why what {giver} offers and what {receiver} asks for go together",
        rule_version=RULE_VERSION,
        steps=[*steps, total],
    )
