"""The sender of letters at work: it looks what is to be said, and says it, in the process that holds the lock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from threading import Event
from typing import Final

import psycopg

from api.mail.content import Content
from api.mail.outbox import Outbox, Row
from api.mail.sender import NotTaken, Sender
from api.mail.writing import Envelope, written
from api.webhooks.gaps import next_try
from api.webhooks.rows import machine_now
from ledger.errors import Refusal
from ledger.eventstore.pool import RolePool
from ledger.eventstore.searching import FactQuery
from ledger.eventstore.standing_by import persist, stand_by
from ledger.service import Ledger
from projections.messages.at_once import TYPES
from projections.messages.school_days import due_monday
from projections.views import ReadModels

LOG: Final = logging.getLogger(__name__)
_LOCK: Final = "pledger letters"
LOOK_EVERY_SECONDS: Final = 2.0
LONGEST_WAIT_SECONDS: Final = 60.0
TIDY_EVERY: Final = timedelta(hours=6)
PAGE_FACTS: Final = 500
WEEKLY_LIVES: Final = timedelta(hours=41)
"""A weekly letter that could not leave for so long is let go: what it would say is told by the next."""


class Mailing:
    """Sends letters. Any number of processes may run one: one works, the others stand by and take over.

    `trouble` says what is waited out at this moment, None while it works or stands by. `now` is the machine's time,
    by which is tried again; which day it is, the ledger's clock says.
    """

    def __init__(
        self,
        ledger: Ledger,
        read_models: ReadModels,
        sender: Sender,
        now: Callable[[], datetime] = machine_now,
        *,
        look_seconds: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._ledger, self._read_models, self._sender, self._now = ledger, read_models, sender, now
        self._look_seconds = look_seconds
        self._tidied: datetime | None = None
        self._weekly: date | None = None
        self.trouble: str | None = None

    def run(self, stop: Event) -> None:
        """Sends until `stop` is set. Whatever happens, it begins again from what is written, after waits that grow."""
        persist(self._work, "letters", stop, LONGEST_WAIT_SECONDS, self._tell)

    def _tell(self, trouble: str | None) -> None:
        self.trouble = trouble

    def _work(self, stop: Event) -> None:
        dsn = self._ledger.dsn
        with (
            closing(psycopg.connect(dsn, autocommit=True, application_name="pledger letters")) as lock,
            closing(RolePool(dsn, "pledger_access", 2)) as pool,
        ):
            lock.execute("SET ROLE pledger_access")
            self.trouble = None
            if not stand_by(lock, _LOCK, stop, self._look_seconds):
                return
            outbox = Outbox(pool)
            content = Content(self._ledger, self._read_models, outbox)
            outbox.recover(self._now())
            while not stop.is_set():
                self.look(outbox, content, stop)
                stop.wait(self._look_seconds)
                lock.execute("SELECT")  # the lock went with its connection, if that is gone: this says so

    def look(self, outbox: Outbox, content: Content, stop: Event) -> None:
        """One look: what was recorded, whether a week has begun, and what waits to be sent."""
        self._follow(outbox, content)
        self._begin_week(outbox)
        self.trouble = None
        for row in outbox.due(self._now()):
            if stop.is_set() or not self._send(outbox, content, row):
                break
        if self._tidied is None or self._now() - self._tidied > TIDY_EVERY:
            outbox.tidy(self._now())
            self._tidied = self._now()

    def _follow(self, outbox: Outbox, content: Content) -> None:
        """Puts down who is told of what was recorded since the last look."""
        position = outbox.begin(self._ledger.head())
        while True:
            page = self._ledger.facts(FactQuery(after=position, limit=PAGE_FACTS, types=TYPES))
            if page.last_position > position:
                outbox.follow(page.last_position, content.notices(page.facts), self._now())
            position = page.last_position
            if not page.has_more:
                return

    def _begin_week(self, outbox: Outbox) -> None:
        monday = due_monday(self._ledger.clock.now(), self._ledger.zone)
        if monday is not None and monday != self._weekly:
            outbox.put_weekly((one.principal for one in outbox.weekly_people()), monday, self._now())
            self._weekly = monday

    def _send(self, outbox: Outbox, content: Content, row: Row) -> bool:
        """Sends one letter, if it still has something to say; False when the server takes none at the moment."""
        try:
            made = content.letter(row)
        except Refusal as refusal:
            # Such as a view that has not come far enough, or a fact that does not fit: the others do not wait for it.
            outbox.claim(row.key)
            self._not_taken(outbox, row, NotTaken(f"it cannot be made yet: {refusal.detail}"))
            return True
        if made is None:
            outbox.settle(row.key, "empty" if row.kind == "weekly" else "void", self._now())
            return True
        message = written(made.letter, self._envelope(row, made.to))
        if not outbox.claim(row.key):
            return True
        try:
            self._sender.send(message, made.to)
        except NotTaken as refused:
            self._not_taken(outbox, row, refused)
            return not refused.whole
        outbox.settle(row.key, "sent", self._now(), 250)
        return True

    def _not_taken(self, outbox: Outbox, row: Row, refused: NotTaken) -> None:
        """Tries again after gaps that grow, for three days; a weekly letter only while it is still of its week."""
        LOG.warning("a letter was not taken: %s (%s)", refused, refused.reply)
        if refused.whole:
            self.trouble = str(refused)
        if refused.for_good:
            outbox.settle(row.key, "bounced", self._now(), refused.reply)
            return
        at = next_try(row.attempts + 1, row.made_at, self._now(), None)
        if at is None or (row.kind == "weekly" and at > row.made_at + WEEKLY_LIVES):
            outbox.settle(row.key, "given_up", self._now(), refused.reply)
        else:
            outbox.try_again(row.key, at, refused.reply)

    def _envelope(self, row: Row, to: str) -> Envelope:
        settings, letters = self._ledger.settings, self._ledger.letters
        off = f"{settings.address}/letters/off/{letters.off_token(row.principal)}" if row.kind == "weekly" else None
        return Envelope(key=row.key, sender=settings.mail_from, to=to, site=settings.address, at=self._now(), off=off)


def mailing_of(ledger: Ledger, read_models: ReadModels) -> Mailing | None:
    """The sender of letters as the settings say; None where none are sent."""
    server = ledger.settings.smtp_url
    if server is None:
        return None
    return Mailing(ledger, read_models, Sender(server, ledger.settings.smtp_password))
