"""How the main figures of a programme report come about, partnership by partnership."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from projections.programme.giving import Given, Rate, Totals, Window, facts_of
from projections.programme.partnerships import Line
from projections.programme.results import pence
from projections.reciprocity.flow import Ways
from projections.wording import amount, percent, several
from projections.working import Step, Working

Counted = tuple[str, int, Sequence[Given]]
"""In words, in minutes, and the deliveries they come from."""

TITLES: Final = {
    "confirmed_minutes": "what was given and confirmed",
    "value_pence": "what it is worth",
    "supplier_pence": "what of it is for the schools that gave",
    "reciprocity": "did it go both ways?",
    "outcomes": "what came of it",
    "savings": "what was saved",
}
"""The figures as people read them."""


def workings_of(
    rule_version: str,
    lines: Sequence[Line],
    whole: Totals,
    found: Ways,
    rate: Rate,
    window: Window,
    names: Mapping[str, str],
) -> list[Working]:
    """Confirmed time, value, two-way, comes-round and one-way shares, outcomes and savings."""
    value, supplier = rate.value_of(whole.confirmed)
    confirmed = _each(lines, window, names, _confirmed)
    exchanges = _each(lines, window, names, _exchanged)
    figures = {
        "confirmed_minutes": [*confirmed, Step(says="Together", comes_to=amount(whole.confirmed))],
        "value_pence": [
            Step(says="Confirmed, together", comes_to=amount(whole.confirmed)),
            _money(f"Of a day of 6.5 h, at {pounds(rate.pence)}", value),
        ],
        "supplier_pence": [
            _money(f"The same time at {pounds(rate.supplier_pence)} a day for the schools that gave", supplier)
        ],
        "reciprocity": [*exchanges, *_ways(found)],
        "outcomes": list(_outcomes(lines, names)),
        "savings": list(_savings(lines, names)),
    }
    return [
        Working(figure=name, about=TITLES[name], rule_version=rule_version, steps=steps)
        for name, steps in figures.items()
    ]


def _each(
    lines: Sequence[Line], window: Window, names: Mapping[str, str], of: Callable[[Line], Counted]
) -> Iterator[Step]:
    """A step for each partnership: what of it is counted, how many minutes that is, and its facts."""
    for line in lines:
        says, minutes, given = of(line)
        name = names.get(line.evidence.partnership.partnership_id, "a partnership")
        yield Step(says=f"{name}: {says}", comes_to=amount(minutes), event_ids=facts_of(given, window.day))


def _confirmed(line: Line) -> Counted:
    given = [one for one in line.given if one.is_confirmed]
    return several(len(given), "confirmed delivery", "confirmed deliveries"), line.totals.confirmed, given


def _exchanged(line: Line) -> Counted:
    return "confirmed exchanges", line.ways.minutes, [one for one in line.given if one.is_exchanged]


def _money(says: str, amount_pence: int) -> Step:
    return Step(says=says, comes_to=pounds(amount_pence))


def _ways(found: Ways) -> Iterator[Step]:
    named = {"came back from the same partner": found.two_way, "came round through others": found.comes_round}
    for says, share in (*named.items(), ("went one way", found.one_way)):
        yield Step(says=f"Of {amount(found.minutes)} exchanged in all, {says}", comes_to=told(share))


def _outcomes(lines: Sequence[Line], names: Mapping[str, str]) -> Iterator[Step]:
    every = [one for line in lines for one in line.results.engagements]
    for line in lines:
        said = [one for one in line.results.engagements if one.receiver is not None]
        name = names.get(line.evidence.partnership.partnership_id, "a partnership")
        of = several(len(line.results.engagements), "engagement")
        yield Step(says=f"{name}: the receiver spoke of {len(said)} of {of}", event_ids=line.results.event_ids)
    missing = sum(one.receiver is None for one in every)
    yield Step(
        says=f"No outcome recorded yet by the receiver ({missing} of {several(len(every), 'engagement')})",
        comes_to=f"{len(every) - missing} recorded",
    )


def _savings(lines: Sequence[Line], names: Mapping[str, str]) -> Iterator[Step]:
    total = 0
    for line in lines:
        saved = [one.receiver_saving for one in line.results.engagements if one.receiver_saving is not None]
        total += sum(map(pence, saved))
        if saved:
            name = names.get(line.evidence.partnership.partnership_id, "a partnership")
            yield Step(
                says=f"{name}: receivers recorded savings in {several(len(saved), 'engagement')}",
                comes_to=pounds(sum(map(pence, saved))),
                event_ids=[one.event_id for one in saved],
            )
    yield _money("Savings that receivers recorded, together", total)


def told(share: Fraction | None) -> str:
    return "unknown" if share is None else percent(share)


def pounds(amount_pence: int) -> str:
    """Pence as people read them: `£1,234.50`, `£300`."""
    whole, rest = divmod(amount_pence, 100)
    return f"£{whole:,}" + (f".{rest:02}" if rest else "")
