"""A ledger's worth of partnerships at work: members, reviews, meetings, and support from the yes to the outcome."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as numbers
from random import Random
from typing import Any

from bench.giving import SIZE, formed, new_id
from ledger.admission import keys_of
from ledger.domain.fact import AnyFact, Fact, Stream
from ledger.domain.organisation.facts import Registered
from ledger.domain.partnership.facts import MeetingHeld, Ratings, Reviewed, ReviewScheduled
from ledger.domain.streams import STREAMS
from ledger.domain.support.facts import Agreed, Completed, Delivered, DeliveryConfirmed, OutcomeRecorded
from ledger.domain.values import Amount, Sealed
from ledger.eventstore.stored_names import STORED

BEGINNING = date(2024, 9, 1)
DAYS = 540
"""Eighteen months of work."""

PER_CLUSTER = 2_000
"""Facts of one partnership: what 10 million facts over 5,000 partnerships come to."""

CATEGORIES = ("maths", "english", "send", "curriculum", "leadership", "governance", "data")
TEXT = Sealed("00000000-0000-4000-8000-000000000000", "AAAAAAAAAAAAAAAA", "c" * 80)
NAMES = {cls: name for name, (cls, _) in STORED.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """A fact with its business date and the keys it touches, as the recorder would have written them."""

    fact: AnyFact
    on: date
    keys: tuple[str, ...]


Said = tuple[str, str, str, Any, date]
"""Kind and id of the stream, the voice, the data, the business date."""


def clusters_of(facts: int) -> int:
    """How many partnerships a ledger of so many facts has."""
    return max(1, facts // PER_CLUSTER)


def written(facts: int, seed: int = 1) -> Iterator[Written]:
    """So many facts in the order of their positions, the same ones for a seed."""
    random, states = Random(seed), dict[str, Any]()
    versions: dict[str, int] = {}
    for position, (kind, stream_id, voice, data, on) in zip(numbers(1), told(facts, random), strict=False):
        if position > facts:
            return
        versions[stream_id] = versions.get(stream_id, 0) + 1
        at = datetime.combine(BEGINNING, time(9), UTC) + timedelta(seconds=position * DAYS * 86_400 // facts)
        fact = Fact(
            type=NAMES[type(data)], schema=1, stream=Stream(kind, stream_id), version=versions[stream_id],
            event_id=new_id(random), actor=voice, voice=voice, occurred_at=at, recorded_at=at, source="urn:bench",
            client_event_id=str(position), data=data, position=position,
        )  # fmt: skip
        state = STREAMS[kind].evolve(states.get(stream_id), fact)
        states[stream_id] = state
        yield Written(fact, on, keys_of(state, fact))
        if isinstance(data, Completed):
            del states[stream_id], versions[stream_id]


def told(facts: int, random: Random) -> Iterator[Said]:
    """The directory, the partnerships, then eighteen months in which all of them work side by side."""
    schools = [new_id(random) for _ in range(SIZE * clusters_of(facts))]
    for number, one in enumerate(schools):
        yield "organisation", one, one, Registered(name=f"School {number}", kind="school", identifiers=()), BEGINNING
    clusters = {new_id(random): schools[start : start + SIZE] for start in range(0, len(schools), SIZE)}
    for partnership_id, members in clusters.items():
        yield "partnership", partnership_id, members[0], formed(members), BEGINNING
    diary: list[tuple[int, int, Said]] = []
    order = numbers()
    for partnership_id, members in clusters.items():
        for day, said in of_cluster(partnership_id, members, random):
            heapq.heappush(diary, (day, next(order), said))
    while diary:
        yield heapq.heappop(diary)[2]


def of_cluster(partnership_id: str, members: list[str], random: Random) -> Iterator[tuple[int, Said]]:
    """What one partnership says, each with the day (counted from the beginning) on which it says it."""
    for day in range(80, DAYS, 90):
        yield from reviewed(partnership_id, members, day, random)
        meeting = MeetingHeld(on=on(day), present=tuple(members), absent=())
        yield day, ("partnership", partnership_id, members[0], meeting, on(day))
    supports = PER_CLUSTER // 9
    for number in range(supports):
        giver, receiver = random.sample(members, 2)
        yield from support(new_id(random), giver, receiver, partnership_id, number * (DAYS - 60) // supports, random)


def reviewed(partnership_id: str, members: list[str], day: int, random: Random) -> Iterator[tuple[int, Said]]:
    review_id = f"r{day}"
    scheduled = ReviewScheduled(review_id=review_id, due_on=on(day))
    yield day - 20, ("partnership", partnership_id, members[0], scheduled, on(day - 20))
    for number, one in enumerate(members):
        marks = {name: random.randint(2, 5) for name in ("purpose", "trust", "reciprocity", "challenge", "impact")}
        said = Reviewed(review_id=review_id, ratings=Ratings(**marks), decision="continue")
        yield day + number, ("partnership", partnership_id, one, said, on(day + number))


def support(
    support_id: str, giver: str, receiver: str, partnership_id: str, day: int, random: Random
) -> Iterator[tuple[int, Said]]:
    """Agreed, three times delivered and confirmed, its outcome recorded, completed."""
    amount, once = Amount(quantity="6", unit="hour", minutes=360), Amount(quantity="2", unit="hour", minutes=120)
    agreed = Agreed(
        giver_id=giver, receiver_id=receiver, partnership_id=partnership_id, category=random.choice(CATEGORIES),
        amount=amount, starts_on=on(day), ends_on=on(day + 40), basis="exchange",
    )  # fmt: skip
    yield day, ("support", support_id, receiver, agreed, on(day))
    for number in range(3):
        when = day + 5 + 10 * number
        given = Delivered(delivery_id=f"d{number}", amount=once, delivered_on=on(when))
        yield when, ("support", support_id, giver, given, on(when))
        confirmed = DeliveryConfirmed(delivery_id=f"d{number}", independence="independent")
        yield when + random.randint(0, 9), ("support", support_id, receiver, confirmed, on(when))
    outcome = OutcomeRecorded(impact=random.randint(0, 3), evidence=TEXT, assessed_on=on(day + 41))
    yield day + 41, ("support", support_id, receiver, outcome, on(day + 41))
    yield day + 42, ("support", support_id, receiver, Completed(), on(day + 42))


def on(day: int) -> date:
    return BEGINNING + timedelta(days=day)
