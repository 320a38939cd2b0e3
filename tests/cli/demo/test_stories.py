"""Each uncomfortable story is in the ledger, with the states that later views rely on."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from cli.demo.story import Story
from ledger.domain.partnership.state import PartnershipState
from tests.cli.demo.conftest import TODAY, Made


def story(made: Made, name: str) -> Story:
    return next(one for one in made.programme.stories if one.name == name)


def support(made: Made, one: Story, part: str = "support") -> Any:
    return made.ledger.state("support", one.expected["streams"][part])


def partnership(made: Made, one: Story) -> PartnershipState:
    state: PartnershipState = made.ledger.state("partnership", one.partnership or "")
    return state


def given(made: Made, partnership_id: str | None) -> Counter[tuple[str, str]]:
    """Confirmed exchange minutes by (giver, receiver) in a partnership."""
    minutes: Counter[tuple[str, str]] = Counter()
    streams = {fact.stream.id for fact in made.of("support.delivered")}
    for stream in streams:
        state = made.ledger.state("support", stream)
        if state.partnership_id == partnership_id:
            for delivery in state.deliveries.values():
                if delivery.basis == "exchange":
                    minutes[state.giver_id, state.receiver_id] += delivery.counted_minutes
    return minutes


def sides(minutes: Counter[tuple[str, str]], organisation: str) -> tuple[int, int]:
    gave = sum(value for (giver, _), value in minutes.items() if giver == organisation)
    return gave, sum(value for (_, receiver), value in minutes.items() if receiver == organisation)


def disposed(made: Made, one: Story) -> dict[str, int]:
    """Minutes by disposal, of residuals to which everybody they touch has said yes."""
    agreed = {
        proposal_id
        for proposal_id, residual in partnership(made, one).residuals.items()
        if len(residual.agreed) == len(residual.touched) - 1
    }
    proposed = [fact.data for fact in made.of("partnership.residual_proposed") if fact.stream.id == one.partnership]
    return {data.disposal: data.minutes for data in proposed if data.proposal_id in agreed}


def test_stories_have_names_of_their_own_and_name_what_is_there(made: Made) -> None:
    stories = made.programme.stories
    assert len({one.name for one in stories}) == len(stories) == 30
    known = {fact.stream.id for fact in made.facts}
    for one in stories:
        named = {*one.organisations.values(), *one.expected.get("streams", {}).values()}
        assert named | ({one.partnership} if one.partnership else set()) <= known


def test_two_partnerships_are_one_sided_and_a_third_is_so_on_purpose(made: Made) -> None:
    for name, part, way in (
        ("gives-more-than-it-gets", "giver", 1),
        ("gets-more-than-it-gives", "receiver", -1),
        ("one-way-by-agreement", "giver", 1),
    ):
        one = story(made, name)
        gave, got = sides(given(made, one.partnership), one.organisations[part])
        assert way * Fraction(gave - got, gave + got) > Fraction(1, 2)
        assert abs(gave - got) > 600
    terms = partnership(made, story(made, "one-way-by-agreement")).terms_on(TODAY)
    assert (terms.intended.kind, terms.intended.from_) == ("one_way", made.programme.organisation("stanmoor"))


def test_support_goes_round_the_ring_and_not_back(made: Made) -> None:
    one = story(made, "ring")
    minutes = given(made, one.partnership)
    first, second, third = (one.organisations[place] for place in "123")
    for giver, receiver in ((first, second), (second, third), (third, first)):
        assert minutes[giver, receiver] > 300
        assert minutes[receiver, giver] < minutes[giver, receiver] / 2


def test_a_dispute_is_settled_and_another_has_waited_for_more_than_thirty_days(made: Made) -> None:
    settled = support(made, story(made, "dispute-settled"))
    assert {key: one.status for key, one in settled.deliveries.items()} == {"d1": "confirmed", "d2": "settled"}
    assert sum(one.counted_minutes for one in settled.deliveries.values()) == 1170
    waiting = support(made, story(made, "dispute-open")).deliveries["d2"]
    assert (waiting.status, waiting.minutes) == ("disputed", 390)
    assert TODAY - waiting.status_since.date() > timedelta(days=30)


def test_deliveries_wait_unanswered_are_attested_or_taken_back(made: Made) -> None:
    unanswered = support(made, story(made, "unanswered"))
    assert [one.status for one in unanswered.deliveries.values()] == ["claimed"] * 3
    assert support(made, story(made, "attested")).deliveries["d2"].status == "attested"
    reversed_ = support(made, story(made, "reversed"))
    assert [one.status for one in reversed_.deliveries.values()] == ["confirmed", "reversed", "reversed", "confirmed"]


def test_a_partner_leaves_well(made: Made) -> None:
    one = story(made, "leaves-well")
    state = partnership(made, one)
    assert state.has_left(one.organisations["leaver"])
    assert disposed(made, one) == {"forgiven": 390, "passed_on": 195} == one.expected["disposals"]
    assert type(support(made, one, "completed")).__name__ == "Completed"
    assert type(support(made, one, "cancelled")).__name__ == "Cancelled"


def test_a_partner_leaves_late_with_support_open_and_a_review_never_held(made: Made) -> None:
    one = story(made, "leaves-late")
    state = partnership(made, one)
    leaver = one.organisations["leaver"]
    assert state.active_on(leaver, TODAY)
    assert state.notices[leaver].leaves_on < TODAY
    assert support(made, one, "open").is_agreed_and_open
    review = state.reviews["autumn"]
    assert review.held_at is None
    assert review.due_on is not None
    assert TODAY - review.due_on > timedelta(days=15)


def test_a_purpose_is_met_and_the_partnership_closes(made: Made) -> None:
    one = story(made, "purpose-met")
    state = partnership(made, one)
    assert state.closed_on == date.fromisoformat(one.expected["closed_on"])
    assert disposed(made, one) == {"returned": 390, "carried": 195} == one.expected["disposals"]


def test_the_successor_answers_and_ends_what_its_predecessor_left_open(made: Made) -> None:
    one = story(made, "becomes-academy")
    old, new = one.organisations["predecessor"], one.organisations["successor"]
    known = made.ledger.organisation(old)
    assert known is not None
    assert known.successor_id == new
    last = [fact.voice for fact in made.of("support.delivery_confirmed") if fact.stream.id in str(one.expected)]
    assert last == [old, new]
    assert type(support(made, one)).__name__ == "Completed"
    assert partnership(made, one).active_on(new, TODAY)
    assert not partnership(made, one).active_on(old, TODAY)


def test_the_person_who_gave_most_has_left(made: Made) -> None:
    one = story(made, "key-person-leaves")
    giver, since = one.organisations["giver"], TODAY - timedelta(days=365)
    named: Counter[str] = Counter()
    for stream in {fact.stream.id for fact in made.of("support.delivered")}:
        state = made.ledger.state("support", stream)
        if (state.partnership_id, state.giver_id) == (one.partnership, giver):
            for delivery in state.deliveries.values():
                for person in delivery.people if delivery.delivered_on > since else ():
                    named[person] += delivery.counted_minutes
    assert named[one.expected["person"]] * 2 > named.total()
    assert made.ledger.state("person", one.expected["person"]).ended_on < TODAY


def test_two_schools_review_each_other_and_find_nothing(made: Made) -> None:
    one = story(made, "cosy-pair")
    reviews = [made.ledger.state("review", stream) for stream in one.expected["streams"].values()]
    assert {(state.plan.reviewed_id, state.plan.lead_id) for state in reviews} == {
        (one.organisations["one"], one.organisations["other"]),
        (one.organisations["other"], one.organisations["one"]),
    }
    held = set(one.expected["streams"].values())
    findings = [
        finding for fact in made.of("review.completed") if fact.stream.id in held for finding in fact.data.findings
    ]
    assert {finding.judgement for finding in findings} == {"strength"}
    later = [
        f for f in made.of("review.scheduled") if f.data.partnership_id == one.partnership and f.stream.id not in held
    ]
    assert max(fact.data.on for fact in later) < min(state.plan.on for state in reviews)


def test_a_finding_leads_to_a_request_support_and_an_outcome(made: Made) -> None:
    one = story(made, "finding-to-outcome")
    review = one.expected["streams"]["review"]
    arisen = [
        fact.stream.id
        for fact in made.of("support.requested")
        if fact.data.arising_from is not None and fact.data.arising_from.review_id == review
    ]
    assert len(arisen) == 1
    steps = {fact.type for fact in made.facts if fact.stream.id == arisen[0]}
    assert {"support.agreed", "support.delivery_confirmed", "support.completed", "support.outcome_recorded"} <= steps


def test_late_entries_fall_into_a_closed_period(made: Made) -> None:
    streams = set(story(made, "recorded-late").expected["streams"].values())
    late = [fact for fact in made.of("support.delivered") if fact.stream.id in streams]
    assert all((fact.recorded_at.date() - fact.data.delivered_on).days > 120 for fact in late)
    until = date.fromisoformat(story(made, "periods").expected["closed_until"])
    closed = next(fact for fact in made.of("log.period_closed") if fact.data.until == until)
    assert all(fact.data.delivered_on <= until and fact.position > closed.position for fact in late)


def test_the_same_day_goes_there_and_back_three_times_confirmed_within_a_day(made: Made) -> None:
    streams = set(story(made, "mirror").expected["streams"].values())
    facts = [fact for fact in made.facts if fact.stream.id in streams]
    recorded = {fact.stream.id: fact.recorded_at for fact in facts if fact.type == "support.delivered"}
    confirmed = {fact.stream.id: fact.recorded_at for fact in facts if fact.type == "support.delivery_confirmed"}
    assert len(recorded) == 6
    assert all(timedelta() < confirmed[one] - recorded[one] < timedelta(days=1) for one in recorded)


def test_a_quiet_partnership_has_seen_nothing_for_long(made: Made) -> None:
    one = story(made, "quiet-after-a-change")
    last = max(
        fact.data.delivered_on
        for fact in made.of("support.delivered")
        if made.ledger.state("support", fact.stream.id).partnership_id == one.partnership
    )
    assert TODAY - last > timedelta(days=100)
    assert partnership(made, one).coordinator_id == one.organisations["after"]
