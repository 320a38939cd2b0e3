"""Whatever ends in between: every fact arrives at least once, under one id, and never before an earlier one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.api.process import within
from tests.api.webhooks.receiver import CHALLENGE, Handler, Receiver, Sent, obliging
from tests.api.webhooks.sending import Hooks, sending


@contextmanager
def courier(hooks: Hooks) -> Iterator[subprocess.Popen[bytes]]:
    """A process that sends; it is killed in the end if it was not before."""
    settings = hooks.town.ledger.settings
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(settings.home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PLEDGER_DATABASE_URL": settings.database_url or "",
        "PLEDGER_HOME": str(settings.home),
        "PLEDGER_ORIGIN": settings.origin,
        "PLEDGER_POLL_SECONDS": "0.1",
    }
    with subprocess.Popen([sys.executable, "-m", "tests.api.webhooks.courier"], env=environ) as process:
        try:
            yield process
        finally:
            process.kill()


def a_while_later(hooks: Hooks) -> None:
    """A webhook that was sent for is left alone until nobody can be sending any more."""
    with psycopg.connect(hooks.town.ledger.dsn) as connection:
        connection.execute("UPDATE pledger.webhook SET held_until = held_until - interval '20 seconds'")


def test_killed_between_sending_and_bookmark_it_sends_the_same_again(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add("Northfield", receiver.url)
    with courier(hooks) as process:
        hooks.becomes("Northfield", hook, "live")
        posted = [hooks.town.delivered("Northfield", "Ashfield", "1")["event_id"]]

        def kills(handler: Handler, sent: Sent) -> None:
            process.kill()

        receiver.behaviour = kills
        posted.append(hooks.town.delivered("Northfield", "Ashfield", "2")["event_id"])
        process.wait(10)
    arrived = len(receiver.ids)
    assert receiver.ids == posted[:arrived]
    receiver.behaviour = obliging
    with sending(hooks.town.ledger):
        time.sleep(0.5)
        assert len(receiver.ids) == arrived  # somebody may still be sending
        a_while_later(hooks)
        hooks.reaches("Northfield", hook)
    assert list(dict.fromkeys(receiver.ids)) == posted
    again = [one for one in receiver.facts if one.event["id"] == receiver.ids[arrived - 1]]
    assert len(again) == 2
    assert len({(one.id, one.body) for one in again}) == 1


def test_of_two_that_could_send_one_does_and_the_other_takes_over(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", receiver.url)
    with sending(town.ledger):
        with sending(town.ledger):
            hooks.becomes("Northfield", hook, "live")
            posted = [town.delivered("Northfield", "Ashfield", str(one))["event_id"] for one in (1, 2, 3)]
            hooks.reaches("Northfield", hook)
        posted.append(town.delivered("Northfield", "Ashfield", "4")["event_id"])
        hooks.reaches("Northfield", hook)
    assert receiver.ids == posted
    assert [one.event["type"] for one in receiver.all].count(CHALLENGE) == 1


def test_a_lost_connection_to_the_database_is_waited_out(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", receiver.url)
    with sending(town.ledger):
        hooks.becomes("Northfield", hook, "live")
        with psycopg.connect(town.ledger.dsn, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'pledger_webhooks' AND datname = current_database()"
            )
        posted = town.delivered("Northfield", "Ashfield")["event_id"]
        within(10, lambda: receiver.ids, [posted])


def test_what_was_changed_while_it_was_sent_is_not_overwritten(hooks: Hooks, receiver: Receiver) -> None:
    """The owner goes back to the first fact while the second is on its way."""
    town = hooks.town
    hook = hooks.add("Northfield", receiver.url)
    with sending(town.ledger):
        hooks.becomes("Northfield", hook, "live")
        first = town.delivered("Northfield", "Ashfield", "1")
        hooks.reaches("Northfield", hook)

        def slowly(handler: Handler, sent: Sent) -> None:
            if sent.event["id"] == second["event_id"]:
                time.sleep(0.7)
            obliging(handler, sent)

        receiver.behaviour = slowly
        second = town.delivered("Northfield", "Ashfield", "2")
        within(5, lambda: len(receiver.ids), 2)
        assert hooks.do("Northfield", hook, f"redeliver?position={first['position']}")["position"] < first["position"]
        within(5, lambda: len(receiver.ids), 4)
        hooks.reaches("Northfield", hook)
    one, two = first["event_id"], second["event_id"]
    assert receiver.ids == [one, two, one, two]
    assert len({sent.id for sent in receiver.facts}) == 2
