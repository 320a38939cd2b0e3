"""Who can be written to, and what is to be written to them: rows alone. Letters are made and sent by the worker.

Nobody is written to at an address that they, or the admin who invited them, did not give.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

import orjson
import psycopg

from ledger.access.accounts import Account
from ledger.access.factors import SealingBox
from ledger.clock import Clock
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool

ADDRESS_FORM: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])"
)
ASKED_FOR: Final = timedelta(days=1)
"""How long somebody has to show that an address is theirs."""
MOST_ASKED: Final = 5
"""Addresses that one person may ask for within that time: each sends a letter to somebody who may not want it."""
MOST_DEVICES: Final = 50
MAC_BYTES: Final = 16
VERSION: Final = re.compile(r"[0-9][0-9._]*")

PUT: Final = (
    "INSERT INTO pledger.letter (key, kind, principal, event_id, carried, made_at, next_try_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING"
)


class AddressRefused(Refusal):
    """A text is no e-mail address, or a link that shows one to be somebody's is not theirs or has run out."""

    code: ClassVar[str] = "address-refused"
    kind: ClassVar[Kind] = "claim"
    title: ClassVar[str] = "This address cannot be used"


class LettersOff(Refusal):
    """This service sends no letters: no mail server is set."""

    code: ClassVar[str] = "letters-off"
    title: ClassVar[str] = "This service sends no mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How somebody is written to: at `address`, None nowhere; `asked_address` is not shown to be theirs yet."""

    address: str | None = None
    weekly: bool = True
    asked_address: str | None = None


def address_of(given: str) -> str:
    """An address in the form in which it is kept. Raises AddressRefused."""
    found = given.strip()
    if not ADDRESS_FORM.fullmatch(found) or ".." in found:
        raise AddressRefused("An address looks like office@northfield.example.")
    return found


def kind_of_device(agent: str) -> str:
    """What a browser says of itself, without the versions: these change and it stays the same."""
    return VERSION.sub("", agent)[:200]


