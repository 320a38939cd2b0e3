"""The webhooks of a ledger, as those who own them read and change them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from api.webhooks import deliveries
from api.webhooks.refusals import NoSuchWebhook, NotBlocked, NotPaused, NotReached, TooManyWebhooks, WebhookEnded
from api.webhooks.rows import CHANNEL, COLUMNS, Webhook, courier, machine_now
from api.webhooks.signing import Strongbox, new_secret, shown
from ledger.domain.fact import Speaker
from ledger.errors import Refusal

# A credential's webhooks are those of its principal's credentials that allow the same: another key of the same
# person, for another organisation, is none of them.
OWN: Final[LiteralString] = (
    " k.principal = %(principal)s AND k.role = %(role)s AND k.organisations <@ %(organisations)s::uuid[]"
    " AND k.organisations @> %(organisations)s::uuid[] AND k.trust IS NOT DISTINCT FROM %(trust)s::uuid"
    " AND k.whole_ledger = %(whole)s"
)
EVERY: Final[LiteralString] = " true"
FROM: Final[LiteralString] = "FROM pledger.webhook w JOIN pledger.api_key k ON k.id = w.credential_id WHERE"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """What a webhook is to be. `filters` as for `/v1/events`; it begins after `position`; `root` leads the addresses
    of schemas in what it sends."""

    credential_id: str
    url: str
    root: str
    filters: Mapping[str, Any]
    texts: bool
    people: bool
    position: int


class Registry:
    """Adds, lists and changes webhooks. Each call is a transaction of its own; the sender hears of every change."""

    def __init__(self, dsn: str, who: Speaker) -> None:
        """`who` is shown its own webhooks; an admin all of them."""
        self._dsn = dsn
        self._own = EVERY if who.role == "admin" else OWN
        self._who = {
            "principal": who.principal,
            "role": who.role,
            "organisations": sorted(who.organisations),
            "trust": who.trust,
            "whole": who.whole_ledger,
        }

    def credential_like(self, ledger_now: datetime) -> str | None:
        """The newest API key in force that allows the same and may read facts."""
        with courier(self._dsn) as connection:
            row = connection.execute(
                f"SELECT k.id::text FROM pledger.api_key k WHERE {OWN} AND k.revoked_at IS NULL"
                " AND (k.expires_at IS NULL OR k.expires_at > %(now)s)"
                " AND (k.scopes = '{}' OR 'events:read' = ANY (k.scopes)) ORDER BY k.made_at DESC, k.id LIMIT 1",
                self._who | {"now": ledger_now},
            ).fetchone()
        return None if row is None else row[0]

    def add(self, new: NewWebhook, box: Strongbox, most: int) -> tuple[Webhook, str]:
        """The webhook, which waits for its challenge to be answered, and its secret, shown this once.

        Raises TooManyWebhooks.
        """
        webhook_id, secret, now = str(uuid.uuid4()), new_secret(), machine_now()
        with self._changing() as connection:
            # One at a time for a credential, so that the limit holds.
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", (new.credential_id,))
            count = "SELECT count(*) FROM pledger.webhook WHERE credential_id = %s"
            held = connection.execute(count, (new.credential_id,)).fetchone()
            if held is not None and held[0] >= most:
                raise TooManyWebhooks(f"a credential has at most {most} webhooks; end one of them", most=most)
            connection.execute(
                "INSERT INTO pledger.webhook (id, credential_id, url, root, filters, texts, people, secret, state,"
                " position, next_try_at, made_at, changed_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'challenged', %s, %s, %s, %s)",
                (
                    webhook_id, new.credential_id, new.url, new.root, Jsonb(dict(new.filters)), new.texts, new.people,
                    box.seal(webhook_id, secret), new.position, now, now, now,
                ),
            )  # fmt: skip
        return self.find(webhook_id), shown(secret)

    def owned(self) -> list[Webhook]:
        """Own webhooks, oldest first."""
        return self._select("TRUE ORDER BY w.made_at, w.id")

    def find(self, webhook_id: str) -> Webhook:
        """Raises NoSuchWebhook."""
        found = self._select("w.id = %(id)s", id=webhook_id)
        if not found:
            raise NoSuchWebhook(id=webhook_id)
        return found[0]

    def delete(self, webhook_id: str) -> None:
        """Ends a webhook and forgets it with its deliveries. Raises NoSuchWebhook."""
        self.find(webhook_id)
        with self._changing() as connection:
            connection.execute("DELETE FROM pledger.webhook WHERE id = %s", (webhook_id,))

    def rotate(self, webhook_id: str, box: Strongbox, overlap: timedelta) -> tuple[Webhook, str]:
        """Another secret, shown this once; the one before goes on signing for `overlap`. Raises WebhookEnded."""
        secret, now = new_secret(), machine_now()
        changes: LiteralString = (
            "earlier_secret = w.secret, earlier_until = %(until)s, secret = %(secret)s, changed_at = %(now)s"
        )
        sealed, until = box.seal(webhook_id, secret), now + overlap
        return self._change(webhook_id, changes, until=until, secret=sealed, now=now), shown(secret)

    def redeliver(self, webhook_id: str, first: int) -> Webhook:
        """Everything from a position on is sent again, with the same ids. Raises NotReached, WebhookEnded."""
        held = self.find(webhook_id)
        refusal = NotReached(f"the webhook stands at {held.position}", reached=held.position)
        return self._move(webhook_id, first - 1, "w.position > %(to)s", refusal)

    def skip(self, webhook_id: str, position: int) -> Webhook:
        """Goes on after the fact whose sending fails. Raises NotBlocked, WebhookEnded."""
        blocking = self.find(webhook_id).blocking_position
        told = "nothing fails" if blocking is None else f"it waits for {blocking}"
        refusal = NotBlocked(told, blocking_position=blocking)
        moved = self._move(webhook_id, position, "w.blocking_position = %(to)s", refusal)
        with self._changing() as connection:
            connection.execute(
                "UPDATE pledger.webhook_delivery SET state = 'skipped', next_try_at = NULL"
                " WHERE webhook_id = %s AND position = %s",
                (webhook_id, position),
            )
        return moved

    def resume(self, webhook_id: str) -> Webhook:
        """A paused webhook is challenged again, and then goes on where it stood. Raises NotPaused, WebhookEnded."""
        changes: LiteralString = (
            "state = 'challenged', why = NULL, attempts = 0, failing_since = NULL, next_try_at = %(now)s,"
            " revision = w.revision + 1, changed_at = %(now)s"
        )
        refusal = NotPaused(f"it is {(state := self.find(webhook_id).state)}", state=state)
        return self._change(webhook_id, changes, "w.state = 'paused'", refusal, now=machine_now())

    def ask_test(self, webhook_id: str) -> Webhook:
        """Has a test sent soon. Raises WebhookEnded."""
        return self._change(webhook_id, "test_asked_at = coalesce(w.test_asked_at, %(now)s)", now=machine_now())

    def deliveries(self, webhook_id: str, after: int, limit: int) -> tuple[Sequence[deliveries.Delivery], bool]:
        """What became of its sendings after a position, and whether there are more. Raises NoSuchWebhook."""
        self.find(webhook_id)
        with courier(self._dsn) as connection:
            return deliveries.page(connection, webhook_id, after, limit)

    def _move(self, webhook_id: str, position: int, only: LiteralString, otherwise: Refusal) -> Webhook:
        changes: LiteralString = (
            "position = %(to)s, blocking_position = NULL, attempts = 0, failing_since = NULL, next_try_at = %(now)s,"
            " revision = w.revision + 1, changed_at = %(now)s"
        )
        return self._change(webhook_id, changes, only, otherwise, to=position, now=machine_now())

    def _change(
        self, webhook_id: str, changes: LiteralString, only: LiteralString = "true", otherwise: Refusal | None = None,
        **given: Any,
    ) -> Webhook:  # fmt: skip
        """The webhook after a change that holds `only` then; raises `otherwise` when that is not so."""
        if self.find(webhook_id).state == "ended":
            raise WebhookEnded
        with self._changing() as connection:
            changed = connection.execute(
                f"UPDATE pledger.webhook w SET {changes} WHERE w.id = %(id)s AND w.state <> 'ended' AND {only}",
                {"id": webhook_id, **given},
            ).rowcount
        if not changed:
            raise otherwise or WebhookEnded()
        return self.find(webhook_id)

    @contextmanager
    def _changing(self) -> Iterator[psycopg.Connection[Any]]:
        with courier(self._dsn) as connection:
            yield connection
            connection.execute(f"NOTIFY {CHANNEL}")

    def _select(self, condition: LiteralString, **given: Any) -> list[Webhook]:
        with courier(self._dsn) as connection, connection.cursor(row_factory=class_row(Webhook)) as cursor:
            found: list[Webhook] = cursor.execute(
                f"SELECT {COLUMNS} {FROM} {self._own} AND {condition}", self._who | given
            ).fetchall()
        return found
