"""A ledger's worth of facts: schools in partnerships that give, agree some of it first, and confirm most of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from ledger.domain.fact import AnyFact, Fact, Stream
from ledger.domain.organisation.facts import Registered
from ledger.domain.partnership.facts import Aim, Formed, Partner
from ledger.domain.support.facts import Agreed, Delivered, DeliveryConfirmed
from ledger.domain.terms import DEFAULT_TERMS
from ledger.domain.values import Amount

BEGINNING = datetime(2024, 9, 1, 9, 0, tzinfo=UTC)
SIZE = 5
"""Schools in a partnership."""

Said = tuple[str, str, str, Any]
"""Kind and id of the stream, the voice, the data."""


def facts(count: int, schools: int, seed: int = 1) -> Iterator[AnyFact]:
    """So many facts in the order of their positions, the same ones for a seed, over two years and more."""
    random = Random(seed)
    versions: dict[str, int] = {}
    for position, (kind, stream_id, voice, data) in zip(range(1, count + 1), said(schools, random), strict=False):
        versions[stream_id] = versions.get(stream_id, 0) + 1
        at = BEGINNING + timedelta(seconds=position * 60)
        yield Fact(
            type=f"{kind}.{_STORED[type(data)]}", schema=1, stream=Stream(kind, stream_id),
            version=versions[stream_id], event_id=new_id(random), actor=voice, voice=voice, occurred_at=at,
            recorded_at=at, source="urn:bench", client_event_id=str(position), data=data, position=position,
        )  # fmt: skip


_STORED = {
    Registered: "registered",
    Formed: "formed",
    Agreed: "agreed",
    Delivered: "delivered",
    DeliveryConfirmed: "delivery_confirmed",
}


def new_id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def said(schools: int, random: Random) -> Iterator[Said]:
    """Without end: the directory first, then support; a delivery is confirmed some hundreds of facts later."""
    ids = [new_id(random) for _ in range(schools)]
    for number, one in enumerate(ids):
        yield "organisation", one, one, Registered(name=f"School {number}", kind="school", identifiers=())
    groups = {new_id(random): ids[start : start + SIZE] for start in range(0, schools - SIZE + 1, SIZE)}
    for partnership_id, members in groups.items():
        yield "partnership", partnership_id, members[0], formed(members)
    waiting: deque[Said] = deque()
    names, lag = list(groups), 5 * schools
    for number in range(10**9):
        partnership_id = random.choice(names)
        giver, receiver = random.sample(groups[partnership_id], 2)
        on = BEGINNING.date() + timedelta(days=number // 500)
        for fact in support(new_id(random), giver, receiver, partnership_id, on, random):
            if isinstance(fact[3], DeliveryConfirmed):
                waiting.append(fact)
            else:
                yield fact
        while len(waiting) > lag:
            yield waiting.popleft()


def formed(members: list[str]) -> Formed:
    return Formed(
        name="Cluster",
        purpose="Better mathematics",
        aims=(Aim(aim_id="maths", statement="Raise attainment", due_on=date(2027, 7, 1)),),
        partners=tuple(Partner(organisation_id=one, role="partner", at_once=True) for one in members),
        coordinator_id=members[0],
        terms=DEFAULT_TERMS,
        starts_on=BEGINNING.date(),
    )


def support(
    support_id: str, giver: str, receiver: str, partnership_id: str, on: date, random: Random
) -> Iterator[Said]:
    """Two of five are agreed beforehand and delivered twice; the others are one delivery that nobody agreed."""
    is_agreed = random.random() < 0.4
    amount = Amount(quantity="2", unit="hour", minutes=120)
    if is_agreed:
        yield (
            "support", support_id, giver,
            Agreed(
                giver_id=giver, receiver_id=receiver, partnership_id=partnership_id, category="maths", amount=amount,
                starts_on=on, ends_on=on + timedelta(days=30), basis="exchange",
            ),
        )  # fmt: skip
    sides: dict[str, Any] = {
        "giver_id": giver, "receiver_id": receiver, "partnership_id": partnership_id, "category": "maths",
    }  # fmt: skip
    for delivery_id in ("d1", "d2") if is_agreed else ("d1",):
        data = Delivered(delivery_id=delivery_id, amount=amount, delivered_on=on, **({} if is_agreed else sides))
        yield "support", support_id, giver, data
        if random.random() < 0.9:
            confirmed = DeliveryConfirmed(delivery_id=delivery_id, independence="independent")
            yield "support", support_id, receiver, confirmed
