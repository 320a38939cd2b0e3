"""A town whose webhooks are sent for, on a machine's time that a test moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from api.webhooks.delivering import Delivering
from api.webhooks.guard import allowed
from api.webhooks.sender import Sender
from api.webhooks.wire import Waits
from ledger.service import Ledger
from tests.api.calls import Town
from tests.api.process import within

LOCAL = allowed(("127.0.0.0/8", "localhost"))


@dataclass
class MachineTime:
    """The machine's time, moved on by a test."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_(self, **much: float) -> None:
        self.ahead += timedelta(**much)


@contextmanager
def sending(ledger: Ledger, time: MachineTime | None = None, sender: Sender | None = None) -> Iterator[MachineTime]:
    """Sends for the webhooks of a ledger until the block ends."""
    time, stop = time or MachineTime(), threading.Event()
    sender = sender or Sender(LOCAL, waits=Waits(name=2, connection=1, total=1.5))
    thread = threading.Thread(target=Delivering(ledger, sender, time.now).run, args=(stop,))
    thread.start()
    try:
        yield time
    finally:
        stop.set()
        thread.join()


@dataclass
class Hooks:
    """Short words for calling `/v1/webhooks`."""

    town: Town
    secrets: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, url: str, **more: Any) -> str:
        """A webhook of somebody's; answers its id."""
        made = self.town.post(name, {"url": url, **more}, "/v1/webhooks")
        assert made.status_code == 201, made.get_data(as_text=True)
        body = made.get_json()
        self.secrets[body["id"]] = body["secret"]
        return str(body["id"])

    def get(self, name: str, hook: str) -> dict[str, Any]:
        return self.town.get(name, f"/v1/webhooks/{hook}").get_json()  # type: ignore[no-any-return]  # JSON

    def do(self, name: str, hook: str, what: str) -> Any:
        """One of its commands, which must be taken; answers its body."""
        answer = self.town.post(name, None, f"/v1/webhooks/{hook}/{what}")
        assert answer.status_code in (200, 202), answer.get_data(as_text=True)
        return answer.get_json()

    def becomes(self, name: str, hook: str, state: str) -> dict[str, Any]:
        """Waits until a webhook is in a state."""
        within(10, lambda: self.get(name, hook)["state"], state)
        return self.get(name, hook)

    def reaches(self, name: str, hook: str) -> None:
        """Waits until a webhook has come to the end of the ledger."""
        within(10, lambda: self.get(name, hook)["position"], self.town.ledger.head())

    def deliveries(self, name: str, hook: str) -> list[dict[str, Any]]:
        return self.town.get(name, f"/v1/webhooks/{hook}/deliveries").get_json()["items"]  # type: ignore[no-any-return]
