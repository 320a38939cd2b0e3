"""Every uncomfortable story of the demonstration is found by the right view for the right reason, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.runner import Runner
from projections.views import all_views, open_read_models
from tests.cli.demo.conftest import TODAY, Made
from tests.cli.demo.doors import Doors
from tests.cli.demo.finding import Row
from tests.cli.demo.table import TABLE

PAGE = Path(__file__).parents[3] / "docs" / "demo-stories.md"
STATES = frozenset(
    {
        "one_sided", "quiet", "health_low", "cosy", "disputes_open", "key_person_left", "structural",
        "review_overdue", "purpose_met",
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def doors(made: Made) -> Iterator[Doors]:
    Runner(made.ledger.store, made.ledger.dsn, all_views(made.ledger.zone)).run_once()
    with open_read_models(made.ledger.dsn, made.ledger.zone, lambda: TODAY) as models:
        yield Doors(made, models)


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.story}: {row.view}" for row in TABLE])
def test_the_story_is_found_there_on_those_facts(made: Made, doors: Doors, row: Row) -> None:
    [story] = [one for one in made.programme.stories if one.name == row.story]
    kinds = doors.kinds_of(row.find(doors, story))
    if row.facts:
        assert ", ".join(sorted(kinds)) == row.facts


def test_no_story_is_left_out(made: Made) -> None:
    assert {row.story for row in TABLE} == {one.name for one in made.programme.stories}


def test_nothing_else_calls_for_attention(made: Made, doors: Doors) -> None:
    """The kinds of states that are open in each partnership are those its stories tell, and no others."""
    told = {(one.partnership, kind) for one in made.programme.stories for kind in one.expected.get("points", ())}
    found = {
        (cluster.id, point["kind"])
        for cluster in made.programme.stage.clusters.values()
        for point in doors.points(cluster.id)
        if point["kind"] in STATES and point["state"] == "open"
    }
    assert found == {(partnership, kind) for partnership, kind in told if kind in STATES}


def test_the_page_holds_the_same_table() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| `", line)]
    assert rows == [f"| `{row.story}` | {row.view} | {row.figure} | {row.facts or '–'} |" for row in TABLE]
