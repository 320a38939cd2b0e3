"""One thing that needs somebody: since when, by when, what it is in words, and the one step it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Literal

from projections.wording import day as spoken
from projections.working import Step, Working

RULE_VERSION: Final = "inbox/1"

Kind = Literal[
    "delivery", "unanswered", "dispute", "settlement", "variation", "opening_position", "residual",
    "offer", "request", "interest", "promise", "invitation", "partnership_review", "notice", "leaving",
    "peer_review", "peer_review_answer", "peer_review_moderation", "withdrawal_point", "change",
]  # fmt: skip

KINDS: Final[dict[Kind, str]] = {
    "delivery": "Support to confirm",
    "unanswered": "Support nobody has answered",
    "dispute": "Queried support",
    "settlement": "What to count of queried support",
    "variation": "Changes to what is agreed",
    "opening_position": "What was given before",
    "residual": "What is still open between you",
    "offer": "Offers made to you",
    "request": "Requests made to you",
    "interest": "Answers to what you offered or asked for",
    "promise": "What you promised",
    "invitation": "Invitations",
    "partnership_review": "Reviews of the partnership",
    "notice": "Partners who leave",
    "leaving": "Leaving",
    "peer_review": "Peer reviews to hold",
    "peer_review_answer": "Peer reviews to answer",
    "peer_review_moderation": "Peer reviews to moderate",
    "withdrawal_point": "Points at which a partner may leave",
    "change": "What has changed",
}
"""Every kind with the heading it stands under, in the order in which they are told."""

ANSWERS: Final = "It is answered when it suits; nobody is held up, and silence is never a yes."
BY_WHEN: Final[dict[Kind, str]] = {
    "delivery": "The receiver has the days that the terms give for answering, from the later of the delivery and its"
    " recording; days outside its school terms do not count.",
    "unanswered": "The receiver has the days that the terms give for answering, from the later of the delivery and its"
    " recording; after twice as many a coordinator may vouch for it.",
    "offer": "It may be taken up until its last day.",
    "request": "It is needed by its last day.",
    "interest": "What was offered or asked for runs out after its last day.",
    "promise": "It is to be given by the last day agreed; it is told of 14 days before.",
    "partnership_review": "It is told of 14 days before its day; once others held it, it may be joined for 28 days.",
    "notice": "The partner leaves on the day it named.",
    "leaving": "The day named in the notice has come: the partner says that it has left.",
    "peer_review": "It is told of 14 days before the day it is planned for.",
    "withdrawal_point": "First by the last day for giving notice, then by the point's own last day.",
}
"""Where the day comes from by which something is in time."""

NEVER_LATE: Final[frozenset[Kind]] = frozenset({"withdrawal_point", "change", "notice"})
"""Nobody has to do anything about these: their day is one to know, not one to miss."""

SOON: Final = timedelta(days=14)
"""How long before its day something that was planned is told of."""

WhyNot = Literal["needs-another-voice", "only-the-receiver-confirms", "speaks-for-itself"]

_NAME: Final = re.compile(r"\{([0-9a-f-]{36})\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The event to post: its type, its stream (None: a new one), the voice, and what is known of its data."""

    type: str
    subject: str | None
    voice: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        stream = {} if self.subject is None else {"subject": self.subject}
        return {"type": self.type, **stream, "recordedfor": self.voice, "data": dict(self.data)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`organisation_id` is whom it waits for; `says` a sentence in which `{id}` stands for the name of an organisation
    or partnership. `due` is the last day on which it is in time, None where there is none. `key` tells items of one
    kind apart. `why_not` is the code of the refusal that the reader would meet, None where it may do it.
    """

    kind: Kind
    key: str
    organisation_id: str | None
    partnership_id: str | None
    since: date
    due: date | None
    says: str
    action: Action | None
    event_ids: tuple[str, ...]
    counterpart_id: str | None = None
    minutes: int | None = None
    why_not: WhyNot | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def is_overdue(self, day: date) -> bool:
        return self.due is not None and self.due < day and self.kind not in NEVER_LATE

    def place(self, day: date) -> tuple[str, ...]:
        """Where it stands in the list: what is overdue first, then by its day, then by how long it waits."""
        due = self.due or date.max
        late = "0" if self.is_overdue(day) else "1"
        return late, due.isoformat(), self.since.isoformat(), self.kind, self.key, self.organisation_id or ""

    def ids(self) -> Iterator[str]:
        """Every id in it that may have a name."""
        yield from (one for one in (self.organisation_id, self.partnership_id, self.counterpart_id) if one is not None)
        yield from _NAME.findall(self.says)

    def working(self, names: Mapping[str, str]) -> Working:
        """What it rests on, and where its day comes from."""
        told = Step(says=in_words(self.says, names), event_ids=self.event_ids)
        by = Step(says=BY_WHEN.get(self.kind, ANSWERS), comes_to="no day" if self.due is None else spoken(self.due))
        return Working(
            figure=self.kind,
            about=f"{KINDS[self.kind]}, since {spoken(self.since)}",
            rule_version=RULE_VERSION,
            steps=(told, by),
        )

    def to_json(self, names: Mapping[str, str], day: date) -> dict[str, Any]:
        """What does not apply is left out."""
        found = {
            "kind": self.kind,
            "organisation_id": self.organisation_id,
            "partnership_id": self.partnership_id,
            "counterpart_id": self.counterpart_id,
            "since": self.since.isoformat(),
            "due": None if self.due is None else self.due.isoformat(),
            "overdue": self.is_overdue(day),
            "minutes": self.minutes,
            "says": in_words(self.says, names),
            "action": None if self.action is None else self.action.to_json(),
            "may_act": self.action is not None and self.why_not is None,
            "why_not": self.why_not,
            **self.more,
            "event_ids": list(self.event_ids),
        }
        return {name: value for name, value in found.items() if value is not None}


def in_words(says: str, names: Mapping[str, str]) -> str:
    """A sentence with the names in it."""
    return _NAME.sub(lambda found: names.get(found[1], found[1]), says)


def called(one: str) -> str:
    """The place of a name in a sentence."""
    return f"{{{one}}}"
