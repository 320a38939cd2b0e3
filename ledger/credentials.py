"""Principals and their API keys: a key is 256 random bits, kept only as its SHA-256; what it may do is also a fact."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from psycopg.rows import class_row

from ledger.access.keys import PREFIXES, hash_of, is_key, new_key, replace_key
from ledger.access.remembered import Remembered
from ledger.access.standing import principal_of, tell_if_gone
from ledger.clock import Clock
from ledger.domain.fact import Role, Speaker
from ledger.domain.values import UUID_FORM, moment
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool
from ledger.posted import Posted, Receipt
from ledger.posting import Posting
from ledger.voice import require_role

REMEMBERED_SECONDS: Final = 2.0
"""How long a process may go on without having heard that a credential was ended elsewhere."""
MOST_REMEMBERED: Final = 10_000
USED_EVERY_SECONDS: Final = 60.0
MOST_OVERLAP: Final = timedelta(hours=168)


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


class CredentialEnded(Refusal):
    """A credential that was revoked or has expired gets no other key; issue another. Fields: `id`."""

    code = "credential-ended"
    title = "This credential has ended"


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
    rotated_at: datetime | None
    former_until: datetime | None
    tokens_since: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Neither revoked nor expired at that moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

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
    " made_at, expires_at, revoked_at, used_at, rotated_at, tokens_since,"
    " (SELECT max(ends_at) FROM pledger.former_key WHERE credential = api_key.id) AS former_until"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A credential as it was looked up by one of its keys; `key_ends_at` is set where that key was replaced."""

    credential: Credential
    speaker: Speaker
    key_ends_at: datetime | None


