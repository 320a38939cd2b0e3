"""A question about a partnership as known before anybody formed it, and about one whose facts do not fit."""

from __future__ import annotations

import psycopg
import pytest

from tests.api.calls import Town

FIGURES = ("health", "health/history", "withdrawal-points", "way-out")


@pytest.fixture
def coast(served: Town) -> Town:
    """Northfield and Ashfield in a partnership of the hub, in which Northfield gave an hour that Ashfield confirms."""
    for name in ("Northfield", "Ashfield"):
        served.school(name)
    served.key("auditor", "auditor", whole_ledger=True)
    stream = served.ledger.stream_events(served.cluster("Coast", "Hub", "Northfield", "Ashfield"))
    served.ids["formed"] = str(stream[0].position)
    delivery = served.delivered("Northfield", "Ashfield", partnership_id=served.ids["Coast"])
    served.ids["delivery"] = str(delivery["position"])
    confirmed = served.said("Ashfield", "support.delivery_confirmed", delivery["stream"]["id"], delivery_id="d1")
    served.ids |= {"confirmed": str(confirmed["position"]), "confirmation": confirmed["event_id"]}
    return served


def asked(town: Town, figure: str, query: str) -> str:
    of = f"&organisation={town.ids['Northfield']}" if figure == "way-out" else ""
    return f"/v1/partnerships/{town.ids['Coast']}/{figure}?min_position={town.ids['confirmed']}{of}{query}"


@pytest.mark.parametrize("figure", FIGURES)
def test_before_it_was_formed_it_is_not_there(coast: Town, figure: str) -> None:
    before = int(coast.ids["formed"]) - 1
    for known_at in (f"position:{before}", "position:1", "position:0", "1900-01-01T00:00:00Z"):
        answer = coast.get("Northfield", asked(coast, figure, f"&known_at={known_at}"))
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")
    assert coast.get("Northfield", asked(coast, figure, f"&known_at=position:{before + 3}")).status_code == 200


@pytest.mark.parametrize("who", ["Northfield", "coordinator", "auditor"])
def test_what_is_told_of_everything_in_sight_leaves_it_out(coast: Town, who: str) -> None:
    for path in ("inbox", "programmes/report"):
        answer = coast.get(who, f"/v1/{path}?known_at=position:{int(coast.ids['formed']) - 1}")
        assert answer.status_code == 200
        assert coast.ids["Coast"] not in answer.get_data(as_text=True)
    if who == "Northfield":
        own = f"/v1/organisations/{coast.ids[who]}"
        for path in ("landscape", "governors", "balance", "history"):
            assert coast.get(who, f"{own}/{path}?known_at=position:1").status_code == 200


@pytest.mark.parametrize("figure", FIGURES)
def test_a_fact_that_does_not_fit_is_named(coast: Town, figure: str) -> None:
    with psycopg.connect(coast.ledger.dsn) as connection:
        connection.execute("ALTER TABLE pledger.fact_key DISABLE TRIGGER append_only")
        delivery = ("partnership:" + coast.ids["Coast"], coast.ids["delivery"])
        connection.execute("DELETE FROM pledger.fact_key WHERE key = %s AND position = %s::bigint", delivery)
    answer = coast.get("Northfield", asked(coast, figure, ""))
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["retryable"]) == (503, "fact-does-not-fit", False)
    assert (problem["position"], problem["fact_type"], problem["event_id"]) == (
        int(coast.ids["confirmed"]), "support.delivery_confirmed", coast.ids["confirmation"],
    )  # fmt: skip
    assert "Retry-After" not in answer.headers
