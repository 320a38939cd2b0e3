"""What every answer of the application has in common: problems, headers, the document, health."""

from __future__ import annotations

import psycopg
import pytest

from projections.places import SCHEMA
from tests.api.calls import Town


def test_what_is_nowhere_is_a_problem(town: Town) -> None:
    answer = town.http.get("/v1/nothing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["type"] == "/v1/problems/no-such-address"


def test_another_method_is_told_which_are_allowed(town: Town) -> None:
    answer = town.http.put("/v1/events")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.get_json()["code"] == "method-not-allowed"


def test_what_breaks_has_an_id_and_shows_nothing_of_the_inside(
    town: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> int:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(town.ledger, "head", breaks)
    answer = town.http.get("/readyz")
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (500, "internal-error")
    assert "secret" not in answer.get_data(as_text=True)
    assert problem["instance"] in "".join(capsys.readouterr())


def test_every_answer_keeps_browsers_from_guessing_and_framing(town: Town) -> None:
    for path in ("/healthz", "/v1/nothing", "/v1/me", "/openapi.json"):
        headers = town.http.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Strict-Transport-Security" not in headers
    assert "Strict-Transport-Security" in town.http.get("/healthz", base_url="https://localhost").headers


def test_every_code_is_described(town: Town) -> None:
    kinds = town.http.get("/v1/problems").get_json()["items"]
    codes = {one["code"]: one for one in kinds}
    assert {"only-the-receiver-confirms", "not-found", "busy", "claim-malformed", "unauthorised"} <= set(codes)
    one = town.http.get("/v1/problems/only-the-receiver-confirms").get_json()
    assert (one, one["status"]) == (codes["only-the-receiver-confirms"], 409)
    assert town.http.get("/v1/problems/no-such-code").status_code == 404


def test_every_kind_of_event_has_a_schema(town: Town) -> None:
    from ledger.eventstore.stored_names import STORED

    kinds = town.http.get("/v1/schemas").get_json()["items"]
    assert [one["type"] for one in kinds] == list(STORED)
    for one in kinds:
        schema = town.http.get(one["dataschema"].removeprefix("http://localhost")).get_json()
        assert (schema["$id"], schema["type"]) == (one["dataschema"], "object")
    assert town.http.get("/v1/schemas/support.offered/99").status_code == 404


def test_the_service_is_alive_and_says_that_it_is_not_ready_and_not_why(town: Town) -> None:
    with psycopg.connect(town.ledger.dsn) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    assert town.http.get("/healthz").get_json() == {"status": "alive"}
    for address in ("127.0.0.1", "192.0.2.1"):
        answer = town.http.get("/readyz", environ_base={"REMOTE_ADDR": address})
        assert (answer.status_code, answer.get_json()) == (503, {"status": "not ready"})


def test_the_service_is_ready_when_its_views_are_kept(served: Town) -> None:
    from tests.api.process import within

    within(10, lambda: served.http.get("/readyz").status_code, 200)


def test_two_applications_do_not_disturb_each_other(town: Town) -> None:
    from api.app import create_app

    second = create_app(town.ledger, town.app.extensions["pledger.read_models"])
    assert second.test_client().get("/openapi.json").get_json() == town.http.get("/openapi.json").get_json()
