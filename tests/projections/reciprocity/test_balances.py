"""Balances as a door reads them: facts in a real log, folded by the runner, answered from one snapshot."""

from __future__ import annotations

from datetime import date

import pytest

from projections.reciprocity.measures import Minutes
from projections.views import Asked, ReadModels
from tests.projections.books import folded, reading
from tests.projections.giving import Story, village
from tests.scenario import ADMIN, coordinator, member, ref

NORTHFIELD, ASHFIELD, BROOKSIDE = ref("northfield"), ref("ashfield"), ref("brookside")
HARBOUR = ref("harbour")


def read(database_url: str, story: Story) -> ReadModels:
    folded(database_url, story.facts)
    return reading(database_url)


def test_what_is_given_shows_for_both_sides(database_url: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.gave("ashfield", "northfield", 60, "2026-09-20", "s2", "harbour")
    with read(database_url, story) as models:
        giver, receiver = models.balance(NORTHFIELD), models.balance(ASHFIELD)
        pair = models.pair(ASHFIELD, NORTHFIELD)
    assert giver.balance.minutes == Minutes(given=120, independent_given=120, claimed_received=60)
    assert receiver.balance.minutes == Minutes(received=120, independent_received=120, claimed=60)
    assert pair.balance.minutes == receiver.balance.minutes
    assert giver.header.position == len(story.facts)
    assert dict(giver.names) == {NORTHFIELD: "Northfield"}


def test_as_of_a_day_and_as_known_at_a_position(database_url: str) -> None:
    story = village()
    claim = story.gave("northfield", "ashfield", 120, "2026-09-18", "s1")
    yes = story.at("2026-10-05").confirmed("ashfield", "s1")
    story.at("2026-11-01").reversed("northfield", "s1", "2026-10-20")
    with read(database_url, story) as models:

        def given(as_of: str, known_at: int | None = None) -> tuple[int, int]:
            minutes = models.balance(
                NORTHFIELD, Asked(as_of=date.fromisoformat(as_of), known_at=known_at)
            ).balance.minutes
            return minutes.given, minutes.claimed

        assert given("2026-09-17") == (0, 0)
        assert given("2026-09-18") == (120, 0)
        assert given("2026-10-19") == (120, 0)
        assert given("2026-10-20") == (0, 0)
        assert given("2026-12-31", claim.position) == (0, 120)
        assert given("2026-12-31", yes.position) == (120, 0)
        assert given("2026-12-31", claim.position - 1) == (0, 0)


def test_the_window_takes_deliveries_by_their_day(database_url: str) -> None:
    story = village()
    for number, day in enumerate(("2026-09-10", "2026-09-11", "2026-09-30"), 1):
        story.exchanged("northfield", "ashfield", 10**number, day, f"s{number}")
    with read(database_url, story) as models:
        asked = Asked(from_=date(2026, 9, 11), to=date(2026, 9, 29))
        assert models.balance(NORTHFIELD, asked).balance.minutes.given == 100


def test_a_partnership_shows_every_partner_and_who_gave_whom(database_url: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 30, "2026-09-18", "s2", "harbour")
    story.exchanged("northfield", "brookside", 500, "2026-09-18", "outside")
    with read(database_url, story) as models:
        answer = models.partnership_balances(HARBOUR)
        partners = models.partners(NORTHFIELD)
    assert {one: balance.net for one, balance in answer.members.items()} == {
        NORTHFIELD: 90,
        ASHFIELD: -90,
        BROOKSIDE: 0,
    }
    assert dict(answer.given) == {(NORTHFIELD, ASHFIELD): 120, (ASHFIELD, NORTHFIELD): 30}
    assert (answer.whole.minutes.given, answer.whole.minutes.received) == (150, 150)
    assert {one: balance.net for one, balance in partners.partners.items()} == {ASHFIELD: 90, BROOKSIDE: 500}
    told = answer.to_json()
    assert told["scope"] == {"partnership": HARBOUR}
    assert told["names"][HARBOUR] == "Harbour Cluster"
    assert {pair["minutes"] for pair in told["pairs"]} == {30, 120}


def test_the_tolerance_of_the_terms_in_force_applies(database_url: str) -> None:
    story = Story()
    story.schools("northfield", "ashfield")
    story.partnership("harbour", "hub", "northfield", "ashfield", terms={"tolerance_ratio": "9/10"})
    story.given(
        coordinator("hub"),
        "partnership.terms_revised",
        "harbour",
        terms={"tolerance_ratio": "1/4"},
        effective_on="2026-11-01",
        reason="We want to look earlier",
    )
    story.exchanged("northfield", "ashfield", 120, "2026-09-01", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 60, "2026-09-01", "s2", "harbour")
    with read(database_url, story) as models:
        before = models.partnership_balances(HARBOUR, Asked(as_of=date(2026, 10, 31)))
        after = models.partnership_balances(HARBOUR, Asked(as_of=date(2026, 11, 1)))
    assert before.members[NORTHFIELD].warnings == ()
    assert after.members[NORTHFIELD].warnings == ("gives_beyond_tolerance",)


def dispose(story: Story, disposal: str, **more: str) -> None:
    """Ashfield owes Northfield 300 minutes; the two dispose of 200 of them."""
    story.exchanged("northfield", "ashfield", 300, "2026-09-18", "s1", "harbour")
    story.given(
        member("ashfield"),
        "partnership.residual_proposed",
        "harbour",
        proposal_id="r1",
        debtor_id=ASHFIELD,
        creditor_id=NORTHFIELD,
        minutes=200,
        disposal=disposal,
        reason="We part as friends",
        **more,
    )
    story.given(member("northfield"), "partnership.residual_agreed", "harbour", proposal_id="r1")


def test_what_is_forgiven_is_taken_off_both(database_url: str) -> None:
    story = village()
    dispose(story, "forgiven")
    with read(database_url, story) as models:
        members = models.partnership_balances(HARBOUR).members
    assert {one: (b.net, b.minutes.disposed, b.standing) for one, b in members.items()} == {
        NORTHFIELD: (300, -200, 100),
        ASHFIELD: (-300, 200, -100),
        BROOKSIDE: (0, 0, 0),
    }


def test_what_is_passed_on_is_owed_by_the_third_once_it_agreed(database_url: str) -> None:
    story = village()
    dispose(story, "passed_on", to=BROOKSIDE)
    two = len(story.facts)
    story.given(member("brookside"), "partnership.residual_agreed", "harbour", proposal_id="r1")
    with read(database_url, story) as models:
        before = models.partnership_balances(HARBOUR, Asked(known_at=two)).members
        after = models.partnership_balances(HARBOUR).members
        third = models.pair(BROOKSIDE, NORTHFIELD).balance
    assert {one: b.standing for one, b in before.items()} == {NORTHFIELD: 300, ASHFIELD: -300, BROOKSIDE: 0}
    assert {one: b.standing for one, b in after.items()} == {NORTHFIELD: 300, ASHFIELD: -100, BROOKSIDE: -200}
    assert (third.net, third.standing) == (0, -200)


def test_what_is_carried_is_owed_in_the_other_partnership(database_url: str) -> None:
    story = village()
    story.partnership("moorland", "hub", "northfield", "ashfield")
    dispose(story, "carried", to=ref("moorland"))
    with read(database_url, story) as models:
        here, there = models.partnership_balances(HARBOUR).members, models.partnership_balances(ref("moorland")).members
        both = models.balance(ASHFIELD).balance
    assert (here[ASHFIELD].standing, there[ASHFIELD].standing, both.standing) == (-100, -200, -300)
    assert there[ASHFIELD].net == 0


def test_what_is_returned_is_owed_outside_until_the_support_brings_it_back(database_url: str) -> None:
    story = village()
    story.gave("ashfield", "northfield", 200, "2026-10-01", "return")
    dispose(story, "returned", support_id=ref("return"))
    before = len(story.facts)
    story.confirmed("northfield", "return")
    with read(database_url, story) as models:
        inside = models.partnership_balances(HARBOUR).members[ASHFIELD]
        owed, back = (models.pair(ASHFIELD, NORTHFIELD, Asked(known_at=at)).balance for at in (before, None))
    assert (inside.net, inside.standing) == (-300, -100)
    assert (owed.standing, back.standing) == (-300, -100)


def test_a_trust_counts_where_both_sides_belonged_on_the_day(database_url: str) -> None:
    story = Story()
    story.schools("northfield", "ashfield", trust="anchor", since="2020-09-01").schools("brookside")
    story.at("2026-10-01")
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.exchanged("northfield", "brookside", 30, "2026-09-18", "s2")
    story.exchanged("brookside", "ashfield", 40, "2026-09-18", "s3")
    story.exchanged("ashfield", "northfield", 15, "2026-09-25", "s4")
    before = len(story.facts)
    story.given(member("ashfield"), "organisation.left_trust", "ashfield", trust_id=ref("anchor"), on="2026-09-20")
    with read(database_url, story) as models:
        then = models.trust_balances(ref("anchor"), Asked(known_at=before))
        now = models.trust_balances(ref("anchor"))
    assert dict(then.given) == {(NORTHFIELD, ASHFIELD): 120, (ASHFIELD, NORTHFIELD): 15}
    assert dict(now.given) == {(NORTHFIELD, ASHFIELD): 120}
    assert then.outside == {NORTHFIELD: (30, 0), ASHFIELD: (0, 40)}
    assert now.outside == {NORTHFIELD: (30, 15), ASHFIELD: (0, 40)}
    assert ref("anchor") in now.members
    assert now.to_json()["whole"]["outside_received_minutes"] == 55
    assert then.members[NORTHFIELD].to_json()["independent"]["balance_index"] is None


def test_a_settlement_within_a_trust_is_not_independent(database_url: str) -> None:
    story = Story()
    story.schools("northfield", "ashfield", trust="anchor").schools("brookside")
    story.at("2026-10-01")
    for support, receiver in (("s1", "ashfield"), ("s2", "brookside")):
        story.gave("northfield", receiver, 120, "2026-09-18", support)
        story.disputed(receiver, support)
        story.settled("northfield", receiver, 60, support)
    with read(database_url, story) as models:
        assert models.balance(ASHFIELD).balance.minutes == Minutes(received=60)
        assert models.balance(BROOKSIDE).balance.minutes == Minutes(received=60, independent_received=60)


def test_an_organisation_registered_twice_is_read_as_one(database_url: str) -> None:
    story = village("northfield-again")
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.exchanged("northfield-again", "ashfield", 30, "2026-09-18", "s2", "harbour")
    story.given(
        ADMIN,
        "organisation.duplicate_declared",
        "northfield-again",
        duplicate_of=NORTHFIELD,
        reason="The same school",
    )
    with read(database_url, story) as models:
        assert models.balance(NORTHFIELD).balance.net == 150
        assert models.balance(ref("northfield-again")).balance.net == 150
        assert models.partnership_balances(HARBOUR).members[NORTHFIELD].net == 150
        assert set(models.partners(ASHFIELD).partners) == {NORTHFIELD}
        assert models.balance(NORTHFIELD, Asked(as_of=date(2026, 9, 30))).balance.net == 120


def test_every_figure_leads_to_its_facts(database_url: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.gave("ashfield", "brookside", 60, "2026-09-18", "s2")
    with read(database_url, story) as models:
        [row] = models.evidence(partnership_id=HARBOUR)
        assert row.events == [fact.event_id for fact in story.facts if fact.stream.id == ref("s1")]
        assert len(models.evidence(organisation_id=ASHFIELD)) == 2
        assert len(models.evidence(organisation_id=ASHFIELD, other_id=BROOKSIDE)) == 1
        first, second = models.evidence()
        assert models.evidence(after=(first.position, first.part)) == [second]


@pytest.mark.parametrize("as_of", [date(2026, 9, 18), date(2026, 12, 31)])
def test_the_network_gives_what_it_gets(database_url: str, as_of: date) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    story.exchanged("brookside", "northfield", 60, "2026-10-01", "s2")
    with read(database_url, story) as models:
        balance = models.network(Asked(as_of=as_of)).balance
    assert (balance.net, balance.minutes.given) == (0, 120 if as_of.month == 9 else 180)
