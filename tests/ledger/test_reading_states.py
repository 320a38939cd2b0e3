"""What is read of a stream goes on from what was read of it before, and says the same as its whole history."""

from __future__ import annotations

import random

import pytest

from ledger.errors import Refusal
from ledger.service import Ledger, open_ledger
from ledger.settings import Settings
from ledger.states import load
from tests.ledger.voices import SCHOOLS, Voices
from tests.story import Village, person, said

CLAIMS = 400


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_state_that_was_gone_on_from_is_that_of_the_whole_stream(
    ledger: Ledger, settings: Settings, seed: int
) -> None:
    village, dice = Village(ledger), random.Random(seed)
    village.school("Harbour", "trust")
    for name in SCHOOLS:
        village.school(name)
    voices = Voices.of(village, dice)
    states: set[str] = set()
    with open_ledger(settings, clock=ledger.clock) as another:  # it reads what the first one writes
        for _ in range(CLAIMS):
            try:
                voices.streams.append(
                    village.ledger.post(*(voices.likely() if dice.random() < 0.7 else voices.claim())).stream_id
                )
            except Refusal:
                continue
            stream = dice.choice(voices.streams)
            whole = load(ledger.store, [stream])[stream]
            for one in (ledger, another):
                view = one.stream(stream)
                assert (view.kind, view.version, view.state) == (whole.kind, whole.version, whole.state)
                states.add(repr(view.state))
    assert len(states) > 5


def test_what_is_seen_changes_with_the_next_fact(ledger: Ledger) -> None:
    village = Village(ledger)
    trust, school = village.school("Harbour", "trust"), village.school("Northfield")
    auditor = person("auditor")
    auditor = type(auditor)(principal=auditor.principal, role="auditor", trust=trust)
    assert not ledger.may_see_organisation(auditor, school)
    joined = said("organisation.joined_trust", school, trust_id=trust, on=ledger.today().isoformat())
    ledger.post(village.members["Northfield"], joined)
    assert ledger.may_see_organisation(auditor, school)
