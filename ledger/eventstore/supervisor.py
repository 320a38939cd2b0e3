"""Brings the embedded database back when it was killed while a ledger is open on it."""

from __future__ import annotations

import logging
import threading
from typing import Final

from ledger.errors import Refusal
from ledger.eventstore.embedded import Embedded

LOOK_EVERY_SECONDS: Final = 0.25
PAUSE_MOST_SECONDS: Final = 30.0

log = logging.getLogger(__name__)


class Supervisor:
    """Looks at the server's process and starts it again when it is gone; the connections find it by themselves.

    A start that fails is tried again after growing pauses of at most PAUSE_MOST_SECONDS. Several processes may watch
    one server: they take turns.
    """

    def __init__(self, embedded: Embedded) -> None:
        self._embedded = embedded
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="pledger-supervisor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; a start that is under way is waited for."""
        self._closing.set()
        self._thread.join()

    def _watch(self) -> None:
        pause = LOOK_EVERY_SECONDS
        while not self._closing.wait(pause):
            pause = LOOK_EVERY_SECONDS if self._is_back() else min(2 * pause, PAUSE_MOST_SECONDS)

    def _is_back(self) -> bool:
        if not self._embedded.is_gone:
            return True
        log.warning("the embedded database is gone; starting it again")
        try:
            self._embedded.revive()
        except (Refusal, OSError) as error:
            log.error("the embedded database did not start: %s", error)
            return False
        log.warning("the embedded database is back")
        return True
