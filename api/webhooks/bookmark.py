"""The bookmarks, as the sender moves them: every step is one statement that holds only while the webhook is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final, LiteralString

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from api.webhooks import deliveries
from api.webhooks.rows import COLUMNS, Webhook
from api.webhooks.sender import Outcome
from ledger.domain.fact import AnyFact
from ledger.domain.values import moment
from ledger.eventstore.pool import RolePool

HELD_SECONDS: Final = 20
"""Longer than any sending lasts: who took a webhook over may be sure that the sender before is silent."""
HELD: Final[LiteralString] = f"clock_timestamp() + interval '{HELD_SECONDS} seconds'"
MINE: Final[LiteralString] = "w.id = %(id)s AND w.revision = %(revision)s AND w.held_until = %(held_until)s"


class NoLongerMine(Exception):
    """The webhook was changed by its owner, deleted, or taken over: whatever came of a sending is not written."""


class Bookmarks:
    """What the sender reads and writes. Safe for many threads."""

    def __init__(self, pool: RolePool) -> None:
        self._pool = pool

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """The webhooks for which there may be something to do, with their credentials; the longest waiting first."""
        with self._pool.connection() as connection:
            return connection.execute(
                "SELECT w.id::text, w.credential_id::text FROM pledger.webhook w WHERE w.held_until < clock_timestamp()"
                " AND ((w.state <> 'ended' AND w.test_asked_at IS NOT NULL) OR (w.next_try_at <= %s AND (w.state ="
                " 'challenged' OR (w.state = 'live' AND w.position < (SELECT position FROM pledger.head)))))"
                " ORDER BY w.next_try_at, w.id",
                (now,),
            ).fetchall()

    def hold(self, webhook_id: str) -> Webhook | None:
        """The webhook, which nobody else sends for until it is let go; None when somebody does, or it is not there."""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Webhook)) as cursor:
            found: Webhook | None = cursor.execute(
                f"UPDATE pledger.webhook w SET held_until = {HELD} WHERE w.id = %s AND w.state <> 'ended'"
                f" AND w.held_until < clock_timestamp() RETURNING {COLUMNS}",
                (webhook_id,),
            ).fetchone()
        return found

    def let_go(self, webhook: Webhook) -> None:
        """Somebody may send for it again; of the sendings only the newest are kept."""
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.webhook SET held_until = 'epoch' WHERE id = %s AND held_until = %s",
                (webhook.id, webhook.held_until),
            )
            deliveries.prune(connection, webhook.id)

    def passed(self, webhook: Webhook, position: int) -> Webhook:
        """There was nothing to send up to a position."""
        return self._step(webhook, "position = %(to)s", to=position)

    def proven(self, webhook: Webhook, outcome: Outcome, now: datetime) -> Webhook:
        """The endpoint answered the challenge."""
        changes: LiteralString = (
            "state = 'live', why = NULL, attempts = 0, failing_since = NULL, next_try_at = %(now)s,"
            " answered = %(answered)s, changed_at = %(now)s"
        )
        return self._step(webhook, changes, now=now, answered=told(outcome, now))

    def delivered(self, webhook: Webhook, fact: AnyFact, outcome: Outcome, now: datetime) -> Webhook:
        """A fact arrived."""
        changes: LiteralString = (
            "position = %(to)s, attempts = 0, failing_since = NULL, blocking_position = NULL, next_try_at = %(now)s,"
            " answered = %(answered)s"
        )
        written = deliveries.Tried(fact.position, fact.event_id, "delivered", outcome, now, None)
        return self._step(webhook, changes, written, to=fact.position, now=now, answered=told(outcome, now))

    def failed(
        self, webhook: Webhook, fact: AnyFact | None, outcome: Outcome, now: datetime, again_at: datetime | None,
        why: str | None = None,
    ) -> Webhook:  # fmt: skip
        """A fact (None: the challenge) did not arrive: it is tried `again_at`, or the webhook pauses for `why`."""
        changes: LiteralString = (
            "attempts = w.attempts + 1, failing_since = coalesce(w.failing_since, %(now)s), answered = %(answered)s,"
            " blocking_position = coalesce(%(blocking)s, w.blocking_position),"
            " next_try_at = coalesce(%(again)s, w.next_try_at),"
            " state = CASE WHEN %(again)s::timestamptz IS NULL THEN 'paused' ELSE w.state END, why = %(why)s,"
            " changed_at = CASE WHEN %(again)s::timestamptz IS NULL THEN %(now)s ELSE w.changed_at END"
        )
        blocking = written = None
        if fact is not None:
            blocking = fact.position
            written = deliveries.Tried(fact.position, fact.event_id, "failing", outcome, now, again_at)
        given = {"now": now, "answered": told(outcome, now), "blocking": blocking, "again": again_at, "why": why}
        return self._step(webhook, changes, written, **given)

    def tested(self, webhook: Webhook, outcome: Outcome, now: datetime) -> Webhook:
        """A test was sent."""
        changes: LiteralString = "tested = %(tested)s, test_asked_at = NULL"
        return self._step(webhook, changes, tested=told(outcome, now))

    def end(self, now: datetime, ledger_now: datetime) -> int:
        """Ends the webhooks whose credential has ended, and forgets their secrets; answers how many these were."""
        with self._pool.connection() as connection:
            return connection.execute(
                "UPDATE pledger.webhook w SET state = 'ended', why = 'credential-ended', secret = '', changed_at = %s,"
                " earlier_secret = NULL, revision = w.revision + 1 FROM pledger.api_key k WHERE k.id = w.credential_id"
                " AND w.state <> 'ended' AND (k.revoked_at IS NOT NULL OR k.expires_at <= %s)",
                (now, ledger_now),
            ).rowcount

    def _step(
        self, webhook: Webhook, changes: LiteralString, written: deliveries.Tried | None = None, **given: Any
    ) -> Webhook:
        """The webhook after a step, held anew. Raises NoLongerMine."""
        known = {"id": webhook.id, "revision": webhook.revision, "held_until": webhook.held_until}
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            moved = cursor.execute(
                f"UPDATE pledger.webhook w SET held_until = {HELD}, {changes} WHERE {MINE}"
                " RETURNING w.held_until, w.position, w.state, w.attempts, w.failing_since, w.next_try_at,"
                " w.test_asked_at, w.secret, w.earlier_secret, w.earlier_until",
                known | given,
            ).fetchone()
            if moved is None:
                raise NoLongerMine
            if written is not None:
                deliveries.write(connection, webhook.id, written)
        return replace(webhook, **moved)


def told(outcome: Outcome, now: datetime) -> Jsonb:
    return Jsonb(outcome.to_json() | {"at": moment(now)})
