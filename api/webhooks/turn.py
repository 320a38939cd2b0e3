"""One webhook's turn: its facts, one after the other, until there are none, one fails, or others have waited enough."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.facts import Printer
from api.webhooks import gaps
from api.webhooks.bookmark import HELD_SECONDS, Bookmarks, NoLongerMine
from api.webhooks.challenge import challenge, is_answered, test_message
from api.webhooks.letters import letter, next_fact
from api.webhooks.rows import Webhook, machine_now
from api.webhooks.sender import Message, Outcome, Sender
from api.webhooks.signing import SecretUnreadable, Strongbox
from ledger.credentials import Unauthorised
from ledger.domain.fact import AnyFact, Speaker
from ledger.service import Ledger

LOG: Final = logging.getLogger(__name__)
LONG_SECONDS: Final = 5.0
"""How long a turn goes on while there is more to send."""
PAUSING: Final = frozenset({"gone", "too-large", "secret-unreadable"})
"""Failures that waiting does not mend."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every turn works with. `most_bytes` is the largest message; `now` the machine's time."""

    ledger: Ledger
    printer: Printer
    bookmarks: Bookmarks
    sender: Sender
    strongbox: Strongbox
    most_bytes: int
    now: Callable[[], datetime] = machine_now


def take_turn(tools: Tools, webhook_id: str, stopping: Callable[[], bool]) -> bool:
    """Sends what there is to send for a webhook, unless another sender does; answers whether anything was sent."""
    began = time.monotonic()
    held = tools.bookmarks.hold(webhook_id)
    if held is None:
        return False
    turn = Turn(tools, held, began)
    try:
        turn.run(stopping)
    except NoLongerMine:
        LOG.info("webhook %s was changed while it was sent for", webhook_id)
    finally:
        tools.bookmarks.let_go(turn.webhook)
    return turn.sent


class Turn:
    """A turn under way; `webhook` is as it stands after its last step, `sent` whether there was anything to send."""

    def __init__(self, tools: Tools, webhook: Webhook, held_at: float) -> None:
        """`held_at` is no later (monotonic seconds) than the webhook was held."""
        self._tools = tools
        self._held_at = held_at
        self.webhook = webhook
        self.sent = False

    def run(self, stopping: Callable[[], bool]) -> None:
        until = time.monotonic() + LONG_SECONDS
        if self.webhook.test_asked_at is not None:
            self._test()
        if self._is_due() and self.webhook.state == "challenged":
            self._challenge()
        while self._is_due() and self.webhook.state == "live" and self._send_next():
            if stopping() or time.monotonic() > until:
                return

    def _is_due(self) -> bool:
        return self.webhook.next_try_at <= self._tools.now()

    def _reader(self) -> Speaker | None:
        """Who reads what is sent now; None when the credential has ended, of which the webhook is about to hear."""
        try:
            return self._tools.ledger.credentials.current(self.webhook.credential_id).speaker()
        except Unauthorised:
            return None

    def _send_next(self) -> bool:
        """Whether something was sent and arrived."""
        reader = self._reader()
        if reader is None:
            return False
        found = next_fact(self._tools.ledger, self.webhook, reader)
        if not found.facts:
            self._step(self._tools.bookmarks.passed, found.last_position)
            return False
        [fact] = found.facts
        message = letter(self._tools.printer, self.webhook, fact, reader)
        outcome = self._send(message)
        if outcome.failure is not None:
            self._fail(fact, outcome)
            return False
        self._step(self._tools.bookmarks.delivered, fact, outcome, self._tools.now())
        return True

    def _challenge(self) -> None:
        if self._reader() is None:
            return
        now = self._tools.now()
        message, word = challenge(self._tools.ledger.origin, self.webhook.id, now)
        outcome = self._send(message)
        if outcome.failure is None and is_answered(outcome.body, word):
            self._step(self._tools.bookmarks.proven, outcome, self._tools.now())
            return
        failure = outcome.failure or "challenge-unanswered"
        self._fail(None, Outcome(failure, outcome.status, outcome.duration_ms, retry_after=outcome.retry_after))

    def _test(self) -> None:
        if self._reader() is not None:
            outcome = self._send(test_message(self._tools.ledger.origin, self.webhook.id, self._tools.now()))
            self._step(self._tools.bookmarks.tested, outcome, self._tools.now())

    def _step(self, step: Callable[..., Webhook], *given: Any) -> None:
        """Takes a step of the bookmarks, by which the webhook is held anew. Raises NoLongerMine."""
        began = time.monotonic()
        self.webhook = step(self.webhook, *given)
        self._held_at = began

    def _send(self, message: Message) -> Outcome:
        self.sent = True
        if len(message.body) > self._tools.most_bytes:
            return Outcome("too-large", None, 0)
        try:
            self._require_time()
            return self._tools.sender.send(self.webhook.url, message, self._keys())
        except SecretUnreadable:
            return Outcome("secret-unreadable", None, 0)

    def _require_time(self) -> None:
        """Passes while a sending will be over before anybody else may send. Raises NoLongerMine."""
        if time.monotonic() - self._held_at > HELD_SECONDS - self._tools.sender.longest_seconds:
            raise NoLongerMine

    def _keys(self) -> list[bytes]:
        """The secrets that hold now: two for a while after a rotation. Raises SecretUnreadable."""
        webhook, box = self.webhook, self._tools.strongbox
        sealed = [webhook.secret]
        if webhook.earlier_secret and webhook.earlier_until and webhook.earlier_until > self._tools.now():
            sealed.append(webhook.earlier_secret)
        return [box.open(webhook.id, one) for one in sealed]

    def _fail(self, fact: AnyFact | None, outcome: Outcome) -> None:
        """Waits before the next try, or pauses: at once, or when it has failed for days."""
        now, webhook = self._tools.now(), self.webhook
        asked = gaps.asked_for(outcome.status, outcome.retry_after, now)
        again_at = gaps.next_try(webhook.attempts + 1, webhook.failing_since or now, now, asked)
        why = None if again_at else "given-up"
        if outcome.failure in PAUSING:
            again_at, why = None, outcome.failure
        if why is not None:
            LOG.warning("webhook %s pauses: %s", webhook.id, why)
        self._step(self._tools.bookmarks.failed, fact, outcome, now, again_at, why)
