"""Principals and their API keys: a key is 256 random bits, kept only as its SHA-256; what it may do is also a fact."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from psycopg.rows import class_row

from ledger.clock import Clock
from ledger.domain.fact import Role, Speaker
from ledger.domain.values import moment
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool
from ledger.posted import Posted, Receipt
from ledger.posting import Posting

PREFIXES: Final = {"live": "pl_live_", "test": "pl_test_", "demo": "pl_demo_"}
FORM: Final = re.compile(r"pl_(live|test|demo)_[A-Za-z0-9_-]{43}")
REMEMBERED_SECONDS: Final = 2.0
USED_EVERY_SECONDS: Final = 60.0


class Unauthorised(Refusal):
    """No credential, or none that is valid now."""

    code = "unauthorised"
    kind: ClassVar[Kind] = "unauthorised"
    title = "A valid credential is needed"


class NoSuchCredential(Refusal):
    """No credential under this id. Fields: `id`."""

    code = "not-found"
    kind: ClassVar[Kind] = "absent"
    title = "There is no such credential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """An API key as it is listed: never the key itself."""

    id: str
    principal: str
    name: str
    role: Role
    organisations: list[str]
    trust: str | None
    whole_ledger: bool
    person_id: str | None
    scopes: list[str]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None

    def speaker(self) -> Speaker:
        return Speaker(
            principal=self.principal,
            role=self.role,
            organisations=frozenset(self.organisations),
            trust=self.trust,
            whole_ledger=self.whole_ledger,
            person_id=self.person_id,
            scopes=frozenset(self.scopes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredential:
    """What a credential is to allow. `principal` is given when somebody known gets a further key."""

    name: str
    role: Role
    organisations: Sequence[str] = ()
    trust: str | None = None
    whole_ledger: bool = False
    person_id: str | None = None
    scopes: Sequence[str] = ()
    expires_at: datetime | None = None
    principal: str | None = None


COLUMNS: Final = (
    "id::text, principal::text, name, role, organisations::text[], trust::text, whole_ledger, person_id::text, scopes,"
    " made_at, expires_at, revoked_at, used_at"
)


class Credentials:
    """Issues, lists, revokes and recognises API keys."""

    def __init__(self, pool: RolePool, posting: Posting, clock: Clock, ledger_kind: str) -> None:
        self._pool = pool
        self._posting = posting
        self._clock = clock
        self._prefix = PREFIXES[ledger_kind]
        self._lock = threading.Lock()
        self._remembered: dict[bytes, tuple[float, Credential]] = {}
        self._used: dict[str, float] = {}

    def issue(self, by: Speaker, new: NewCredential) -> tuple[Credential, str]:
        """The credential and its key, shown this once. Raises a Refusal when `by` may not, or it is unsound."""
        principal = new.principal or self._principal_of(new.person_id) or str(uuid.uuid4())
        data: dict[str, Any] = {"principal": principal, "role": new.role}
        given = {
            "organisations": list(new.organisations) or None,
            "trust": new.trust,
            "ledger": new.whole_ledger or None,
            "person_id": new.person_id,
            "scopes": list(new.scopes) or None,
            "expires_at": None if new.expires_at is None else moment(new.expires_at),
        }
        data |= {name: value for name, value in given.items() if value is not None}
        self._posting.post(by, Posted(type="credential.issued", data=data, id=str(uuid.uuid4())))
        key = self._prefix + secrets.token_urlsafe(32)
        return self._insert(new, principal, key), key

    def _principal_of(self, person_id: str | None) -> str | None:
        """The principal that a person is already: one person is one principal, whichever key they use."""
        found = self._select("WHERE person_id::text = %s ORDER BY made_at LIMIT 1", person_id) if person_id else []
        return found[0].principal if found else None

    def _insert(self, new: NewCredential, principal: str, key: str) -> Credential:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Credential)) as cursor:
            made: Credential | None = cursor.execute(
                "INSERT INTO pledger.api_key (id, principal, name, key_hash, role, organisations, trust, whole_ledger,"
                " person_id, scopes, made_at, expires_at)"
                f" VALUES (%s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s, %s) RETURNING {COLUMNS}",
                (
                    str(uuid.uuid4()), principal, new.name, hash_of(key), new.role, list(new.organisations), new.trust,
                    new.whole_ledger, new.person_id, list(new.scopes), self._clock.now(), new.expires_at,
                ),
            ).fetchone()  # fmt: skip
        if made is None:
            raise NoSuchCredential("the database gave no row back", id=principal)
        return made

    def authenticate(self, key: str) -> Speaker:
        """Who speaks with this key. Raises Unauthorised: unknown, revoked and expired are told apart in nothing."""
        if not FORM.fullmatch(key) or not key.startswith(self._prefix):
            raise Unauthorised
        key_hash = hash_of(key)
        credential = self._recall(key_hash) or self._look_up(key_hash)
        now = self._clock.now()
        if credential is None or credential.revoked_at or (credential.expires_at and credential.expires_at <= now):
            raise Unauthorised
        self._note_use(credential.id)
        return credential.speaker()

    def _recall(self, key_hash: bytes) -> Credential | None:
        with self._lock:
            held = self._remembered.get(key_hash)
        return held[1] if held is not None and held[0] > time.monotonic() else None

    def _look_up(self, key_hash: bytes) -> Credential | None:
        found = self._select("WHERE key_hash = %s", key_hash)
        if not found:
            return None
        with self._lock:
            if len(self._remembered) > 10_000:
                self._remembered.clear()
            self._remembered[key_hash] = (time.monotonic() + REMEMBERED_SECONDS, found[0])
        return found[0]

    def _note_use(self, credential_id: str) -> None:
        """Last use, written at most once a minute and never in the way of a request."""
        now = time.monotonic()
        with self._lock:
            if now - self._used.get(credential_id, -USED_EVERY_SECONDS) < USED_EVERY_SECONDS:
                return
            self._used[credential_id] = now
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.api_key SET used_at = %s WHERE id = %s", (self._clock.now(), credential_id)
            )

    def revoke(self, by: Speaker, credential_id: str) -> Receipt | None:
        """Ends a key at once; when it was its principal's last, that is a fact too. Raises NoSuchCredential."""
        found = self._select("WHERE id::text = %s", credential_id)
        if not found:
            raise NoSuchCredential(id=credential_id)
        principal = found[0].principal
        others = self._select("WHERE principal = %s AND revoked_at IS NULL", principal)
        receipt = None
        if not found[0].revoked_at and len(others) == 1:
            said = Posted(type="credential.revoked", data={"principal": principal}, id=str(uuid.uuid4()))
            receipt = self._posting.post(by, said)
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.api_key SET revoked_at = coalesce(revoked_at, %s) WHERE id = %s",
                (self._clock.now(), credential_id),
            )
        with self._lock:
            self._remembered.clear()
        return receipt

    def _select(self, where: str, *parameters: Any) -> list[Credential]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Credential)) as cursor:
            query = f"SELECT {COLUMNS} FROM pledger.api_key {where}"
            found: list[Credential] = cursor.execute(query.encode(), parameters).fetchall()
        return found

    def list(self) -> list[Credential]:
        """All credentials, oldest first."""
        return self._select("ORDER BY made_at, id")


def hash_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
