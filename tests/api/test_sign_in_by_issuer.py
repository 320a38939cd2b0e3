"""Signing in with an organisation's own sign-in: a real provider shows who they are, and nothing else is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from werkzeug.test import TestResponse

from ledger.credentials import NewCredential
from ledger.settings import Settings
from tests.api.browser import PASSWORD, Browser, errors_in
from tests.api.calls import Town
from tests.api.provider import Provider, issuer

TENANT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
MFA = {"tid": TENANT, "amr": ["pwd", "mfa"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with issuer() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, provider: Provider, tmp_path: Path) -> Settings:
    """Harbour Trust's own sign-in, of which one tenant is ours; and another one that says nothing of factors."""
    (tmp_path / "secret").write_text("between us\n")
    harbour = {
        "name": "harbour", "label": "Harbour Trust", "issuer": provider.url, "client_id": "pledger",
        "client_secret_file": "secret", "tenant": {"claim": "tid", "value": TENANT},
        "second_factor": {"amr": ["mfa"]},
    }  # fmt: skip
    (tmp_path / "issuers.json").write_text(json.dumps([harbour]))
    return replace(settings, oidc_file=tmp_path / "issuers.json")


@pytest.fixture
def browser(town: Town) -> Browser:
    town.school("Northfield")
    return Browser(town.http)


def invited(town: Town) -> str:
    """The token of a member's invitation."""
    admin = town.ledger.credentials.authenticate(town.keys["admin"])
    new = NewCredential(name="Ann", role="member", organisations=(town.ids["Northfield"],))
    return town.ledger.people.invite(admin, new)[1]


def through(browser: Browser, provider: Provider, path: str, subject: str) -> TestResponse:
    """To the provider, in as somebody, and back."""
    sent = browser.open(path)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return back(browser, provider.shows(subject, sent.location))


def back(browser: Browser, address: str) -> TestResponse:
    parts = urlsplit(address)
    return browser.open(f"{parts.path}?{parts.query}")


def taken_up(town: Town, browser: Browser, provider: Provider, subject: str) -> None:
    answer = through(browser, provider, f"/join/{invited(town)}/with/harbour", subject)
    assert (answer.status_code, answer.location) == (303, "/account"), answer.get_data(as_text=True)


def refusal(answer: TestResponse) -> tuple[int, bool]:
    """The status, and whether the browser was let in nowhere."""
    return answer.status_code, "/account" not in (answer.location or "")


def test_an_invitation_is_taken_up_and_signed_in_with(town: Town, browser: Browser, provider: Provider) -> None:
    provider.says("ann-1", **MFA)
    taken_up(town, browser, provider, "ann-1")
    assert browser.open("/v1/me").get_json()["voices"] == [town.ids["Northfield"]]
    other = Browser(town.http)
    answer = through(other, provider, "/sign-in/with/harbour?next=/v1/me", "ann-1")
    assert (answer.status_code, answer.location) == (303, "/v1/me")
    assert other.open("/v1/me").get_json() == browser.open("/v1/me").get_json()