class Credentials:
    """Issues, lists, revokes and recognises API keys."""

    def __init__(self, pool: RolePool, posting: Posting, clock: Clock, ledger_kind: str) -> None:
        self._pool = pool
        self._posting = posting
        self._clock = clock
        self._prefix = PREFIXES[ledger_kind]
        self._lock = threading.Lock()
        self._remembered = Remembered[Known](REMEMBERED_SECONDS, MOST_REMEMBERED)
        self._used: dict[str, float] = {}

    def issue(self, by: Speaker, new: NewCredential) -> tuple[Credential, str]:
        """The credential and its key, shown this once. Raises a Refusal when `by` may not, or it is unsound."""
        principal = self.principal_for(new)
        self._posting.post(by, issued(new, principal, str(uuid.uuid4())))
        key = new_key(self._prefix)
        return self._insert(new, principal, key), key

    def principal_for(self, new: NewCredential) -> str:
        """As whom it is to speak: one person is one principal, whichever key or account they use."""
        known = None if new.person_id is None else principal_of(self._pool, new.person_id)
        return new.principal or known or str(uuid.uuid4())

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
        return self.shown(key).speaker

    def by_key(self, key: str) -> Credential:
        """The credential of a key. Raises Unauthorised."""
        return self.shown(key).credential

    def shown(self, key: str) -> Known:
        """What is known of who shows this key. Raises Unauthorised."""
        if not is_key(key, self._prefix):
            raise Unauthorised
        key_hash = hash_of(key)
        known = self._remembered.get(key_hash, lambda: self._look_up(key_hash))
        now = self._clock.now()
        if known is None or not known.credential.in_force(now) or (known.key_ends_at and known.key_ends_at <= now):
            raise Unauthorised
        self._note_use(known.credential.id)
        return known

    def current(self, credential_id: str) -> Credential:
        """A credential in force, for who showed it before under another form. Raises Unauthorised."""
        if not UUID_FORM.fullmatch(credential_id):
            raise Unauthorised
        known = self._remembered.get(credential_id, lambda: self._look_up_id(credential_id))
        if known is None or not known.credential.in_force(self._clock.now()):
            raise Unauthorised
        self._note_use(credential_id)
        return known.credential

    def _look_up(self, key_hash: bytes) -> Known | None:
        found = self._select("WHERE key_hash = %s", key_hash)
        if found:
            return Known(found[0], found[0].speaker(), None)
        with self._pool.connection() as connection:
            former = connection.execute(
                "SELECT credential::text, ends_at FROM pledger.former_key WHERE key_hash = %s", (key_hash,)
            ).fetchone()
        known = None if former is None else self._look_up_id(former[0])
        return None if former is None or known is None else Known(known.credential, known.speaker, former[1])

    def _look_up_id(self, credential_id: str) -> Known | None:
        found = self._select("WHERE id = %s::uuid", credential_id)
        return Known(found[0], found[0].speaker(), None) if found else None

    def _note_use(self, credential_id: str) -> None:
        """Last use, written at most once a minute and never in the way of a request."""
        now = time.monotonic()
        with self._lock:
            if now - self._used.get(credential_id, -USED_EVERY_SECONDS) < USED_EVERY_SECONDS:
                return
            if len(self._used) >= MOST_REMEMBERED:
                self._used.clear()
            self._used[credential_id] = now
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.api_key SET used_at = %s WHERE id = %s", (self._clock.now(), credential_id)
            )

    def rotate(self, by: Speaker, credential_id: str, overlap: timedelta) -> tuple[Credential, str]:
        """The credential and its new key, shown this once. The key before goes on for `overlap`, at most MOST_OVERLAP;
        with none every earlier key and every access token ends at once. Raises RoleForbidden, NoSuchCredential and
        CredentialEnded."""
        require_role("credential.issued", by)
        held = self.find(credential_id)
        now = self._clock.now()
        if not held.in_force(now):
            raise CredentialEnded(id=credential_id)
        key = new_key(self._prefix)
        with self._pool.connection() as connection:
            replace_key(connection, credential_id, hash_of(key), now, now + min(overlap, MOST_OVERLAP))
        self._remembered.forget()
        return self.find(credential_id), key

    def revoke(self, by: Speaker, credential_id: str) -> Receipt | None:
        """Ends a credential with all its keys at once; when it was its principal's last, that is a fact too.
        Raises RoleForbidden, NoSuchCredential."""
        require_role("credential.revoked", by)
        principal = self.find(credential_id).principal
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.api_key SET revoked_at = coalesce(revoked_at, %s) WHERE id = %s",
                (self._clock.now(), credential_id),
            )
        self._remembered.forget()
        return tell_if_gone(self._pool, self._posting, by, principal)

    def find(self, credential_id: str) -> Credential:
        """One credential. Raises NoSuchCredential."""
        found = self._select("WHERE id::text = %s", credential_id)
        if not found:
            raise NoSuchCredential(id=credential_id)
        return found[0]

    def _select(self, where: str, *parameters: Any) -> list[Credential]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Credential)) as cursor:
            query = f"SELECT {COLUMNS} FROM pledger.api_key {where}"
            found: list[Credential] = cursor.execute(query.encode(), parameters).fetchall()
        return found

    def list(self, after: str = "", limit: int | None = None) -> list[Credential]:
        """Credentials, oldest first: those that follow the one with the id `after`, at most `limit` of them."""
        where = "WHERE (made_at, id) > (SELECT made_at, id FROM pledger.api_key WHERE id::text = %s) " if after else ""
        return self._select(f"{where}ORDER BY made_at, id LIMIT %s", *([after] if after else []), limit)


def issued(new: NewCredential, principal: str, event_id: str) -> Posted:
    """The event that says what a principal may do from now on."""
    given: dict[str, Any] = {
        "organisations": list(new.organisations) or None,
        "trust": new.trust,
        "ledger": new.whole_ledger or None,
        "person_id": new.person_id,
        "scopes": list(new.scopes) or None,
        "expires_at": None if new.expires_at is None else moment(new.expires_at),
    }
    data = {
        "principal": principal,
        "role": new.role,
        **{name: said for name, said in given.items() if said is not None},
    }
    return Posted(type="credential.issued", data=data, id=event_id)
