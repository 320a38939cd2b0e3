"""What becomes of an agreement: visits recorded and answered, some missed, an end and an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from cli.demo.deals import UNIT_MINUTES, Deal, amount, strike
from cli.demo.stage import Organisation, Stage
from cli.demo.words import DONE, MISSED, TOPICS

SPECIALISTS: Final = frozenset({"maths", "english", "send", "early_years", "curriculum", "teaching_and_learning"})
LEANS_ON_ONE: Final = "thornwick"
LAST_WEEKS: Final = 30  # days without the specialist at the end
SILENCE_ENDS_AFTER: Final = timedelta(days=112)  # twice fourteen counted days, with the longest holidays between
IMPACT: Final = ((-1, 0.04), (0, 0.12), (1, 0.32), (2, 0.37), (3, 0.15))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a cluster works: shares of visits missed and left unanswered, of ends recorded and outcomes told."""

    missed: float = 0.06
    silent: float = 0.03
    ended: float = 0.92
    outcomes: float = 0.8
    on_behalf: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an engagement came to: its stream, its last visit, whether everything was answered."""

    support: str
    last_on: date
    answered_on: date | None


def engage(stage: Stage, deal: Deal, habits: Habits, rng: Random) -> Given:
    """An agreement and everything after it."""
    support, agreed_on = strike(stage, deal)
    given = visit_all(stage, deal, support, agreed_on, habits, rng)
    finish(stage, deal, given, habits, rng)
    return given


def visit_all(stage: Stage, deal: Deal, support: str, agreed_on: date, habits: Habits, rng: Random) -> Given:
    day, answered_on, silent = agreed_on + timedelta(days=4), agreed_on, False
    for number in range(1, deal.visits + 1):
        day = stage.school_day(day + timedelta(days=rng.randrange(3, 15)), deal.giver)
        if rng.random() < habits.missed:
            miss(stage, deal, support, day, rng.choice(MISSED))
            day = stage.school_day(day + timedelta(days=7), deal.giver)
        recorded_on = record(stage, deal, support, f"d{number}", day, rng, on_behalf=rng.random() < habits.on_behalf)
        if rng.random() < habits.silent:
            silent = True
        else:
            answered_on = max(answered_on, confirm(stage, deal, support, f"d{number}", recorded_on, rng))
    return Given(support=support, last_on=day, answered_on=None if silent else answered_on)


def record(
    stage: Stage, deal: Deal, support: str, delivery_id: str, day: date, rng: Random, *, on_behalf: bool = False
) -> date:
    """The giver records a visit, or the coordinator does so for it. Answers the day of recording."""
    said: dict[str, Any] = {
        "delivery_id": delivery_id,
        "amount": amount(deal.quantity, deal.unit),
        "delivered_on": day,
        "people": people(deal.giver, deal.category, rng, there=day < stage.back(LAST_WEEKS)),
    }
    if on_behalf and deal.cluster is not None:
        recorded_on = stage.desk(deal.cluster.coordinator, day)
        hub = deal.cluster.coordinator_on(recorded_on)
        stage.note(recorded_on, hub.voice, "support.delivered", support, for_=deal.giver.id, **said)
        return recorded_on
    recorded_on = stage.desk(deal.giver, day - timedelta(days=1))
    stage.note(recorded_on, deal.giver.voice, "support.delivered", support, **said)
    return recorded_on


def people(giver: Organisation, category: str, rng: Random, *, there: bool) -> list[str] | None:
    """Who gave: mostly the specialist or a senior leader, sometimes nobody is named.

    One school leans on its specialist alone, as long as that person is `there`.
    """
    if rng.random() < 0.15:
        return None
    if giver.key == LEANS_ON_ONE:
        return [giver.people["specialist" if there else "senior_leader"]]
    role = "specialist" if category in SPECIALISTS and rng.random() < 0.7 else "senior_leader"
    if category == "business_management":
        role = "business_manager" if "business_manager" in giver.people else "head"
    return [giver.people[role]]


def confirm(stage: Stage, deal: Deal, support: str, delivery_id: str, recorded_on: date, rng: Random) -> date:
    """The receiver's own yes: by the head, or by the chair of governors where there is one."""
    receiver = deal.receiver
    day = stage.desk(receiver, recorded_on)
    who = receiver.second if receiver.second is not None and rng.random() < 0.25 else receiver.voice
    stage.note(day, who, "support.delivery_confirmed", support, delivery_id=delivery_id)
    if deal.cluster is not None and deal.basis == "exchange":
        minutes = deal.quantity * UNIT_MINUTES[deal.unit]
        deal.cluster.net[deal.giver.key] += minutes
        deal.cluster.net[receiver.key] -= minutes
    return day


def miss(stage: Stage, deal: Deal, support: str, day: date, because: str) -> None:
    who = deal.receiver if because != "giver_away" else deal.giver
    noted_on = stage.desk(who, day)
    said: dict[str, Any] = {"on": day, "amount": amount(deal.quantity, deal.unit), "because": because}
    stage.note(noted_on, who.voice, "support.visit_missed", support, **said)


def finish(stage: Stage, deal: Deal, given: Given, habits: Habits, rng: Random) -> None:
    """The receiver ends it when all is answered; where it was silent, the giver ends it later."""
    if rng.random() >= habits.ended:
        return
    if given.answered_on is None:
        day = stage.desk(deal.giver, given.last_on + SILENCE_ENDS_AFTER)
        stage.note(day, deal.giver.voice, "support.completed", given.support, reason="No answer came to one visit")
        return
    day = stage.desk(deal.receiver, max(given.answered_on, given.last_on))
    stage.note(day, deal.receiver.voice, "support.completed", given.support, reason=rng.choice((None, *DONE)))
    if rng.random() < habits.outcomes:
        tell_outcome(stage, deal, given.support, day + timedelta(days=rng.randrange(14, 50)), rng)


def tell_outcome(stage: Stage, deal: Deal, support: str, day: date, rng: Random) -> None:
    """The receiver says what came of it; now and then the giver does as well."""
    assessed_on = stage.school_day(day, deal.receiver)
    topic = TOPICS[deal.category]
    impact = rng.choices([value for value, _ in IMPACT], [weight for _, weight in IMPACT])[0]
    measured = impact >= 1 and rng.random() < 0.4
    low = rng.randrange(30, 55)
    stage.note(
        stage.desk(deal.receiver, assessed_on - timedelta(days=1)),
        deal.receiver.voice,
        "support.outcome_recorded",
        support,
        aim_id=deal.aim_id,
        impact=impact,
        evidence=topic.seen if impact >= 1 else "We looked for a change and have not seen one so far",
        measure=topic.measure if measured else None,
        baseline=f"{low} of 100" if measured else None,
        result=f"{low + rng.randrange(6, 25)} of 100" if measured else None,
        saving_pence=rng.randrange(40, 900) * 1000 if deal.category == "business_management" else None,
        assessed_on=assessed_on,
    )
    if rng.random() < 0.2:
        said: dict[str, Any] = {"impact": min(3, impact + 1), "assessed_on": assessed_on}
        said["evidence"] = "What we saw on our last visit"
        stage.note(stage.desk(deal.giver, assessed_on), deal.giver.voice, "support.outcome_recorded", support, **said)
