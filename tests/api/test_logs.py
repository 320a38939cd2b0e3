"""The log has a line for every request, by which it is found again, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging
import sys
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import structlog

from api.logs import log_request, log_to_stderr
from api.observing import Seen
from ledger.settings import Settings
from tests.api.calls import Town, event
from tests.api.process import Remote, served

SECRET = "Zq7-Olga-Petrova"
TRACE = "5c1d1f0e-2b8a-4d3a-9a75-0f5f2d0a4c11"


def sent(
    remote: Remote, method: str, path: str, body: str = "", *, kind: str = "application/json", **headers: str
) -> tuple[int, str]:
    """One request; answers its status and the id that the answer bears."""
    connection = HTTPConnection(urlsplit(remote.url).netloc, timeout=10)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body.encode(), {"Content-Type": kind, **given})
    with connection.getresponse() as answer:
        answer.read()
    connection.close()
    return answer.status, answer.headers["X-Request-Id"]


def secrets_everywhere(remote: Remote) -> set[str]:
    """Says a secret in every place where somebody could; answers the ids of the requests."""
    key = {"Authorization": f"Bearer {remote.admin_key}"}
    school = event("organisation.registered", name=f"{SECRET} Primary", kind="school", identifiers=[])
    posted = school | {"id": SECRET, "source": f"urn:{SECRET}", "correlationid": f"about {SECRET}"}
    form = "application/x-www-form-urlencoded"
    requests: list[tuple[tuple[int, str], set[int]]] = [
        (sent(remote, "POST", "/v1/events", json.dumps(posted), **key), {201}),
        (sent(remote, "POST", "/v1/events", json.dumps(school | {"data": {SECRET: SECRET}}), **key), {422}),
        (sent(remote, "POST", "/v1/events", f"{{{SECRET}", **key), {400}),
        (sent(remote, "POST", "/v1/events", "{}", Idempotency_Key=SECRET, **key), {400, 422}),
        (sent(remote, "GET", f"/v1/events?correlationid={SECRET}&wrong={SECRET}", **key), {400, 403}),
        (sent(remote, "GET", f"/v1/{SECRET}", **key), {404}),
        (sent(remote, "GET", f"/v1/organisations/{TRACE}/balance?as_of={SECRET}", **key), {400, 403, 404}),
        (sent(remote, "GET", "/v1/me", Authorization=f"Bearer {SECRET}"), {401}),
        (sent(remote, "GET", "/v1/me", Cookie=f"pledger={SECRET}", User_Agent=SECRET, Referer=SECRET), {401}),
        (sent(remote, "GET", f"/join/{SECRET}"), {404}),
        (sent(remote, "GET", f"/calendar/{SECRET}.ics"), {404}),
        (sent(remote, "GET", "/healthz", X_Request_Id=f"{SECRET} {SECRET}"), {200}),
        (sent(remote, "POST", "/sign-in", f"login={SECRET}&password={SECRET}", kind=form), {403}),
        (sent(remote, "POST", "/oauth/token", f"client_id={SECRET}&client_secret={SECRET}", kind=form), {400, 401}),
    ]  # fmt: skip
    assert [status for (status, _), wanted in requests if status not in wanted] == []
    return {request_id for (_, request_id), _ in requests}


def test_nothing_that_anybody_says_is_in_the_log(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    with served(settings, PLEDGER_OPERATOR_ADDRESS="off") as remote:
        ids = secrets_everywhere(remote)
        broken = break_it(remote, str(settings.database_url))
    written = capfd.readouterr().err
    assert SECRET not in written
    assert remote.admin_key not in written
    lines = [json.loads(line) for line in written.splitlines()]
    requests = {line["request_id"]: line for line in lines if line["event"] == "request"}
    assert len(ids - set(requests)) == 1  # but for that of /healthz, which says nothing
    assert {"/v1/events", "/v1/organisations/{organisation_id}/balance", "none"} <= {
        one["rule"] for one in requests.values()
    }
    assert requests[broken]["status"] == 500
    [failed] = [line for line in lines if line["event"] == "internal-error"]
    assert (failed["request_id"], failed["instance"]) == (broken, f"urn:pledger:request:{broken}")
    assert failed["errors"][0]["kind"] == "CheckViolation (23514)"
    assert any("commit.py" in place for place in failed["errors"][0]["at"])


def break_it(remote: Remote, database_url: str) -> str:
    """Has the database refuse a post in words that repeat it; answers the request's id."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE pledger.log ADD CHECK (type NOT LIKE 'organisation%') NOT VALID")
    posted = event("organisation.registered", name=SECRET, kind="school", identifiers=[]) | {"correlationid": SECRET}
    key = {"Authorization": f"Bearer {remote.admin_key}", "X-Request-Id": "the-one-that-broke"}
    status, request_id = sent(remote, "POST", "/v1/events", json.dumps(posted), **key)
    assert (status, request_id) == (500, "the-one-that-broke")
    return request_id


