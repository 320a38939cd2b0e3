"""What every answer bears for browsers and caches, who may call from a browser, and which proxies are believed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.app import create_app
from api.forwarded import Forwarded
from ledger.readers import networks
from ledger.service import Ledger
from projections.views import open_read_models
from tests.api.calls import Town, event

PAGES = "https://pages.harbour.example"
OUTSIDE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@contextmanager
def town_with(ledger: Ledger, **changed: Any) -> Iterator[Town]:
    """A service with these settings."""
    ledger.settings = replace(ledger.settings, **changed)
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as read_models:
        yield Town(create_app(ledger, read_models), ledger)


def answers(town: Town) -> dict[str, TestResponse]:
    """One of every kind: shown, made, ended, refused, public, wrong method, nowhere."""
    town.school("Northfield")
    key = town.post("admin", {"name": "x", "role": "admin"}, "/v1/credentials").headers["Location"]
    return {
        "shown": town.get("Northfield", f"/v1/organisations/{town.ids['Northfield']}"),
        "list": town.get("Northfield", "/v1/events"),
        "made": town.post("admin", event("organisation.registered", name="A", kind="school", identifiers=[])),
        "ended": town.http.delete(key, headers=town.as_("admin")),
        "unknown": town.http.get("/v1/me"),
        "forbidden": town.get("Northfield", "/v1/credentials"),
        "absent": town.get("Northfield", f"/v1/events/{OUTSIDE}"),
        "wrong method": town.http.put("/v1/me", headers=town.as_("admin")),
        "nowhere": town.http.get("/nowhere"),
        "malformed": town.post("admin", {}),
        "public": town.http.get("/healthz"),
        "document": town.http.get("/openapi.json"),
        "keys": town.http.get("/oauth/jwks"),
        "token": town.http.post("/oauth/token"),
    }


def test_every_answer_keeps_browsers_from_guessing_framing_and_telling(town: Town) -> None:
    for name, answer in answers(town).items():
        told = {header: answer.headers.getlist(header) for header in (
            "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy",
        )}  # fmt: skip
        assert told == {
            "X-Content-Type-Options": ["nosniff"],
            "X-Frame-Options": ["DENY"],
            "Referrer-Policy": ["no-referrer"],
            "Content-Security-Policy": [
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ],
        }, name
        assert len(answer.headers.getlist("Cache-Control")) == 1, name
        assert "Strict-Transport-Security" not in answer.headers, name
        assert not [header for header in answer.headers if header[0].startswith("Access-Control")], name


def test_nothing_about_people_or_credentials_is_kept_by_a_cache(town: Town) -> None:
    found = {name: answer.headers["Cache-Control"] for name, answer in answers(town).items()}
    public = {name for name, caching in found.items() if caching.startswith("public")}
    assert public == {"document", "keys"}
    assert {found[name] for name in found if name not in public | {"shown"}} == {"no-store"}
    assert found["shown"] in {"no-store", "private, no-cache"}


def test_what_a_cache_may_keep_belongs_to_one_credential(town: Town) -> None:
    for name, answer in answers(town).items():
        if "private" in answer.headers["Cache-Control"]:
            assert "Authorization" in answer.headers["Vary"], name


def test_a_wrong_method_is_told_the_right_ones(town: Town) -> None:
    town.key("admin", "admin")
    answer = town.http.put("/v1/me", headers=town.as_("admin"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_over_https_browsers_come_back_over_https(town: Town) -> None:
    answer = town.http.get("/healthz", base_url="https://ledger.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_listed_page_may_call_and_read_what_it_needs(ledger: Ledger) -> None:
    with town_with(ledger, cors_origins=frozenset({PAGES})) as town:
        asked = {"Origin": PAGES, "Access-Control-Request-Method": "POST"}
        before = town.http.options("/v1/events", headers=asked)
        assert (before.status_code, before.headers["Access-Control-Allow-Origin"]) == (204, PAGES)
        assert "Authorization" in before.headers["Access-Control-Allow-Headers"]
        town.key("admin", "admin")
        answer = town.get("admin", "/v1/me", Origin=PAGES)
        assert answer.headers["Access-Control-Allow-Origin"] == PAGES
        assert "X-Ledger-Position" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
        assert town.http.get("/v1/me", headers={"Origin": PAGES}).headers["Access-Control-Allow-Origin"] == PAGES


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "", f"{PAGES}.elsewhere.example", PAGES.upper(), "*"]
)
def test_no_other_page_may_call(ledger: Ledger, origin: str) -> None:
    with town_with(ledger, cors_origins=frozenset({PAGES})) as town:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        before = town.http.options("/v1/events", headers=asked)
        assert before.status_code == 401
        answer = town.http.get("/healthz", headers={"Origin": origin})
        assert "Origin" in answer.headers["Vary"]
        for one in (before, answer):
            assert not [header for header in one.headers if header[0].startswith("Access-Control")]


def test_nobody_may_call_from_a_browser_unless_it_is_listed(town: Town) -> None:
    asked = {"Origin": PAGES, "Access-Control-Request-Method": "GET"}
    answer = town.http.options("/v1/me", headers=asked)
    assert answer.status_code == 401
    assert "Access-Control-Allow-Origin" not in answer.headers


def seen(proxies: str, remote: str, **headers: str) -> tuple[str, str, str]:
    """The address, scheme and host that an application sees behind these proxies."""
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], _: Any) -> list[bytes]:
        found.update(environ)
        return []

    environ = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http", "HTTP_HOST": "inside:8080"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    Forwarded(application, networks(proxies))(environ, None)
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], found["HTTP_HOST"]


SAID = {"for": "198.51.100.9", "proto": "https", "host": "ledger.example"}


@pytest.mark.parametrize(
    ("proxies", "remote"), [("10.0.0.0/8", "10.1.2.3"), ("10.1.2.3, ::1", "::1"), ("10.0.0.0/8", "::ffff:10.1.2.3")]
)
def test_a_listed_proxy_is_believed(proxies: str, remote: str) -> None:
    assert seen(proxies, remote, **SAID) == ("198.51.100.9", "https", "ledger.example")


@pytest.mark.parametrize("remote", ["11.0.0.1", "198.51.100.9", "", "unix", "2001:db8::1"])
def test_nobody_else_is_believed(remote: str) -> None:
    assert seen("10.0.0.0/8", remote, **SAID) == (remote, "http", "inside:8080")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.5, 198.51.100.9", "198.51.100.9"),  # what a client says of itself stands before what a proxy adds
        ("198.51.100.9, 10.0.0.7", "198.51.100.9"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("198.51.100.9:4711", "198.51.100.9"),
        ("[2001:db8::5]:4711", "2001:db8::5"),
        ("2001:db8::5", "2001:db8::5"),
        ("203.0.113.5, unknown", "10.0.0.1"),
        ("203.0.113.5, unknown, 10.0.0.7", "10.0.0.7"),
        ("", "10.0.0.1"),
        (", ".join(["198.51.100.9"] + ["10.0.0.7"] * 40), "10.0.0.7"),
    ],
)
def test_the_client_is_the_last_address_that_no_proxy_has(said: str, address: str) -> None:
    assert seen("10.0.0.0/8", "10.0.0.1", **{"for": said})[0] == address


@pytest.mark.parametrize(
    ("said", "scheme", "host"),
    [
        ({"proto": "http, https"}, "https", "inside:8080"),
        ({"proto": "gopher"}, "http", "inside:8080"),
        ({"host": "a.example, ledger.example:444"}, "http", "ledger.example:444"),
        ({"host": "ledger.example/evil"}, "http", "inside:8080"),
        ({"host": "a.example\r\nx: y"}, "http", "inside:8080"),
    ],
)
def test_only_a_sound_word_is_believed(said: dict[str, str], scheme: str, host: str) -> None:
    assert seen("10.0.0.0/8", "10.0.0.1", **said)[1:] == (scheme, host)


def test_behind_a_proxy_the_client_is_counted_and_browsers_stay_with_https(ledger: Ledger) -> None:
    with town_with(ledger, trusted_proxies=networks("127.0.0.1"), failures_per_minute=1) as town:
        wrong = {"Authorization": "Bearer wrong", "X-Forwarded-Proto": "https"}
        called = [
            town.http.get("/v1/me", headers=wrong | {"X-Forwarded-For": address})
            for address in ("198.51.100.9", "198.51.100.10", "198.51.100.9")
        ]
        assert [answer.status_code for answer in called] == [401, 401, 429]
        assert "Strict-Transport-Security" in called[0].headers


def test_without_a_listed_proxy_nobody_hides_behind_a_header(ledger: Ledger) -> None:
    with town_with(ledger, failures_per_minute=1) as town:
        wrong = {"Authorization": "Bearer wrong", "X-Forwarded-Proto": "https"}
        called = [
            town.http.get("/v1/me", headers=wrong | {"X-Forwarded-For": address})
            for address in ("198.51.100.9", "198.51.100.10")
        ]
        assert [answer.status_code for answer in called] == [401, 429]
        assert "Strict-Transport-Security" not in called[0].headers
