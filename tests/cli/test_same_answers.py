"""The terminal and HTTP, on one ledger: the same event is refused, repeated and counted in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from ledger.service import open_ledger
from ledger.settings import Settings
from projections.views import open_read_models
from tests.cli.terminal import HOUR, Terminal, event

Event = dict[str, Any]
ABSENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def http(terminal: Terminal, settings: Settings) -> Iterator[FlaskClient]:
    """The API on the terminal's ledger."""
    with open_ledger(settings) as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        yield create_app(ledger, models).test_client()


@pytest.fixture
def delivery(terminal: Terminal) -> Event:
    """Northfield's word of an hour that it gave Ashfield."""
    sides = {"giver_id": terminal.school("Northfield"), "receiver_id": terminal.school("Ashfield")}
    day = {"delivered_on": "2026-09-01", "amount": HOUR, "category": "maths"}
    return event("support.delivered", "0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001", delivery_id="d1", **day, **sides)


def as_(terminal: Terminal, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {terminal.keys[who]}"}


def without_instance(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "instance"}


def cases(delivery: Event) -> list[tuple[str, str, Event]]:
    """Who says what, and the code of the refusal."""
    support = delivery["subject"]
    confirm = event("support.delivery_confirmed", support, delivery_id="d1")
    return [
        ("Northfield", "only-the-receiver-confirms", confirm),
        ("Northfield", "claim-malformed", confirm | {"type": "support.delivery_confirmd"}),
        ("Ashfield", "claim-malformed", event("support.delivery_confirmed", support, delivery="d1", delivery_id=1)),
        ("Ashfield", "not-readable", confirm | {"specversion": "0.3", "sequence_": "1"}),
        ("Ashfield", "claim-malformed", confirm | {"expectedversion": -1, "subject": 7}),
        ("Ashfield", "version-moved", confirm | {"expectedversion": 7}),
        ("Ashfield", "not-found", event("support.delivery_confirmed", ABSENT, delivery_id="d1")),
        ("Ashfield", "role-forbidden", event("organisation.registered", name="Elm", kind="school", identifiers=[])),
        ("Northfield", "idempotency-mismatch", delivery | {"correlationid": "another"}),
        ("Ashfield", "looks-like-personal-data", event(
            "support.delivery_disputed", support, delivery_id="d1", reason="ask head@northfield.sch.uk"
        )),
    ]  # fmt: skip


def test_both_refuse_with_the_same_problem(terminal: Terminal, http: FlaskClient, delivery: Event) -> None:
    assert terminal.post("Northfield", delivery).code == 0
    for who, code, refused in cases(delivery):
        answer = http.post("/v1/events", json=refused, headers=as_(terminal, who))
        ran = terminal.post(who, refused, options=("--no-atomic",))
        [result] = ran.json()["results"]
        assert ran.code == 1
        assert answer.get_json()["code"] == code
        assert without_instance(result["problem"]) == without_instance(answer.get_json())


def test_what_one_recorded_the_other_answers_with_the_same_receipt(
    terminal: Terminal, http: FlaskClient, delivery: Event
) -> None:
    first = http.post("/v1/events", json=delivery, headers=as_(terminal, "Northfield"))
    assert first.status_code == 201
    [again] = terminal.post("Northfield", delivery).json()["results"]
    assert (again["status"], again["receipt"]) == ("repeated", first.get_json())


def test_a_key_that_is_none_opens_neither(terminal: Terminal, http: FlaskClient, delivery: Event) -> None:
    terminal.keys["nobody"] = "pl_test_" + "x" * 43
    answer = http.post("/v1/events", json=delivery, headers=as_(terminal, "nobody"))
    ran = terminal.post("nobody", delivery)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorised")
    assert ran.code == 3
    assert "(unauthorised)" in ran.err


@pytest.mark.parametrize("query", [{}, {"as_of": "2026-08-31"}, {"known_at": "position:3"}, {"from": "2026-09-02"}])
def test_figures_and_history_are_the_same(
    terminal: Terminal, http: FlaskClient, delivery: Event, query: dict[str, str]
) -> None:
    terminal.post("Northfield", delivery)
    terminal.said("Ashfield", "support.delivery_confirmed", delivery["subject"], delivery_id="d1")
    options = [word for name, value in query.items() for word in (f"--{name.replace('_', '-')}", value)]
    own, path = ("--key", terminal.keys["Northfield"]), f"/v1/organisations/{terminal.ids['Northfield']}"
    for figure in ("balance", "statement"):
        here = terminal.done(figure, "Northfield", *options, *own)
        there = http.get(f"{path}/{figure}", query_string=query, headers=as_(terminal, "Northfield")).get_json()
        there["next"], here["next"] = None, None  # a cursor there, a place here
        assert here == there
    here = terminal.done("history", "--facts", "Northfield", *own)
    facts = {"organisation": terminal.ids["Northfield"]}
    there = http.get("/v1/events", query_string=facts, headers=as_(terminal, "Northfield")).get_json()
    assert [one | {"dataschema": ""} for one in here["events"]] == [one | {"dataschema": ""} for one in there["events"]]
