"""`pledger reviews` and `pledger practices`: the same answers as over HTTP, and tables for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.practices.explaining import beside
from projections.views import open_read_models
from tests.cli.terminal import Terminal

FINDING = {
    "finding_id": "writing",
    "area": "Writing",
    "judgement": "to_develop",
    "evidence": "Books",
    "next_step": "Plan together",
}


@pytest.fixture
def http(terminal: Terminal, settings: Settings) -> Iterator[FlaskClient]:
    """The API on the terminal's ledger."""
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield create_app(ledger, models).test_client()


@pytest.fixture
def town(terminal: Terminal) -> Terminal:
    """Oakwood reviewed Northfield; Northfield shared a practice that Oakwood assured and adopted."""
    for name in ("Northfield", "Oakwood"):
        terminal.school(name)
    northfield, oakwood = terminal.ids["Northfield"], terminal.ids["Oakwood"]
    today = terminal.said("Northfield", "practice.shared", **practice(northfield))["recorded_at"][:10]
    terminal.ids["practice"] = terminal.done("practices", "--key", terminal.keys["Northfield"])["items"][0]["id"]
    look = {"assured_by": oakwood, "verdict": "assured", "criteria": "Ours"}
    terminal.said("Oakwood", "practice.assured", terminal.ids["practice"], **look)
    terminal.said("Oakwood", "practice.adopted", terminal.ids["practice"], organisation_id=oakwood, on=today)
    plan = {"reviewed_id": northfield, "reviewers": [{"organisation_id": oakwood}], "lead_id": oakwood, "on": today}
    terminal.ids["review"] = terminal.said("Northfield", "review.scheduled", **plan)["stream"]["id"]
    terminal.said("Oakwood", "review.completed", terminal.ids["review"], findings=[FINDING], on=today)
    return terminal


def practice(author: str) -> dict[str, str]:
    return {"organisation_id": author, "title": "Phonics", "category": "english", "summary": "A daily routine"}


def there(http: FlaskClient, town: Terminal, path: str) -> Any:
    answer = http.get(path, headers={"Authorization": f"Bearer {town.keys['Northfield']}"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def here(town: Terminal, *words: str) -> Any:
    return town.done(*words, "--key", town.keys["Northfield"])


def test_both_answer_the_same(town: Terminal, http: FlaskClient) -> None:
    review, practice_id, northfield = town.ids["review"], town.ids["practice"], town.ids["Northfield"]
    assert here(town, "reviews", review, "--explain") == there(http, town, f"/v1/reviews/{review}?explain=true")
    assert here(town, "practices", practice_id) == there(http, town, f"/v1/practices/{practice_id}")
    lists = [
        (("reviews", "--explain"), "/v1/reviews?explain=true"),
        (("reviews", "--organisation", "Northfield", "--state", "completed"),
         f"/v1/reviews?organisation={northfield}&state=completed"),
        (("reviews", "--known-at", "position:3"), "/v1/reviews?known_at=position:3"),
        (("practices", "--search", "daily phonics", "--explain"), "/v1/practices?q=daily+phonics&explain=true"),
        (("practices", "--author", "Northfield", "--category", "maths"),
         f"/v1/practices?author={northfield}&category=maths"),
    ]  # fmt: skip
    for words, path in lists:
        own, other = here(town, *words), there(http, town, path)
        own["next"], other["next"] = None, None  # a place here, a cursor there
        assert own == other


def test_tables_for_people(town: Terminal) -> None:
    own = ("--key", town.keys["Northfield"])
    listed, one = town.run("reviews", *own), town.run("reviews", town.ids["review"], "--explain", *own)
    assert (listed.code, one.code) == (0, 0)
    assert town.ids["review"] in listed.out
    assert "to develop" in one.out
    assert "4/4" not in one.out
    practices, single = town.run("practices", *own), town.run("practices", town.ids["practice"], *own)
    assert (practices.code, single.code) == (0, 0)
    assert beside(1, 1, 0) in practices.out
    assert "Oakwood" in single.out


def test_csv(town: Terminal) -> None:
    own = ("--csv", "--key", town.keys["Northfield"])
    [review] = csv.DictReader(io.StringIO(town.run("reviews", *own).out))
    [found] = csv.DictReader(io.StringIO(town.run("practices", *own).out))
    [finding] = csv.DictReader(io.StringIO(town.run("reviews", town.ids["review"], *own).out))
    assert (review["reviewed"], found["author"], finding["reached"]) == ("Northfield", "Northfield", "found")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("reviews", "0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001"), 3),
        (("practices", "0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001"), 3),
        (("reviews", "--organisation", "Nowhere"), 3),
        (("practices", "--author", "Nowhere"), 3),
        (("reviews", "--after", "x"), 2),
        (("practices", "--after", "x"), 2),
        (("reviews", "--state", "held"), 2),
        (("practices", "--category", "mathss"), 2),
    ],
)
def test_what_cannot_be_answered(town: Terminal, words: tuple[str, ...], code: int) -> None:
    assert town.run(*words, "--key", town.keys["Northfield"]).code == code


def test_page_by_page(town: Terminal) -> None:
    terminal_key = ("--key", town.keys["Northfield"])
    town.said("Northfield", "practice.shared", **practice(town.ids["Northfield"]) | {"title": "Art"})
    first = here(town, "practices", "--limit", "1")
    rest = here(town, "practices", "--after", first["next"])
    assert [one["title"] for one in (*first["items"], *rest["items"])] == ["Phonics", "Art"]
    assert first["next"] in town.run("practices", "--limit", "1", *terminal_key).out
