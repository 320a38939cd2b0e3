"""The trail: facts in ledger order with the marks that the rules give them, in both directions, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ledger.domain.fact import AnyFact
from projections.audit.histories import everything, organisation_history, partnership_history
from projections.audit.reading import Filters
from projections.audit.trail import Asked, Entry, TrailAnswer
from projections.views import EVERYTHING, ReadModels
from projections.views import Asked as Question
from tests.projections.audit.chronicle import chronicle
from tests.projections.giving import Story, village
from tests.projections.keyed import known
from tests.scenario import ADMIN, AUDITOR, LEDGER, coordinator, ref

Read = Callable[..., TrailAnswer]
DAY = {"quantity": "1", "unit": "day"}


def trail(models: ReadModels, question: Question = EVERYTHING, **asked: Any) -> TrailAnswer:
    return models.answer(everything, question, Asked(filters=asked.pop("filters", Filters()), **asked))


def by_fact(answer: TrailAnswer) -> dict[str, Entry]:
    return {entry.row.fact.event_id: entry for entry in answer.entries}


def test_what_is_recorded_more_than_four_weeks_after_its_day_is_late(database_url: str) -> None:
    story = village().at("2026-10-29")
    in_time = story.gave("northfield", "ashfield", 60, "2026-10-01", "s1")
    late = story.gave("northfield", "ashfield", 60, "2026-09-30", "s2")
    with known(database_url, story) as models:
        found = by_fact(trail(models))
        assert (found[in_time.event_id].marks, found[late.event_id].marks) == ((), ("late",))


def test_what_falls_into_a_closed_period_is_after_closing_while_it_is_closed(database_url: str) -> None:
    story = village()
    story.given_log(LEDGER, "log.opened", origin="ledger.example", vkey="ledger.example+abc+key", zone="Europe/London")
    before = story.gave("northfield", "ashfield", 60, "2026-09-20", "s1")
    story.given_log(AUDITOR, "log.period_closed", scope="ledger", until="2026-09-30", figures_position=before.position)
    inside = story.gave("northfield", "ashfield", 60, "2026-09-20", "s2")
    outside = story.gave("northfield", "ashfield", 60, "2026-10-01", "s3")
    story.given_log(AUDITOR, "log.period_reopened", scope="ledger", until="2026-09-30", reason="A late import")
    again = story.gave("northfield", "ashfield", 60, "2026-09-20", "s4")
    with known(database_url, story) as models:
        found = by_fact(trail(models))
    marked = [fact.event_id for fact in (before, inside, outside, again) if found[fact.event_id].marks]
    assert marked == [inside.event_id]
    assert found[inside.event_id].marks == ("after_closing",)


def test_a_trust_s_closed_period_marks_what_its_schools_say(database_url: str) -> None:
    story = Story().schools("northfield", trust="anchor").schools("ashfield", "oakwood").at("2026-10-01")
    assert isinstance(story, Story)
    story.given_log(LEDGER, "log.opened", origin="ledger.example", vkey="ledger.example+abc+key", zone="Europe/London")
    scope = f"trust:{ref('anchor')}"
    story.given_log(AUDITOR, "log.period_closed", scope=scope, until="2026-09-30", figures_position=3)
    own = story.gave("northfield", "ashfield", 60, "2026-09-20", "s1")
    foreign = story.gave("oakwood", "ashfield", 60, "2026-09-20", "s2")
    with known(database_url, story) as models:
        found = by_fact(trail(models))
    assert (found[own.event_id].marks, found[foreign.event_id].marks) == (("after_closing",), ())


def test_who_recorded_it_for_another_is_told(database_url: str) -> None:
    story = village()
    hub = coordinator("hub")
    keyed = {"principal": hub.principal, "role": "coordinator", "organisations": [ref("hub")]}
    story.given(ADMIN, "credential.issued", "coordinator of hub", **keyed)
    given = {"delivery_id": "d1", "amount": DAY, "delivered_on": "2026-10-01", "partnership_id": ref("harbour")}
    sides = {"giver_id": ref("northfield"), "receiver_id": ref("ashfield"), "category": "maths"}
    fact = story.when(hub, "support.delivered", "s1", for_="northfield", **given, **sides)
    own = story.gave("northfield", "ashfield", 60, "2026-10-01", "s2")
    with known(database_url, story) as models:
        found = by_fact(trail(models))
    assert (found[fact.event_id].marks, found[own.event_id].marks) == (("on_behalf",), ())
    assert found[fact.event_id].says.endswith("(recorded for it by Hub)")


def test_an_import_says_so(database_url: str) -> None:
    story = village()
    fact = story.gave("northfield", "ashfield", 60, "2026-09-20", "s1", imported=True)
    with known(database_url, story) as models:
        assert by_fact(trail(models))[fact.event_id].marks == ("imported",)


def the(story: Story, type_name: str, number: int = 0) -> AnyFact:
    return [fact for fact in story.facts if fact.type == type_name][number]


@pytest.fixture
def told(database_url: str) -> tuple[Story, dict[str, Entry]]:
    story = chronicle()
    with known(database_url, story) as models:
        return story, by_fact(trail(models, limit=1000))


CORRECTIONS = [
    ("support.delivery_reversed", "support.delivered", 4, "reversed"),
    ("support.confirmation_withdrawn", "support.delivery_confirmed", 0, "withdrawn"),
    ("support.entry_withdrawn", "support.visit_missed", 0, "withdrawn"),
    ("partnership.entry_withdrawn", "partnership.aim_met", 0, "withdrawn"),
    ("partnership.notice_rescinded", "partnership.notice_given", 0, "withdrawn"),
    ("review.entry_withdrawn", "review.completed", 0, "withdrawn"),
    ("text.redacted", "support.outcome_recorded", 0, "redacted"),
]


def test_corrections_lead_both_ways(told: tuple[Story, dict[str, Entry]]) -> None:
    story, found = told
    for correcting, corrected, number, mark in CORRECTIONS:
        later, earlier = (found[the(story, *one).event_id] for one in ((correcting,), (corrected, number)))
        assert (later.corrections.corrects, "correction" in later.marks) == ((earlier.row.fact.event_id,), True)
        assert (earlier.corrections.corrected_by, mark in earlier.marks) == ((later.row.fact.event_id,), True)
    marked = {entry.row.fact.type for entry in found.values() if entry.corrections.corrects}
    assert marked == {correcting for correcting, *_ in CORRECTIONS}


def test_pages_follow_each_other_both_ways_and_by_mark(database_url: str) -> None:
    story = chronicle()
    with known(database_url, story) as models:
        whole = [entry.row.position for entry in trail(models, limit=1000).entries]
        assert whole == list(range(1, len(story.facts) + 1))
        assert pages(models, limit=7) == whole
        assert pages(models, limit=7, order="newest") == whole[::-1]
        marked = [entry.row.position for entry in trail(models, limit=1000).entries if "withdrawn" in entry.marks]
        assert marked
        assert pages(models, limit=1, marks=frozenset({"withdrawn"})) == marked


def pages(models: ReadModels, **asked: Any) -> list[int]:
    """The positions of every page, one page after the other."""
    found: list[int] = []
    page = trail(models, **asked)
    found += [entry.row.position for entry in page.entries]
    while page.has_more:
        page = trail(models, after=page.next, **asked)
        found += [entry.row.position for entry in page.entries]
    return found


def test_as_known_at_a_position_what_was_corrected_later_is_not(database_url: str) -> None:
    story = chronicle()
    missed = the(story, "support.visit_missed")
    with known(database_url, story) as models:
        then = trail(models, Question(known_at=missed.position), limit=1000)
    assert [entry.row.position for entry in then.entries] == list(range(1, missed.position + 1))
    assert then.entries[-1].marks == ()


def test_filters_and_sight(database_url: str) -> None:
    story = village()
    inside = story.gave("northfield", "ashfield", 60, "2026-10-01", "s1", "harbour")
    outside = story.gave("northfield", "ashfield", 60, "2026-10-01", "s2")
    yes = story.confirmed("ashfield", "s1")
    with known(database_url, story) as models:

        def shown(history: Read, *of: str, **filters: Any) -> list[str]:
            answer = models.answer(history, EVERYTHING, *of, Asked(filters=Filters(**filters)))
            return [entry.row.fact.event_id for entry in answer.entries if entry.row.fact.stream.kind == "support"]

        assert shown(partnership_history, ref("harbour")) == [inside.event_id, yes.event_id]
        assert shown(everything, voice=ref("ashfield")) == [yes.event_id]
        assert shown(everything, types=("support.delivered",)) == [inside.event_id, outside.event_id]
        assert shown(everything, visible=(f"organisation:{ref('brookside')}",)) == []
        assert shown(organisation_history, ref("brookside")) == []
        assert shown(organisation_history, ref("ashfield")) == [inside.event_id, outside.event_id, yes.event_id]


def converted() -> Story:
    """Northfield becomes an academy on 1 November, and goes on."""
    story = village("academy")
    story.gave("northfield", "ashfield", 60, "2026-10-01", "s1")
    story.given(ADMIN, "organisation.succeeded", "northfield", successor_id=ref("academy"), on="2026-11-01")
    story.at("2026-11-02").gave("academy", "ashfield", 60, "2026-11-02", "s2")
    return story


def test_a_school_that_was_succeeded_has_one_history_across_both_identities(database_url: str) -> None:
    old, new = ref("northfield"), ref("academy")
    with known(database_url, converted()) as models:

        def deliveries(one: str, visible: tuple[str, ...] | None = None) -> list[tuple[str, ...]]:
            asked = Asked(filters=Filters(visible=visible, types=("support.delivered",)))
            return [entry.identity_ids for entry in models.answer(organisation_history, EVERYTHING, one, asked).entries]

        assert deliveries(new) == deliveries(old) == [(old,), (new,)]
        assert deliveries(new, (f"organisation:{new}",)) == [(old,), (new,)]
        assert deliveries(old, (f"organisation:{old}",)) == [(old,)]
        asked = Asked(filters=Filters())
        [other] = models.answer(organisation_history, EVERYTHING, new, asked).identities
    assert (other.organisation_id, other.name, other.relation) == (old, "Northfield", "predecessor")
    assert other.on.isoformat() == "2026-11-01"
