"""The whole: a mean that never hides a low dimension, and is not told where too little is known."""

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path

import pytest

from projections import health
from projections.health.dimension import NAMES, Dimension, Name
from projections.health.measures import Health, mean_of_known
from tests.projections.giving import Story
from tests.projections.health.stories import agreed, delivered, harbour, on


def of(**shares: Fraction | None) -> Health:
    """A health with these shares; what is not named cannot be told."""
    dimensions: dict[Name, Dimension] = {name: Dimension(name=name, f=shares.get(name)) for name in NAMES}
    overall = mean_of_known([one.f for one in dimensions.values()])
    day = on(harbour(), "2026-09-01").day
    return Health(day=day, dimensions=dimensions, overall=overall, codes=(), confirmation_by_receiver={})


def test_three_known_are_enough_and_two_are_not() -> None:
    two = of(purpose=Fraction(1), tempo=Fraction(1))
    assert (two.overall, two.band) == (None, "unknown")
    assert two.missing == ["reciprocity", "follow_through", "confirmation", "outcomes", "challenge", "resilience"]
    three = of(purpose=Fraction(1), tempo=Fraction(1), outcomes=Fraction(1, 2))
    assert (three.overall, three.band) == (Fraction(5, 6), "from_92")


@pytest.mark.parametrize(("points", "band"), [(149, "below_50"), (150, "from_50"), (275, "from_50"), (276, "from_92")])
def test_the_band_of_the_mean_at_its_cut_points(points: int, band: str) -> None:
    """Three dimensions whose points of 140 add up to this: 50 and 92 on average are the cut points."""
    third = Fraction(points, 3 * 140)
    assert of(purpose=third, tempo=third, outcomes=third).band == band


def test_what_is_below_50_of_140_is_listed_the_lowest_first_however_high_the_mean() -> None:
    found = of(
        purpose=Fraction(1), reciprocity=Fraction(49, 140), tempo=Fraction(50, 140), outcomes=Fraction(0),
        challenge=Fraction(49, 140), confirmation=Fraction(1), follow_through=Fraction(1), resilience=Fraction(1),
    )  # fmt: skip
    assert found.low == ["outcomes", "reciprocity", "challenge"]
    assert found.band == "from_50"


def test_the_score_is_four_times_the_share() -> None:
    assert Dimension(name="tempo", f=Fraction(3, 4)).score == 3
    assert Dimension(name="tempo", f=None).score is None


@pytest.fixture
def autumn() -> Story:
    """600 minutes agreed for an aim, of which 300 were given, confirmed and completed; nobody reviews or judges."""
    story = harbour().at("2026-10-01")
    agreed(story, "s1", 600, "2026-12-18", aim_id="maths")
    delivered(story, "s1", 300)
    story.confirmed("ashfield", "s1")
    return story


def test_a_young_partnership_tells_little_and_says_what_is_missing(autumn: Story) -> None:
    found = on(autumn, "2026-09-01")
    assert [name for name in NAMES if found.dimensions[name].f is not None] == ["purpose"]
    assert found.overall is None
    assert found.missing == [name for name in NAMES if name != "purpose"]


def test_the_mean_of_a_term(autumn: Story) -> None:
    """Purpose (1 + 1 + 0)/3, reciprocity 0, tempo: 78 days of 45, (135 − 78)/90, follow-through 1/2, confirmation 1,
    resilience 0; no support was completed, and nobody reviewed a school."""
    found = on(autumn, "2026-12-18")
    shares = {name: one.f for name, one in found.dimensions.items()}
    assert shares == {
        "purpose": Fraction(2, 3),
        "reciprocity": Fraction(0),
        "tempo": Fraction(57, 90),
        "follow_through": Fraction(1, 2),
        "confirmation": Fraction(1),
        "outcomes": None,
        "challenge": None,
        "resilience": Fraction(0),
    }
    assert found.overall == (Fraction(2, 3) + Fraction(57, 90) + Fraction(1, 2) + 1) / 6
    assert (found.band, found.low) == ("from_50", ["reciprocity", "resilience"])


def test_every_dimension_names_its_facts(autumn: Story) -> None:
    ids = {fact.event_id for fact in autumn.facts}
    for one in on(autumn, "2026-12-18").dimensions.values():
        assert set(one.event_ids) <= ids
        assert bool(one.event_ids) == (one.f is not None)


def test_no_measure_reckons_with_floats() -> None:
    folder = Path(health.__file__).parent
    trees = [(file.name, ast.parse(file.read_text("utf-8"))) for file in sorted(folder.glob("*.py"))]
    assert len(trees) > 10
    floats = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, tree in trees
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]  # fmt: skip
    assert floats == []
