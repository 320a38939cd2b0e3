"""A worker that builds every view and ends: `python -m bench.rebuilding DSN` prints its seconds and its peak of MB."""

from __future__ import annotations

import resource
import sys
import time
from zoneinfo import ZoneInfo

from ledger.eventstore.store import open_store
from projections.runner import Runner
from projections.views import all_views


def main(dsn: str) -> None:
    """Builds the views of a log that nobody has kept yet."""
    with open_store(dsn) as store:
        began = time.perf_counter()
        Runner(store, dsn, all_views(ZoneInfo("Europe/London"))).run_once()
        seconds = time.perf_counter() - began
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(sys.argv[1])
