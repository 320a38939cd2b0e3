"""How each point comes about, in steps that a head teacher reads: its reason, its days, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from projections.evidence.gathering import Evidence
from projections.reader import PartnershipReader
from projections.shares import share
from projections.withdrawal.accounts import Accounts
from projections.withdrawal.points import RULE_VERSION, Kind, Point, Standing, State
from projections.withdrawal.way_out import WayOut
from projections.wording import amount, percent, several
from projections.wording import day as spoken
from projections.working import Step, Working

_ID: Final = re.compile(r"\{([0-9a-f-]{36})\}")

STATES: Final[dict[State, str]] = {
    "upcoming": "It is not open yet.",
    "open": "It is open.",
    "passed": "Its days have passed.",
    "taken": "A notice named it: it is taken, whatever is recorded later.",
}

STATE_WORDS: Final[dict[State, str]] = {
    "upcoming": "not yet", "open": "open now", "passed": "over", "taken": "notice given",
}  # fmt: skip
"""How a point stands, as people read it."""

REASONS: Final[dict[Kind, str]] = {
    "review_due": "a review is due",
    "term_end": "an agreed term ends",
    "break_date": "a day agreed for leaving",
    "intended_end": "the day it was meant to end",
    "review_overdue": "a review that was due was not held",
    "purpose_met": "the aims are met",
    "one_sided": "mostly one way",
    "quiet": "it has gone quiet",
    "health_low": "worth asking whether to go on",
    "cosy": "recent reviews found little to work on",
    "disputes_open": "a query is still open",
    "key_person_left": "who gave most has left",
    "structural": "a school has changed",
}
"""Why there is a point, in a few words."""


def spelled(says: str, known_names: Mapping[str, str]) -> str:
    """A sentence with the names of the organisations whose ids stand in it."""
    return _ID.sub(lambda found: known_names.get(found[1], "an organisation"), says)


def workings_of(
    evidence: Evidence,
    accounts: Accounts,
    points: Iterable[Point],
    reader: PartnershipReader,
    known_names: Mapping[str, str],
) -> list[Working]:
    """One working for each point, named by its id; the last step says how it stands."""
    return [
        Working(
            figure=point.point_id,
            about=about(point, known_names),
            rule_version=RULE_VERSION,
            steps=[
                Step(says=spelled(point.says, known_names), event_ids=point.event_ids),
                *sides(evidence, accounts, point, reader, known_names),
                *days(evidence, point),
                Step(says=STATES[point.state], comes_to=STATE_WORDS[point.state]),
            ],
        )
        for point in points
    ]


def about(point: Point, known_names: Mapping[str, str]) -> str:
    """`Saltings may leave from Sat 23 May 2026: a review is due`."""
    who = known_names.get(point.organisation_id, "A partner")
    may = "could" if point.state == "passed" else "may"
    return f"{who} {may} leave from {spoken(point.opens_on)}: {REASONS[point.kind]}"


def days(evidence: Evidence, point: Point) -> Iterator[Step]:
    """The days of a point: from its notice, where it has a day of its own."""
    if point.notice_by is not None:
        notice = evidence.partnership.terms_on(point.opens_on).notice_days
        says = f"Notice is {several(notice, 'day')}: whoever wants to leave on its day gives it by then."
        yield Step(says=says, comes_to=spoken(point.notice_by))
        yield Step(says="It opens 30 days before the last day for notice.", comes_to=spoken(point.opens_on))
    else:
        yield Step(says="The first day on which this was so.", comes_to=spoken(point.opens_on))
    if point.closes_on is not None:
        yield Step(says="Its last day.", comes_to=spoken(point.closes_on))
    if point.earliest_leaving_on is not None:
        says = "The earliest day of leaving for who answers it now."
        yield Step(says=says, comes_to=spoken(point.earliest_leaving_on))


def sides(
    evidence: Evidence, accounts: Accounts, point: Point, reader: PartnershipReader, known_names: Mapping[str, str]
) -> Iterator[Step]:
    """Of `one_sided`, what stands in the partnership against its tolerance, for those who may read the amounts."""
    if point.inside is None or (point.elsewhere is not None and not reader.is_itself(point.organisation_id)):
        return
    who, day = known_names.get(point.organisation_id, "It"), point.opens_on
    terms = evidence.partnership.terms_on(day)
    holding = accounts.of(point.organisation_id).holding(day.toordinal())
    gave = sum(move.turnover for move in holding if move.standing > 0)
    got = sum(move.turnover for move in holding if move.standing < 0)
    ids = tuple(event_id for move in holding for event_id in move.event_ids)
    standing = Standing(sum(move.standing for move in holding), gave + got)
    yield Step(says=f"By {spoken(day)} {who} had given {amount(gave)} here and got {amount(got)}.", event_ids=ids)
    says = "With what was agreed about the past there stood between it and the others."
    yield Step(says=says, comes_to=amount(standing.standing))
    part = share(abs(standing.standing), max(standing.turnover, abs(standing.standing)))
    if part is not None:
        yield Step(says="Out of all that passed that is this part.", comes_to=percent(part))
    window = several(terms.tolerance_window_days, "day")
    yield Step(
        says=f"Agreed is a tolerance of {amount(terms.tolerance_minutes)} and of {percent(terms.tolerance_ratio)}; "
        f"it lay beyond both, on the same side, on that day and the {window} before that count.",
    )
    if point.elsewhere is not None:
        says = "Over all its support, in this partnership and elsewhere, there stands between it and everybody."
        yield Step(says=says, comes_to=amount(point.elsewhere.standing))


def workings_of_way(way: WayOut, known_names: Mapping[str, str]) -> Iterator[Working]:
    """How the day of leaving, what stands with each other, and the loss test come about."""
    leaving, who = way.leaving, known_names.get(way.organisation_id, "It")
    if leaving.earliest_on is not None:
        says = f"Notice is {several(leaving.notice_days, 'day')}, every day counted, from {spoken(way.on)}."
        if leaving.allow_immediate:
            says = f"The terms allow leaving at once, on {spoken(way.on)}."
        if leaving.notice is not None:
            says = f"{who} gave notice on {spoken(leaving.notice.given_on)} and named its day."
        ids = () if leaving.notice is None else (leaving.notice.event_id,)
        steps = [Step(says=says, comes_to=spoken(leaving.earliest_on), event_ids=ids)]
        yield Working(
            figure="earliest_leaving_on", about="the earliest day of leaving", rule_version=RULE_VERSION, steps=steps
        )
    for one in way.standing:
        if one.minutes:
            other = known_names.get(one.other_id, "the other")
            says = f"What {who} gave {other} here, less what it got, with all that was agreed about the past."
            steps = [Step(says=says, comes_to=amount(one.minutes), event_ids=one.event_ids)]
            title = f"what stands between {who} and {other}"
            yield Working(figure=f"standing with {other}", about=title, rule_version=RULE_VERSION, steps=steps)
    steps = list(loss_test(way, who))
    if steps:
        title = f"what goes one way, if {who} could not give next year"
        yield Working(figure="one_way without it", about=title, rule_version=RULE_VERSION, steps=steps)


def loss_test(way: WayOut, who: str) -> Iterator[Step]:
    if way.ways.one_way is not None:
        yield Step(says="Of what was given here never came back.", comes_to=percent(way.ways.one_way))
    if way.ways_without.one_way is not None:
        says = f"The same without all that {who} gave and got: if it could not give next year."
        yield Step(says=says, comes_to=percent(way.ways_without.one_way))
