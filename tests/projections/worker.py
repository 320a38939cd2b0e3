"""A worker in a process of its own: `python -m tests.projections.worker DSN PAGE`."""

from __future__ import annotations

import sys
from threading import Event

from projections.pace import Pace
from projections.runner import Runner
from projections.views import all_views
from tests.projections.books import LONDON, StoredLog

if __name__ == "__main__":
    dsn, page = sys.argv[1:]
    pace = Pace(page_facts=int(page), rebuild_facts=int(page), poll_seconds=0.1)
    Runner(StoredLog(dsn), dsn, all_views(LONDON), pace).run(Event())
