"""The sender at work: follows the log for every webhook, each at its own pace, in the process that holds the lock."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from threading import Event
from typing import Any, Final

import psycopg

from api.facts import Printer
from api.webhooks import guard
from api.webhooks.bookmark import Bookmarks
from api.webhooks.rows import CHANNEL, courier_pool, machine_now
from api.webhooks.sender import Sender
from api.webhooks.signing import Strongbox
from api.webhooks.turn import Tools, take_turn
from ledger.eventstore.connection import with_options
from ledger.eventstore.standing_by import persist, stand_by
from ledger.service import Ledger
from projections.runner import CHANNEL as FACTS

LOG: Final = logging.getLogger(__name__)
_LOCK: Final = "pledger webhooks"
# A machine that vanished without a word is noticed by the database within half a minute, and its lock is free.
_CONNECTION: Final = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "4"}

IDLE_REST_SECONDS: Final = 0.25
"""How long a webhook is left alone after there was nothing for it."""
BROKEN_REST_SECONDS: Final = 5.0
"""How long it is left alone after something broke here."""
SHARE: Final = 2
"""One credential's webhooks take at most this part of the senders: half of them."""
SLICE_SECONDS: Final = 0.25
LONGEST_WAIT_SECONDS: Final = 30.0
CONNECTIONS: Final = 4


class Delivering:
    """Sends for all webhooks. Any number of processes may run one: one works, the others stand by and take over.

    `trouble` says what is waited out at this moment, None while it works or stands by.
    """

    def __init__(self, ledger: Ledger, sender: Sender | None = None, now: Callable[[], datetime] = machine_now) -> None:
        """`sender` reaches the endpoints; by default as the ledger's settings allow. `now` is the machine's time."""
        self._ledger = ledger
        self._sender = sender or Sender(guard.allowed(ledger.settings.webhook_allow))
        self._now = now
        self._poll_seconds = ledger.settings.poll_seconds
        self.trouble: str | None = None

    def run(self, stop: Event) -> None:
        """Sends until `stop` is set. Whatever happens, it begins again from the bookmarks, after waits that grow."""
        persist(self._work, "webhooks", stop, LONGEST_WAIT_SECONDS, self._tell)

    def _tell(self, trouble: str | None) -> None:
        self.trouble = trouble

    def _work(self, stop: Event) -> None:
        with closing(self._connect()) as connection:
            self.trouble = None
            if not stand_by(connection, _LOCK, stop, self._poll_seconds):
                return
            connection.execute(f"LISTEN {FACTS}")
            connection.execute(f"LISTEN {CHANNEL}")
            with self._office(stop) as hall:
                while not stop.is_set():
                    hall.look()
                    self._wait(connection, hall, stop)

    @contextmanager
    def _office(self, stop: Event) -> Iterator[Office]:
        """The senders, until the block ends. Raises KeysUnreadable."""
        settings, over = self._ledger.settings, Either(stop)
        with closing(courier_pool(self._ledger.dsn, CONNECTIONS)) as pool:
            tools = Tools(
                self._ledger, Printer(self._ledger), Bookmarks(pool), self._sender, Strongbox(settings.keys_dir),
                settings.webhook_max_bytes, self._now,
            )  # fmt: skip
            with closing(Office(tools, settings.webhook_senders, over)) as hall:
                yield hall

    def _connect(self) -> psycopg.Connection[Any]:
        """The connection that holds the lock, and hears of new facts."""
        dsn = with_options(self._ledger.dsn, _CONNECTION, application_name="pledger_webhooks", connect_timeout=5)
        connection = psycopg.connect(dsn, autocommit=True)
        connection.execute("SET ROLE pledger_courier")
        return connection

    def _wait(self, connection: psycopg.Connection[Any], hall: Office, stop: Event) -> None:
        """Until a notice comes, somebody has rested or it is time to look again. Raises psycopg's errors, so that a
        lock which went with its connection is noticed."""
        until = time.monotonic() + (SLICE_SECONDS if hall.rests else self._poll_seconds)
        while (left := until - time.monotonic()) > 0 and not stop.is_set():
            for _ in connection.notifies(timeout=min(left, SLICE_SECONDS), stop_after=1):
                return


class Office:
    """The senders: threads that take turns for webhooks. A webhook has one turn at a time."""

    def __init__(self, tools: Tools, senders: int, stopping: Event) -> None:
        self._tools = tools
        self._senders = senders
        self._stopping = stopping
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="webhook sender")
        self._lock = threading.Lock()
        self._at_work: dict[str, str] = {}
        self._resting: dict[str, float] = {}

    @property
    def rests(self) -> bool:
        """Whether some webhook is left alone for a moment."""
        with self._lock:
            return bool(self._resting)

    def look(self) -> None:
        """Ends what has ended, and gives turns to webhooks that wait for one, as far as there are senders."""
        bookmarks, now = self._tools.bookmarks, self._tools.now()
        if bookmarks.end(now, self._tools.ledger.clock.now()):
            LOG.info("webhooks ended with their credentials")
        self._give(bookmarks.due(now))

    def _give(self, due: list[tuple[str, str]]) -> None:
        most = max(1, self._senders // SHARE)
        with self._lock:
            self._resting = {one: at for one, at in self._resting.items() if at > time.monotonic()}
            busy = Counter(self._at_work.values())
            for webhook_id, credential_id in due:
                if len(self._at_work) >= self._senders or self._stopping.is_set():
                    return
                if webhook_id in self._at_work or webhook_id in self._resting or busy[credential_id] >= most:
                    continue
                busy[credential_id] += 1
                self._at_work[webhook_id] = credential_id
                self._pool.submit(self._turn, webhook_id)

    def _turn(self, webhook_id: str) -> None:
        rest = BROKEN_REST_SECONDS
        try:
            rest = 0.0 if take_turn(self._tools, webhook_id, self._stopping.is_set) else IDLE_REST_SECONDS
        except Exception:
            LOG.exception("the turn of webhook %s broke off", webhook_id)
        finally:
            with self._lock:
                del self._at_work[webhook_id]
                self._resting[webhook_id] = time.monotonic() + rest

    def close(self) -> None:
        """Waits for what is being sent."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


class Either(Event):
    """Set when it, or another event, is set."""

    def __init__(self, other: Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        return super().is_set() or self._other.is_set()
