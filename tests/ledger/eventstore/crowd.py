"""A process full of threads that all write at once: `python -m tests.ledger.eventstore.crowd DSN JOB NUMBER`.

Prints, as JSON, what each append was answered.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import orjson

from ledger.eventstore.append import Appended, KeyTaken
from ledger.eventstore.store import Store, open_store
from tests.ledger.eventstore.drafts import append, draft, stream

THREADS = 12
APPENDS = 25
STREAMS = 5
REPEATED = 20


def one_after_another(store: Store, number: int) -> list[list[object]]:
    """Append to the few streams, reading again whenever somebody else was faster."""
    chance = Random(number)
    receipts: list[list[object]] = []
    for place in range(APPENDS):
        stream_id = stream(chance.randint(1, STREAMS))
        said = f"{number}:{place}"
        while True:
            facts, head = store.read_stream(stream_id)
            request = append(draft(stream_id, len(facts) + 1, data={"said": said}), leans={f"stream:{stream_id}": head})
            outcome = store.append(request)
            if isinstance(outcome, Appended):
                receipts.append([outcome.first_position, said])
                break
            assert not isinstance(outcome, KeyTaken)
    return receipts


def the_same_again(store: Store, _: int) -> list[list[object]]:
    """Append what every other thread appends, under the same keys."""
    answers: list[list[object]] = []
    for place in range(REPEATED):
        name = f"visit-{place}"
        outcome = store.append(append(draft(stream(100 + place), 1, idempotency=name)))
        position = outcome.first_position if isinstance(outcome, Appended) else None
        if isinstance(outcome, KeyTaken):
            assert outcome.same_content
            position = outcome.position
        answers.append([name, position])
    return answers


def backwards() -> Callable[[], datetime]:
    """A clock that loses a second whenever it is read."""
    start = datetime(2026, 9, 1, 12, tzinfo=UTC)
    readings = count()
    return lambda: start - timedelta(seconds=next(readings))


def main(dsn: str, job: str, number: int) -> None:
    """Run the job in every thread."""
    work = the_same_again if job == "repeat" else one_after_another
    now = backwards() if job == "backwards" else None
    with open_store(dsn, now=now) as store, ThreadPoolExecutor(THREADS) as threads:
        numbers = range(number * THREADS, (number + 1) * THREADS)
        told = [answer for answers in threads.map(work, [store] * THREADS, numbers) for answer in answers]
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