@pytest.mark.parametrize("given", ["a", "A-Za.z0_9", "7" * 64])
def test_a_request_may_bring_its_id(town: Town, given: str) -> None:
    assert town.http.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "two words", "ü", "7" * 65, "a/b", "a;b"])
def test_an_id_that_is_not_well_formed_is_replaced(town: Town, given: str) -> None:
    answer = town.http.get("/v1/nothing", headers={"X-Request-Id": given.encode("utf-8").decode("latin-1")})
    made = answer.headers["X-Request-Id"]
    assert str(uuid.UUID(made)) == made
    assert answer.get_json()["instance"] == f"urn:pledger:request:{made}"
    assert town.http.get("/v1/nothing").headers["X-Request-Id"] != made


def test_the_correlation_of_what_is_posted_is_seen_where_it_is_opaque(town: Town) -> None:
    seen: list[Seen] = []
    town.app.extensions["pledger.observing"].add(seen.append)
    town.school("Northfield")
    school = event("organisation.registered", name="Ashfield", kind="school", identifiers=[])
    town.post("admin", [school | {"correlationid": TRACE}, school | {"id": "2", "correlationid": "for Olga"}])
    last = seen[-1]
    assert (last.rule, last.status, last.correlations, last.post) == ("/v1/events", 201, [TRACE], "batch")
    assert last.principal == town.ledger.credentials.authenticate(town.keys["admin"]).principal
    assert last.position == str(town.ledger.head())


@pytest.fixture
def restored() -> Iterator[None]:
    """The logs of the test session are afterwards as they were."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_only_what_applies(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "json")
    log_request(Seen("r1", "GET", "/v1/me", 200, 0.00312, "p1", None, [], None, None, []))
    log_request(Seen("r2", "POST", "/v1/events", 409, 0.1, "p1", "7", ["not-a-partner"], None, "one", [TRACE]))
    log_request(Seen("r3", "GET", "/readyz", 200, 0.1, None, None, [], None, None, []))
    first, second = [
        {name: line[name] for name in line if name not in ("timestamp", "level")} for line in lines(capsys)
    ]
    assert first == {
        "event": "request", "method": "GET", "rule": "/v1/me", "status": 200, "ms": 3.12, "request_id": "r1",
        "principal": "p1",
    }  # fmt: skip
    assert (second["position"], second["codes"], second["correlation_ids"]) == (7, ["not-a-partner"], [TRACE])


@pytest.mark.parametrize(("level", "told"), [("info", False), ("debug", True)])
def test_the_words_of_an_error_are_told_to_who_asks_for_everything(
    level: str, told: bool, restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr(level, "json")
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(SECRET) from error
    except ValueError as error:
        logging.getLogger("somewhere").exception("it broke off")
        logging.getLogger("somewhere").warning("it waits: %s", error)
    broke, waits = lines(capsys)
    assert [one["kind"] for one in broke["errors"]] == ["ValueError", "KeyError"]
    assert (broke["errors"][0].get("message") == SECRET) is told
    assert (waits["event"], waits["level"]) == ("it waits: ValueError", "warning")


def test_text_is_for_people(
    restored: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    log_to_stderr("info")
    log_request(Seen("r1", "GET", "/v1/me", 200, 0.00312, "p1", None, [], None, None, []))
    line = capsys.readouterr().err
    assert "/v1/me" in line
    assert not line.startswith("{")
