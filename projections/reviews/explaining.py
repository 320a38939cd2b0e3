"""How the rigour of reviews comes about, step by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from projections.reviews.measures import HELD_WITHIN_DAYS, RULE_VERSION, Rigour, mean_of
from projections.reviews.records import PeerReview
from projections.wording import day, percent, several
from projections.working import Step, Working

WORDS: Final[Mapping[str, str]] = {
    "held_in_time": f"held within {HELD_WITHIN_DAYS} days of the day it was planned for",
    "has_to_develop": "found something to develop",
    "no_swap": "no swap: the reviewed had not reviewed a reviewer within a year either side",
    "from_outside": "moderated, or led by somebody from outside the partnership",
}
ABOUT: Final = "honest review: how many of the four hold"


def of_one(review: PeerReview, rigour: Rigour, swaps: Sequence[PeerReview]) -> Working:
    """The four answers for one review, and the share of them that hold."""
    held = [] if review.held_event is None else [review.held_event]
    rests_on = {
        "held_in_time": [review.scheduled_event, *held],
        "has_to_develop": held,
        "no_swap": [review.scheduled_event, *(one.held_event or "" for one in swaps)],
        "from_outside": [review.scheduled_event if review.moderated is None else review.moderated.event_id],
    }
    steps = [
        Step(says=_sentence(review, name), comes_to="yes" if holds else "no", event_ids=rests_on[name])
        for name, holds in rigour._asdict().items()
    ]
    last = Step(
        says=f"{sum(rigour)} of the four hold", comes_to=percent(rigour.share), event_ids=list(review.event_ids)
    )
    return Working(figure="rigour", about=ABOUT, rule_version=RULE_VERSION, steps=[*steps, last])


def _sentence(review: PeerReview, name: str) -> str:
    if name != "held_in_time":
        return _capital(WORDS[name])
    held = "not held yet" if review.held_on is None else f"held on {day(review.held_on)}"
    return f"{_capital(WORDS[name])}: planned for {day(review.planned_on)}, {held}"


def of_several(reviews: Collection[tuple[PeerReview, Rigour]], as_of: date) -> Working:
    """Each of the four over several reviews, and the mean."""
    events = [review.held_event or review.scheduled_event for review, _ in reviews]
    number = len(reviews)
    begin = Step(
        says=f"By {day(as_of)} {several(number, 'review')} had been held, or should have been, and may be told in full",
        comes_to=several(number, "review"),
        event_ids=events,
    )
    steps = [begin]
    for name, words in WORDS.items():
        holding = [review for review, rigour in reviews if getattr(rigour, name)]
        facts = [review.held_event or review.scheduled_event for review in holding]
        steps.append(Step(says=_capital(words), comes_to=f"{len(holding)} of {number}", event_ids=facts))
    mean = mean_of([rigour for _, rigour in reviews])
    last = Step(
        says="The mean of the four over these reviews",
        comes_to="not known: there is no such review" if mean is None else percent(mean),
    )
    return Working(figure="rigour", about=ABOUT, rule_version=RULE_VERSION, steps=[*steps, last])


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
