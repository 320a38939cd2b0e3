"""People come in by an invitation, with a password and a second factor; what is used once is used once."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pyotp
import pytest

from ledger.access.accounts import LoginRefused, NoSuchAccount
from ledger.access.invitations import InvitationOver
from ledger.access.people import CodeRefused, Joined, NotForPeople, SignInRefused
from ledger.access.throttle import TooManyTries
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.errors import ClaimMalformed
from ledger.service import Ledger
from tests.scenario import refused
from tests.story import Village

PASSWORD = "seven green kettles sing"
HOME = "192.0.2.7"


@pytest.fixture
def village(ledger: Ledger) -> Village:
    """Northfield, and an admin whose key is in force."""
    village = Village(ledger)
    village.school("Northfield")
    _, key = ledger.credentials.issue(village.admin, NewCredential(name="admin", role="admin"))
    village.admin = ledger.credentials.authenticate(key)
    return village


def a_member(village: Village, **more: object) -> NewCredential:
    given = {"name": "Ann", "role": "member", "organisations": (village.ids["Northfield"],)}
    return NewCredential(**given | more)  # type: ignore[arg-type]  # literal values for a dataclass


def joined(village: Village, login: str = "ann", **more: object) -> tuple[Joined, pyotp.TOTP]:
    """Somebody who was invited and has taken that up, and their authenticator app."""
    people = village.ledger.people
    _, token = people.invite(village.admin, a_member(village, **more))
    app = pyotp.TOTP(people.new_secret())
    return people.join(token, people.entry(login, PASSWORD), app.secret, code(village, app)), app


def code(village: Village, app: pyotp.TOTP) -> str:
    return app.at(int(village.ledger.clock.now().timestamp()))


def test_who_was_invited_signs_in_and_speaks_for_their_school(village: Village) -> None:
    people = village.ledger.people
    taken, _ = joined(village)
    account = people.sign_in(" Ann ", PASSWORD, HOME)
    assert account.id == taken.account.id
    speaker = account.speaker()
    assert (speaker.role, speaker.organisations) == ("member", frozenset({village.ids["Northfield"]}))
    [fact] = village.ledger.stream_events(speaker.principal)
    assert (fact.type, fact.actor) == ("credential.issued", village.admin.principal)


def test_a_person_is_one_principal_by_key_and_by_account(village: Village) -> None:
    head = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    _, key = village.ledger.credentials.issue(village.admin, a_member(village, person_id=head))
    taken, _ = joined(village, person_id=head)
    assert taken.account.speaker() == village.ledger.credentials.authenticate(key)


def test_an_account_gives_its_principal_to_a_later_key(village: Village) -> None:
    head = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    taken, _ = joined(village, person_id=head)
    credential, _ = village.ledger.credentials.issue(village.admin, a_member(village, person_id=head))
    assert credential.principal == taken.account.principal


def test_an_invitation_is_used_once(village: Village) -> None:
    people = village.ledger.people
    _, token = people.invite(village.admin, a_member(village))
    app = pyotp.TOTP(people.new_secret())
    people.join(token, people.entry("ann", PASSWORD), app.secret, code(village, app))
    with pytest.raises(InvitationOver):
        people.join(token, people.entry("bea", PASSWORD), app.secret, code(village, app))


@pytest.mark.parametrize(("days", "open_"), [(6, True), (7, False)])
def test_an_invitation_lasts_seven_days(village: Village, clock: SetClock, days: int, open_: bool) -> None:
    _, token = village.ledger.people.invite(village.admin, a_member(village))
    clock.advance(timedelta(days=days))
    if open_:
        assert village.ledger.people.invitations.find(token).name == "Ann"
    else:
        with pytest.raises(InvitationOver):
            village.ledger.people.invitations.find(token)


def test_an_ended_invitation_is_over(village: Village) -> None:
    invitation, token = village.ledger.people.invite(village.admin, a_member(village))
    village.ledger.people.invitations.end(invitation.id)
    with pytest.raises(InvitationOver):
        village.ledger.people.invitations.find(token)


def test_what_an_ended_admin_invited_to_is_over(village: Village) -> None:
    ledger = village.ledger
    second, key = ledger.credentials.issue(village.admin, NewCredential(name="second", role="admin"))
    _, token = ledger.people.invite(ledger.credentials.authenticate(key), a_member(village))
    ledger.credentials.revoke(village.admin, second.id)
    with pytest.raises(InvitationOver):
        ledger.people.join(token, ledger.people.entry("ann", PASSWORD), "A" * 32, "000000")


def test_only_an_admin_invites_and_only_to_what_is_sound(village: Village) -> None:
    people = village.ledger.people
    with pytest.raises(RoleForbidden):
        people.invite(village.members["Northfield"], a_member(village))
    with pytest.raises(ClaimMalformed):
        people.invite(village.admin, a_member(village, organisations=()))
    with refused(NotForPeople, role="client"):
        people.invite(village.admin, a_member(village, role="client"))
    assert people.invitations.every() == []


def test_two_people_do_not_share_a_login(village: Village) -> None:
    joined(village)
    with refused(LoginRefused, why="taken"):
        joined(village, "ANN")
    [open_] = [one for one in village.ledger.people.invitations.every() if one.used_at is None]
    assert village.ledger.stream_events(open_.principal) == []


def test_a_code_works_once_and_so_does_an_earlier_one(village: Village, clock: SetClock) -> None:
    taken, app = joined(village)
    people = village.ledger.people
    with pytest.raises(CodeRefused):
        people.check_code(taken.account, code(village, app))  # it was used to join
    clock.advance(timedelta(seconds=60))
    before = app.at(int(clock.now().timestamp()) - 30)
    people.check_code(taken.account, code(village, app))
    for again in (code(village, app), before):
        with pytest.raises(CodeRefused):
            people.check_code(taken.account, again)


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(village: Village, clock: SetClock, seconds: int, taken: bool) -> None:
    who, app = joined(village)
    clock.advance(timedelta(minutes=5))
    given = app.at(int(clock.now().timestamp()) + seconds)
    if taken:
        village.ledger.people.check_code(who.account, given)
    else:
        with pytest.raises(CodeRefused):
            village.ledger.people.check_code(who.account, given)


def test_ten_recovery_codes_each_work_once(village: Village) -> None:
    taken, _ = joined(village)
    people, codes = village.ledger.people, taken.recovery_codes
    assert len(set(codes)) == 10
    people.check_recovery_code(taken.account, codes[3].lower().replace("-", " "))
    with pytest.raises(CodeRefused):
        people.check_recovery_code(taken.account, codes[3])
    assert people.accounts.codes_left(taken.account.id) == 9
    new = people.new_recovery_codes(taken.account)
    with pytest.raises(CodeRefused):
        people.check_recovery_code(taken.account, codes[4])
    people.check_recovery_code(taken.account, new[0])


def test_the_database_holds_no_secret_in_clear(village: Village) -> None:
    taken, app = joined(village)
    with psycopg.connect(village.ledger.dsn) as connection:
        rows = connection.execute(
            "SELECT a::text FROM pledger.account a UNION ALL SELECT r::text FROM pledger.recovery_code r"
            " UNION ALL SELECT i::text FROM pledger.invitation i"
        ).fetchall()
    held = " ".join(row[0] for row in rows)
    for secret in (PASSWORD, app.secret, app.secret.encode().hex(), taken.recovery_codes[0].replace("-", "")):
        assert secret not in held
    assert "$argon2id$" in held


def test_a_live_password_sign_in_cannot_leave_the_second_factor_out(village: Village) -> None:
    people = village.ledger.people
    _, token = people.invite(village.admin, a_member(village))
    with pytest.raises(CodeRefused):
        people.join(token, people.entry("ann", PASSWORD))


def test_many_tries_wait_longer_and_longer_and_nobody_is_shut_out(village: Village, clock: SetClock) -> None:
    people = village.ledger.people
    joined(village)
    for login in ("ann", "nobody"):  # there is such an account, there is none: told apart in nothing
        for _ in range(5):
            with pytest.raises(SignInRefused):
                people.sign_in(login, "not the password", HOME)
        with refused(TooManyTries, retry_after_seconds=1):
            people.sign_in(login, "not the password", HOME)
    with pytest.raises(TooManyTries):
        people.sign_in("ann", PASSWORD, HOME)
    clock.advance(timedelta(seconds=1))
    assert people.sign_in("ann", PASSWORD, HOME).login == "ann"
    with pytest.raises(SignInRefused):
        people.sign_in("ann", "not the password", HOME)


def test_an_address_that_tries_many_names_waits_as_well(village: Village) -> None:
    people = village.ledger.people
    for number in range(30):
        with pytest.raises(SignInRefused):
            people.sign_in(f"name-{number}", "not the password", f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooManyTries):
        people.sign_in("another", "not the password", "2001:db8:1:2::ffff")
    with pytest.raises(SignInRefused):
        people.sign_in("another", "not the password", "2001:db8:1:3::1")


def test_an_ended_account_is_a_fact_and_comes_in_no_more(village: Village) -> None:
    taken, _ = joined(village)
    people = village.ledger.people
    people.end(village.admin, taken.account.id)
    with pytest.raises(SignInRefused):
        people.sign_in("ann", PASSWORD, HOME)
    facts = village.ledger.stream_events(taken.account.principal)
    assert [fact.type for fact in facts] == ["credential.issued", "credential.revoked"]
    ended = people.accounts.find(taken.account.id)
    assert (ended.login, ended.name, ended.factor) == (None, "(ended)", False)


def test_a_principal_with_a_key_left_still_speaks(village: Village) -> None:
    head = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    credential, _ = village.ledger.credentials.issue(village.admin, a_member(village, person_id=head))
    taken, _ = joined(village, person_id=head)
    village.ledger.credentials.revoke(village.admin, credential.id)
    types = [fact.type for fact in village.ledger.stream_events(credential.principal)]
    assert types == ["credential.issued", "credential.issued"]
    village.ledger.people.end(village.admin, taken.account.id)
    assert village.ledger.stream_events(credential.principal)[-1].type == "credential.revoked"


def test_a_reset_takes_everything_and_gives_a_link(village: Village) -> None:
    taken, _ = joined(village)
    people = village.ledger.people
    session = people.sessions.begin(taken.account, "open", "a browser", village.ledger.clock.now())
    _, token = people.reset(village.admin, taken.account.id)
    assert people.sessions.find(session) is None
    with pytest.raises(SignInRefused):
        people.sign_in("ann", PASSWORD, HOME)
    app = pyotp.TOTP(people.new_secret())
    again = people.join(token, people.entry("ann", "nine purple lanterns hum"), app.secret, code(village, app))
    assert again.account.id == taken.account.id
    assert len(village.ledger.stream_events(taken.account.principal)) == 1  # what they may do has not changed


def test_who_is_not_there_is_neither_ended_nor_reset(village: Village) -> None:
    nobody = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    for act in (village.ledger.people.end, village.ledger.people.reset):
        with refused(NoSuchAccount, id=nobody):
            act(village.admin, nobody)
        with pytest.raises(RoleForbidden):
            act(Speaker(principal=nobody, role="auditor", whole_ledger=True), nobody)
