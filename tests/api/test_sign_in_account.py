"""Taking up an invitation by its pages, an account's own pages, and what is done only by who has just signed in."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pyotp
import pytest

from api.resources.account import browser_in_words
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from tests.api.browser import ORIGIN, PASSWORD, Browser, Person, errors_in, person_with_account, signed_in, token_in
from tests.api.calls import Town

OTHER = "nine purple lanterns hum"


@pytest.fixture
def browser(town: Town) -> Browser:
    town.school("Northfield")
    return Browser(town.http)


@pytest.fixture
def boss(town: Town, browser: Browser, clock: SetClock) -> Person:
    """An admin who has an account, signed in nowhere yet."""
    admin = town.ledger.credentials.authenticate(town.keys["admin"])
    person = person_with_account(town.ledger, admin, NewCredential(name="Bo", role="admin"), "boss")
    clock.advance(timedelta(minutes=1))
    return person


def join_address(town: Town) -> str:
    answer = town.post(
        "admin", {"name": "Ann", "role": "member", "organisations": [town.ids["Northfield"]]}, "/v1/invitations"
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["link"]).removeprefix("http://localhost")


def app_on(text: str) -> pyotp.TOTP:
    """The authenticator app of who typed the secret of a page."""
    return pyotp.TOTP(re.findall(r"<code>([A-Z2-7 ]+)</code>", text)[0].replace(" ", ""))


def joined(town: Town, browser: Browser, login: str = "ann") -> tuple[pyotp.TOTP, list[str]]:
    """Takes an invitation up page by page; the app, and the recovery codes that were shown."""
    path = join_address(town)
    answer = browser.send(path, login=login, password=PASSWORD, again=PASSWORD)
    assert answer.location == "/join/second-factor", answer.get_data(as_text=True)
    app = app_on(browser.open("/join/second-factor").get_data(as_text=True))
    answer = browser.send("/join/second-factor", code=app.at(town.ledger.clock.now()))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return app, re.findall(r"<code>([A-Z2-7-]{29})</code>", answer.get_data(as_text=True))


def test_an_invitation_is_taken_up_page_by_page(town: Town, browser: Browser) -> None:
    path = join_address(town)
    assert "school user for Northfield" in browser.open(path).get_data(as_text=True)
    assert browser.send(path, login="ann", password=PASSWORD, again=PASSWORD).location == "/join/second-factor"
    page = browser.open("/join/second-factor").get_data(as_text=True)
    app = app_on(page)
    assert "<svg" in page
    assert f"secret={app.secret}" in html.unescape(page)
    wrong = browser.send("/join/second-factor", code="000000")
    assert (wrong.status_code, errors_in(wrong)) == (422, ["code"])
    assert browser.open("/v1/me").status_code == 401
    done = browser.send("/join/second-factor", code=app.at(town.ledger.clock.now()))
    codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", done.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert browser.open("/v1/me").get_json()["voices"] == [town.ids["Northfield"]]
    assert browser.open(path).status_code == 404  # the link was for one
    assert browser.open("/join/second-factor").status_code == 422  # and the codes are shown once


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"login": "a b", "password": PASSWORD, "again": PASSWORD}, ["login"]),
        ({"login": "boss", "password": PASSWORD, "again": PASSWORD}, ["login"]),
        ({"login": "ann", "password": PASSWORD, "again": OTHER}, ["again"]),
        ({"login": "ann", "password": "password1234", "again": "password1234"}, ["password"]),
        ({}, ["login"]),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    town: Town, browser: Browser, boss: Person, typed: dict[str, str], wrong: list[str]
) -> None:
    path = join_address(town)
    answer = browser.send(path, **typed)
    assert (answer.status_code, errors_in(answer)) == (422, wrong)
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert browser.open(path).status_code == 200


def test_a_link_that_nobody_made_opens_nothing(browser: Browser) -> None:
    assert browser.open("/join/" + "A" * 43).status_code == 404


def test_until_the_first_admin_has_come_in_nothing_else_is_answered(town: Town, browser: Browser) -> None:
    token = town.ledger.people.enrolment()
    town.ledger.people.await_enrolment()
    for path in ("/v1/me", "/v1/events", "/openapi.json", "/sign-in", "/account", "/v1/problems"):
        answer = browser.open(path, headers=town.as_("admin"))
        assert answer.status_code == 503, path
        if path.startswith("/v1"):
            assert answer.get_json()["code"] == "not-set-up"
    assert browser.open("/healthz").status_code == 200
    assert browser.open("/readyz").get_json()["status"] in ("ready", "not ready")
    path = f"/join/{token}"
    assert browser.send(path, login="boss", password=PASSWORD, again=PASSWORD).status_code == 303
    app = app_on(browser.open("/join/second-factor").get_data(as_text=True))
    assert browser.send("/join/second-factor", code=app.at(town.ledger.clock.now())).status_code == 200
    assert browser.open("/v1/me").get_json()["role"] == "admin"
    assert browser.open("/openapi.json").status_code == 200


def test_what_an_invitation_says_over_http(town: Town, browser: Browser, clock: SetClock) -> None:
    path = join_address(town)
    [listed] = town.get("admin", "/v1/invitations").get_json()["items"]
    assert (listed["state"], listed["name"], listed["role"]) == ("open", "Ann", "member")
    assert path.removeprefix("/join/") not in town.get("admin", "/v1/invitations").get_data(as_text=True)
    first = town.get("admin", "/v1/invitations?limit=1").get_json()
    clock.advance(timedelta(minutes=1))
    join_address(town)
    rest = town.get("admin", f"/v1/invitations?cursor={first['next']}").get_json()
    assert (first["items"], len(rest["items"]), rest["has_more"]) == ([listed], 1, False)
    one = f"/v1/invitations/{listed['id']}"
    assert town.get("admin", one).get_json() == listed
    assert town.http.delete(one, headers=town.as_("admin")).status_code == 204
    assert town.get("admin", one).get_json()["state"] == "ended"
    assert browser.open(path).status_code == 404
    assert town.get("Northfield", "/v1/invitations").status_code == 403
    assert town.post("Northfield", {"name": "x", "role": "admin"}, "/v1/invitations").status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "x", "role": "client"}, "/role"),
        ({"name": "x", "role": "member"}, "/organisations"),
        ({"role": "admin"}, "/name"),
        ({"name": "x", "role": "admin", "scopes": []}, "/scopes"),
    ],
)
def test_an_unsound_invitation_is_refused_by_member(
    town: Town, browser: Browser, body: dict[str, object], pointer: str
) -> None:
    answer = town.post("admin", body, "/v1/invitations")
    assert (answer.status_code, [one["pointer"] for one in answer.get_json()["errors"]]) == (422, [pointer])


def test_keys_and_invitations_are_for_who_has_just_signed_in(
    town: Town, browser: Browser, boss: Person, clock: SetClock
) -> None:
    signed_in(browser, boss)
    word = {"X-CSRF-Token": token_in(browser.open("/account")), "Origin": ORIGIN}
    asked = {"name": "further", "role": "admin"}
    for path in ("/v1/credentials", "/v1/invitations"):
        assert browser.http.post(path, json=asked, headers=word).status_code == 201
    clock.advance(timedelta(minutes=10))
    for path in ("/v1/credentials", "/v1/invitations"):
        answer = browser.http.post(path, json=asked, headers=word)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "sign-in-again")
        assert browser.open(path).status_code == 200  # looking is not changing
    before = browser.cookie()
    answer = browser.send("/sign-in/again", password=PASSWORD, code=boss.code(), next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert browser.cookie() != before
    word["X-CSRF-Token"] = token_in(browser.open("/account"))
    assert browser.http.post("/v1/credentials", json=asked, headers=word).status_code == 201


def test_signing_in_again_asks_for_both(town: Town, browser: Browser, boss: Person, clock: SetClock) -> None:
    signed_in(browser, boss)
    clock.advance(timedelta(minutes=11))
    for typed in ({"password": PASSWORD, "code": "000000"}, {"password": "wrong", "code": boss.code()}):
        assert browser.send("/sign-in/again", **typed).status_code == 422
    assert browser.open("/account/password").location == "/sign-in/again?next=%2Faccount%2Fpassword"


def test_another_password_signs_out_everywhere_else(
    town: Town, browser: Browser, boss: Person, clock: SetClock
) -> None:
    signed_in(browser, boss)
    other = Browser(town.http)
    clock.advance(timedelta(minutes=1))
    signed_in(other, boss)
    assert other.send("/account/password", password="password1234", again="password1234").status_code == 422
    assert other.send("/account/password", password=OTHER, again=OTHER).location == "/account"
    assert other.open("/account").status_code == 200
    assert browser.open("/v1/me").status_code == 401
    assert browser.send("/sign-in", login="boss", password=PASSWORD).status_code == 422
    assert browser.send("/sign-in", login="boss", password=OTHER).status_code == 303


def test_another_app_takes_the_place_of_the_one_before(
    town: Town, browser: Browser, boss: Person, clock: SetClock
) -> None:
    signed_in(browser, boss)
    app = app_on(browser.open("/account/second-factor").get_data(as_text=True))
    assert app.secret != boss.app.secret
    answer = browser.send("/account/second-factor", code=app.at(clock.now()))
    codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", answer.get_data(as_text=True))
    assert len(codes) == 10
    clock.advance(timedelta(minutes=1))
    other = Browser(town.http)
    other.send("/sign-in", login="boss", password=PASSWORD)
    assert other.send("/sign-in/second-factor", code=boss.code()).status_code == 422
    assert other.send("/sign-in/recovery-code", code=boss.joined.recovery_codes[0]).status_code == 422
    assert other.send("/sign-in/second-factor", code=app.at(clock.now())).status_code == 303


def test_new_recovery_codes_end_those_before(town: Town, browser: Browser) -> None:
    _, before = joined(town, browser)
    answer = browser.send("/account/recovery-codes", "/account")
    after = re.findall(r"<code>([A-Z2-7-]{29})</code>", answer.get_data(as_text=True))
    other = Browser(town.http)
    other.send("/sign-in", login="ann", password=PASSWORD)
    assert other.send("/sign-in/recovery-code", code=before[0]).status_code == 422
    assert other.send("/sign-in/recovery-code", code=after[0]).status_code == 303
    assert "9 of your recovery codes" in other.open("/account").get_data(as_text=True)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
         "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("unknown", "Another browser"),
    ],
)  # fmt: skip
def test_a_browser_is_told_as_people_know_it(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words
