"""A practice is shared, assured from outside, adopted, and returned better."""

from __future__ import annotations

from ledger.domain.practice.rules import OwnPractice, SameTrust
from ledger.domain.refusals import AlreadySaid, AlreadyThere, NotThere, RoleForbidden, WrongVoice
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused

PHONICS = {"title": "Phonics in six weeks", "category": "english", "summary": "A sequence with materials."}


def a_shared_practice() -> Scenario:
    story = Scenario().schools("northfield", "ashfield", trust="harbour").schools("oakwood")
    return story.given(member("northfield"), "practice.shared", "phonics", organisation_id=ref("northfield"), **PHONICS)


def test_an_organisation_shares_its_practice() -> None:
    state = a_shared_practice().states["practice", ref("phonics")]
    assert (state.author_id, state.category) == (ref("northfield"), "english")


def test_a_practice_is_shared_once() -> None:
    with refused(AlreadyThere, id=ref("phonics")):
        a_shared_practice().when(
            member("northfield"), "practice.shared", "phonics", organisation_id=ref("northfield"), **PHONICS
        )


def test_nobody_shares_for_another_school() -> None:
    story = Scenario().schools("northfield", "oakwood")
    with refused(WrongVoice, voice=ref("oakwood")):
        story.when(member("oakwood"), "practice.shared", "phonics", organisation_id=ref("northfield"), **PHONICS)


def test_a_trust_shares_for_its_school() -> None:
    story = Scenario().schools("northfield", trust="harbour")
    fact = story.when(
        coordinator("harbour"),
        "practice.shared",
        "phonics",
        for_="northfield",
        organisation_id=ref("northfield"),
        **PHONICS,
    )
    assert (fact.voice, fact.recorded_for) == (ref("northfield"), ref("northfield"))


def test_a_trust_shares_for_no_school_outside_it() -> None:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    with refused(NotThere, id=ref("oakwood")):
        story.when(
            coordinator("harbour"),
            "practice.shared",
            "phonics",
            for_="oakwood",
            organisation_id=ref("oakwood"),
            **PHONICS,
        )


def test_the_category_must_be_known() -> None:
    story = Scenario().schools("northfield")
    with refused(ClaimMalformed):
        story.when(
            member("northfield"),
            "practice.shared",
            "phonics",
            organisation_id=ref("northfield"),
            **PHONICS | {"category": "englisch"},
        )


def test_a_school_outside_the_trust_assures() -> None:
    story = a_shared_practice()
    story.when(
        member("oakwood"),
        "practice.assured",
        "phonics",
        assured_by=ref("oakwood"),
        verdict="assured",
        criteria="Used for a year in two classes",
    )
    assert story.states["practice", ref("phonics")].assurances == {ref("oakwood"): "assured"}


def test_nobody_assures_their_own_practice() -> None:
    with refused(OwnPractice, organisation_id=ref("northfield")):
        a_shared_practice().when(
            member("northfield"),
            "practice.assured",
            "phonics",
            assured_by=ref("northfield"),
            verdict="assured",
            criteria="x",
        )


def test_a_school_of_the_same_trust_does_not_assure() -> None:
    with refused(SameTrust, trust_id=ref("harbour")):
        a_shared_practice().when(
            member("ashfield"),
            "practice.assured",
            "phonics",
            assured_by=ref("ashfield"),
            verdict="assured",
            criteria="x",
        )


def test_another_school_adopts_once() -> None:
    story = a_shared_practice()
    adopted = {"organisation_id": ref("oakwood"), "on": "2026-08-30"}
    story.given(member("oakwood"), "practice.adopted", "phonics", **adopted)
    with refused(AlreadySaid, id=ref("oakwood")):
        story.when(member("oakwood"), "practice.adopted", "phonics", **adopted)


def test_the_author_does_not_adopt() -> None:
    with refused(OwnPractice):
        a_shared_practice().when(
            member("northfield"), "practice.adopted", "phonics", organisation_id=ref("northfield"), on="2026-08-30"
        )


def test_an_adopter_returns_it_better() -> None:
    story = a_shared_practice()
    story.given(member("oakwood"), "practice.adopted", "phonics", organisation_id=ref("oakwood"), on="2026-08-30")
    story.when(member("oakwood"), "practice.returned", "phonics", improvement="Added a week for late starters")
    assert story.states["practice", ref("phonics")].returns == (ref("oakwood"),)


def test_only_an_adopter_returns() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        a_shared_practice().when(member("oakwood"), "practice.returned", "phonics", improvement="Better")


def test_an_admin_shares_nothing() -> None:
    story = Scenario().schools("northfield")
    with refused(RoleForbidden, role="admin"):
        story.when(ADMIN, "practice.shared", "phonics", organisation_id=ref("northfield"), **PHONICS)
