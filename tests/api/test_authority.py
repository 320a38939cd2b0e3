"""Who may ask what: credentials, roles, scopes; and outside a scope there is nothing at all."""

from __future__ import annotations

import pytest

from tests.api.calls import Town, event

OUTSIDE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def village(served: Town) -> Town:
    for name in ("Northfield", "Ashfield", "Oakwood"):
        served.school(name)
    return served


def addresses(village: Town, *, public: bool) -> list[tuple[str, str]]:
    """Every method and address of the application, with an id that nothing has."""
    from api.app import PUBLIC

    return [
        (method, rule.rule.replace("<string:code>", "x").replace("<string:type_name>/<int:version>", "x/1"))
        for rule in village.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if (rule.endpoint.partition(".")[0] in PUBLIC) is public
    ]


def filled(address: str, id_: str) -> str:
    import re

    return re.sub(r"<uuid:\w+>", id_, address)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer pl_test_" + "a" * 43]
)
def test_without_a_valid_key_nothing_is_answered(village: Town, header: str | None) -> None:
    for method, address in addresses(village, public=False):
        headers = {} if header is None else {"Authorization": header}
        answer = village.http.open(filled(address, OUTSIDE), method=method, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorised"), address
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_scheme_is_read_in_any_case(village: Town) -> None:
    headers = {"Authorization": f"bearer {village.keys['Northfield']}"}
    assert village.http.get("/v1/me", headers=headers).status_code == 200


def test_an_admin_reads_no_facts(village: Town) -> None:
    stream = village.delivered("Northfield", "Ashfield")["stream"]["id"]
    for path in ("/v1/events", f"/v1/streams/{stream}", f"/v1/support/{stream}", "/v1/partnerships"):
        answer = village.get("admin", path)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "role-forbidden"), path
    assert village.get("admin", f"/v1/organisations/{village.ids['Northfield']}/balance").status_code == 403


def test_outside_and_absent_are_told_apart_in_nothing(village: Town) -> None:
    """A stranger's answer about what is there is that about what is not, but for the id and the occurrence."""
    delivery = village.delivered("Northfield", "Ashfield")
    inside = {
        f"/v1/events/{delivery['event_id']}": 200,
        f"/v1/events/{delivery['event_id']}/record": 200,
        f"/v1/streams/{delivery['stream']['id']}": 200,
        f"/v1/streams/{delivery['stream']['id']}/events": 200,
        f"/v1/support/{delivery['stream']['id']}": 200,
    }
    for path, status in inside.items():
        absent_path = path.replace(delivery["event_id"], OUTSIDE).replace(delivery["stream"]["id"], OUTSIDE)
        assert village.get("Ashfield", path).status_code == status
        outside, absent = village.get("Oakwood", path), village.get("Oakwood", absent_path)
        assert (outside.status_code, absent.status_code) == (404, 404)
        bodies = [answer.get_json() | {"instance": ""} for answer in (outside, absent)]
        assert bodies[0] == bodies[1], path


@pytest.mark.parametrize("what", ["balance", "partners", "statement"])
def test_figures_of_others_are_not_there(village: Town, what: str) -> None:
    answer = village.get("Oakwood", f"/v1/organisations/{village.ids['Northfield']}/{what}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")
    absent = village.get("Oakwood", f"/v1/organisations/{OUTSIDE}/{what}")
    assert (absent.status_code, absent.get_json()["code"]) == (404, "not-found")


def test_a_list_holds_only_what_is_in_sight(village: Town) -> None:
    village.delivered("Northfield", "Ashfield")
    seen = village.get("Oakwood", "/v1/events").get_json()["events"]
    assert {one["type"] for one in seen} == {"organisation.registered", "credential.issued"}
    assert {one["subject"] for one in seen if one["type"] == "organisation.registered"} == {village.ids["Oakwood"]}


def test_a_client_does_what_its_scopes_say(village: Town) -> None:
    village.key("reader", "client", "Northfield", scopes=["events:read"])
    village.key("writer", "client", "Northfield", scopes=["events:write"])
    assert village.get("reader", "/v1/events").status_code == 200
    refused = village.post("reader", event("support.delivered"))
    assert (refused.status_code, refused.get_json()["code"]) == (403, "scope-missing")
    assert village.get("writer", "/v1/events").status_code == 403
    assert village.get("reader", f"/v1/organisations/{village.ids['Northfield']}/balance").status_code == 403


def test_an_admin_issues_a_key_that_is_shown_once(village: Town) -> None:
    body = {"name": "office", "role": "member", "organisations": [village.ids["Oakwood"]]}
    answer = village.post("admin", body, "/v1/credentials")
    issued = answer.get_json()
    village.keys["office"] = issued["api_key"]
    assert answer.status_code == 201
    assert village.get("office", "/v1/me").get_json()["voices"] == [village.ids["Oakwood"]]
    listed = village.get("admin", "/v1/credentials")
    assert issued["api_key"] not in listed.get_data(as_text=True)
    assert issued["id"] in [one["id"] for one in listed.get_json()["items"]]
    assert village.get("admin", answer.headers["Location"]).get_json()["name"] == "office"
    assert village.http.delete(answer.headers["Location"], headers=village.as_("admin")).status_code == 204
    assert village.get("office", "/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "member", "organisations": []}, "/name"),
        ({"name": "x", "role": "owner"}, "/role"),
        ({"name": "x", "role": "member"}, "/organisations"),
        ({"name": "x", "role": "member", "organisations": "all"}, "/organisations"),
        ({"name": "x", "role": "auditor", "ledger": "yes"}, "/ledger"),
        ({"name": "x", "role": "admin", "organisation": OUTSIDE}, "/organisation"),
        ({"name": "x", "role": "client", "organisations": [OUTSIDE], "scopes": ["all"]}, "/scopes"),
        ({"name": "x", "role": "admin", "expires_at": "soon"}, "/expires_at"),
    ],
)
def test_an_unsound_credential_is_refused_by_member(village: Town, body: dict[str, object], pointer: str) -> None:
    answer = village.post("admin", body, "/v1/credentials")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_only_an_admin_sees_to_credentials(village: Town) -> None:
    assert village.get("Northfield", "/v1/credentials").status_code == 403
    assert village.post("Northfield", {"name": "x", "role": "admin"}, "/v1/credentials").status_code == 403
    path = f"/v1/credentials/{OUTSIDE}"
    assert village.http.delete(path, headers=village.as_("Northfield")).status_code == 403
    assert village.http.delete(path, headers=village.as_("admin")).status_code == 404