def test_what_is_asked_of_the_issuer(browser: Browser, provider: Provider) -> None:
    sent = urlsplit(browser.open("/sign-in/with/harbour").location)
    asked = {name: value[0] for name, value in parse_qs(sent.query).items()}
    assert f"http://{sent.netloc}" == provider.url
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid", "pledger")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == ("http://localhost/sign-in/back", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    again = parse_qs(urlsplit(browser.open("/sign-in/with/harbour?again=yes").location).query)
    assert (again["prompt"], again["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    "claims",
    [
        MFA | {"nonce": "another"},
        MFA | {"aud": "somebody-else"},
        MFA | {"aud": ["pledger", "somebody-else"]},
        MFA | {"iss": "https://other.example"},
        MFA | {"tid": "another"},
        {"amr": ["mfa"]},
        MFA | {"exp": 1_700_000_000},
        MFA | {"iat": 4_000_000_000},
    ],
    ids=["nonce", "audience", "audiences", "issuer", "tenant", "no tenant", "expired", "not yet"],
)
def test_a_token_that_is_not_for_us_lets_nobody_in(
    town: Town, browser: Browser, provider: Provider, claims: dict[str, object]
) -> None:
    provider.says("bea-1", **MFA)
    taken_up(town, browser, provider, "bea-1")
    provider.says("bea-1", **claims)
    other = Browser(town.http)
    assert refusal(through(other, provider, "/sign-in/with/harbour", "bea-1")) == (401, True)
    assert other.open("/v1/me").status_code == 401


def test_an_issuer_that_asked_for_no_second_factor_leads_to_ours(
    town: Town, browser: Browser, provider: Provider
) -> None:
    provider.says("cyd-1", tid=TENANT, amr=["pwd"])
    answer = through(browser, provider, f"/join/{invited(town)}/with/harbour", "cyd-1")
    assert answer.location == "/join/second-factor"
    assert browser.open("/v1/me").status_code == 401
    page = browser.open("/join/second-factor").get_data(as_text=True)
    app = pyotp.TOTP(page.partition("<code>")[2].partition("</code>")[0].replace(" ", ""))
    assert browser.send("/join/second-factor", code=app.at(town.ledger.clock.now())).status_code == 200
    other = Browser(town.http)
    answer = through(other, provider, "/sign-in/with/harbour", "cyd-1")
    assert answer.location == "/sign-in/second-factor"
    assert other.open("/v1/me").status_code == 401
    answer = other.send("/sign-in/second-factor", code=app.at(town.ledger.clock.now()))
    assert errors_in(answer) == ["code"]  # it was used to join
    later = int(town.ledger.clock.now().timestamp()) + 30
    assert other.send("/sign-in/second-factor", code=app.at(later)).status_code == 303


def test_an_issuer_that_stops_asking_for_a_factor_lets_nobody_in(
    town: Town, browser: Browser, provider: Provider
) -> None:
    provider.says("dee-1", **MFA)
    taken_up(town, browser, provider, "dee-1")
    provider.says("dee-1", tid=TENANT)
    other = Browser(town.http)
    assert refusal(through(other, provider, "/sign-in/with/harbour", "dee-1")) == (403, True)


def test_an_e_mail_address_makes_nobody_an_account(town: Town, browser: Browser, provider: Provider) -> None:
    people = town.ledger.people
    app = pyotp.TOTP(people.new_secret())
    entry = people.entry("ann@northfield.example", PASSWORD)
    people.join(invited(town), entry, app.secret, app.at(town.ledger.clock.now()))
    for number, verified in enumerate((False, True)):
        subject = f"mallory-{number}"
        provider.says(subject, **MFA, email="ann@northfield.example", email_verified=verified)
        assert refusal(through(browser, provider, "/sign-in/with/harbour", subject)) == (403, True)
    assert browser.open("/v1/me").status_code == 401


def test_a_subject_has_one_account(town: Town, browser: Browser, provider: Provider) -> None:
    provider.says("eve-1", **MFA)
    taken_up(town, browser, provider, "eve-1")
    answer = through(Browser(town.http), provider, f"/join/{invited(town)}/with/harbour", "eve-1")
    assert answer.status_code == 422


def test_a_sign_in_belongs_to_the_browser_that_began_it_and_comes_back_once(
    town: Town, browser: Browser, provider: Provider
) -> None:
    provider.says("fay-1", **MFA)
    taken_up(town, browser, provider, "fay-1")
    other = Browser(town.http)
    address = provider.shows("fay-1", other.open("/sign-in/with/harbour").location)
    assert refusal(back(Browser(town.http), address)) == (422, True)
    assert refusal(back(other, address)) == (422, True)  # taken, although in vain
    address = provider.shows("fay-1", other.open("/sign-in/with/harbour").location)
    assert back(other, address).location == "/account"
    assert refusal(back(other, address)) == (422, True)
    assert refusal(other.open("/sign-in/back?code=x&state=y")) == (422, True)


def test_a_code_without_the_word_that_answers_its_challenge_is_worth_nothing(
    town: Town, browser: Browser, provider: Provider
) -> None:
    """The provider gave the code for one browser's challenge; another browser's word does not answer it."""
    provider.says("gil-1", **MFA)
    taken_up(town, browser, provider, "gil-1")
    stolen = provider.shows("gil-1", Browser(town.http).open("/sign-in/with/harbour").location)
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    thief = Browser(town.http)
    state = parse_qs(urlsplit(thief.open("/sign-in/with/harbour").location).query)["state"][0]
    assert refusal(thief.open(f"/sign-in/back?code={code}&state={state}")) == (401, True)


def test_who_turns_back_at_the_issuer_is_told_so(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.open("/sign-in/with/harbour").location).query)["state"][0]
    assert refusal(browser.open(f"/sign-in/back?error=access_denied&state={state}")) == (401, True)


def test_what_was_proved_at_the_issuer_long_ago_is_asked_for_again(
    town: Town, browser: Browser, provider: Provider
) -> None:
    import time

    for minutes, location in ((60, "/sign-in/again?next=%2Faccount%2Fsecond-factor"), (1, None)):
        provider.says("hal-1", **MFA, auth_time=int(time.time()) - 60 * minutes)
        if minutes == 60:
            taken_up(town, browser, provider, "hal-1")
        else:
            through(browser, provider, "/sign-in/with/harbour?again=yes", "hal-1")
        assert browser.open("/account/second-factor").location == location
