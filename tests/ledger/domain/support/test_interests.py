"""Who may take up what is open to several says so, to its maker."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    NeedsAnotherVoice,
    NotAPartner,
    NotNow,
    NotThere,
    WrongVoice,
)
from ledger.domain.support.refusals import AddressedToOne, NoLongerOpen, NotOpenTo
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreement,
    answers,
    cluster,
    days,
    interest,
    offer,
    request,
    schools,
    support,
    to,
)
from tests.scenario import Scenario, client, ref, refused


def offered(story: Scenario | None = None, **more: Any) -> Scenario:
    return (story or schools()).given(NORTHFIELD, "support.offered", "offer", **offer(**more))


def test_anybody_shows_interest_in_what_is_in_the_pool() -> None:
    story = offered().given(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield"))
    shown = support(story, "offer").interests["i1"]
    assert (shown.organisation_id, shown.minutes) == (ref("ashfield"), 780)


def test_nobody_shows_another_schools_interest() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        offered().when(OAKWOOD, "support.interest_shown", "offer", **interest("ashfield"))


def test_a_maker_is_not_interested_in_its_own_offer() -> None:
    with refused(NotOpenTo, organisation_id=ref("northfield"), support_id=ref("offer")):
        offered().when(
            client("northfield", principal="another"), "support.interest_shown", "offer", **interest("northfield")
        )


def test_the_principal_who_recorded_the_offer_shows_no_interest_in_it() -> None:
    both = client("northfield", "oakwood", principal="one head")
    story = schools().given(both, "support.offered", "offer", for_="northfield", **offer())
    with refused(NeedsAnotherVoice, principal=both.principal):
        story.when(both, "support.interest_shown", "offer", for_="oakwood", **interest("oakwood"))


def test_an_interest_has_an_id_of_its_own() -> None:
    story = offered().given(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield"))
    with refused(AlreadySaid, id="i1"):
        story.when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))


def test_what_is_open_to_a_trust_is_open_to_its_schools() -> None:
    story = Scenario().schools("northfield", "oakwood", trust="harbour").schools("ashfield")
    offered(story, open_to={"to": "trust"})
    story.when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))
    with refused(NotOpenTo, organisation_id=ref("ashfield")):
        story.when(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield", "i2"))


def test_what_is_open_to_a_trust_is_open_to_nobody_when_its_maker_leaves() -> None:
    story = offered(Scenario().schools("northfield", trust="harbour").schools("ashfield"), open_to={"to": "trust"})
    story.given(NORTHFIELD, "organisation.left_trust", "northfield", trust_id=ref("harbour"), on="2026-09-01")
    with refused(NotOpenTo, organisation_id=ref("ashfield")):
        story.when(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield"))


@pytest.mark.parametrize("audience", ["partnership", "pool"])
def test_what_counts_in_a_partnership_is_taken_up_by_a_partner(audience: str) -> None:
    story = offered(cluster(), open_to={"to": audience}, partnership_id=ref("cluster"))
    story.when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))
    with refused(NotAPartner, organisation_id=ref("ashfield")):
        story.when(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield", "i2"))


def test_what_is_addressed_to_one_takes_no_interest() -> None:
    with refused(AddressedToOne, support_id=ref("offer")):
        offered(open_to=to("oakwood")).when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))


def test_a_withdrawn_offer_takes_no_interest() -> None:
    story = offered().given(NORTHFIELD, "support.offer_withdrawn", "offer", reason="Ill")
    with refused(NoLongerOpen, because="withdrawn"):
        story.when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))


def test_an_offer_runs_out_after_its_last_day() -> None:
    story = offered(available_until="2026-10-01").at("2026-10-01")
    story.when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))
    with refused(NoLongerOpen, because="run_out"):
        story.at("2026-10-02").when(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield", "i2"))


def test_a_request_runs_out_after_the_day_it_is_needed_by() -> None:
    story = schools().given(OAKWOOD, "support.requested", "request", **request(needed_by="2026-10-01"))
    with refused(NoLongerOpen, because="run_out"):
        story.at("2026-10-02").when(NORTHFIELD, "support.interest_shown", "request", **interest("northfield"))


def test_a_used_up_offer_takes_no_interest_until_something_is_free_again() -> None:
    story = offered(amount=days(2)).given(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood"))
    story.given(NORTHFIELD, "support.agreed", "agreed", **agreement(answers=answers("offer")))
    with refused(NoLongerOpen, because="used_up"):
        story.when(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield", "i2"))
    story.given(OAKWOOD, "support.cancelled", "agreed", reason="No longer needed")
    story.when(ASHFIELD, "support.interest_shown", "offer", **interest("ashfield", "i2"))


def test_the_basis_is_the_givers_word() -> None:
    with refused(ClaimUnsound):
        offered().when(OAKWOOD, "support.interest_shown", "offer", **interest("oakwood", basis="gift"))
    story = schools().given(OAKWOOD, "support.requested", "request", **request())
    story.given(NORTHFIELD, "support.interest_shown", "request", **interest("northfield", basis="gift"))
    assert support(story, "request").interests["i1"].basis == "gift"


def test_nobody_is_interested_in_nothing() -> None:
    with refused(NotThere, id=ref("nothing")):
        schools().when(OAKWOOD, "support.interest_shown", "nothing", **interest("oakwood"))


def test_what_is_agreed_takes_no_interest() -> None:
    with refused(NotNow, state="Agreed"):
        agreed().when(ASHFIELD, "support.interest_shown", "maths", **interest("ashfield"))
