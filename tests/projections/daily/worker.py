"""A clock in a process of its own: `python -m tests.projections.daily.worker DSN TODAY`."""

from __future__ import annotations

import sys
from datetime import date
from threading import Event

from projections.daily.clock import Clock
from projections.views import open_read_models
from tests.projections.books import LONDON

if __name__ == "__main__":
    dsn, today = sys.argv[1:]
    models = open_read_models(dsn, LONDON, lambda: date.fromisoformat(today), connections=2)
    Clock(dsn, LONDON, lambda: date.fromisoformat(today), models, look_seconds=0.05).run(Event())
