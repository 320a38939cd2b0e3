"""Where the ledger of some settings stands, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

import psycopg

from ledger.errors import Kind, Refusal
from ledger.eventstore.append import StoreUnavailable
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.embedded import start as start_embedded
from ledger.eventstore.migrations import require_current
from ledger.settings import Settings

DATABASE: Final = "pledger"


class NotSetUp(Refusal):
    """There is no ledger in this database yet."""

    code = "not-set-up"
    kind: ClassVar[Kind] = "busy"
    title = "The ledger is not set up; run pledger init"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the ledger says of itself; `kind` is live, test or demo."""

    kind: str
    origin: str
    zone: ZoneInfo


def database(settings: Settings) -> tuple[str, Embedded | None]:
    """The connection string, and the embedded database when that is what the settings mean (started or found)."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)  # before anything is made in it: others keep out
    if settings.database_url is not None:
        return settings.database_url, None
    embedded = start_embedded(settings.home / "database")
    return embedded.dsn(DATABASE), embedded


def identity_of(dsn: str) -> Identity:
    """Raises NotSetUp where there is no ledger, StoreUnavailable where there is no database."""
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
            require_current(connection)
            row = connection.execute("SELECT kind, origin, zone FROM pledger.ledger").fetchone()
    except psycopg.OperationalError as error:
        if f'database "{DATABASE}" does not exist' in str(error):
            raise NotSetUp from None
        raise StoreUnavailable(f"the database cannot be reached: {error}") from error
    if row is None:
        raise NotSetUp
    return Identity(row[0], row[1], ZoneInfo(row[2]))
