"""How each dimension comes about, in plain words, ending in the number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from projections.evidence.gathering import Evidence
from projections.health.bands import WORDS, band_of
from projections.health.confirmation import Answers
from projections.health.dimension import Dimension
from projections.health.history import Change
from projections.health.measures import RULE_VERSION, Health
from projections.health.reading import TITLES
from projections.wording import amount, day, listing, percent, several
from projections.working import Step, Working

Names = Mapping[str, str]
Counted = Mapping[str, Any]


def workings_of(evidence: Evidence, health: Health, names: Names) -> list[Working]:
    """One for each dimension, and one for the whole."""
    every = [
        Working(
            figure=name,
            about=TITLES[name],
            rule_version=RULE_VERSION,
            steps=tuple(steps_of(one, evidence, health, names)),
        )
        for name, one in health.dimensions.items()
    ]
    whole = tuple(steps_of_whole(health))
    return [*every, Working(figure="overall", about="how it goes as a whole", rule_version=RULE_VERSION, steps=whole)]


def steps_of(dimension: Dimension, evidence: Evidence, health: Health, names: Names) -> Iterator[Step]:
    if dimension.counted:
        yield from TOLD[dimension.name](dimension.counted)
    if dimension.name == "confirmation":
        yield from by_receiver(health.confirmation_by_receiver, names)
    if dimension.name == "follow_through":
        yield from by_recorder(dimension.counted["missed"], names)
    if dimension.f is None:
        yield Step(says=f"It cannot be told: {dimension.why}.", comes_to="unknown", event_ids=dimension.event_ids)
    else:
        says = f"Taken together: {WORDS[band_of(dimension.f)]}."
        yield Step(says=says, comes_to=percent(dimension.f), event_ids=dimension.event_ids)


def purpose(counted: Counted) -> Iterator[Step]:
    yield part("aims not dropped", "with a success measure", counted["aims_with_measure"], counted["aims"])
    yield part("agreements of the last 365 days", "with an aim", counted["agreements_with_aim"], counted["agreements"])
    held = counted["review_held_on"]
    if held is not None:
        yield Step(says=f"The partnership was reviewed on {day(held)}.", comes_to="100 %")
    elif counted["review_was_due"]:
        yield Step(says="The partnership was not reviewed in the last 365 days.", comes_to="0 %")
    else:
        yield Step(says="No review of the partnership has been due yet: it is left out.")
    if counted["parts"]:
        yield Step(says=f"The mean of {several(counted['parts'], 'part')} is taken.")


def part(whole: str, which: str, of: int, number: int) -> Step:
    """One part of several; without a denominator it is left out."""
    if number == 0:
        return Step(says=f"There are no {whole}: this part is left out.")
    return Step(says=f"{whole.capitalize()}: {of} of {number} {which}.", comes_to=percent(Fraction(of, number)))


def reciprocity(counted: Counted) -> Iterator[Step]:
    minutes = counted["minutes"]
    yield Step(says="Confirmed exchange of the last 365 days within the partnership.", comes_to=amount(minutes))
    if minutes:
        yield Step(says="Given and got between the same two.", comes_to=percent(counted["two_way"]))
        yield Step(says="Comes round over three or more.", comes_to=percent(counted["comes_round"]))
        yield Step(says="The other part went one way.", comes_to=percent(counted["one_way"]))


def tempo(counted: Counted) -> Iterator[Step]:
    passed = several(counted["days"], "day")
    last, gap = counted["last_on"], counted["median_gap_days"]
    since = "the partnership began" if last is None else f"the last confirmed support on {day(last)}"
    yield Step(says=f"Days that count since {since}.", comes_to=passed)
    if gap is not None:
        yield Step(says="The usual gap between days of support: half were shorter.", comes_to=days_told(gap))
    limit = counted["limit_days"]
    yield Step(
        says="The pace is kept for so long: the days agreed, or twice the usual gap.", comes_to=several(limit, "day")
    )
    yield Step(says="From there it falls evenly, to nothing at three times as many days.")


def follow_through(counted: Counted) -> Iterator[Step]:
    agreements = several(counted["agreements"], "agreement")
    yield Step(says="Agreements that came to their end in the last 365 days.", comes_to=agreements)
    if counted["agreements"] == 0:
        return
    yield Step(says="Last agreed in all.", comes_to=amount(counted["agreed_minutes"]))
    if counted["excused_minutes"]:
        says = "Less visits missed because the receiver was away, or for illness, weather or an inspection."
        yield Step(says=says, comes_to=amount(counted["excused_minutes"]))
    yield Step(says="Delivered by then, answered or not.", comes_to=amount(counted["delivered_minutes"]))
    yield Step(says="Each agreement counts alike, and none for more than was agreed.")


def by_recorder(missed: Sequence[Counted], names: Names) -> Iterator[Step]:
    """Who recorded the missed visits that are taken off."""
    for one in missed:
        name = names.get(one["organisation_id"], one["organisation_id"])
        yield Step(says=f"{name} recorded {several(one['visits'], 'missed visit')}.", comes_to=amount(one["minutes"]))


def confirmation(counted: Counted) -> Iterator[Step]:
    due = several(counted["deliveries"], "delivery", "deliveries")
    yield Step(says="Answered, or past the day by which to answer.", comes_to=due)
    yield Step(says="Answered in time.", comes_to=several(counted["in_time"], "delivery", "deliveries"))
    if counted["waiting"]:
        waiting = several(counted["waiting"], "delivery", "deliveries")
        yield Step(says="Still in time to be answered: not counted.", comes_to=waiting)


def by_receiver(answers: Mapping[str, Answers], names: Names) -> Iterator[Step]:
    for organisation_id, one in answers.items():
        if one.due:
            says = f"{names.get(organisation_id, organisation_id)} answered {one.in_time} of {one.due} in time."
            yield Step(says=says, event_ids=one.event_ids)


def outcomes(counted: Counted) -> Iterator[Step]:
    completed = counted["completed"]
    yield Step(says="Support completed in the last 365 days.", comes_to=several(completed, "engagement"))
    if completed:
        says = "With an outcome in the receiver's word; without one it counts as nothing."
        yield Step(says=says, comes_to=f"{counted['with_outcome']} of {completed}")


QUESTIONS: Final = {
    "held_in_time": "Held within 14 days of its date.",
    "has_to_develop": "Found something to develop.",
    "no_swap": "No swap: the reviewed did not review the reviewer within a year.",
    "from_outside": "Moderated, or led from outside the partnership.",
}


def challenge(counted: Counted) -> Iterator[Step]:
    reviews = counted["reviews"]
    yield Step(says="Peer reviews held, or overdue, in the last 365 days.", comes_to=several(reviews, "review"))
    if reviews:
        for name, says in QUESTIONS.items():
            yield Step(says=says, comes_to=f"{counted[name]} of {reviews}")


def resilience(counted: Counted) -> Iterator[Step]:
    yield Step(says="Confirmed exchange of the last 365 days.", comes_to=amount(counted["minutes"]))
    share, partners = counted["largest_partner_share"], counted["partners"]
    yield Step(says=f"The largest part that one of {several(partners, 'school')} gave.", comes_to=percent(share))
    if counted["people"]:
        says = f"The largest part that one of {several(counted['people'], 'person', 'people')} gave."
        yield Step(says=says, comes_to=percent(counted["largest_person_share"]))
    else:
        yield Step(says="Nobody is named: only the schools are looked at.")
    yield Step(says="What stands above an even share is taken away, the larger of the two.")


TOLD: Final[Mapping[str, Callable[[Counted], Iterator[Step]]]] = {
    "purpose": purpose,
    "reciprocity": reciprocity,
    "tempo": tempo,
    "follow_through": follow_through,
    "confirmation": confirmation,
    "outcomes": outcomes,
    "challenge": challenge,
    "resilience": resilience,
}


def steps_of_whole(health: Health) -> Iterator[Step]:
    """The mean of what is known, what is missing, and what the mean must not hide."""
    for name, one in health.dimensions.items():
        yield Step(says=f"{TITLES[name].capitalize()}.", comes_to="unknown" if one.f is None else percent(one.f))
    if health.low:
        low = listing([TITLES[name] for name in health.low])
        yield Step(says=f"Lowest first: {low}.")
    if health.overall is None:
        yield Step(says="Fewer than three are known: the whole cannot be told.", comes_to="unknown")
    else:
        says = f"The mean of the {len(health.known)} known: {WORDS[health.band]}."
        yield Step(says=says, comes_to=percent(health.overall))


def days_told(number: Fraction) -> str:
    """Days, halves among them: `3 days`, `3½ days`."""
    whole, rest = divmod(number, 1)
    return f"{whole or ''}½ days" if rest else several(whole, "day")


def working_of_change(change: Change) -> Working:
    """What a dimension, or the whole, came from and to on a day, and the facts that moved it."""
    about, on = TITLES.get(change.what, "how it goes as a whole"), day(change.on)
    before, after = ("unknown" if one is None else percent(one) for one in (change.before, change.after))
    why = "" if change.why is None else f": {change.why}"
    steps = (
        Step(says=f"Before {on}", comes_to=before),
        Step(says=f"From {on} on{why}", comes_to=after, event_ids=change.event_ids),
    )
    return Working(figure=change.what, about=f"{about}, {on}", rule_version=RULE_VERSION, steps=steps)
