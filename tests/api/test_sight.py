"""Who is told of which partnership, role by role and route by route."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.calls import Town
from tests.api.test_programme import form

TODAY = "2026-09-01"


@pytest.fixture
def town(town: Town) -> Town:
    """Coast (Northfield, Ashfield; Quarry was removed; Fern is invited) and Moor (Oakwood, Elm), each with its hub.

    Northfield, whom Coast was not formed with, is in the trust Oak; Quarry is in the trust Beech.
    """
    for name in ("Northfield", "Ashfield", "Quarry", "Fern", "Oakwood", "Elm"):
        town.school(name)
    for name in ("Hub", "Centre"):
        town.school(name, "hub")
        town.key(f"{name} coordinator", "coordinator", name)
    town.ids["Coast"] = form(town, "Coast", "Hub", ("Ashfield", "Quarry"))
    town.ids["Moor"] = form(town, "Moor", "Centre", ("Oakwood", "Elm"))
    invite(town, "Northfield")
    town.said("Northfield", "partnership.partner_accepted", town.ids["Coast"], **on(town, "Northfield"))
    invite(town, "Fern")
    given = {"giver_id": town.ids["Quarry"], "receiver_id": town.ids["Ashfield"], "partnership_id": town.ids["Coast"]}
    town.delivered("Quarry", "Ashfield", **given)
    removed = {"removed": True, "reason": "It closed its sixth form"} | on(town, "Quarry")
    town.said("Hub coordinator", "partnership.partner_left", town.ids["Coast"], **removed)
    for trust, school in (("Oak", "Northfield"), ("Beech", "Quarry")):
        town.school(trust, "trust")
        town.key(f"{trust} coordinator", "coordinator", trust)
        town.key(f"{trust} auditor", "auditor", trust=town.ids[trust])
        town.said(school, "organisation.joined_trust", town.ids[school], trust_id=town.ids[trust], on="2026-01-01")
    town.key("auditor", "auditor", whole_ledger=True)
    return town


def on(town: Town, name: str) -> dict[str, str]:
    return {"organisation_id": town.ids[name], "on": TODAY}


def invite(town: Town, name: str) -> None:
    town.said("Hub coordinator", "partnership.partner_invited", town.ids["Coast"], **on(town, name))


def asked(town: Town, who: str, path: str) -> dict[str, Any]:
    answer = town.get(who, f"{path}{'&' if '?' in path else '?'}min_position={town.ledger.head()}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


SEES = {
    "Northfield": {"Coast"},
    "Ashfield": {"Coast"},
    "Quarry": set(),
    "Fern": {"Coast"},
    "Elm": {"Moor"},
    "Hub coordinator": {"Coast"},
    "Centre coordinator": {"Moor"},
    "Oak coordinator": {"Coast"},
    "Oak auditor": {"Coast"},
    "Beech coordinator": set(),
    "Beech auditor": set(),
    "auditor": {"Coast", "Moor"},
}


def test_the_list_holds_what_can_be_opened_and_so_does_the_report(served: Town) -> None:
    for who, seen in SEES.items():
        opened = {
            one
            for one in ("Coast", "Moor")
            if served.get(who, f"/v1/partnerships/{served.ids[one]}").status_code == 200
        }
        listed = [one["name"] for one in asked(served, who, "/v1/partnerships")["items"]]
        report = asked(served, who, "/v1/programmes/report")
        told = [report["names"][one["partnership_id"]] for one in report["partnerships"]]
        assert (who, opened, listed, told) == (who, seen, sorted(seen), sorted(seen))


def test_the_list_comes_page_by_page(served: Town) -> None:
    first = asked(served, "auditor", "/v1/partnerships?limit=1")
    assert ([one["name"] for one in first["items"]], first["has_more"]) == (["Coast"], True)
    second = served.get("auditor", f"/v1/partnerships?limit=1&cursor={first['next']}").get_json()
    assert ([one["name"] for one in second["items"]], second["has_more"]) == (["Moor"], False)


def test_a_trust_covers_what_its_present_members_are_in(served: Town) -> None:
    coast = served.ids["Coast"]
    for who in ("Oak coordinator", "Oak auditor", "auditor"):
        overview = asked(served, who, f"/v1/trusts/{served.ids['Oak']}/overview")
        assert overview["partnerships"] == [{"partnership_id": coast, "name": "Coast"}]
    given = served.delivered("Ashfield", "Northfield", partnership_id=coast)["stream"]["id"]
    assert served.get("Oak auditor", f"/v1/streams/{given}").status_code == 200
    left = {"trust_id": served.ids["Oak"], "on": TODAY}
    served.said("Northfield", "organisation.left_trust", served.ids["Northfield"], **left)
    for who in ("Oak coordinator", "Oak auditor"):
        assert served.get(who, f"/v1/partnerships/{coast}").status_code == 404
        assert asked(served, who, f"/v1/trusts/{served.ids['Oak']}/overview")["partnerships"] == []
    assert served.get("Oak auditor", f"/v1/streams/{given}").status_code == 404


def test_a_trust_is_no_partner(served: Town) -> None:
    """What partners say for each other's eyes is not for the trust of one of them."""
    told = asked(served, "Oak coordinator", f"/v1/partnerships/{served.ids['Coast']}/health")
    assert (told["codes"], told["said"]["ratings"]) == ([], {})


