"""The operator's side of a process: what it counts, traces and tells at the operator's address."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from api.gauges import Queues, Views, Webhooks
from api.logs import log_request
from api.mail.numbers import LetterGauges
from api.metrics import Metrics
from api.observing import observing
from api.operator import Listener, Operator
from api.readiness import Check, never, readiness
from api.tracing import Tracing, tracing_of

if TYPE_CHECKING:
    from flask import Flask

    from ledger.eventstore.commit import Committed
    from ledger.service import Ledger
    from projections.runner import Runner
    from projections.views import ReadModels


REQUESTS_LOGGED: Final = frozenset({"debug", "info"})


class Operating:
    """Metrics and the operator's address of one process, from `start` to `end`.

    `checks` are those of readiness beyond the database, the views and the clock; `stopping` says that this process was
    told to stop.
    """

    def __init__(
        self,
        ledger: Ledger,
        read_models: ReadModels,
        checks: dict[str, Check] | None = None,
        stopping: Callable[[], bool] = never,
    ) -> None:
        self.metrics = Metrics()
        self._tracing = tracing_of(os.environ)
        self._ledger, self._read_models = ledger, read_models
        ready = partial(readiness, ledger, read_models, checks, stopping)
        self._listener = Listener(ledger.settings.operator_address, Operator(ready, self.metrics.text))

    def watch(self, app: Flask | None, runner: Runner | None = None) -> None:
        """Counts what the application of this process answers and its writer writes, and asks for the rest."""
        streams = None if app is None else app.extensions["pledger.streams"]
        self.metrics.collect(Queues(self._ledger, streams))
        self.metrics.collect(Views(self._read_models, runner))
        self.metrics.collect(Webhooks(self._ledger))
        if self._ledger.letters.on:
            self.metrics.collect(LetterGauges(self._ledger.dsn))
        self._ledger.store.observe(Commits(self.metrics, self._tracing))
        if app is not None:
            if self._ledger.settings.log_level in REQUESTS_LOGGED:
                observing(app).add(log_request)
            observing(app).add(self.metrics.request)
            if self._tracing is not None:
                self._tracing.watch(app)

    def start(self) -> None:
        self._listener.start()

    def end(self) -> None:
        self._listener.end()
        if self._tracing is not None:
            self._tracing.end()


class Commits:
    """Tells of the batches that the writer sends (`ledger.eventstore.commit.Observer`)."""

    def __init__(self, metrics: Metrics, tracing: Tracing | None) -> None:
        self._metrics, self._tracing = metrics, tracing

    def mark(self) -> object:
        """The span of the request that waits, where there is one."""
        return None if self._tracing is None else self._tracing.mark()

    def committed(self, batch: Committed) -> None:
        self._metrics.committed(batch)
        if self._tracing is not None:
            self._tracing.committed(batch)
