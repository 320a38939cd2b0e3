"""One of several processes that post to the same few streams: `python -m tests.ledger.crowd CROWD NUMBER`.

It prints one line of JSON: a list of [id, position, replayed], one for every event that it posted.
"""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import orjson

from ledger.domain.fact import Speaker
from ledger.errors import Busy
from ledger.posted import Posted, Receipt
from ledger.service import Ledger, open_ledger
from ledger.settings import load

THREADS = 12
EACH = 15
SHARED = 10
PATIENCE_SECONDS = 60
HOUR = {"quantity": "1", "unit": "hour"}


@dataclass(frozen=True)
class Crowd:
    """What every process is told: the giver's member, by principal and organisation, and the streams to write to."""

    principal: str
    giver: str
    streams: list[str]
    today: str

    def event(self, name: str) -> Posted:
        """The event that bears this id: the same one, whoever makes it."""
        dice = random.Random(name)
        texts: dict[str, dict[str, Any]] = {
            "delivered": {"delivery_id": name, "amount": HOUR, "delivered_on": self.today},
            "variation_proposed": {"variation_id": name, "confidential": True, "reason": "as before"},
            "outcome_recorded": {"impact": 1, "evidence": name, "assessed_on": self.today},
        }
        kind = dice.choice(sorted(texts))
        subject = dice.choice(self.streams)
        return Posted(type=f"support.{kind}", subject=subject, data=texts[kind], source="urn:crowd", id=name)

    def speaker(self) -> Speaker:
        return Speaker(principal=self.principal, role="member", organisations=frozenset({self.giver}))


def insist(ledger: Ledger, crowd: Crowd, name: str) -> Receipt:
    """Posts until it is taken: what is busy may be sent again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ledger.post(crowd.speaker(), crowd.event(name))
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(random.random() / 50)


def write(ledger: Ledger, crowd: Crowd, process: int, thread: int) -> list[list[object]]:
    """What one thread posts: events of its own, and between them those that everybody posts."""
    names = [f"own-{process}-{thread}-{number}" for number in range(EACH)] + [f"all-{n}" for n in range(SHARED)]
    random.Random(f"{process} {thread}").shuffle(names)
    receipts = [(name, insist(ledger, crowd, name)) for name in names]
    return [[name, receipt.position, receipt.replayed] for name, receipt in receipts]


def main() -> None:
    crowd, process = Crowd(**orjson.loads(sys.argv[1])), int(sys.argv[2])
    with open_ledger(load(os.environ)) as ledger, ThreadPoolExecutor(THREADS) as pool:
        done = pool.map(lambda thread: write(ledger, crowd, process, thread), range(THREADS))
        print(orjson.dumps([row for rows in done for row in rows]).decode())


if __name__ == "__main__":
    main()
