"""What is told at once: a query, notice given, a new credential; an invitation, a sign-in from a new device. Pure.

Everything else waits for the weekly letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from ledger.domain.credential.facts import Issued
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.partnership.facts import NoticeGiven
from ledger.domain.partnership.shapes import Partnership
from ledger.domain.support.deliveries import Delivery
from ledger.domain.support.facts import DeliveryDisputed
from ledger.domain.support.shapes import TwoSided
from projections.messages.letter import ACCOUNT, WAITING, Letter, Section
from projections.wording import amount
from projections.wording import day as spoken

Kind = Literal["weekly", "query", "notice", "credential", "invitation", "device", "address"]

TYPES: Final = ("support.delivery_disputed", "partnership.notice_given", "credential.issued")
"""The facts that somebody is told of at once."""
KINDS: Final[Mapping[str, Kind]] = {
    "support.delivery_disputed": "query",
    "partnership.notice_given": "notice",
    "credential.issued": "credential",
}
WORDS: Final = {
    "member": "a school user",
    "client": "another program",
    "coordinator": "a coordinator",
    "auditor": "an auditor",
    "admin": "an admin",
}
MOST_TOLD: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """That somebody is to be told of a fact. `key` is the same whoever works it out, and whenever."""

    key: str
    kind: Kind
    principal: str
    event_id: str


def notices_of(
    fact: AnyFact, support: TwoSided | None, partnerships: Mapping[str, Partnership], people: Iterable[Speaker]
) -> Iterator[Notice]:
    """Who is told of a fact, out of the `people` who can be written to. `support` is the fact's own, where it is of
    one; `partnerships` by id."""
    kind = KINDS[fact.type]
    if isinstance(fact.data, Issued):
        told = [one for one in people if concerns(fact.data, one)]
    else:
        organisations = concerned(fact, support, partnerships)
        told = [one for one in people if one.role in ("member", "coordinator") and one.organisations & organisations]
    for one in told[:MOST_TOLD]:
        if one.principal != fact.actor:
            yield Notice(
                key=f"{kind}:{fact.event_id}:{one.principal}", kind=kind, principal=one.principal,
                event_id=fact.event_id,
            )  # fmt: skip


def concerned(fact: AnyFact, support: TwoSided | None, partnerships: Mapping[str, Partnership]) -> frozenset[str]:
    """The organisations to tell: of a query who gave, of a notice every other partner; of both who coordinates."""
    within = support.partnership_id if support is not None else fact.stream.id
    partnership = partnerships.get(within or "")
    coordinator = set() if partnership is None else {partnership.coordinator_id}
    if isinstance(fact.data, DeliveryDisputed) and support is not None:
        return frozenset({support.giver_id, *coordinator} - {fact.voice})
    if isinstance(fact.data, NoticeGiven) and partnership is not None:
        return frozenset({*partnership.members.active(fact.occurred_at.date()), *coordinator} - {fact.voice})
    return frozenset()


def concerns(issued: Issued, person: Speaker) -> bool:
    """Whether a new credential speaks as somebody, for their organisation, or with an admin's powers beside theirs."""
    if issued.principal == person.principal:
        return True
    if person.role == "admin":
        return issued.role == "admin" or bool(issued.ledger)
    return bool(person.organisations & frozenset(issued.organisations or ()))


def query(support: TwoSided, delivery: Delivery, called: Mapping[str, str]) -> Letter:
    """That a receiver said no to what was recorded; why it did is read in the list."""
    giver, receiver = (called.get(one, "A partner") for one in (support.giver_id, support.receiver_id))
    says = (
        f"{receiver} queried the {amount(delivery.minutes)} that {giver} recorded for {spoken(delivery.delivered_on)}."
    )
    return Letter(
        subject=f"Queried by {receiver}",
        sections=(Section("Queried", (says, "Both of you can now propose what is to count.")),),
        path=WAITING,
        does="See what was queried",
    )


def notice(said: NoticeGiven, leaver_id: str, partnership: Partnership, called: Mapping[str, str]) -> Letter:
    """That a partner leaves, and when."""
    leaver, where = called.get(leaver_id, "A partner"), partnership.name
    return Letter(
        subject=f"{leaver} gave notice",
        sections=(Section("Notice given", (f"{leaver} leaves {where} on {spoken(said.leaves_on)}.",)),),
        path=WAITING,
        does="See what is still open between you",
    )


def credential(issued: Issued, person: Speaker, on: date, called: Mapping[str, str]) -> Letter:
    """That somebody, or some program, may now speak where the reader does."""
    names = sorted(called[one] for one in issued.organisations or () if one in called)
    whose = f" for {', '.join(names[:5])}" if names else ""
    if issued.principal == person.principal:
        says = f"A credential was issued that speaks as you, as {WORDS[issued.role]}{whose}, on {spoken(on)}."
    else:
        says = f"A credential was issued to {WORDS[issued.role]}{whose} on {spoken(on)}."
    unknown = "If you did not expect this, speak to who looks after the ledger."
    return Letter(
        subject="A new credential",
        sections=(Section("A new credential", (says, unknown)),),
        path=ACCOUNT,
        does="See your account",
    )


def device(what: str, at: datetime) -> Letter:
    """That somebody signed in from where they had not before. `at` is in the ledger's zone."""
    says = f"Your account was signed in to from {what} on {spoken(at.date())} at {at:%H:%M}."
    unknown = "If that was not you, sign in, sign out everywhere and choose another password."
    return Letter(
        subject="A sign-in from a new device",
        sections=(Section("A sign-in from a new device", (says, unknown)),),
        path=ACCOUNT,
        does="See where you are signed in",
    )


def invitation(token: str, expires_on: date) -> Letter:
    """That somebody is invited; whoever opens the link has the account."""
    return Letter(
        subject="You are invited to the Partnership Ledger",
        sections=(
            Section(
                "You are invited",
                (
                    "You are invited to record and confirm the support that schools give each other.",
                    f"The link works once, up to {spoken(expires_on)}. Do not pass it on: it is yours.",
                ),
            ),
        ),
        path=f"/join/{token}",
        does="Take up the invitation",
        signs_in=False,
    )


def address(token: str) -> Letter:
    """That somebody wants their letters at this address, which they show by the link."""
    says = "Somebody who signs in to the ledger asked for letters at this address. If that was not you, do nothing."
    return Letter(
        subject="Your address for letters",
        sections=(Section("Your address for letters", (says,)),),
        path=f"/account/letters/proof/{token}",
        does="Say that this address is yours",
    )


def delivery_of(support: Any, fact: AnyFact) -> Delivery | None:
    """The delivery that a query is about; None where it is not told of any more."""
    return support.deliveries.get(fact.data.delivery_id) if isinstance(support, TwoSided) else None
