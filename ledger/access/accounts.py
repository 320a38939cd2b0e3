"""Accounts of people: by which login or issuer they come in, what they may do. Rows only; who may is asked above."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

import psycopg
from psycopg.rows import class_row

from ledger.credentials import NewCredential
from ledger.domain.fact import Role, Speaker
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool

LOGIN_FORM: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")
ENDED: Final = "(ended)"


class NoSuchAccount(Refusal):
    """No account under this id or login. Fields: `id`."""

    code: ClassVar[str] = "not-found"
    kind: ClassVar[Kind] = "absent"
    title: ClassVar[str] = "There is no such account"


class LoginRefused(Refusal):
    """A login is not of its form, or somebody has it. Fields: `why`, `form` or `taken`."""

    code: ClassVar[str] = "login-refused"
    kind: ClassVar[Kind] = "claim"
    title: ClassVar[str] = "Choose another name to sign in with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who signs in. `login` is None where only an issuer says who they are; `factor` whether codes are set."""

    id: str
    login: str | None
    name: str
    principal: str
    role: Role
    organisations: list[str]
    trust: str | None
    whole_ledger: bool
    person_id: str | None
    factor: bool
    made_at: datetime
    signed_in_at: datetime | None
    ended_at: datetime | None

    def speaker(self) -> Speaker:
        """The same as by an API key of this person."""
        return Speaker(
            principal=self.principal,
            role=self.role,
            organisations=frozenset(self.organisations),
            trust=self.trust,
            whole_ledger=self.whole_ledger,
            person_id=self.person_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """By what somebody is to come in: a login with a password, or an issuer's subject; and the secret of their codes
    (sealed), where they have any."""

    login: str | None = None
    password_hash: str | None = None
    issuer: str | None = None
    subject: str | None = None
    sealed_secret: bytes | None = None
    step: int = 0


COLUMNS: Final = (
    "a.id::text, a.login, a.name, a.principal::text, a.role, a.organisations::text[], a.trust::text, a.whole_ledger,"
    " a.person_id::text, a.totp_sealed IS NOT NULL AS factor, a.made_at, a.signed_in_at, a.ended_at"
)


def login_of(given: str) -> str:
    """A login in the form in which it is kept."""
    return unicodedata.normalize("NFKC", given).strip().lower()


class Accounts:
    """Reads accounts; those that were ended are found by nothing but their id."""

    def __init__(self, pool: RolePool) -> None:
        self._pool = pool

    def find(self, account_id: str) -> Account:
        """One account. Raises NoSuchAccount."""
        found = self._select("WHERE a.id::text = %s", account_id)
        if not found:
            raise NoSuchAccount(id=account_id)
        return found[0]

    def by_login(self, login: str) -> tuple[Account, str | None] | None:
        """The account and the hash of its password."""
        found = self._select("WHERE a.login = %s AND a.ended_at IS NULL", login)
        if not found:
            return None
        return found[0], self._one("SELECT password_hash FROM pledger.account WHERE id = %s", found[0].id)

    def by_identity(self, issuer: str, subject: str) -> Account | None:
        found = self._select(
            "JOIN pledger.account_identity i ON i.account = a.id"
            " WHERE i.issuer = %s AND i.subject = %s AND a.ended_at IS NULL",
            issuer, subject,
        )  # fmt: skip
        return found[0] if found else None

    def every(self) -> list[Account]:
        """Every account, the ended ones too, oldest first."""
        return self._select("ORDER BY a.made_at, a.id")

    def issuers_of(self, account_id: str) -> list[str]:
        """The issuers that know this person."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT issuer FROM pledger.account_identity WHERE account = %s ORDER BY made_at", (account_id,)
            ).fetchall()
        return [str(row[0]) for row in rows]

    def has_password(self, account_id: str) -> bool:
        return self._one("SELECT password_hash IS NOT NULL FROM pledger.account WHERE id = %s", account_id) is True

    def sealed_secret(self, account_id: str) -> bytes | None:
        """The sealed secret of the codes, None where there are none."""
        found = self._one("SELECT totp_sealed FROM pledger.account WHERE id = %s", account_id)
        return None if found is None else bytes(found)

    def codes_left(self, account_id: str) -> int:
        """How many recovery codes were not used."""
        return int(
            self._one("SELECT count(*) FROM pledger.recovery_code WHERE account = %s AND used_at IS NULL", account_id)
        )

    def take_step(self, account_id: str, step: int) -> bool:
        """Takes the code of a step; False when it, or a later one, was taken before."""
        return self._changes(
            "UPDATE pledger.account SET totp_step = %s WHERE id = %s AND totp_step < %s", step, account_id, step
        )

    def take_recovery_code(self, account_id: str, code_hash: bytes, now: datetime) -> bool:
        """Takes a recovery code; False when it is none, or was taken before."""
        return self._changes(
            "UPDATE pledger.recovery_code SET used_at = %s WHERE account = %s AND code_hash = %s AND used_at IS NULL",
            now, account_id, code_hash,
        )  # fmt: skip

    def note_sign_in(self, account_id: str, now: datetime) -> None:
        self._changes("UPDATE pledger.account SET signed_in_at = %s WHERE id = %s", now, account_id)

    def change_password(self, account_id: str, password_hash: str) -> None:
        self._changes("UPDATE pledger.account SET password_hash = %s WHERE id = %s", password_hash, account_id)

    def change_codes(self, account_id: str, entry: Entry | None, recovery: list[bytes]) -> None:
        """Other recovery codes, and with `entry` another secret, in place of those before."""
        with self._pool.connection() as connection:
            if entry is not None:
                connection.execute(
                    "UPDATE pledger.account SET totp_sealed = %s, totp_step = %s WHERE id = %s",
                    (entry.sealed_secret, entry.step, account_id),
                )
            set_recovery_codes(connection, account_id, recovery)

    def _changes(self, query: str, *given: Any) -> bool:
        with self._pool.connection() as connection:
            return connection.execute(query.encode(), given).rowcount == 1

    def _one(self, query: str, account_id: str) -> Any:
        with self._pool.connection() as connection:
            row = connection.execute(query.encode(), (account_id,)).fetchone()
        return None if row is None else row[0]

    def _select(self, where: str, *given: Any) -> list[Account]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Account)) as cursor:
            found: list[Account] = cursor.execute(
                f"SELECT {COLUMNS} FROM pledger.account a {where}".encode(), given
            ).fetchall()
        return found


def set_recovery_codes(connection: psycopg.Connection[Any], account_id: str, hashes: list[bytes]) -> None:
    connection.execute("DELETE FROM pledger.recovery_code WHERE account = %s", (account_id,))
    connection.execute(
        "INSERT INTO pledger.recovery_code (account, code_hash) SELECT %s, unnest(%s::bytea[])", (account_id, hashes)
    )


def write_entry(connection: psycopg.Connection[Any], account_id: str, entry: Entry, now: datetime) -> None:
    """By what an account is entered from now on, in place of what was before. Raises LoginRefused."""
    connection.execute("DELETE FROM pledger.account_identity WHERE account = %s", (account_id,))
    try:
        connection.execute(
            "UPDATE pledger.account SET login = %s, password_hash = %s, totp_sealed = %s, totp_step = %s WHERE id = %s",
            (entry.login, entry.password_hash, entry.sealed_secret, entry.step, account_id),
        )
        if entry.issuer is not None:
            connection.execute(
                "INSERT INTO pledger.account_identity (issuer, subject, account, made_at) VALUES (%s, %s, %s, %s)",
                (entry.issuer, entry.subject, account_id, now),
            )
    except psycopg.errors.UniqueViolation:
        raise LoginRefused("Somebody signs in with this already.", why="taken") from None


def clear_entry(connection: psycopg.Connection[Any], account_id: str, now: datetime) -> None:
    """Ends an account: nothing of how its person came in, or was called, is kept."""
    write_entry(connection, account_id, Entry(), now)
    set_recovery_codes(connection, account_id, [])
    connection.execute("DELETE FROM pledger.session WHERE account = %s", (account_id,))
    connection.execute(
        "UPDATE pledger.account SET ended_at = coalesce(ended_at, %s), name = %s WHERE id = %s",
        (now, ENDED, account_id),
    )


def insert_account(
    connection: psycopg.Connection[Any], account_id: str, new: NewCredential, principal: str, now: datetime
) -> None:
    """A new account that nobody can enter yet."""
    connection.execute(
        "INSERT INTO pledger.account (id, name, principal, role, organisations, trust, whole_ledger, person_id,"
        " made_at) VALUES (%s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s)",
        (
            account_id, new.name, principal, new.role, list(new.organisations), new.trust, new.whole_ledger,
            new.person_id, now,
        ),
    )  # fmt: skip
