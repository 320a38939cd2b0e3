"""Signing in by pages: a password, a code that works once, a session that ends by itself, and no form of a stranger."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.page import NAME as PAGES
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from tests.api.browser import PASSWORD, Browser, Person, errors_in, person_with_account, signed_in, token_in
from tests.api.calls import Town, event
from tests.architecture.sources import ROOT


@pytest.fixture
def browser(town: Town) -> Browser:
    return Browser(town.http)


@pytest.fixture
def ann(town: Town, clock: SetClock) -> Person:
    """Ann of Northfield, whose next code is not the one she joined with."""
    town.school("Northfield")
    admin = town.ledger.credentials.authenticate(town.keys["admin"])
    new = NewCredential(name="Ann", role="member", organisations=(town.ids["Northfield"],))
    ann = person_with_account(town.ledger, admin, new)
    clock.advance(timedelta(minutes=1))
    return ann


def test_a_password_and_a_code_let_in(town: Town, browser: Browser, ann: Person) -> None:
    first = browser.send("/sign-in", login="ann", password=PASSWORD)
    assert (first.status_code, first.location) == (303, "/sign-in/second-factor")
    assert browser.open("/v1/me").status_code == 401  # half in is not in
    second = browser.send("/sign-in/second-factor", code=ann.code())
    assert (second.status_code, second.location) == (303, "/account")
    assert "school user for Northfield" in browser.open("/account").get_data(as_text=True)
    me = browser.open("/v1/me").get_json()
    assert (me["principal"], me["role"], me["voices"]) == (
        ann.joined.account.principal,
        "member",
        [town.ids["Northfield"]],
    )


@pytest.mark.parametrize(("login", "password"), [("ann", "not the password"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    browser: Browser, ann: Person, login: str, password: str
) -> None:
    answer = browser.send("/sign-in", login=login, password=password)
    assert (answer.status_code, errors_in(answer)) == (422, ["login"])
    assert browser.open("/v1/me").status_code == 401


def test_a_code_is_not_taken_again(town: Town, browser: Browser, ann: Person) -> None:
    code = ann.code()
    signed_in(browser, ann)
    other = Browser(town.http)
    other.send("/sign-in", login="ann", password=PASSWORD)
    answer = other.send("/sign-in/second-factor", code=code)
    assert (answer.status_code, errors_in(answer)) == (422, ["code"])
    assert other.open("/v1/me").status_code == 401


def test_a_recovery_code_lets_in_once(town: Town, browser: Browser, ann: Person) -> None:
    code = ann.joined.recovery_codes[0]
    for who, status in ((browser, 303), (Browser(town.http), 422)):
        who.send("/sign-in", login="ann", password=PASSWORD)
        assert who.send("/sign-in/recovery-code", code=code).status_code == status
    assert browser.open("/v1/me").status_code == 200


def test_signing_in_gives_another_cookie_each_time_more_is_known(browser: Browser, ann: Person) -> None:
    browser.open("/sign-in")
    visitor = browser.cookie()
    browser.send("/sign-in", login="ann", password=PASSWORD)
    halfway = browser.cookie()
    browser.send("/sign-in/second-factor", code=ann.code())
    assert len({visitor, halfway, browser.cookie()}) == 3


def test_a_cookie_that_somebody_else_chose_is_never_signed_in(town: Town, ann: Person) -> None:
    chosen = "A" * 43
    victim, attacker = Browser(town.http), Browser(town.http)
    for one in (victim, attacker):
        one.http.set_cookie("pledger", chosen)
    signed_in(victim, ann)
    assert victim.cookie() != chosen
    assert attacker.open("/v1/me").status_code == 401


def test_the_cookie_is_for_this_host_and_for_no_script(town: Town) -> None:
    plain = town.http.get("/sign-in").headers["Set-Cookie"]
    assert plain.startswith("pledger=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    for base_url in ("https://ledger.example", "http://ledger.example"):
        safe = town.http.get("/sign-in", base_url=base_url).headers["Set-Cookie"]
        assert safe.startswith("__Host-pledger=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(safe.split("; "))
        assert "Domain" not in safe


def test_half_an_hour_of_nothing_ends_a_session(browser: Browser, ann: Person, clock: SetClock) -> None:
    signed_in(browser, ann)
    for _ in range(3):
        clock.advance(timedelta(minutes=29))
        assert browser.open("/v1/me").status_code == 200
    clock.advance(timedelta(minutes=30))
    assert browser.open("/v1/me").status_code == 401


def test_an_open_stream_keeps_no_session(browser: Browser, ann: Person, clock: SetClock) -> None:
    signed_in(browser, ann)
    clock.advance(timedelta(minutes=29))
    assert browser.http.head("/v1/stream").status_code == 200
    clock.advance(timedelta(minutes=1))
    assert browser.open("/v1/me").status_code == 401


def test_twelve_hours_end_a_session_however_busy(browser: Browser, ann: Person, clock: SetClock) -> None:
    signed_in(browser, ann)
    for _ in range(12 * 3 - 1):
        clock.advance(timedelta(minutes=20))
        assert browser.open("/v1/me").status_code == 200
    clock.advance(timedelta(minutes=20))
    assert browser.open("/v1/me").status_code == 401


def test_who_waits_too_long_for_the_code_begins_again(browser: Browser, ann: Person, clock: SetClock) -> None:
    browser.send("/sign-in", login="ann", password=PASSWORD)
    token = browser.token("/sign-in/second-factor")
    clock.advance(timedelta(minutes=10))
    answer = browser.http.post("/sign-in/second-factor", data={"csrf_token": token, "code": ann.code()})
    assert answer.status_code == 422
    assert browser.open("/v1/me").status_code == 401


def test_signing_out_ends_here_and_everywhere(town: Town, browser: Browser, ann: Person, clock: SetClock) -> None:
    signed_in(browser, ann)
    other = Browser(town.http)
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        signed_in(other, ann)
        assert other.send("/sign-out", "/account").status_code == 303
        assert other.open("/v1/me").status_code == 401
    assert browser.open("/v1/me").status_code == 200
    clock.advance(timedelta(minutes=1))
    signed_in(other, ann)
    assert other.send("/account/sessions/end", "/account").status_code == 303
    assert (browser.open("/v1/me").status_code, other.open("/v1/me").status_code) == (401, 401)


def test_a_form_without_its_word_or_with_a_stranger_s_is_not_believed(town: Town, ann: Person) -> None:
    browser, stranger = Browser(town.http), Browser(town.http)
    typed = {"login": "ann", "password": PASSWORD}
    browser.open("/sign-in")
    for word in ({}, {"csrf_token": ""}, {"csrf_token": stranger.token()}):
        assert browser.http.post("/sign-in", data=typed | word).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_not_believed(browser: Browser, ann: Person, headers: dict[str, str]) -> None:
    typed = {"csrf_token": browser.token(), "login": "ann", "password": PASSWORD}
    assert browser.http.post("/sign-in", data=typed, headers=headers).status_code == 403


def test_a_session_posts_only_with_the_word_of_its_pages(town: Town, browser: Browser, ann: Person) -> None:
    signed_in(browser, ann)
    said = event(
        "practice.shared", organisation_id=town.ids["Northfield"], title="Maths", category="maths", summary="x"
    )
    assert browser.http.post("/v1/events", json=said).get_json()["code"] == "form-foreign"
    word = {"X-CSRF-Token": token_in(browser.open("/account"))}
    assert (
        browser.http.post("/v1/events", json=said, headers=word | {"Origin": "https://evil.example"}).status_code == 403
    )
    answer = browser.http.post("/v1/events", json=said, headers=word)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    fact = town.ledger.fact(answer.get_json()["event_id"])
    assert (fact.actor, fact.voice) == (ann.joined.account.principal, town.ids["Northfield"])


def test_a_key_counts_before_a_cookie(town: Town, browser: Browser, ann: Person) -> None:
    signed_in(browser, ann)
    assert browser.open("/v1/me", headers=town.as_("admin")).get_json()["role"] == "admin"
    assert browser.open("/v1/me", headers={"Authorization": "Bearer nothing"}).status_code == 401


def test_many_tries_are_told_to_wait(browser: Browser, ann: Person) -> None:
    for _ in range(5):
        browser.send("/sign-in", login="ann", password="not the password")
    answer = browser.send("/sign-in", login="ann", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/v1/me", "/v1/me"),
        ("//evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("https://evil.example", "/account"),
        ("/a\r\nSet-Cookie: x", "/account"),
    ],
)
def test_nobody_is_led_elsewhere(browser: Browser, ann: Person, asked: str, led: str) -> None:
    browser.send("/sign-in", login="ann", password=PASSWORD)
    assert browser.send("/sign-in/second-factor", code=ann.code(), next=asked).location == led


def test_who_is_not_signed_in_is_sent_to_do_that_and_brought_back(browser: Browser) -> None:
    answer = browser.open("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Faccount")


def test_every_page_is_told_of(town: Town) -> None:
    told = set(re.findall(r"`(/[^`]*)`", (ROOT / "docs" / "signing-in.md").read_text("utf-8")))
    pages = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in town.app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{PAGES}.")
    }
    assert pages - told == set()
    assert {one for one in told if one.startswith(("/sign-in", "/join", "/account"))} - pages == set()


def test_pages_run_nothing_and_load_only_what_is_ours(browser: Browser, ann: Person) -> None:
    answer = browser.open("/sign-in")
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert not any(one.startswith("script-src") or "unsafe" in one for one in policy)
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert " style=" not in page
    with browser.open("/static/pledger.css") as style:
        assert (style.status_code, style.mimetype) == (200, "text/css")
