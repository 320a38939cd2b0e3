"""A served ledger sends by itself, also after its worker was killed."""

from __future__ import annotations

import os
import signal
import time
from datetime import date
from functools import partial

import psutil

from ledger.settings import Settings
from tests.api.calls import event, hours
from tests.api.process import Remote, served, within
from tests.api.webhooks.receiver import Receiver

TODAY = date.today().isoformat()  # noqa: DTZ011  # the day of the machine's clock, which the served ledger keeps


def register(remote: Remote, name: str) -> str:
    made = remote.post(remote.admin_key, event("organisation.registered", name=name, kind="school", identifiers=[]))
    return str(made["stream"]["id"])


def position(remote: Remote, key: str, hook: str) -> int | None:
    """How far a webhook is; None while nobody answers."""
    try:
        return int(remote.call(key, "GET", f"/v1/webhooks/{hook}").body["position"])
    except OSError:
        return None


def test_a_served_ledger_sends_and_goes_on_after_its_worker_was_killed(settings: Settings, receiver: Receiver) -> None:
    with served(settings, PLEDGER_WEBHOOK_ALLOW="127.0.0.0/8") as remote:
        giver, taker = (register(remote, name) for name in ("Northfield", "Ashfield"))
        body = {"name": "a key", "role": "member", "organisations": [giver]}
        key = str(remote.call(remote.admin_key, "POST", "/v1/credentials", body).body["api_key"])
        made = remote.call(key, "POST", "/v1/webhooks", {"url": receiver.url})
        assert made.status == 201, made
        hook = made.body["id"]
        data = {
            "delivery_id": "d1",
            "delivered_on": TODAY,
            "giver_id": giver,
            "receiver_id": taker,
            "category": "maths",
        }
        first = remote.post(key, event("support.delivered", amount=hours("1"), **data))
        within(20, partial(position, remote, key, hook), first["position"])
        time.sleep(0.5)  # nothing is being sent any more
        [worker] = psutil.Process(remote.process.pid).children()
        os.kill(worker.pid, signal.SIGKILL)
        within(20, partial(position, remote, key, hook), first["position"])
        second = remote.post(key, event("support.delivered", amount=hours("2"), **data))
        # If it was killed while it held the webhook, the next one waits until the hold is over.
        within(40, partial(position, remote, key, hook), second["position"])
    assert receiver.ids == [first["event_id"], second["event_id"]]
