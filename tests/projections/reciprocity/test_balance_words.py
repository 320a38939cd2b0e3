"""A balance in words: which way support goes, and that every figure of one has a name."""

from __future__ import annotations

import pytest

from projections.reciprocity.balance_words import LABELS, in_words, net_in_words
from projections.reciprocity.measures import Balance, Minutes


def balance(given: int, received: int) -> Balance:
    return Balance(minutes=Minutes(given=given, received=received))


@pytest.mark.parametrize(
    ("given", "received", "words"),
    [
        (0, 0, "too early to say"),
        (60, 60, "about even"),
        (120, 60, "about even"),  # a third of what passed: within the tolerance
        (121, 60, "gives more than it gets"),
        (60, 121, "gets more than it gives"),
    ],
)
def test_which_way_support_goes(given: int, received: int, words: str) -> None:
    assert in_words(balance(given, received).to_json()["balance_index"]) == words


def test_with_its_amount_where_there_is_one() -> None:
    assert net_in_words(balance(60, 60).to_json()) == "about even"
    assert "1 h" in net_in_words(balance(120, 60).to_json())
    assert "−" not in net_in_words(balance(60, 120).to_json())


def test_every_figure_of_a_balance_has_a_name() -> None:
    minutes = {name.removesuffix("_minutes") for name in balance(1, 0).to_json() if name.endswith("_minutes")}
    assert minutes == set(LABELS)
