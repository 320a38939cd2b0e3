"""The projections, the daily clock and the webhooks in threads of this process, and the operator's address beside."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, Final

from flask import Flask

from api.metrics import Metrics
from api.operator import Listener, Operator
from api.readiness import readiness
from api.webhooks.delivering import Delivering
from ledger.service import Ledger
from projections.daily.clock import Clock
from projections.pace import Pace
from projections.runner import Runner
from projections.views import ReadModels, all_views

PATIENCE_SECONDS: Final = 5.0


class Keeping:
    """Keeps the views, does every day as it comes and sends to the webhooks, from `start` to `end`."""

    def __init__(self, ledger: Ledger, read_models: ReadModels) -> None:
        settings = ledger.settings
        self.metrics = Metrics()
        self._runner = Runner(
            ledger.store,
            ledger.dsn,
            all_views(ledger.zone),
            Pace(page_facts=settings.page_events, poll_seconds=settings.poll_seconds),
            self.metrics.seen,
        )
        self.metrics.watch(read_models, self._runner)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._runner.run, args=(self._stop,), name="projections", daemon=True)
        clock = Clock(ledger.dsn, ledger.zone, ledger.today, read_models)
        self._clock = threading.Thread(target=clock.run, args=(self._stop,), name="clock", daemon=True)
        self._webhooks = threading.Thread(
            target=Delivering(ledger).run, args=(self._stop,), name="webhooks", daemon=True
        )
        self._listener = Listener(
            settings.operator_address, Operator(partial(readiness, ledger, read_models, self.check), self.metrics.text)
        )

    def watch(self, app: Flask) -> None:
        """Have an application of this process tell of the views in its readiness, and count its posts."""
        app.extensions["pledger.runner"] = self.check
        self.metrics.count(app)

    def start(self) -> None:
        self._thread.start()
        self._clock.start()
        self._webhooks.start()
        self._listener.start()

    def end(self) -> None:
        """Let the page under way come to its end."""
        self._stop.set()
        self._listener.end()
        self._thread.join(PATIENCE_SECONDS)
        self._clock.join(PATIENCE_SECONDS)
        self._webhooks.join(PATIENCE_SECONDS)

    def check(self) -> dict[str, Any]:
        """Whether the views are being kept, here or by another worker for which this one stands by."""
        trouble = self._runner.trouble if self._thread.is_alive() else "the thread has ended"
        found: dict[str, Any] = {"ok": trouble is None, "interruptions": self._runner.interruptions}
        return found if trouble is None else found | {"why": trouble}
