"""The landscape of one organisation, read from a real ledger: its parts, how it moved, as it was known."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.landscape.answering import LEGEND, landscape
from projections.views import EVERYTHING, Asked, ReadModels
from tests.projections.giving import Story, village
from tests.projections.keyed import known
from tests.scenario import ADMIN, coordinator, member, ref

PARTS = [{"component_id": one, "statement": "Something", "stance": "expected"} for one in ("c1", "c2")]


def told() -> Story:
    """A ring of three in one partnership; Northfield gave more than it got, in two categories; terms are set."""
    story = village().at("2026-12-20")
    story.exchanged("northfield", "ashfield", 120, "2026-12-01", "s1", "harbour")
    story.exchanged("ashfield", "brookside", 60, "2026-12-02", "s2", "harbour")
    story.exchanged("brookside", "northfield", 60, "2026-12-03", "s3", "harbour")
    story.given(coordinator("hub"), "framework.published", "ours", owner_id=ref("hub"), name="Ours", components=PARTS)
    said = {"framework_id": ref("ours"), "component_id": "c1", "status": "in_part", "evidence": "Seen"}
    by = {"assessed_on": "2026-12-19", "assessed_by": ref("northfield")}
    story.given(member("northfield"), "organisation.assessed", "northfield", **said, **by)
    terms = [{"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}]
    set_ = {"for": "ledger", "academic_year": "2026/27", "terms": terms}
    story.given(ADMIN, "calendar.terms_set", "urn:pledger:calendar:ledger", **set_)
    return story


def read(models: ReadModels, name: str = "northfield", asked: Asked = EVERYTHING, **more: Any) -> dict[str, Any]:
    return models.answer(landscape, asked, ref(name), **more).to_json()


def test_collaboration_is_the_mean_of_its_parts(database_url: str) -> None:
    with known(database_url, told()) as models:
        answer = read(models)
    parts = answer["collaboration"]["parts"]
    assert {name: part["f"]["fraction"] for name, part in parts.items()} == {
        "tempo": "1/1",
        "reciprocity": "2/3",
        "categories": "1/5",
    }
    assert (parts["reciprocity"]["turnover_minutes"], parts["reciprocity"]["round_minutes"]) == (180, 120)
    assert answer["collaboration"]["f"]["fraction"] == "28/45"
    assert answer["collaboration"]["coverage"] == {"known": 3, "of": 3}


def test_autonomy_by_its_own_word_and_that_of_others(database_url: str) -> None:
    with known(database_url, told()) as models:
        answer = read(models)
    autonomy = answer["autonomy"]
    assert (autonomy["by_itself"]["f"]["fraction"], autonomy["by_itself"]["coverage"]) == ("1/2", {"known": 1, "of": 2})
    assert (autonomy["by_others"]["f"], "autonomy.by_others" in answer["unknown"]) == (None, True)
    assert [(one["name"], one["spoken_of"]) for one in autonomy["frameworks"]] == [("Ours", 1)]


def test_nobody_is_put_into_a_field(database_url: str) -> None:
    with known(database_url, told()) as models:
        answer = read(models)
    assert set(answer.pop("legend")) == set(LEGEND)
    for field in LEGEND:
        assert field not in str(answer)


def test_movement_at_the_ends_of_terms_and_on_the_day(database_url: str) -> None:
    with known(database_url, told()) as models:
        moved = read(models)["movement"]
        quarters = read(models, asked=Asked(as_of=date(2026, 12, 1)))["movement"]
    assert [one["on"] for one in moved] == ["2026-12-18", "2026-12-31"]
    assert [one["autonomy_by_itself"] for one in moved] == [None, {"fraction": "1/2", "value": 0.5}]
    assert [one["on"] for one in quarters] == ["2025-12-02", "2026-03-03", "2026-06-02", "2026-09-01", "2026-12-01"]


def test_of_an_organisation_nobody_knows_anything_everything_is_unknown(database_url: str) -> None:
    story = village()
    story.schools("alone")
    with known(database_url, story) as models:
        answer = read(models, "alone")
    assert answer["collaboration"]["f"] is None
    assert {"collaboration", "collaboration.tempo", "collaboration.categories", "autonomy.by_itself"} <= set(
        answer["unknown"]
    )


def test_as_known_at_a_position_it_is_what_it_was_then(database_url: str) -> None:
    story = told()
    position = story.facts[-1].position
    with known(database_url, story) as models:
        then = read(models, explain=True)
    story.exchanged("northfield", "ashfield", 600, "2026-12-04", "s4", "harbour")
    said = {"framework_id": ref("ours"), "component_id": "c1", "status": "not_yet", "evidence": "Seen"}
    by = {"assessed_on": "2026-12-20", "assessed_by": ref("hub")}
    story.given(member("hub"), "organisation.assessed", "northfield", **said, **by)
    with known(database_url, story, position) as models:
        now = read(models, explain=True)
        back = read(models, asked=Asked(known_at=position), explain=True)
    assert now["collaboration"] != then["collaboration"]
    assert now["autonomy"] != then["autonomy"]
    assert back | {"position": 0} == then | {"position": 0}


def test_it_explains_itself(database_url: str) -> None:
    with known(database_url, told()) as models:
        working = {one["figure"]: one["steps"] for one in read(models, explain=True)["working"]}
    assert set(working) == {"collaboration", "autonomy_by_itself", "autonomy_by_others"}
    assert working["collaboration"][-1]["comes_to"] == "62 %"
    assert working["autonomy_by_itself"][-1]["comes_to"] == "50 %"
    assert all(step["event_ids"] for step in working["collaboration"][:3])
