"""A session is found by its cookie alone, and ends by itself, by its person and by an admin."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from ledger.access.accounts import Account
from ledger.access.invitations import InvitationOver
from ledger.access.sessions import Session, SignInAgain
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from ledger.domain.fact import LEDGER
from ledger.service import Ledger
from tests.scenario import refused

PASSWORD = "seven green kettles sing"


@pytest.fixture
def admin(ledger: Ledger) -> Account:
    """The first admin, by the link of the enrolment."""
    token = ledger.people.enrolment()
    return ledger.people.join(token, ledger.people.entry("ann", PASSWORD), shown_elsewhere=True).account


def found(ledger: Ledger, token: str) -> Session:
    session = ledger.people.sessions.find(token)
    assert session is not None
    return session


def test_the_database_does_not_hold_the_cookie(ledger: Ledger, admin: Account) -> None:
    token = ledger.people.sessions.begin(admin, "open", "a browser", None)
    with psycopg.connect(ledger.dsn) as connection:
        [(row,)] = connection.execute("SELECT s::text FROM pledger.session s").fetchall()
    assert token not in row
    assert found(ledger, token).account == admin


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (9, True), (10, False)])
def test_ten_minutes_are_fresh(ledger: Ledger, clock: SetClock, admin: Account, minutes: int, fresh: bool) -> None:
    token = ledger.people.sessions.begin(admin, "open", "a browser", clock.now())
    clock.advance(timedelta(minutes=minutes))
    if fresh:
        ledger.people.sessions.require_fresh(found(ledger, token))
    else:
        with refused(SignInAgain):
            ledger.people.sessions.require_fresh(found(ledger, token))


def test_what_nobody_proved_is_never_fresh(ledger: Ledger, admin: Account) -> None:
    token = ledger.people.sessions.begin(admin, "open", "a browser", None)
    with refused(SignInAgain):
        ledger.people.sessions.require_fresh(found(ledger, token))


def test_twenty_sessions_of_one_person_and_no_more(ledger: Ledger, clock: SetClock, admin: Account) -> None:
    tokens = []
    for number in range(22):
        clock.advance(timedelta(seconds=1))
        tokens.append(ledger.people.sessions.begin(admin, "open", f"browser {number}" + "x" * 500, None))
    assert [ledger.people.sessions.find(token) is not None for token in tokens] == [False] * 2 + [True] * 20
    held = ledger.people.sessions.of_account(admin.id)
    assert len(held) == 20
    assert max(len(one.device) for one in held) == 120


def test_what_is_over_is_swept(ledger: Ledger, clock: SetClock, admin: Account) -> None:
    ledger.people.sessions.begin(admin, "open", "a browser", None)
    clock.advance(timedelta(hours=12))
    ledger.people.sessions.begin(admin, "open", "a browser", None)
    with psycopg.connect(ledger.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM pledger.session").fetchone() == (1,)


def test_an_ended_account_is_in_nowhere(ledger: Ledger, admin: Account) -> None:
    token = ledger.people.sessions.begin(admin, "open", "a browser", None)
    _, key = ledger.credentials.issue(LEDGER, NewCredential(name="admin", role="admin"))
    ledger.people.end(ledger.credentials.authenticate(key), admin.id)
    assert ledger.people.sessions.find(token) is None


def test_an_enrolment_link_works_for_an_hour_and_replaces_the_one_before(ledger: Ledger, clock: SetClock) -> None:
    people = ledger.people
    first = people.enrolment()
    second = people.enrolment()
    states = [one.state(clock.now()) for one in people.invitations.every()]
    assert sorted(states) == ["ended", "open"]
    clock.advance(timedelta(minutes=59))
    assert people.invitations.find(second).role == "admin"
    clock.advance(timedelta(minutes=1))
    for token in (first, second):
        with refused(InvitationOver):
            people.invitations.find(token)
