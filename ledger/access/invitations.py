"""Invitations: a link of 256 random bits by which one person gets an account, once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from psycopg.rows import class_row

from ledger.access.sessions import new_token, token_hash
from ledger.clock import Clock
from ledger.credentials import NewCredential
from ledger.domain.fact import LEDGER, Role, Speaker
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool

ENROLMENT: Final = timedelta(minutes=60)
RESET: Final = timedelta(hours=24)
INVITED: Final = timedelta(days=7)
KEPT: Final = timedelta(days=90)
"""How long an invitation that is over stays in the list."""
MOST_OPEN: Final = 1_000

State = Literal["open", "used", "ended", "expired"]


class NoSuchInvitation(Refusal):
    """No invitation under this id. Fields: `id`."""

    code: ClassVar[str] = "not-found"
    kind: ClassVar[Kind] = "absent"
    title: ClassVar[str] = "There is no such invitation"


class InvitationOver(Refusal):
    """A link that nobody made, or that was used, ended or has run out: told apart in nothing."""

    code: ClassVar[str] = "invitation-over"
    kind: ClassVar[Kind] = "absent"
    title: ClassVar[str] = "This link has been used, or has run out"


class TooManyInvitations(Refusal):
    """A thousand invitations wait to be taken up already: end some. Fields: `most`."""

    code: ClassVar[str] = "too-many-invitations"
    title: ClassVar[str] = "Too many invitations wait to be taken up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What somebody is invited to. `account` is set where somebody known gets a new password and factor."""

    id: str
    made_by: str
    account: str | None
    name: str
    principal: str
    role: Role
    organisations: list[str]
    trust: str | None
    whole_ledger: bool
    person_id: str | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None

    def allows(self) -> NewCredential:
        """What the account will be allowed."""
        return NewCredential(
            name=self.name, role=self.role, organisations=self.organisations, trust=self.trust,
            whole_ledger=self.whole_ledger, person_id=self.person_id, principal=self.principal,
        )  # fmt: skip

    def state(self, now: datetime) -> State:
        if self.used_at is not None:
            return "used"
        if self.ended_at is not None:
            return "ended"
        return "open" if now < self.expires_at else "expired"


COLUMNS: Final = (
    "id::text, made_by::text, account::text, name, principal::text, role, organisations::text[], trust::text,"
    " whole_ledger, person_id::text, made_at, expires_at, used_at, ended_at"
)


class Invitations:
    """Makes, finds and ends invitations."""

    def __init__(self, pool: RolePool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def make(self, by: Speaker, new: NewCredential, lasts: timedelta, account: str | None = None) -> tuple[str, str]:
        """The id and the token of an invitation; the token is told this once. Raises TooManyInvitations."""
        token, made, now = new_token(), str(uuid.uuid4()), self._clock.now()
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM pledger.invitation WHERE expires_at < %s", (now - KEPT,))
            counted = connection.execute(
                "SELECT count(*) FROM pledger.invitation"
                " WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > %s",
                (now,),
            ).fetchone()
            if counted is not None and counted[0] >= MOST_OPEN:
                raise TooManyInvitations(most=MOST_OPEN)
            connection.execute(
                "INSERT INTO pledger.invitation (id, token_hash, made_by, account, name, principal, role,"
                " organisations, trust, whole_ledger, person_id, made_at, expires_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s)",
                (
                    made, token_hash(token), by.principal, account, new.name, new.principal, new.role,
                    list(new.organisations), new.trust, new.whole_ledger, new.person_id, now, now + lasts,
                ),
            )  # fmt: skip
        return made, token

    def find(self, token: str) -> Invitation:
        """The invitation of a link. Raises InvitationOver."""
        found = self._select("WHERE token_hash = %s", token_hash(token))
        if not found or found[0].state(self._clock.now()) != "open":
            raise InvitationOver("Ask who invited you for a new one.")
        return found[0]

    def inviter(self, invitation: Invitation) -> Speaker:
        """Who invited, as they speak today. Raises InvitationOver when they are no admin any more."""
        if invitation.made_by == LEDGER.principal:
            return LEDGER
        with self._pool.connection() as connection:
            known = connection.execute(
                "SELECT FROM pledger.api_key WHERE principal = %(who)s AND role = 'admin' AND revoked_at IS NULL"
                " AND (expires_at IS NULL OR expires_at > %(now)s)"
                " UNION ALL SELECT FROM pledger.account WHERE principal = %(who)s AND role = 'admin'"
                " AND ended_at IS NULL LIMIT 1",
                {"who": invitation.made_by, "now": self._clock.now()},
            ).rowcount
        if not known:
            raise InvitationOver("Who invited you is not an admin any more. Ask another admin.")
        return Speaker(principal=invitation.made_by, role="admin")

    def one(self, invitation_id: str) -> Invitation:
        """Raises NoSuchInvitation."""
        found = self._select("WHERE id::text = %s", invitation_id)
        if not found:
            raise NoSuchInvitation(id=invitation_id)
        return found[0]

    def every(self, after: str = "", limit: int | None = None) -> list[Invitation]:
        """The invitations of the last ninety days, oldest first: those that follow the one with the id `after`."""
        where = (
            "WHERE (made_at, id) > (SELECT made_at, id FROM pledger.invitation WHERE id::text = %s)" if after else ""
        )
        return self._select(f"{where} ORDER BY made_at, id LIMIT %s", *([after] if after else []), limit)

    def end(self, invitation_id: str) -> None:
        """Ends an invitation; one that was used stays used. Raises NoSuchInvitation."""
        self.one(invitation_id)
        self._change(
            "UPDATE pledger.invitation SET ended_at = coalesce(ended_at, %s) WHERE id::text = %s", invitation_id
        )

    def end_of_principal(self, principal: str) -> None:
        """Ends what a principal was sent and did not take up."""
        self._change(
            "UPDATE pledger.invitation SET ended_at = %s WHERE principal = %s AND used_at IS NULL AND ended_at IS NULL",
            principal,
        )

    def end_by_ledger(self) -> None:
        """Ends the enrolment links that were not used: there is one at a time."""
        self._change(
            "UPDATE pledger.invitation SET ended_at = %s WHERE made_by = %s AND used_at IS NULL AND ended_at IS NULL",
            LEDGER.principal,
        )

    def _change(self, query: str, *given: Any) -> None:
        with self._pool.connection() as connection:
            connection.execute(query.encode(), (self._clock.now(), *given))

    def _select(self, where: str, *given: Any) -> list[Invitation]:
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Invitation)) as cursor:
            found: list[Invitation] = cursor.execute(
                f"SELECT {COLUMNS} FROM pledger.invitation {where}".encode(), given
            ).fetchall()
        return found