ANY_ID = (
    "/v1/reviews?partnership={id}",
    "/v1/reviews?organisation={id}",
    "/v1/practices?author={id}",
    "/v1/programmes/report?coordinator={id}",
    "/v1/programmes/report?trust={id}",
    "/v1/frameworks?owner={id}",
    "/v1/inbox?partnership={id}",
    "/v1/board/offers?partnership={id}",
    "/v1/organisations/{own}/balance?with={id}",
    "/v1/organisations/{own}/balance?with={id}&explain=true",
    "/v1/organisations/{own}/statement?with={id}",
)


@pytest.mark.parametrize("path", ANY_ID)
def test_an_id_that_is_asked_about_gives_no_foreign_name_away(served: Town, path: str) -> None:
    for who, seen in SEES.items():
        own = served.ids[who] if who in served.ids else served.ids["Northfield"]
        for name in ("Coast", "Moor"):
            answer = served.get(who, path.format(id=served.ids[name], own=own))
            foreign = {"Coast", "Moor"} - seen
            assert not any(one in answer.get_data(as_text=True) for one in foreign), (who, name)


def test_an_organisation_that_is_asked_about_is_named(served: Town) -> None:
    elm = served.ids["Elm"]
    assert asked(served, "Quarry", f"/v1/reviews?organisation={elm}")["names"] == {elm: "Elm"}
    assert (
        asked(served, "Quarry", f"/v1/organisations/{served.ids['Quarry']}/balance?with={elm}")["names"][elm] == "Elm"
    )


def test_what_is_told_of_a_foreign_partnership_has_no_name(served: Town) -> None:
    """Elm moderates a review in Coast, and Quarry gave there once: neither may look into it."""
    ids = served.ids
    plan = {"reviewed_id": ids["Ashfield"], "lead_id": ids["Northfield"], "moderator_id": ids["Elm"], "on": TODAY}
    reviewers = [{"organisation_id": ids["Northfield"]}]
    review = served.said("Ashfield", "review.scheduled", reviewers=reviewers, partnership_id=ids["Coast"], **plan)
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for who, paths in (
        ("Elm", ("/v1/reviews", f"/v1/reviews/{review['stream']['id']}", "/v1/inbox")),
        ("Quarry", (f"/v1/organisations/{ids['Quarry']}/statement", "/v1/inbox")),
    ):
        history = f"/v1/organisations/{ids[who]}/history"
        told |= {(who, path): asked(served, who, path) for path in (*paths, history)}
    assert [which for which, answer in told.items() if ids["Coast"] in answer["names"]] == []
    assert told["Elm", "/v1/reviews"]["items"][0]["partnership_id"] == ids["Coast"]
    assert asked(served, "Ashfield", "/v1/reviews")["names"][ids["Coast"]] == "Coast"
