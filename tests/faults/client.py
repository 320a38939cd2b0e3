"""A client that trusts nobody: `python -m tests.faults.client PORT SCHOOL OTHER LOG SEED`, its API key on stdin.

Before it sends an event it writes the intent, and after the receipt the acknowledgement, each forced to disk, into its
own file: what stands there is what it may hold the ledger to. It goes on until SIGTERM.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 20.0
GIVES_UP = 0.25
SOURCE = "urn:faults"


@dataclass
class Client:
    """One sequential client: an event is acknowledged or given up before the next one is begun."""

    port: int
    key: str
    school: str
    other: str
    log: Path
    dice: random.Random
    number: int = 0
    stopped: bool = False
    connection: http.client.HTTPConnection | None = None
    streams: list[str] = field(default_factory=list)

    def run(self) -> None:
        with self.log.open("ab", buffering=0) as log:
            while not self.stopped:
                self.number += 1
                event = self.event()
                self.note(log, {"intent": event["id"]})
                receipt = self.insist(event)
                if receipt is not None:
                    self.note(log, {"acknowledged": event["id"]} | receipt)
                    self.streams.append(receipt["stream"])

    def note(self, log: Any, line: dict[str, Any]) -> None:
        log.write(json.dumps(line).encode() + b"\n")
        os.fsync(log.fileno())

    def event(self) -> dict[str, Any]:
        """A delivery of its own stream, or, now and then, an outcome-like variation on one of its own streams."""
        name = f"{self.log.stem}-{self.number}"
        event: dict[str, Any] = {"specversion": "1.0", "source": SOURCE, "id": name}
        if self.streams and self.dice.random() < 0.4:
            data: dict[str, Any] = {"variation_id": name, "confidential": True, "reason": f"word for word {name}"}
            return event | {
                "type": "support.variation_proposed", "subject": self.dice.choice(self.streams[-20:]), "data": data,
            }  # fmt: skip
        data = {
            "delivery_id": name,
            "amount": {"quantity": "1", "unit": "hour"},
            "delivered_on": datetime.now(UTC).date().isoformat(),
            "giver_id": self.school,
            "receiver_id": self.other,
            "category": "maths",
        }
        return event | {"type": "support.delivered", "data": data}

    def insist(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """The receipt, or None where the client gave up without knowing what became of its event."""
        while True:
            try:
                status, answer = self.send(event)
            except (OSError, http.client.HTTPException):
                self.connection = None
                status, answer = 0, {}
            if status in (200, 201):
                return {
                    "event_id": answer["event_id"],
                    "position": answer["position"],
                    "stream": answer["stream"]["id"],
                }
            if status not in (0, 503):
                raise SystemExit(f"{status} {answer}")
            if self.dice.random() < GIVES_UP:
                return None
            time.sleep(self.dice.uniform(0.01, 0.3))

    def send(self, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/cloudevents+json"}
        self.connection.request("POST", "/v1/events", json.dumps(event), headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


def main() -> None:
    port, school, other, log, seed = sys.argv[1:]
    client = Client(int(port), sys.stdin.readline().strip(), school, other, Path(log), random.Random(seed))

    def stop(*_: Any) -> None:
        client.stopped = True

    signal.signal(signal.SIGTERM, stop)
    client.run()


if __name__ == "__main__":
    main()
