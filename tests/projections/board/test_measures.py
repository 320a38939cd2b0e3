"""What goes together, in which order, and by which reasons: pure, on literal offers and requests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.board.measures import Grounds, Match, goes_together, matched
from projections.board.queries import Belonging, Open
from projections.tables import FOREVER
from tests.scenario import ref

NORTHFIELD, OAKWOOD = ref("northfield"), ref("oakwood")
NOWHERE = Belonging({}, {})
NOTHING = Grounds(names={}, good=(), passed={}, met=(), knows=())


def posting(stream: str, kind: Any, maker: str, **more: Any) -> Open:
    """Six hours of mathematics, open to everybody."""
    row = Open(
        support_id=ref(stream), kind=kind, minutes=360, minutes_left=360, maker_id=maker, partnership_id=None,
        category="maths", open_to="pool", addressed_id=None, starts_on=None, ends_on=FOREVER, basis=None,
        paid_by=None, pence_per_day=None, named=True, confidential=False, summary=None, review_id=None, finding=None,
        position=1, events=[], phase=None, region=None, in_reach=True,
    )  # fmt: skip
    return row._replace(**more)


def offer(stream: str = "o", **more: Any) -> Open:
    return posting(stream, "offer", NORTHFIELD, **{"starts_on": date(2026, 9, 7)} | more)


def request(stream: str = "r", **more: Any) -> Open:
    return posting(stream, "request", OAKWOOD, **more)


def test_an_offer_in_time_and_open_both_ways_goes_with_a_request() -> None:
    assert goes_together(offer(), request(ends_on=date(2026, 9, 7)), NOWHERE)
    assert not goes_together(offer(), request(ends_on=date(2026, 9, 6)), NOWHERE)
    assert not goes_together(offer(), request(category="send"), NOWHERE)
    assert not goes_together(offer(), request(maker_id=NORTHFIELD), NOWHERE)


@pytest.mark.parametrize(
    ("of_offer", "of_request", "belonging", "together"),
    [
        ({"open_to": "organisation", "addressed_id": OAKWOOD}, {}, NOWHERE, True),
        ({"open_to": "organisation", "addressed_id": ref("elm")}, {}, NOWHERE, False),
        ({}, {"open_to": "organisation", "addressed_id": ref("elm")}, NOWHERE, False),
        ({"open_to": "trust"}, {}, Belonging({}, {NORTHFIELD: {"t"}, OAKWOOD: {"t"}}), True),
        ({"open_to": "trust"}, {}, Belonging({}, {NORTHFIELD: {"t"}, OAKWOOD: {"u"}}), False),
        ({"open_to": "trust"}, {}, NOWHERE, False),
        ({"open_to": "partnership", "partnership_id": "p"}, {}, Belonging({OAKWOOD: {"p"}}, {}), True),
        ({"open_to": "partnership", "partnership_id": "p"}, {}, NOWHERE, False),
        ({"partnership_id": "p"}, {}, Belonging({OAKWOOD: {"q"}}, {}), False),
        ({}, {"open_to": "partnership", "partnership_id": "p"}, Belonging({OAKWOOD: {"p"}}, {}), False),
    ],
)
def test_each_is_open_to_the_other(
    of_offer: dict[str, Any], of_request: dict[str, Any], belonging: Belonging, together: bool
) -> None:
    assert goes_together(offer(**of_offer), request(**of_request), belonging) is together


def codes(match: Match) -> list[str]:
    return [reason.code for reason in match.reasons]


def test_reasons_in_their_order() -> None:
    pair = frozenset({NORTHFIELD, OAKWOOD})
    grounds = Grounds(
        names={}, good={NORTHFIELD}, passed={(OAKWOOD, NORTHFIELD): 90, (NORTHFIELD, OAKWOOD): 30}, met={pair},
        knows={pair},
    )  # fmt: skip
    same = {"phase": "primary", "region": "London", "partnership_id": "p"}
    match = matched(offer(**same, minutes_left=60), request(**same, ends_on=date(2026, 10, 1)), False, grounds)
    assert codes(match) == [
        "same_category", "part_of_it", "free_in_time", "same_partnership", "same_phase", "same_region", "good_before",
        "evens_balance",
    ]  # fmt: skip
    assert match.weight == 1 + 1 + 2 + 1 + 1 + 1 + 2 + 2
    hidden = matched(offer(**same), request(**same), True, grounds)
    assert codes(hidden) == ["same_category", "no_day_set", "same_phase", "same_region", "good_before"]


def test_what_somebody_got_more_of_evens_nothing() -> None:
    pair = frozenset({NORTHFIELD, OAKWOOD})
    grounds = Grounds(names={}, good=(), passed={(NORTHFIELD, OAKWOOD): 30}, met={pair}, knows={pair})
    assert codes(matched(offer(), request(), False, grounds)) == ["same_category", "enough_left", "no_day_set"]
    stranger = Grounds(names={}, good=(), passed={(OAKWOOD, NORTHFIELD): 30}, met=(), knows=())
    assert codes(matched(offer(), request(), False, stranger)) == ["same_category", "enough_left", "no_day_set"]


def test_the_heaviest_come_first_and_ties_go_to_the_smallest_id() -> None:
    small = matched(offer("o1", minutes_left=60), request(), False, NOTHING)
    enough = [matched(offer(f"o{number}"), request(), False, NOTHING) for number in (2, 3, 4)]
    ordered = sorted([small, *enough], key=lambda match: match.order)
    assert [match.offer.support_id for match in ordered] == [
        *sorted(match.offer.support_id for match in enough),
        small.offer.support_id,
    ]
