"""A browser in tests: it keeps cookies, sends forms as a browser does, and reads what a page holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.access.people import Joined
from ledger.credentials import NewCredential
from ledger.service import Ledger

PASSWORD = "seven green kettles sing"
ORIGIN = "http://localhost"


@dataclass
class Browser:
    http: FlaskClient

    def open(self, path: str, **more: Any) -> TestResponse:
        return self.http.get(path, **more)

    def token(self, path: str = "/sign-in") -> str:
        """The word that a form of this browser must hold."""
        return token_in(self.open(path))

    def send(self, path: str, page: str | None = None, /, **typed: str) -> TestResponse:
        """Opens a page (that of the same address), fills its form in and sends it."""
        held = {"csrf_token": self.token(page or path)}
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return self.http.post(path, data=held | typed, headers=headers)

    def cookie(self) -> str | None:
        found = self.http.get_cookie("pledger")
        return None if found is None else found.value


def token_in(answer: TestResponse) -> str:
    found: list[str] = re.findall(r'name="csrf_token" value="([0-9a-f]{64})"', answer.get_data(as_text=True))
    return found[0]


def errors_in(answer: TestResponse) -> list[str]:
    """The fields that a page says are wrong."""
    return re.findall(r'<li><a href="#(\w+)">', answer.get_data(as_text=True))


@dataclass
class Person:
    """Somebody with an account, their authenticator app, and their recovery codes."""

    ledger: Ledger
    login: str
    app: pyotp.TOTP
    joined: Joined

    def code(self) -> str:
        return self.app.at(int(self.ledger.clock.now().timestamp()))


def person_with_account(ledger: Ledger, admin: Any, new: NewCredential, login: str = "ann") -> Person:
    """Invites somebody, who takes it up at once."""
    people = ledger.people
    token = people.invite(admin, new)[1]
    app = pyotp.TOTP(people.new_secret())
    person = Person(ledger, login, app, None)  # type: ignore[arg-type]  # set in the next line
    person.joined = people.join(token, people.entry(login, PASSWORD), app.secret, person.code())
    return person


def signed_in(browser: Browser, person: Person) -> Browser:
    """Signs somebody in, with the next code of their app."""
    assert browser.send("/sign-in", login=person.login, password=PASSWORD).status_code == 303
    assert browser.send("/sign-in/second-factor", code=person.code()).status_code == 303
    return browser
