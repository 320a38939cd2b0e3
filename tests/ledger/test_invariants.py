"""Whatever is said, by whomever, in whatever order and however often: what the ledger promises of its facts holds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger.clock import SetClock
from ledger.domain.fact import Speaker
from ledger.errors import Busy, Refusal
from ledger.eventstore.append import Stored
from ledger.posted import BatchRefused, IdempotencyMismatch, Posted, Receipt
from ledger.service import Ledger
from tests.ledger.voices import Voices
from tests.ledger.witness import Supports, require_sound, whole_log
from tests.story import Village

SEEDS = st.integers(0, 2**32)

MATTERS = {"delivered", "delivery_confirmed", "delivery_disputed", "agreed", "delivery_reversed"}


class Story(RuleBasedStateMachine):
    """Random claims by random voices on one real ledger; what holds is looked up in the log after each of them."""

    ledger: Ledger
    clock: SetClock
    village: Village

    def __init__(self) -> None:
        super().__init__()
        self.voices = Voices.of(self.village, random.Random(0))
        self.supports = Supports()
        self.known: list[Stored] = []
        self.admitted: list[tuple[Speaker, Posted, Receipt]] = []
        self.expected = self.ledger.head()

    def post(self, speaker: Speaker, posted: Posted) -> None:
        try:
            receipt = self.ledger.post(speaker, posted)
        except Busy:
            raise
        except Refusal:
            return
        self.keep(speaker, posted, receipt)

    def keep(self, speaker: Speaker, posted: Posted, receipt: Receipt) -> None:
        self.expected += 1
        assert (receipt.position, receipt.replayed) == (self.expected, False)
        self.admitted.append((speaker, posted, receipt))
        if receipt.version == 1:
            self.voices.streams.append(receipt.stream_id)

    @rule(seed=SEEDS)
    def somebody_says_something(self, seed: int) -> None:
        self.voices.dice = random.Random(seed)
        self.post(*self.voices.claim())

    @rule(seed=SEEDS)
    def sides_go_on_with_their_support(self, seed: int) -> None:
        self.voices.dice = random.Random(seed)
        for _ in range(12):
            self.post(*self.voices.likely())

    @precondition(lambda self: self.admitted)
    @rule(seed=SEEDS)
    def an_old_request_comes_again(self, seed: int) -> None:
        speaker, posted, receipt = random.Random(seed).choice(self.admitted)
        assert self.ledger.post(speaker, posted) == replace(receipt, replayed=True)

    @precondition(lambda self: self.admitted)
    @rule(seed=SEEDS)
    def an_old_key_comes_with_other_content(self, seed: int) -> None:
        speaker, posted, _ = random.Random(seed).choice(self.admitted)
        other = replace(posted, correlationid="another")
        with pytest.raises(IdempotencyMismatch):
            self.ledger.post(speaker, other)

    @rule(seed=SEEDS, size=st.integers(1, 5), atomic=st.booleans())
    def a_batch_is_said(self, seed: int, size: int, atomic: bool) -> None:
        self.voices.dice = random.Random(seed)
        speaker, first = self.voices.claim()
        batch = [first, *(self.voices.on_behalf(speaker, self.voices.claim()[1]) for _ in range(size - 1))]
        try:
            answers = self.ledger.post_batch(speaker, batch) if atomic else self.ledger.post_each(speaker, batch)
        except BatchRefused:
            return
        for posted, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Receipt):
                self.keep(speaker, posted, answer)

    @rule(seed=SEEDS)
    def something_is_tried_out(self, seed: int) -> None:
        self.voices.dice = random.Random(seed)
        speaker, posted = self.voices.claim()
        try:
            self.ledger.check(speaker, [posted])
        except BatchRefused as dry:
            with pytest.raises(type(dry.fields["refusal"])):
                self.ledger.post(speaker, posted)
        else:
            assert self.ledger.head() == self.expected
            self.post(speaker, posted)

    @rule(hours=st.integers(-72, 24 * 20))
    def the_clock_is_set(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

    @invariant()
    def the_log_holds_what_was_acknowledged_and_nothing_else(self) -> None:
        log = whole_log(self.ledger)
        assert len(log) == self.expected == self.ledger.head()
        assert log[: len(self.known)] == self.known
        require_sound(log)
        for fact in log[len(self.known) :]:
            self.supports.see(fact)
        self.known = log

    def teardown(self) -> None:
        """The states that decide count each delivery as this test counted it by the records alone."""
        for stream in self.voices.streams:
            state = self.ledger.state("support", stream)
            for delivery_id, delivery in getattr(state, "deliveries", {}).items():
                assert delivery.counted_minutes == self.supports.counted.get((stream, delivery_id), 0)


def test_the_invariants_hold_whatever_is_said(ledger: Ledger, clock: SetClock) -> None:
    village = Village(ledger)
    trust = village.school("Harbour", "trust")
    for name in ("Northfield", "Ashfield", "Elm Park"):
        village.school(name)
    village.post("Northfield", "organisation.joined_trust", village.ids["Northfield"], trust_id=trust, on="2026-01-01")
    machine = type("Told", (Story,), {"ledger": ledger, "clock": clock, "village": village})
    told = settings(max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=told)
    # Chance alone may leave something unsaid: go on until everything that matters was said.
    story = machine()
    for seed in range(400):
        if kinds_in(ledger) >= MATTERS:
            break
        story.somebody_says_something(seed=seed)
        story.sides_go_on_with_their_support(seed=seed)
        story.the_log_holds_what_was_acknowledged_and_nothing_else()
    assert kinds_in(ledger) >= MATTERS


def kinds_in(ledger: Ledger) -> set[str]:
    return {fact.type.partition(".")[2] for fact in whole_log(ledger)}
