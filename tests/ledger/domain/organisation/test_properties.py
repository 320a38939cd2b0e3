"""Whatever is claimed in whatever order: one trust a day, one holder of an identifier, no circles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.refusals import AlreadyRecorded
from ledger.errors import Refusal
from tests.scenario import ADMIN, Scenario, ref

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n))
MOVES = st.tuples(st.sampled_from(["joined_trust", "left_trust"]), st.sampled_from(["harbour", "tide"]), DAYS)
NAMES = st.sampled_from(["one", "two", "three"])
URNS = st.sampled_from(["100001", "100002"])
LAESTABS = st.sampled_from(["201/0001", "2010001", "201/0002"])


def tried(story: Scenario, type_name: str, stream: str, **said: Any) -> bool:
    """Whether an admin's claim was admitted."""
    try:
        story.when(ADMIN, type_name, stream, **said)
    except (Refusal, AlreadyRecorded):
        return False
    return True


@given(st.lists(MOVES, max_size=12))
def test_a_school_is_in_one_trust_a_day(moves: list[tuple[str, str, date]]) -> None:
    story = Scenario().schools("northfield")
    for trust in ("harbour", "tide"):
        story.given(ADMIN, "organisation.registered", trust, name=trust, kind="trust", identifiers=[])
    for event, trust, on in moves:
        tried(story, f"organisation.{event}", "northfield", trust_id=ref(trust), on=on.isoformat())
    spans = story.states["organisation", ref("northfield")].spans
    for day in (FIRST + timedelta(days=n) for n in range(40)):
        assert sum(span.covers(day) for span in spans) <= 1
    assert all(span.until is None or span.since < span.until for span in spans)


def school(urn: str, laestab: str) -> dict[str, Any]:
    identifiers = [{"scheme": "urn", "value": urn}, {"scheme": "laestab", "value": laestab}]
    return {"name": "A school", "kind": "school", "identifiers": identifiers}


@given(st.lists(st.tuples(st.sampled_from(["registered", "details_changed", "closed"]), NAMES, URNS, LAESTABS)))
def test_an_identifier_has_one_holder(steps: list[tuple[str, str, str, str]]) -> None:
    story = Scenario()
    for event, name, urn, laestab in steps:
        if event == "closed":
            tried(story, "organisation.closed", name, on="2026-08-31", reason="Merged")
        elif event == "registered":
            tried(story, "organisation.registered", name, **school(urn, laestab))
        else:
            changed = {"identifiers": school(urn, laestab)["identifiers"]}
            tried(story, "organisation.details_changed", name, **changed)
    for scheme, value in (("urn", "100001"), ("urn", "100002"), ("laestab", "201/0001"), ("laestab", "2010002")):
        assert sum(state.holds(scheme, value) for state in story.states.values()) <= 1


@given(st.lists(st.tuples(st.sampled_from(["succeeded", "duplicate_declared"]), NAMES, NAMES)))
def test_no_chain_of_organisations_goes_round(links: list[tuple[str, str, str]]) -> None:
    story = Scenario().schools("one", "two", "three")
    for event, one, other in links:
        if event == "succeeded":
            tried(story, "organisation.succeeded", one, successor_id=ref(other), on="2026-09-01")
        else:
            tried(story, "organisation.duplicate_declared", one, duplicate_of=ref(other), reason="Twice")
    states = {stream_id: state for (_, stream_id), state in story.states.items()}
    for attribute in ("successor_id", "duplicate_of"):
        for start, state in states.items():
            seen, link = [start], getattr(state, attribute)
            while link is not None:
                assert link not in seen
                seen.append(link)
                link = getattr(states[link], attribute)
