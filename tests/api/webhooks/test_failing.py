"""What an endpoint does not take: it waits, in its place, and nothing overtakes it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

from tests.api.process import within
from tests.api.webhooks.receiver import CHALLENGE, Receiver, answer, obliging, receiving, says
from tests.api.webhooks.sending import Hooks, MachineTime, sending


def live(hooks: Hooks, receiver: Receiver, name: str = "Northfield") -> str:
    hook = hooks.add(name, receiver.url)
    hooks.becomes(name, hook, "live")
    return hook


def attempts(hooks: Hooks, hook: str) -> int:
    return int(hooks.get("Northfield", hook)["attempts"])


def test_what_fails_is_sent_again_with_the_same_id_and_nothing_overtakes_it(hooks: Hooks, receiver: Receiver) -> None:
    with sending(hooks.town.ledger) as machine:
        hook = live(hooks, receiver)
        receiver.behaviour = says(500)
        posted = [hooks.town.delivered("Northfield", "Ashfield", str(one)) for one in (1, 2)]
        for tries in (1, 2, 3):
            within(5, lambda: attempts(hooks, hook), tries)
            machine.pass_(seconds=6 * 2 ** (tries - 1))
        within(5, lambda: attempts(hooks, hook), 4)
        failing = hooks.get("Northfield", hook)
        receiver.behaviour = obliging
        machine.pass_(minutes=1)
        hooks.reaches("Northfield", hook)
    first, second = (one["event_id"] for one in posted)
    assert receiver.ids == [first] * 5 + [second]
    assert len({one.id for one in receiver.facts}) == 2
    assert failing["blocking_position"] == posted[0]["position"]
    assert (failing["last_answer"]["status"], failing["last_answer"]["failure"]) == (500, "answered")
    rows = hooks.deliveries("Northfield", hook)
    assert [(one["event_id"], one["state"], one["attempts"]) for one in rows] == [
        (first, "delivered", 5), (second, "delivered", 1),
    ]  # fmt: skip


def test_who_is_gone_is_left_alone_until_the_webhook_is_resumed(hooks: Hooks, receiver: Receiver) -> None:
    with sending(hooks.town.ledger) as machine:
        hook = live(hooks, receiver)
        receiver.behaviour = says(410)
        posted = hooks.town.delivered("Northfield", "Ashfield")["event_id"]
        assert hooks.becomes("Northfield", hook, "paused")["why"] == "gone"
        machine.pass_(days=1)
        time.sleep(0.5)
        assert receiver.ids == [posted]
        receiver.behaviour = obliging
        assert hooks.do("Northfield", hook, "resume")["state"] == "challenged"
        hooks.reaches("Northfield", hook)
    assert receiver.ids == [posted, posted]
    assert [one.event["type"] for one in receiver.all].count(CHALLENGE) == 2


def test_who_is_busy_is_tried_when_it_asks_to_be(hooks: Hooks, receiver: Receiver) -> None:
    with sending(hooks.town.ledger) as machine:
        hook = live(hooks, receiver)
        receiver.behaviour = says(429, Retry_After="3600")
        hooks.town.delivered("Northfield", "Ashfield")
        within(5, lambda: attempts(hooks, hook), 1)
        machine.pass_(minutes=50)
        time.sleep(0.5)
        assert len(receiver.ids) == 1
        receiver.behaviour = obliging
        machine.pass_(minutes=11)
        hooks.reaches("Northfield", hook)
    assert len(receiver.ids) == 2


def test_after_three_days_it_pauses_and_says_so(hooks: Hooks, receiver: Receiver) -> None:
    with sending(hooks.town.ledger) as machine:
        hook = live(hooks, receiver)
        receiver.behaviour = says(302, Location=receiver.url)
        hooks.town.delivered("Northfield", "Ashfield")
        tries = 0
        while hooks.get("Northfield", hook)["state"] == "live" and tries < 8:
            within(5, partial(lambda least: attempts(hooks, hook) > least, tries), True)
            tries = attempts(hooks, hook)
            machine.pass_(hours=12)
        paused = hooks.becomes("Northfield", hook, "paused")
    assert (paused["why"], paused["last_answer"]["failure"]) == ("given-up", "redirected")
    assert "failing_since" in paused
    assert 6 <= tries <= 8


def test_a_challenge_that_is_not_repeated_opens_nothing(hooks: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = lambda handler, _: answer(handler, 200, b'{"challenge": "guessed"}')
    hook = hooks.add("Northfield", receiver.url, after=0)
    with sending(hooks.town.ledger) as machine:
        within(5, lambda: attempts(hooks, hook), 1)
        waiting = hooks.get("Northfield", hook)
        receiver.behaviour = obliging
        machine.pass_(seconds=10)
        hooks.reaches("Northfield", hook)
    assert (waiting["state"], waiting["last_answer"]["failure"]) == ("challenged", "challenge-unanswered")
    assert [one.event["type"] for one in receiver.all][:2] == [CHALLENGE, CHALLENGE]
    assert receiver.ids  # all that came before it was there


def test_a_fact_that_blocks_is_skipped_by_its_position_alone(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    with sending(town.ledger):
        hook = live(hooks, receiver)
        assert town.post("Northfield", None, f"/v1/webhooks/{hook}/skip?position=1").get_json()["code"] == "not-blocked"
        receiver.behaviour = lambda handler, sent: answer(handler, 422 if sent.event["id"] == posted[0] else 204)
        receipts = [town.delivered("Northfield", "Ashfield", str(one)) for one in (1, 2)]
        posted = [one["event_id"] for one in receipts]
        within(5, lambda: attempts(hooks, hook), 1)
        other = town.post("Northfield", None, f"/v1/webhooks/{hook}/skip?position={receipts[1]['position']}")
        assert (other.status_code, other.get_json()["code"]) == (409, "not-blocked")
        hooks.do("Northfield", hook, f"skip?position={receipts[0]['position']}")
        hooks.reaches("Northfield", hook)
        rows = hooks.deliveries("Northfield", hook)
    assert [one["state"] for one in rows] == ["skipped", "delivered"]
    assert receiver.ids == posted


def test_one_that_does_not_answer_holds_nobody_up(hooks: Hooks, receiver: Receiver) -> None:
    with receiving() as silent, sending(hooks.town.ledger):
        waiting = live(hooks, silent)
        hook = live(hooks, receiver, "Ashfield")
        silent.behaviour = lambda *_: time.sleep(4)
        began = time.monotonic()
        for hours in (1, 2, 3):
            hooks.town.delivered("Northfield", "Ashfield", str(hours))
        hooks.reaches("Ashfield", hook)
        assert time.monotonic() - began < 1.5  # the other one is waited for so long
        within(5, lambda: attempts(hooks, waiting), 1)
        assert hooks.get("Northfield", waiting)["last_answer"]["failure"] == "too-slow"
    assert len(receiver.ids) == 3


def test_what_is_too_large_to_send_pauses_at_once(hooks: Hooks, receiver: Receiver) -> None:
    with sending(hooks.town.ledger):
        hook = live(hooks, receiver)
    hooks.town.ledger.settings = replace(hooks.town.ledger.settings, webhook_max_bytes=200)
    hooks.town.delivered("Northfield", "Ashfield")
    with sending(hooks.town.ledger, MachineTime(timedelta(seconds=1))):
        assert hooks.becomes("Northfield", hook, "paused")["why"] == "too-large"
    assert receiver.ids == []
