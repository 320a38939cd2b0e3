"""Learns that this process is told to stop, beside whoever handles the signal."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Final

STOPS: Final = {signal.SIGTERM, signal.SIGINT}


def when_told_to_stop(call: Callable[[], None]) -> None:
    """Has `call` called, in a thread, on SIGTERM or SIGINT; only the main thread may ask for it.

    The server waits for the answers under way and tells nobody: answers without an end would hold it up. Where another
    server than ours has asked the interpreter for the same already, nothing is changed, and it ends them its own way.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    if former != -1:
        signal.set_wakeup_fd(former)
        os.close(reading)
        os.close(writing)
        return
    threading.Thread(target=call_on_stop, args=(reading, call), name="stopping", daemon=True).start()


def call_on_stop(reading: int, call: Callable[[], None]) -> None:
    """The interpreter writes the number of each signal it handles as one byte."""
    while STOPS.isdisjoint(os.read(reading, 64)):
        pass
    call()
