"""A service without a mail server: it writes to nobody, and says so."""

from __future__ import annotations

from datetime import timedelta

from api.mail.mailing import mailing_of
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from tests.api.browser import Browser, person_with_account, signed_in
from tests.api.calls import Town


def test_nobody_sends_letters(town: Town) -> None:
    assert mailing_of(town.ledger, town.app.extensions["pledger.read_models"]) is None


def test_an_invitation_by_mail_is_refused(town: Town) -> None:
    town.key("admin", "admin")
    answer = town.post("admin", {"name": "Bo", "role": "admin", "address": "bo@x.example"}, "/v1/invitations")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "letters-off")
    assert town.get("admin", "/v1/invitations").get_json()["items"] == []


def test_the_account_has_no_field_for_an_address(town: Town, clock: SetClock) -> None:
    town.key("admin", "admin")
    admin = town.ledger.credentials.authenticate(town.keys["admin"])
    person = person_with_account(town.ledger, admin, NewCredential(name="Bo", role="admin"), "boss")
    clock.advance(timedelta(minutes=1))
    text = signed_in(Browser(town.http), person).open("/account/letters").get_data(as_text=True)
    assert "sends no mail" in text
    assert 'name="address"' not in text
