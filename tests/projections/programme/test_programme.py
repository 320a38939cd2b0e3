"""The programme report: what was set out, given and came of it, over a set of partnerships."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.programme.answering import Choice, ProgrammeAnswer, programme
from projections.programme.giving import Rate
from projections.views import EVERYTHING, Asked, ReadModels
from tests.projections.giving import Story
from tests.projections.keyed import known
from tests.scenario import ADMIN, coordinator, formed, member, ref

HARBOUR, COAST = ref("harbour"), ref("coast")
BOTH = Choice(partnerships=(HARBOUR, COAST))


def told() -> Story:
    """Two partnerships of a hub. In Harbour: exchanges both ways, a gift, and what nobody has confirmed; its aim is
    met and it is closed. In Coast: a ring of three."""
    story = Story()
    story.schools("northfield", "ashfield", trust="anchor").schools("oakwood", "elm", "fir")
    story.partnership("harbour", "hub", "northfield", "ashfield")
    coast = formed("hub", "oakwood", "elm", "fir") | {"name": "Coast"}
    story.given(coordinator("hub"), "partnership.formed", "coast", **coast)
    for name in ("oakwood", "elm", "fir"):
        joined = {"organisation_id": ref(name), "on": "2026-09-01"}
        story.given(member(name), "partnership.partner_accepted", "coast", **joined)
    story.at("2026-10-01")
    story.exchanged("northfield", "ashfield", 390, "2026-09-10", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 195, "2026-09-11", "s2", "harbour", category="send")
    story.exchanged("northfield", "ashfield", 60, "2026-09-12", "s3", "harbour", basis="gift")
    story.gave("northfield", "ashfield", 30, "2026-09-13", "s4", "harbour")
    for number, (giver, receiver) in enumerate((("oakwood", "elm"), ("elm", "fir"), ("fir", "oakwood"))):
        story.exchanged(giver, receiver, 390, "2026-09-20", f"r{number}", "coast")
    outcome(story, "ashfield", "s1", 3, saving_pence=12_000)
    outcome(story, "northfield", "s1", 1, saving_pence=5_000)
    outcome(story, "ashfield", "s1", 2, saving_pence=10_000)
    met = {"aim_id": "maths", "evidence": "Seen", "on": "2026-10-01"}
    story.given(coordinator("hub"), "partnership.aim_met", "harbour", **met)
    closed = {"reason": "purpose_met", "on": "2026-10-01", "lessons": "Many"}
    story.given(coordinator("hub"), "partnership.closed", "harbour", **closed)
    return story


def outcome(story: Story, voice: str, support: str, impact: int, **more: Any) -> None:
    said = {"impact": impact, "evidence": "Seen", "assessed_on": "2026-09-30"}
    story.given(member(voice), "support.outcome_recorded", support, **said, **more)


def read(models: ReadModels, asked: Asked = EVERYTHING, choice: Choice = BOTH, **more: Any) -> dict[str, Any]:
    answer: ProgrammeAnswer = models.answer(programme, asked, choice, more.pop("rate", Rate()), **more)
    return answer.to_json()


@pytest.fixture
def report(database_url: str) -> dict[str, Any]:
    with known(database_url, told()) as models:
        return read(models, explain=True)


def test_what_is_in_it_and_what_was_set_out(report: dict[str, Any]) -> None:
    assert report["counts"] == {"partnerships": 2, "schools": 5}
    assert [report["names"][one["partnership_id"]] for one in report["partnerships"]] == ["Coast", "Harbour Cluster"]
    aims = {one["partnership_id"]: [aim["state"] for aim in one["aims"]] for one in report["set_out"]}
    assert aims == {COAST: ["open"], HARBOUR: ["met"]}
    assert report["set_out"][1]["purpose"] == "Better mathematics in every school"


def test_support_by_category_and_basis_confirmed_told_from_unconfirmed(report: dict[str, Any]) -> None:
    support = {
        (one["category"], one["basis"]): (one["confirmed_minutes"], one["claimed_minutes"]) for one in report["support"]
    }
    assert support == {
        ("maths", "exchange"): (390 + 3 * 390, 30),
        ("maths", "gift"): (60, 0),
        ("send", "exchange"): (195, 0),
    }
    assert report["totals"] == {
        "confirmed_minutes": 1815, "claimed_minutes": 30, "disputed_minutes": 0, "attested_minutes": 0,
        "confirmed_deliveries": 6, "unconfirmed_deliveries": 1,
    }  # fmt: skip


def test_value_and_savings(report: dict[str, Any]) -> None:
    value = report["value"]
    assert (value["value_pence"], value["supplier_pence"], value["other_pence"]) == (162_885, 139_615, 23_270)
    assert report["savings"] == {
        "by_receivers_pence": 10_000, "by_givers_pence": 5_000, "engagements_with_saving": 1,
    }  # fmt: skip


def test_outcomes_in_both_voices_and_how_many_have_none(report: dict[str, Any]) -> None:
    outcomes = report["outcomes"]
    assert (outcomes["engagements"], outcomes["without_outcome"], outcomes["without_receivers_word"]) == (6, 5, 5)
    by = {side: [one["impact"] for one in outcomes[side]["by_impact"] if one["engagements"]] for side in SIDES}
    assert by == {"by_receivers": [2], "by_givers": [1]}


SIDES = ("by_receivers", "by_givers")


def test_reciprocity_of_each_and_of_all_together(report: dict[str, Any]) -> None:
    shares = {
        one["partnership_id"]: tuple(one[name]["fraction"] for name in ("two_way", "comes_round", "one_way"))
        for one in report["partnerships"]
    }
    assert shares == {COAST: ("0/1", "1/1", "0/1"), HARBOUR: ("2/3", "0/1", "1/3")}
    whole = report["reciprocity"]
    assert (whole["minutes"], whole["two_way"]["fraction"], whole["comes_round"]["fraction"]) == (1755, "2/9", "2/3")


def test_endings_completed_and_withdrawn_apart(report: dict[str, Any]) -> None:
    endings = report["endings"]
    assert (endings["completed"], endings["withdrawn"], endings["running"]) == (1, 0, 1)
    by = {
        one["partnership_id"]: (one["ending"], one.get("closed_on"), one["health_on"]) for one in report["partnerships"]
    }
    assert by[HARBOUR] == ("completed", "2026-10-01", "2026-09-30")
    assert by[COAST] == ("running", None, "2026-12-31")


def test_no_figure_is_one_school_s(report: dict[str, Any]) -> None:
    schools = {ref(name) for name in ("northfield", "ashfield", "oakwood", "elm", "fir")}
    del report["working"]
    assert [one for one in schools if one in str(report)] == []


def test_benchmarks_stand_beside_and_what_is_unknown_is_named(report: dict[str, Any]) -> None:
    lines = {one["name"]: one for one in report["benchmarks"]}
    assert (lines["follow_through"]["ours"], lines["follow_through"]["line"]["value"]) == (None, 0.893204)
    assert "follow_through" in report["unknown"]
    assert lines["schools_in_a_partnership"]["ours"]["fraction"] == "0/1"


def test_it_explains_itself(report: dict[str, Any]) -> None:
    working = {one["figure"]: one["steps"] for one in report["working"]}
    assert working["confirmed_minutes"][-1]["comes_to"] == "4.7 days (30 h 15 min)"
    assert working["value_pence"][-1]["comes_to"] == "£1,628.85"
    assert working["savings"][-1]["comes_to"] == "£100"
    assert working["reciprocity"][-3]["comes_to"] == "22 %"
    assert all(step["event_ids"] for step in working["confirmed_minutes"][:-1])


def test_a_step_names_the_facts_of_what_it_counts_and_no_others(database_url: str) -> None:
    story = told()

    def facts_of(*supports: str) -> set[str]:
        counted = ("support.delivered", "support.delivery_confirmed")
        streams = set(map(ref, supports))
        return {fact.event_id for fact in story.facts if fact.stream.id in streams and fact.type in counted}

    with known(database_url, story) as models:
        working = {one["figure"]: one["steps"] for one in read(models, explain=True)["working"]}
    confirmed, exchanged = (set(working[name][1]["event_ids"]) for name in ("confirmed_minutes", "reciprocity"))
    assert confirmed == facts_of("s1", "s2", "s3")
    assert exchanged == facts_of("s1", "s2")


def test_what_does_not_apply_is_left_out_and_what_cannot_be_told_says_why(database_url: str) -> None:
    with known(database_url, told()) as models:
        report = read(models, Asked(as_of=date(2026, 9, 9)))
        nobody = read(models, Asked(as_of=date(2026, 8, 1)))
    assert [one for one in report["partnerships"] if "closed_on" in one or "ends_on" in one] == []
    assert {name for one in report["partnerships"] for name in one["why"]} == {
        "two_way", "comes_round", "one_way", "health",
    }  # fmt: skip
    assert [("ours" in one, bool(one["why"])) for one in nobody["benchmarks"]] == [(True, True), (True, True)]


def test_the_window_the_day_and_what_is_known(database_url: str) -> None:
    story = told()
    position = next(fact.position for fact in story.facts if fact.type == "partnership.aim_met") - 1
    with known(database_url, story) as models:

        def figures(asked: Asked) -> tuple[int, int, int]:
            found = read(models, asked)
            return found["totals"]["confirmed_minutes"], found["endings"]["completed"], found["counts"]["partnerships"]

        assert figures(Asked(from_=date(2026, 9, 11), to=date(2026, 9, 12))) == (255, 0, 2)
        assert figures(Asked(as_of=date(2026, 9, 10))) == (390, 0, 2)
        assert figures(Asked(as_of=date(2026, 12, 31), known_at=position)) == (1815, 0, 2)
        assert figures(Asked(as_of=date(2026, 8, 30))) == (0, 0, 0)


def test_what_was_known_then_is_answered_now_as_it_was_then(database_url: str) -> None:
    story = told()
    position = story.facts[-1].position
    with known(database_url, story) as models:
        then = read(models, explain=True)
    story.exchanged("oakwood", "elm", 780, "2026-09-25", "more", "coast")
    outcome(story, "elm", "more", 3)
    with known(database_url, story, position) as models:
        now = read(models, explain=True)
        back = read(models, Asked(known_at=position), explain=True)
    assert now["totals"] != then["totals"]
    assert now["outcomes"] != then["outcomes"]
    assert back | {"position": 0} == then | {"position": 0}


def test_those_of_a_coordinator_and_those_with_a_school_of_a_trust(database_url: str) -> None:
    story = told()
    story.given(ADMIN, "organisation.joined_trust", "elm", trust_id=ref("anchor"), on="2026-11-01")
    with known(database_url, story) as models:

        def chosen(asked: Asked = EVERYTHING, **more: str) -> list[str]:
            found = read(models, asked, Choice(partnerships=(HARBOUR, COAST), **more))
            return [one["partnership_id"] for one in found["partnerships"]]

        assert chosen(coordinator_id=ref("hub")) == [COAST, HARBOUR]
        assert chosen(coordinator_id=ref("anchor")) == []
        assert chosen(trust_id=ref("anchor")) == [COAST]
        assert chosen(Asked(as_of=date(2026, 9, 30)), trust_id=ref("anchor")) == [HARBOUR]


def test_another_rate(database_url: str) -> None:
    with known(database_url, told()) as models:
        value = read(models, rate=Rate(pence=39_000, supplier_pence=0))["value"]
    assert (value["value_pence"], value["supplier_pence"]) == (181_500, 0)
