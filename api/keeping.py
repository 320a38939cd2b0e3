"""The projections, the daily clock and the webhooks in threads of this process, and the operator's address beside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from api.mail.mailing import mailing_of
from api.operating import Operating
from api.readiness import never
from api.webhooks.delivering import Delivering
from projections.daily.clock import Clock
from projections.pace import Pace
from projections.runner import Runner
from projections.views import all_views

if TYPE_CHECKING:
    from flask import Flask

    from api.readiness import Check
    from ledger.service import Ledger
    from projections.views import ReadModels

PATIENCE_SECONDS: Final = 5.0


class Keeping:
    """Keeps the views, does every day as it comes and sends to the webhooks, from `start` to `end`; `stopping` says
    that this process was told to stop."""

    def __init__(self, ledger: Ledger, read_models: ReadModels, stopping: Callable[[], bool] = never) -> None:
        self._checks: dict[str, Check] = {"runner": self.check, "webhooks": self.check_webhooks}
        self._operating = Operating(ledger, read_models, self._checks, stopping)
        self.metrics = self._operating.metrics
        settings = ledger.settings
        self._runner = Runner(
            ledger.store,
            ledger.dsn,
            all_views(ledger.zone),
            Pace(page_facts=settings.page_events, poll_seconds=settings.poll_seconds),
            self.metrics.seen,
        )
        self._stop = threading.Event()
        clock = Clock(ledger.dsn, ledger.zone, ledger.today, read_models)
        self._delivering = Delivering(ledger)
        self._thread, self._clock, self._webhooks = (
            threading.Thread(target=one.run, args=(self._stop,), name=name, daemon=True)
            for name, one in (("projections", self._runner), ("clock", clock), ("webhooks", self._delivering))
        )
        self._mailing = mailing_of(ledger, read_models)
        self._letters: threading.Thread | None = None
        if self._mailing is not None:
            self._checks["letters"] = self.check_letters
            self._letters = threading.Thread(target=self._mailing.run, args=(self._stop,), name="letters", daemon=True)

    def watch(self, app: Flask | None) -> None:
        """Has the application of this process, if there is one, tell of the views in its readiness; counts what it
        answers."""
        if app is not None:
            app.extensions["pledger.checks"] = self._checks
        self._operating.watch(app, self._runner)

    def start(self) -> None:
        self._thread.start()
        self._clock.start()
        self._webhooks.start()
        if self._letters is not None:
            self._letters.start()
        self._operating.start()

    def end(self) -> None:
        """Let the page under way come to its end."""
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)
        self._clock.join(PATIENCE_SECONDS)
        self._webhooks.join(PATIENCE_SECONDS)
        if self._letters is not None:
            self._letters.join(PATIENCE_SECONDS)
        self._operating.end()

    def check(self) -> dict[str, Any]:
        """Whether the views are being kept, here or by another worker for which this one stands by."""
        trouble = self._runner.trouble if self._thread.is_alive() else "the thread has ended"
        found: dict[str, Any] = {"ok": trouble is None, "interruptions": self._runner.interruptions}
        return found if trouble is None else found | {"why": trouble}

    def check_webhooks(self) -> dict[str, Any]:
        """What the webhooks wait for, if anything. The service works without them: it is told, and nothing fails."""
        trouble = self._delivering.trouble if self._webhooks.is_alive() else "the thread has ended"
        return {"ok": True} if trouble is None else {"ok": True, "why": trouble}

    def check_letters(self) -> dict[str, Any]:
        """What the letters wait for, if anything. The service works without them: it is told, and nothing fails."""
        alive = self._letters is not None and self._letters.is_alive()
        trouble = self._mailing.trouble if self._mailing is not None and alive else "the thread has ended"
        return {"ok": True} if trouble is None else {"ok": True, "why": trouble}
