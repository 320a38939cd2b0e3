"""The end of a serving process: it learns that it is told to stop, and closes what is open, whoever still hangs on."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.util import Finalize
from typing import Any, Final

STOPS: Final = {signal.SIGTERM, signal.SIGINT}
MOST_SECONDS: Final = 20.0
"""How long requests under way may take to come to their end. Only a client that sends or takes its bytes for ever is
still there then; the supervisor would kill the process ten seconds later, and nothing would be closed."""


class Ending:
    """What this process closes at its end, the last first; after `MOST_SECONDS` without those who still wait."""

    def __init__(self, most_seconds: float = MOST_SECONDS, leave: Callable[[int], Any] = os._exit) -> None:
        """`leave` ends the process at once."""
        self._most_seconds, self._leave = most_seconds, leave
        self._stack = ExitStack()
        self._begun = threading.Event()
        self._stops: list[Callable[[], None]] = []
        Finalize(None, self.close, exitpriority=10)

    def closes(self, call: Callable[[], None]) -> None:
        """Has `call` called at the end."""
        self._stack.callback(call)

    def tells(self, call: Callable[[], None]) -> None:
        """Has `call` called, in a thread, as soon as the process is told to stop: it ends what has no end."""
        self._stops.append(call)

    def close(self) -> None:
        """Closes everything. The server calls this when the last request was answered."""
        self._begun.set()
        self._stack.close()

    def listen(self) -> None:
        """Listens for SIGTERM and SIGINT beside whoever handles them; only the main thread may call this.

        The server waits for the answers under way and tells nobody: answers without an end would hold it up. Where
        another server than ours has asked the interpreter for the same already, nothing is changed, and it ends them
        its own way.
        """
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        if former != -1:
            signal.set_wakeup_fd(former)
            os.close(reading)
            os.close(writing)
            return
        threading.Thread(target=self._wait, args=(reading,), name="stopping", daemon=True).start()

    def _wait(self, reading: int) -> None:
        """The interpreter writes the number of each signal it handles as one byte."""
        while STOPS.isdisjoint(os.read(reading, 64)):
            pass
        for call in self._stops:
            call()
        if not self._begun.wait(self._most_seconds):
            self.close()
            self._leave(0)
