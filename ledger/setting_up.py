"""Sets a ledger up: database, tables, keys, its first fact and its first admin; what is done already stays as it is."""

from __future__ import annotations

import uuid
from typing import ClassVar, Final, Literal

import psycopg

from ledger.clock import Clock, SystemClock
from ledger.credentials import NewCredential
from ledger.domain.fact import LEDGER
from ledger.errors import Kind, Refusal
from ledger.eventstore.migrations import migrate
from ledger.integrity.note import public_of, verifier_key
from ledger.integrity.vault import make_keys, read_key, write_key
from ledger.posted import Posted
from ledger.service import open_ledger
from ledger.settings import Settings
from ledger.whereabouts import DATABASE, database

ADMIN_FILE: Final = "admin.key"
LedgerKind = Literal["live", "test", "demo"]


class AlreadySetUp(Refusal):
    """This database holds a ledger already. Fields: `origin`."""

    code = "already-set-up"
    kind: ClassVar[Kind] = "rule"
    title = "There is a ledger here already"


def set_up(settings: Settings, *, kind: LedgerKind, clock: Clock | None = None) -> str:
    """Makes a ledger and answers the API key of its first admin, also left in its home (0600). Raises AlreadySetUp.

    A set-up that was interrupted before the key was given is finished by calling again.
    """
    clock = clock or SystemClock()
    dsn, embedded = database(settings)
    try:
        if embedded is not None:
            embedded.database(DATABASE)
        migrate(dsn)
        name_it(dsn, settings, kind, clock)  # before any key: a new one in place of a lost one would hide the loss
        make_keys(settings.keys_dir)
        return first_facts(settings, clock if kind != "live" else None)
    finally:
        if embedded is not None:
            embedded.stop()


def name_it(dsn: str, settings: Settings, kind: LedgerKind, clock: Clock) -> None:
    """The ledger's one row. Raises AlreadySetUp when there is one and an admin has a key."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT l.origin, EXISTS (SELECT FROM pledger.api_key WHERE role = 'admin') FROM pledger.ledger l"
        ).fetchone()
        if row is not None and row[1]:
            raise AlreadySetUp(f"this database holds the ledger {row[0]}", origin=row[0])
        if row is None:
            connection.execute(
                "INSERT INTO pledger.ledger (kind, origin, zone, made_at) VALUES (%s, %s, %s, %s)",
                (kind, settings.origin, settings.zone.key, clock.now()),
            )


def first_facts(settings: Settings, clock: Clock | None) -> str:
    """`log.opened` at position 1, then the first admin. Both may be repeated: the ids make the first one one fact."""
    with open_ledger(settings, clock=clock) as ledger:
        public = public_of(read_key(settings.keys_dir / "checkpoint.key"))
        name = ledger.origin.replace(" ", "-").replace("+", "-")
        opened = {"origin": ledger.origin, "vkey": verifier_key(name, public), "zone": ledger.zone.key}
        ledger.post(LEDGER, Posted(type="log.opened", data=opened, source=ledger.origin, id="log.opened"))
        new = NewCredential(name="first admin", role="admin", principal=str(uuid.uuid4()))
        key = ledger.credentials.issue(LEDGER, new)[1]
    write_key(settings.home / ADMIN_FILE, key.encode())
    return key


def enrol(settings: Settings) -> str:
    """The token of the link by which the first admin comes in, within 60 minutes; the one before ends. Until it is
    used the service answers nothing else. Raises AlreadySetUp when an admin came in before."""
    with open_ledger(settings) as ledger:
        people = ledger.people
        if any(one.role == "admin" for one in people.accounts.every()):
            raise AlreadySetUp(f"an admin of the ledger {ledger.origin} has come in before", origin=ledger.origin)
        people.await_enrolment()
        return people.enrolment()


def is_awaited(settings: Settings) -> bool:
    """Whether the ledger of these settings waits for its first admin."""
    with open_ledger(settings) as ledger:
        return ledger.people.awaits_enrolment()