class Letters:
    """Keeps the addresses, and puts letters down to be sent. Safe for many threads. `on` says whether any are."""

    def __init__(self, pool: RolePool, clock: Clock, key: bytes, *, on: bool) -> None:
        self._pool, self._clock, self.on = pool, clock, on
        self._box = SealingBox(key)
        self._key = hmac.digest(key, b"pledger: letters nobody wants", "sha256")

    def reader(self, principal: str) -> Reader:
        """How somebody is written to."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT address, weekly, CASE WHEN asked_until > %s THEN asked_address END"
                " FROM pledger.letter_reader WHERE principal = %s",
                (self._clock.now(), principal),
            ).fetchone()
        return Reader() if row is None else Reader(address=row[0], weekly=row[1], asked_address=row[2])

    def set_weekly(self, principal: str, weekly: bool) -> None:
        """Whether somebody gets a letter every week; what is told at once is told all the same."""
        self._change(
            "INSERT INTO pledger.letter_reader (principal, weekly) VALUES (%s, %s)"
            " ON CONFLICT (principal) DO UPDATE SET weekly = excluded.weekly",
            principal, weekly,
        )  # fmt: skip

    def ask(self, principal: str, given: str) -> None:
        """Notes an address, and puts down the letter by whose link it is shown to be theirs. Raises AddressRefused,
        LettersOff."""
        self._require_on()
        address, token, now = address_of(given), secrets.token_urlsafe(32), self._clock.now()
        key = f"address:{uuid.uuid4()}"
        with self._pool.connection() as connection:
            self._require_few(connection, principal)
            connection.execute(
                "INSERT INTO pledger.letter_reader (principal, asked_address, asked_hash, asked_until)"
                " VALUES (%s, %s, %s, %s) ON CONFLICT (principal) DO UPDATE SET asked_address = excluded.asked_address,"
                " asked_hash = excluded.asked_hash, asked_until = excluded.asked_until",
                (principal, address, hashlib.sha256(token.encode()).digest(), now + ASKED_FOR),
            )
            self._put(connection, key, "address", principal, {"to": address, "token": token})

    def _require_few(self, connection: psycopg.Connection[Any], principal: str) -> None:
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"letters {principal}",))
        row = connection.execute(
            "SELECT count(*) FROM pledger.letter WHERE kind = 'address' AND principal = %s AND made_at > %s",
            (principal, self._clock.now() - ASKED_FOR),
        ).fetchone()
        if row is not None and row[0] >= MOST_ASKED:
            raise AddressRefused(f"You asked for {MOST_ASKED} addresses within a day. Ask again tomorrow.")

    def prove(self, principal: str, token: str) -> None:
        """From now on somebody is written to at the address they asked for. Raises AddressRefused."""
        digest = hashlib.sha256(token.encode()).digest()
        taken = self._change(
            "UPDATE pledger.letter_reader SET address = asked_address, asked_address = NULL, asked_hash = NULL,"
            " asked_until = NULL WHERE principal = %s AND asked_hash = %s AND asked_until > %s",
            principal, digest, self._clock.now(),
        )  # fmt: skip
        if not taken:
            raise AddressRefused("This link is not for your account, or has run out. Ask for another.")

    def forget(self, principal: str) -> None:
        """Nobody is written to any more."""
        self._change(
            "UPDATE pledger.letter_reader SET address = NULL, asked_address = NULL, asked_hash = NULL,"
            " asked_until = NULL WHERE principal = %s",
            principal,
        )

    def invite(self, principal: str, given: str, invitation_id: str, token: str, expires_at: datetime) -> None:
        """Puts an invitation down, whose link goes to this address, as later letters will. Raises AddressRefused,
        LettersOff."""
        self._require_on()
        address = address_of(given)
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO pledger.letter_reader (principal, address) VALUES (%s, %s)"
                " ON CONFLICT (principal) DO UPDATE SET address = excluded.address",
                (principal, address),
            )
            content = {"to": address, "token": token, "until": expires_at.isoformat()}
            self._put(connection, f"invitation:{invitation_id}", "invitation", principal, content)

    def require_address(self, given: str) -> None:
        """Passes where an invitation could be sent to this address. Raises AddressRefused, LettersOff."""
        self._require_on()
        address_of(given)

    def signed_in(self, account: Account, agent: str) -> None:
        """Notes from which kind of browser somebody signed in; from a new one, but the first, they are told of it."""
        device, now = kind_of_device(agent), self._clock.now()
        digest = hashlib.sha256(f"{account.id} {device}".encode()).digest()
        with self._pool.connection() as connection:
            known = connection.execute(
                "SELECT count(*), bool_or(device_hash = %s) FROM pledger.known_device WHERE account = %s",
                (digest, account.id),
            ).fetchone()
            count, is_known = known or (0, False)
            connection.execute(
                "INSERT INTO pledger.known_device (account, device_hash, seen_at) VALUES (%s, %s, %s)"
                " ON CONFLICT (account, device_hash) DO UPDATE SET seen_at = excluded.seen_at",
                (account.id, digest, now),
            )
            connection.execute(
                "DELETE FROM pledger.known_device WHERE (account, device_hash) IN (SELECT account, device_hash"
                " FROM pledger.known_device WHERE account = %s ORDER BY seen_at DESC OFFSET %s)",
                (account.id, MOST_DEVICES),
            )
            if count and not is_known and self.on:
                content = {"agent": agent[:200], "at": now.isoformat()}
                self._put(connection, f"device:{uuid.uuid4()}", "device", account.principal, content)

    def _put(
        self, connection: psycopg.Connection[Any], key: str, kind: str, principal: str, content: dict[str, str]
    ) -> None:
        now = self._clock.now()
        sealed = self._box.seal(orjson.dumps(content), f"letter {key}")
        connection.execute(PUT, (key, kind, principal, None, sealed, now, now))

    def carried(self, key: str, sealed: bytes | None) -> dict[str, str] | None:
        """What a letter carries; None where it carries nothing that can be read any more."""
        opened = None if sealed is None else self._box.open(bytes(sealed), f"letter {key}")
        found: dict[str, str] | None = None if opened is None else orjson.loads(opened)
        return found

    def off_token(self, principal: str) -> str:
        """The last part of the address by which somebody's weekly letters are ended with one click."""
        own = uuid.UUID(principal).bytes
        return urlsafe_b64encode(own + hmac.digest(self._key, own, "sha256")[:MAC_BYTES]).decode().rstrip("=")

    def principal_of(self, token: str) -> str | None:
        """Whose letters that token ends; None for what nobody was given."""
        try:
            held = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        own, mac = held[:16], held[16:]
        known = hmac.compare_digest(hmac.digest(self._key, own, "sha256")[:MAC_BYTES], mac)
        return str(uuid.UUID(bytes=own)) if known and len(own) == 16 else None

    def _require_on(self) -> None:
        if not self.on:
            raise LettersOff

    def _change(self, query: str, *given: Any) -> int:
        with self._pool.connection() as connection:
            return connection.execute(query.encode(), given).rowcount
