"""The landscape, frameworks, calendars and people over HTTP: who may read what."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from projections.landscape.answering import LEGEND
from tests.api.calls import Town

ADA = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PART = {"component_id": "c1", "statement": "Reads daily", "stance": "expected"}


@pytest.fixture
def village(served: Town) -> Town:
    """Northfield in Anchor's trust, which coordinates; Oakwood outside it; auditors of the trust and of the ledger."""
    served.school("Anchor", "trust")
    for name in ("Northfield", "Oakwood"):
        served.school(name)
    joined = {"trust_id": served.ids["Anchor"], "on": "2026-01-01"}
    served.said("Northfield", "organisation.joined_trust", served.ids["Northfield"], **joined)
    served.key("coordinator", "coordinator", "Anchor")
    served.key("stranger", "coordinator", "Oakwood")
    served.key("auditor", "auditor", whole_ledger=True)
    served.key("trust auditor", "auditor", trust=served.ids["Anchor"])
    framework = served.said(
        "Northfield", "framework.published", owner_id=served.ids["Northfield"], name="Ours", components=[PART]
    )
    served.ids["framework"], served.ids["position"] = framework["stream"]["id"], str(framework["position"])
    return served


def body(village: Town, who: str, path: str) -> dict[str, Any]:
    answer = village.get(who, path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def test_the_landscape_is_for_itself_and_its_auditor(village: Town) -> None:
    path = f"/v1/organisations/{village.ids['Northfield']}/landscape?min_position={village.ids['position']}"
    for who, status in {
        "Northfield": 200, "auditor": 200, "trust auditor": 200, "Oakwood": 404, "coordinator": 404, "stranger": 404,
        "Anchor": 404, "admin": 403,
    }.items():  # fmt: skip
        assert (who, village.get(who, path).status_code) == (who, status)
    other = path.replace(village.ids["Northfield"], village.ids["Oakwood"])
    assert village.get("trust auditor", other).status_code == 404


def test_no_field_leaves_in_a_table(village: Town) -> None:
    path = f"/v1/organisations/{village.ids['Northfield']}/landscape?min_position={village.ids['position']}"
    answer = body(village, "Northfield", path + "&explain=true")
    assert set(answer["legend"]) == set(LEGEND)
    assert answer["working"][0]["figure"] == "collaboration"
    text = village.get("Northfield", path, Accept="text/csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[-1]["on"] == "2026-09-01"
    assert not any(field in text for field in LEGEND)


def test_frameworks_and_calendars_are_for_everybody(village: Town) -> None:
    terms = [{"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}]
    whom = village.ids["Northfield"]
    said = {"for": whom, "academic_year": "2026/27", "terms": terms}
    position = village.said("Northfield", "calendar.terms_set", **said)["position"]
    [framework] = body(village, "Oakwood", f"/v1/frameworks?min_position={position}")["items"]
    assert (framework["id"], framework["version"], framework["components"]) == (village.ids["framework"], 1, [PART])
    assert body(village, "admin", f"/v1/frameworks?owner={village.ids['Oakwood']}")["items"] == []
    [calendar] = body(village, "Oakwood", f"/v1/calendars?for={whom}")["items"]
    assert (calendar["for"], calendar["academic_year"], calendar["terms"]) == (whom, "2026/27", terms)
    assert body(village, "Oakwood", "/v1/calendars?for=ledger")["items"] == []
    assert body(village, "Oakwood", "/v1/frameworks?as_of=2026-08-31")["items"] == []
    assert village.get("Oakwood", "/v1/calendars?for=everybody").status_code == 400


def test_a_list_goes_on_by_its_cursor(village: Town) -> None:
    more = {"owner_id": village.ids["Oakwood"], "name": "Theirs", "components": [PART]}
    position = village.said("Oakwood", "framework.published", **more)["position"]
    first = body(village, "Oakwood", f"/v1/frameworks?limit=1&min_position={position}")
    rest = body(village, "Oakwood", f"/v1/frameworks?limit=1&cursor={first['next']}")
    assert [one["name"] for one in (*first["items"], *rest["items"])] == ["Ours", "Theirs"]
    assert (first["has_more"], rest["has_more"]) == (True, False)


@pytest.fixture
def ada(village: Town) -> Town:
    introduced = {"person_id": ADA, "organisation_id": village.ids["Northfield"], "role": "head", "name": "Ada Byron"}
    village.said("Northfield", "person.introduced", ADA, **introduced)
    return village


def test_a_name_is_for_the_person_s_own_organisation_and_a_coordinator_in_scope(ada: Town) -> None:
    for who, name in {
        "Northfield": "Ada Byron", "coordinator": "Ada Byron", "auditor": "[withheld]", "trust auditor": "[withheld]",
    }.items():  # fmt: skip
        person = body(ada, who, f"/v1/people/{ADA}")
        assert (who, person["name"], person["role"], person["state"]) == (who, name, "head", "in_role")
    for who in ("Oakwood", "stranger"):
        assert ada.get(who, f"/v1/people/{ADA}").status_code == 404
    assert ada.get("admin", f"/v1/people/{ADA}").status_code == 403
    assert ada.get("Northfield", f"/v1/people/{ada.ids['Northfield']}").status_code == 404


def test_the_coordinator_of_a_partnership_reads_the_names_of_its_partners_people(ada: Town) -> None:
    assert ada.get("stranger", f"/v1/people/{ADA}").status_code == 404
    partners = [{"organisation_id": ada.ids[one], "role": "partner"} for one in ("Northfield", "Oakwood")]
    aim = {"aim_id": "a", "statement": "Read", "due_on": "2027-07-01"}
    formed = {"name": "Coast", "purpose": "Share", "aims": [aim], "partners": partners, "terms": {}}
    more = {"coordinator_id": ada.ids["Oakwood"], "starts_on": "2026-09-01"}
    coast = ada.said("stranger", "partnership.formed", **formed, **more)["stream"]["id"]
    assert ada.get("stranger", f"/v1/people/{ADA}").status_code == 404
    joined = {"organisation_id": ada.ids["Northfield"], "on": "2026-09-01"}
    ada.said("Northfield", "partnership.partner_accepted", coast, **joined)
    assert body(ada, "stranger", f"/v1/people/{ADA}")["name"] == "Ada Byron"
    assert ada.get("Oakwood", f"/v1/people/{ADA}").status_code == 404


def test_an_erased_name_is_erased_for_everybody(ada: Town) -> None:
    ada.said("Northfield", "person.role_ended", ADA, person_id=ADA, on="2026-09-01")
    ada.said("admin", "person.erased", ADA, person_id=ADA, request="By letter")
    person = body(ada, "Northfield", f"/v1/people/{ADA}")
    assert (person["name"], person["role"], person["ended_on"]) == ("[erased]", "head", "2026-09-01")
