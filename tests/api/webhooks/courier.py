"""`python -m tests.api.webhooks.courier`: sends for the webhooks of the environment's ledger until it is killed."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime

from api.webhooks.delivering import Delivering
from api.webhooks.sender import Sender
from ledger.clock import SetClock
from ledger.service import open_ledger
from ledger.settings import load
from tests.api.webhooks.sending import LOCAL

if __name__ == "__main__":
    clock = SetClock(datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
    with open_ledger(load(os.environ), clock=clock) as ledger:
        Delivering(ledger, Sender(LOCAL)).run(threading.Event())
