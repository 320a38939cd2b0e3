"""People signing in: invited by an admin, known by a password and a second factor, or by an OpenID Connect issuer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

import psycopg

from ledger.access import accounts as rows
from ledger.access.accounts import LOGIN_FORM, Account, Accounts, Entry, LoginRefused, login_of
from ledger.access.factors import SealingBox, new_recovery_codes, new_secret, recovery_hash, step_of
from ledger.access.invitations import ENROLMENT, INVITED, RESET, Invitation, InvitationOver, Invitations
from ledger.access.passages import Passages
from ledger.access.passwords import Passwords
from ledger.access.sessions import Sessions
from ledger.access.standing import tell_if_gone
from ledger.access.throttle import Throttle, by_address, by_factor, by_login
from ledger.clock import Clock
from ledger.credentials import Credentials, NewCredential, issued
from ledger.domain.fact import LEDGER, Speaker
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool
from ledger.posted import BatchRefused, Posted
from ledger.posting import Posting
from ledger.settings import Settings
from ledger.voice import require_role
from ledger.whereabouts import NotSetUp

FOR_PEOPLE: Final = frozenset({"member", "coordinator", "auditor", "admin"})


class SignInRefused(Refusal):
    """The login and the password do not belong together; which of them is wrong is not said."""

    code: ClassVar[str] = "sign-in-refused"
    kind: ClassVar[Kind] = "unauthorised"
    title: ClassVar[str] = "The name or the password is not right"


class CodeRefused(Refusal):
    """A code of a second factor, or a recovery code, is not right or was used before."""

    code: ClassVar[str] = "code-refused"
    kind: ClassVar[Kind] = "unauthorised"
    title: ClassVar[str] = "This code is not right, or was used before"


class AwaitsEnrolment(NotSetUp):
    """The ledger is made, and its first admin has not come in yet: open the link that `pledger init` printed."""

    title: ClassVar[str] = "The ledger waits for its first admin to open the link that pledger init printed"


class NotForPeople(Refusal):
    """A machine has keys, and signs in nowhere. Fields: `role`."""

    code: ClassVar[str] = "not-for-people"
    kind: ClassVar[Kind] = "claim"
    title: ClassVar[str] = "A person is invited as member, coordinator, auditor or admin"


@dataclass(frozen=True, slots=True)
class Joined:
    """An account as it was taken up, and its recovery codes, shown this once (none where no codes are asked for)."""

    account: Account
    recovery_codes: list[str]


class People:
    """Invites, takes in and recognises people. Safe for many threads.

    `second_factor` is off in a demonstration only, whose passwords are printed.
    """

    def __init__(
        self,
        pool: RolePool,
        posting: Posting,
        credentials: Credentials,
        clock: Clock,
        ledger_kind: str,
        key: bytes,
        settings: Settings,
    ) -> None:
        self._pool, self._posting, self._credentials, self._clock = pool, posting, credentials, clock
        self._box = SealingBox(key)
        self._passwords = Passwords(settings.leaked_passwords_file)
        self._throttle = Throttle(pool, clock)
        self._enrolled = False
        self.second_factor = ledger_kind != "demo"
        self.accounts = Accounts(pool)
        self.invitations = Invitations(pool, clock)
        self.passages = Passages(pool, clock, self._box)
        self.sessions = Sessions(pool, clock)

    def awaits_enrolment(self) -> bool:
        """Whether the first admin has not come in yet; once they have, that stays so."""
        if not self._enrolled:
            with self._pool.connection() as connection:
                row = connection.execute("SELECT awaits_enrolment FROM pledger.ledger").fetchone()
            self._enrolled = row is not None and not row[0]
        return not self._enrolled

    def require_enrolled(self) -> None:
        """Passes once the first admin has come in. Raises AwaitsEnrolment."""
        if self.awaits_enrolment():
            raise AwaitsEnrolment

    def await_enrolment(self) -> None:
        """Has the service answer nothing but the first admin's link, until that was used."""
        with self._pool.connection() as connection:
            connection.execute("UPDATE pledger.ledger SET awaits_enrolment = true")
        self._enrolled = False

    def enrolment(self) -> str:
        """The token of a link by which the first admin comes in within 60 minutes; earlier ones end."""
        self.invitations.end_by_ledger()
        new = NewCredential(name="first admin", role="admin", principal=str(uuid.uuid4()))
        return self.invitations.make(LEDGER, new, ENROLMENT)[1]

    def invite(self, by: Speaker, new: NewCredential) -> tuple[Invitation, str]:
        """An invitation and the token of its link, shown this once: one use, seven days.

        Raises RoleForbidden, NotForPeople, TooManyInvitations, and what refuses the fact that taking it up records.
        """
        if new.role not in FOR_PEOPLE:
            raise NotForPeople(role=new.role)
        principal = self._credentials.principal_for(new)
        self._check(by, issued(new, principal, str(uuid.uuid4())))
        sent = NewCredential(
            name=new.name, role=new.role, organisations=new.organisations, trust=new.trust,
            whole_ledger=new.whole_ledger, person_id=new.person_id, principal=principal,
        )  # fmt: skip
        made, token = self.invitations.make(by, sent, INVITED)
        return self.invitations.one(made), token

    def _check(self, by: Speaker, posted: Posted) -> None:
        try:
            self._posting.check(by, [posted])
        except BatchRefused as refused:
            raise refused.fields["refusal"] from None

    def reset(self, by: Speaker, account_id: str) -> tuple[Invitation, str]:
        """Takes somebody's password, codes and sessions away; answers a link (one use, 24 hours) for new ones.
        Raises RoleForbidden, NoSuchAccount."""
        require_role("credential.issued", by)
        held = self.accounts.find(account_id)
        if held.ended_at is not None:
            raise rows.NoSuchAccount(id=account_id)
        self.invitations.end_of_principal(held.principal)
        new = NewCredential(
            name=held.name, role=held.role, organisations=held.organisations, trust=held.trust,
            whole_ledger=held.whole_ledger, person_id=held.person_id, principal=held.principal,
        )  # fmt: skip
        made, token = self.invitations.make(by, new, RESET, account=held.id)
        with self._pool.connection() as connection:
            rows.write_entry(connection, held.id, Entry(login=held.login), self._clock.now())
            rows.set_recovery_codes(connection, held.id, [])
        self.sessions.end_all(held.id)
        return self.invitations.one(made), token

    def end(self, by: Speaker, account_id: str) -> None:
        """Ends an account at once; when it was all its principal had to come in with, that is a fact too.
        Raises RoleForbidden, NoSuchAccount."""
        require_role("credential.revoked", by)
        held = self.accounts.find(account_id)
        self.invitations.end_of_principal(held.principal)
        with self._pool.connection() as connection:
            rows.clear_entry(connection, held.id, self._clock.now())
        tell_if_gone(self._pool, self._posting, by, held.principal)

    def entry(self, login: str, password: str, known: tuple[str, ...] = ()) -> Entry:
        """By what somebody is to come in. Raises LoginRefused, PasswordRefused."""
        chosen = login_of(login)
        if not LOGIN_FORM.fullmatch(chosen):
            raise LoginRefused("3 to 64 of a–z, 0–9 and . _ @ + -, beginning with a letter or digit.", why="form")
        return Entry(login=chosen, password_hash=self._passwords.hash(password, (chosen, *known)))

    def new_secret(self) -> str:
        """A secret for an authenticator app."""
        return new_secret()

    def join(
        self, token: str, entry: Entry, secret: str | None = None, code: str = "", *, shown_elsewhere: bool = False
    ) -> Joined:
        """Takes an invitation up, with the secret of the codes and one of them unless a second factor was
        `shown_elsewhere`, or the ledger is a demonstration.

        Raises InvitationOver, CodeRefused, LoginRefused, and what refuses the fact.
        """
        if secret is None and self.second_factor and not shown_elsewhere:
            raise CodeRefused
        invitation = self.invitations.find(token)
        by, now = self.invitations.inviter(invitation), self._clock.now()
        account_id = invitation.account or str(uuid.uuid4())
        recovery = [] if secret is None else new_recovery_codes()
        ready = entry if secret is None else self._with_codes(entry, account_id, secret, code, now)
        self.require_free(entry, invitation.account)
        if invitation.account is None:
            # The same fact, whoever repeats it: an attempt that was interrupted here is finished by the next.
            self._posting.post(by, issued(invitation.allows(), invitation.principal, invitation.id))
        with self._pool.connection() as connection:
            take(connection, invitation, now)
            if invitation.account is None:
                rows.insert_account(connection, account_id, invitation.allows(), invitation.principal, now)
            rows.write_entry(connection, account_id, ready, now)
            rows.set_recovery_codes(connection, account_id, [recovery_hash(account_id, one) for one in recovery])
        return Joined(self.accounts.find(account_id), recovery)

    def require_free(self, entry: Entry, account_id: str | None = None) -> None:
        """Passes where nobody else comes in by this. Raises LoginRefused."""
        found = None if entry.login is None else self.accounts.by_login(entry.login)
        known = self.accounts.by_identity(entry.issuer or "", entry.subject or "") or (found and found[0])
        if known is not None and known.id != account_id:
            raise LoginRefused("Somebody signs in with this already.", why="taken")

    def _with_codes(self, entry: Entry, account_id: str, secret: str, code: str, now: datetime) -> Entry:
        step = step_of(secret, code, now)
        if step is None:
            raise CodeRefused
        return Entry(
            login=entry.login, password_hash=entry.password_hash, issuer=entry.issuer, subject=entry.subject,
            sealed_secret=self._box.seal(secret.encode(), account_id), step=step,
        )  # fmt: skip

    def sign_in(self, login: str, password: str, address: str) -> Account:
        """Who signs in with a password; their second factor comes next. An unknown login takes as long as a known one.
        Raises SignInRefused, TooManyTries."""
        given = login_of(login)[: 2 * 64]
        self._throttle.sweep()
        self._throttle.attempt(by_address(address))
        self._throttle.attempt(by_login(given))
        found = self.accounts.by_login(given)
        if not self._passwords.matches(found[1] if found else None, password) or found is None:
            raise SignInRefused
        self._throttle.succeeded(by_login(given))
        self._throttle.spared(by_address(address))
        return found[0]

    def check_code(self, account: Account, code: str) -> None:
        """Passes for a code of the authenticator app that was not used before. Raises CodeRefused, TooManyTries."""
        self._throttle.attempt(by_factor(account.id))
        sealed = self.accounts.sealed_secret(account.id)
        secret = None if sealed is None else self._box.open(sealed, account.id)
        step = None if secret is None else step_of(secret.decode(), code, self._clock.now())
        if step is None or not self.accounts.take_step(account.id, step):
            raise CodeRefused
        self._throttle.succeeded(by_factor(account.id))

    def check_recovery_code(self, account: Account, code: str) -> None:
        """Passes for a recovery code that was not used before. Raises CodeRefused, TooManyTries."""
        self._throttle.attempt(by_factor(account.id))
        if not self.accounts.take_recovery_code(account.id, recovery_hash(account.id, code), self._clock.now()):
            raise CodeRefused
        self._throttle.succeeded(by_factor(account.id))

    def change_password(self, account: Account, password: str) -> None:
        """Another password; every session ends. Raises PasswordRefused."""
        known = (account.login or "", account.name)
        self.accounts.change_password(account.id, self._passwords.hash(password, known))
        self.sessions.end_all(account.id)

    def change_factor(self, account: Account, secret: str, code: str) -> list[str]:
        """Another authenticator app in place of the one before; answers new recovery codes. Raises CodeRefused."""
        recovery = new_recovery_codes()
        entry = self._with_codes(Entry(), account.id, secret, code, self._clock.now())
        self.accounts.change_codes(account.id, entry, [recovery_hash(account.id, one) for one in recovery])
        return recovery

    def new_recovery_codes(self, account: Account) -> list[str]:
        """Ten other recovery codes; those before end."""
        recovery = new_recovery_codes()
        self.accounts.change_codes(account.id, None, [recovery_hash(account.id, one) for one in recovery])
        return recovery


def take(connection: psycopg.Connection[object], invitation: Invitation, now: datetime) -> None:
    """Marks an invitation as used. Raises InvitationOver when somebody else was quicker."""
    taken = connection.execute(
        "UPDATE pledger.invitation SET used_at = %s WHERE id = %s AND used_at IS NULL AND ended_at IS NULL",
        (now, invitation.id),
    )
    if taken.rowcount != 1:
        raise InvitationOver
    if invitation.role == "admin":
        connection.execute("UPDATE pledger.ledger SET awaits_enrolment = false WHERE awaits_enrolment")
