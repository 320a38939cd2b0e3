"""Whatever anybody says of one support, in any order: a delivery counts once at most, and two have said yes to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.support.state import evolve
from ledger.errors import Refusal
from tests.ledger.domain.support.stories import agreement, cluster, days, delivery, minutes, offer, support, to
from tests.scenario import Scenario, client, coordinator, member, ref

# One head who is named in deliveries and speaks for the receiver, and one machine that speaks for both sides.
HEAD = member("oakwood", principal="head of both", person="ada")
MACHINE = client("northfield", "oakwood")
Voice = tuple[Speaker, str | None]

GIVERS: list[Voice] = [
    (member("northfield"), None),
    (member("northfield", principal="a deputy"), None),
    (MACHINE, "northfield"),
]
RECEIVERS: list[Voice] = [
    (member("oakwood"), None),
    (member("oakwood", principal="chair of governors"), None),
    (HEAD, None),
    (MACHINE, "oakwood"),
]
OTHERS: list[Voice] = [
    (coordinator("hub"), "northfield"),
    (coordinator("hub"), None),
    (member("ashfield"), None),
]
EITHER = [*GIVERS, *RECEIVERS, GIVERS[-1], RECEIVERS[-1]]
DELIVERY, SETTLEMENT = st.sampled_from(["d1", "d1", "d2"]), st.sampled_from(["s1", "s2"])
VARIATION = st.sampled_from(["v1", "v2", "v3"])
REASON = {"reason": "Because"}
PEOPLE = st.sampled_from([{}, {"people": [ref("ada")]}])
DAY = st.sampled_from(["2026-09-01", "2026-09-01", "2026-09-20"])


def said(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(members)


def of_delivery(**more: Any) -> st.SearchStrategy[dict[str, Any]]:
    return said(delivery_id=DELIVERY).map(lambda data: data | more)


DATA: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "support.agreed": st.just(agreement(partnership_id=ref("cluster"))),
    "support.delivered": st.tuples(said(delivery_id=DELIVERY, delivered_on=DAY), PEOPLE).map(
        lambda parts: parts[0] | parts[1] | {"amount": days(1)}
    ),
    "support.delivery_confirmed": of_delivery(),
    "support.confirmation_withdrawn": of_delivery(**REASON),
    "support.delivery_disputed": of_delivery(**REASON),
    "support.delivery_attested": of_delivery(evidence="The diary"),
    "support.delivery_reversed": said(delivery_id=DELIVERY, effective_on=DAY).map(lambda data: data | REASON),
    "support.settlement_proposed": said(settlement_id=SETTLEMENT, delivery_id=DELIVERY).map(
        lambda data: data | REASON | {"amount": minutes(60)}
    ),
    "support.dispute_settled": said(settlement_id=SETTLEMENT),
    "support.variation_proposed": said(variation_id=VARIATION).map(lambda data: data | REASON | {"amount": days(3)}),
    "support.variation_agreed": said(variation_id=VARIATION),
    "support.completed": st.just({}),
    "support.cancelled": st.just(REASON),
}
ANSWERED_BY_THE_RECEIVER = {
    "support.agreed", "support.delivery_confirmed", "support.confirmation_withdrawn", "support.delivery_disputed",
}  # fmt: skip
SAID_BY_THE_GIVER = {"support.delivered", "support.delivery_reversed"}
# Endings and reversals are rare, so that most stories go on; what answers and settles is frequent.
RARE = {"support.agreed", "support.completed", "support.cancelled", "support.delivery_reversed"}
ANSWERING = ["support.delivery_confirmed", "support.confirmation_withdrawn", "support.delivery_disputed"]
SETTLING = ["support.delivery_disputed", "support.settlement_proposed", "support.dispute_settled"]
VARYING = ["support.variation_proposed", "support.variation_agreed"]
ANYTHING = [*(name for name in DATA if name not in RARE), *ANSWERING, *SETTLING] * 3 + sorted(RARE)


def claims_of(type_name: str) -> st.SearchStrategy[tuple[str, Voice, dict[str, Any]]]:
    """Mostly in the voice that may say it, so that the stories get somewhere."""
    likely = RECEIVERS if type_name in ANSWERED_BY_THE_RECEIVER else EITHER
    likely = GIVERS if type_name in SAID_BY_THE_GIVER else likely
    who = st.sampled_from([*likely * 3, *EITHER, *OTHERS])
    return st.tuples(st.just(type_name), who, DATA[type_name])


def stories(types: list[str]) -> st.SearchStrategy[list[Any]]:
    """Claims of these types, and days on which the story goes on."""
    claims = st.sampled_from(types).flatmap(claims_of)
    later = st.sampled_from(["2026-09-21", "2026-10-20", "2026-11-10"])
    return st.lists(st.one_of(claims, claims, claims, later), min_size=20, max_size=40)


STORIES = {
    "anything": stories(ANYTHING),
    "settling": stories(SETTLING * 3 + ANSWERING),
    "varying": stories(VARYING),
}
AGREED = ("support.agreed", RECEIVERS[0], agreement(partnership_id=ref("cluster")))


def beginning(offering: Voice) -> Scenario:
    """Northfield has offered Oakwood six days; who recorded it may be a machine that speaks for both."""
    story = cluster()
    person = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "head", "name": "Ada"}
    story.given(member("northfield"), "person.introduced", "ada", **person)
    data = offer(open_to=to("oakwood"), partnership_id=ref("cluster"))
    who, name = offering
    return story.given(who, "support.offered", "maths", for_=name, **data)


@pytest.mark.parametrize("about", STORIES)
@given(st.sampled_from(GIVERS), st.sampled_from(GIVERS), PEOPLE, st.data())
@settings(max_examples=100, deadline=None)
def test_a_delivery_counts_at_most_once_and_two_say_yes_to_it(
    about: str, offering: Voice, giving: Voice, people: dict[str, Any], choice: st.DataObject
) -> None:
    story, watch = beginning(offering), Watch()
    given_first = ("support.delivered", giving, delivery() | people)
    for fact in played(story, [AGREED, given_first, *choice.draw(STORIES[about])]):
        watch.see(fact)
        state = support(story)
        for delivery_id, one in state.deliveries.items():
            assert watch.counts[delivery_id] == (1 if one.status in ("confirmed", "settled") else 0)
            assert 0 <= one.counted_minutes <= one.minutes
    replayed = None
    for fact in story.facts:
        if fact.stream.id == ref("maths"):
            replayed = evolve(replayed, fact)
    assert replayed == support(story)


def played(story: Scenario, steps: list[Any]) -> Iterator[AnyFact]:
    """The facts of the support, one by one; what is refused leaves no trace."""
    yield story.facts[-1]
    for step in steps:
        if isinstance(step, str):
            story.at(max(step, story.now.date().isoformat()))
            continue
        type_name, (who, name), data = step
        try:
            yield story.when(who, type_name, "maths", for_=name, **data)
        except Refusal:
            continue


@dataclass
class Watch:
    """What an onlooker writes down, fact by fact, who knows nothing of states."""

    first: dict[str, AnyFact] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    reversed: set[str] = field(default_factory=set)

    def see(self, fact: AnyFact) -> None:
        check = getattr(self, "see_" + fact.type.removeprefix("support."), None)
        if check is not None:
            check(fact)

    def see_offered(self, fact: AnyFact) -> None:
        self.first["offer"] = fact

    def see_agreed(self, fact: AnyFact) -> None:
        assert fact.actor != self.first["offer"].actor
        assert fact.voice == ref("oakwood")

    def see_delivered(self, fact: AnyFact) -> None:
        assert fact.data.delivery_id not in self.first
        assert fact.voice == ref("northfield")
        self.first[fact.data.delivery_id] = fact

    def see_delivery_confirmed(self, fact: AnyFact) -> None:
        assert fact.recorded_for in (None, fact.voice)
        self.answered(fact, fact.data.delivery_id)
        self.yes(fact.data.delivery_id)

    def see_delivery_disputed(self, fact: AnyFact) -> None:
        assert self.counts[fact.data.delivery_id] == 0
        self.answered(fact, fact.data.delivery_id)

    def see_confirmation_withdrawn(self, fact: AnyFact) -> None:
        self.answered(fact, fact.data.delivery_id)
        self.counts[fact.data.delivery_id] -= 1

    def see_delivery_reversed(self, fact: AnyFact) -> None:
        assert fact.data.delivery_id not in self.reversed
        self.reversed.add(fact.data.delivery_id)
        self.counts[fact.data.delivery_id] = 0

    def see_settlement_proposed(self, fact: AnyFact) -> None:
        self.first[fact.data.settlement_id] = fact
        if fact.voice == ref("oakwood"):
            self.answered(fact, fact.data.delivery_id)

    def see_dispute_settled(self, fact: AnyFact) -> None:
        proposed = self.first[fact.data.settlement_id]
        self.two(proposed, fact)
        if fact.voice == ref("oakwood"):
            self.answered(fact, proposed.data.delivery_id)
        self.yes(proposed.data.delivery_id)

    def see_variation_proposed(self, fact: AnyFact) -> None:
        self.first[fact.data.variation_id] = fact

    def see_variation_agreed(self, fact: AnyFact) -> None:
        self.two(self.first[fact.data.variation_id], fact)

    def see_delivery_attested(self, fact: AnyFact) -> None:
        assert fact.actor != self.first[fact.data.delivery_id].actor

    def answered(self, fact: AnyFact, delivery_id: str) -> None:
        """Only the receiver's voice answers, through a principal of its own, never one named in the delivery."""
        recorded = self.first[delivery_id]
        assert fact.voice == ref("oakwood")
        assert fact.actor != recorded.actor
        assert not (recorded.data.people and fact.actor == HEAD.principal)

    def two(self, one: AnyFact, other: AnyFact) -> None:
        assert one.voice != other.voice
        assert one.actor != other.actor

    def yes(self, delivery_id: str) -> None:
        assert delivery_id not in self.reversed
        self.counts[delivery_id] += 1
        assert self.counts[delivery_id] == 1
