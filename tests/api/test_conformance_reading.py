"""Facts as they go out: valid CloudEvents 1.0.2, schemas that hold of every one, pages, cursors and links."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from ledger.eventstore.stored_names import STORED
from tests.api.calls import Town, event
from tests.contract.walking import lively

CORE = {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data"}
OURS = {
    "recordedtime": str, "sequence": str, "streamversion": int, "authtype": str, "authid": str, "voice": str,
    "recordedfor": str, "correlationid": str, "causationid": str, "clientsource": str, "clientid": str,
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
VALIDATORS: dict[str, jsonschema_rs.Validator] = {}


@pytest.fixture
def lived(served: Town) -> Town:
    lively(served)
    served.key("everything", "auditor", whole_ledger=True)
    return served


def all_facts(town: Town, who: str, query: str = "") -> list[dict[str, Any]]:
    """Every fact that somebody reads, by following the links."""
    found, address = [], f"/v1/events?limit=7{query}"
    while address:
        answer = town.get(who, address)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found += answer.get_json()["events"]
        address = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
    return found


def wrong_with(town: Town, fact: dict[str, Any]) -> list[str]:
    """What the schema that a fact names says against its data."""
    address = fact["dataschema"]
    if address not in VALIDATORS:
        answer = town.http.get(address.removeprefix("http://localhost"))
        assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
        VALIDATORS[address] = jsonschema_rs.Draft202012Validator(answer.get_json(), validate_formats=True)
    return [
        f"{fact['type']} {one.instance_path} {one.message}" for one in VALIDATORS[address].iter_errors(fact["data"])
    ]


def test_every_fact_goes_out_as_a_valid_event(lived: Town) -> None:
    facts = all_facts(lived, "everything")
    origin = lived.get("everything", "/v1/me").get_json()["origin"]
    assert len({fact["type"] for fact in facts}) > 15
    for position, fact in enumerate(facts, 1):
        assert fact["specversion"] == "1.0"
        assert (fact["source"], fact["sequence"]) == (origin, f"{position:020d}")
        assert MOMENT.fullmatch(fact["time"])
        assert MOMENT.fullmatch(fact["recordedtime"])
        extensions = fact.keys() - CORE
        assert extensions <= OURS.keys()
        assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) and type(fact[name]) is OURS[name] for name in extensions)
        assert fact["authtype"] in {"system", "user", "service_account", "unknown"}
        assert fact["datacontenttype"] == "application/json"


def test_the_data_of_every_fact_are_as_the_schema_says_that_it_names(lived: Town) -> None:
    assert [one for fact in all_facts(lived, "everything") for one in wrong_with(lived, fact)] == []


def test_the_data_as_stored_are_as_their_schema_says_and_their_texts_are_sealed(lived: Town) -> None:
    lived.said("admin", "organisation.details_changed", lived.ids["Elm"], pupils=210, reason="Counted anew")
    assert [
        one for fact in all_facts(lived, "everything", "&dataschema=stored") for one in wrong_with(lived, fact)
    ] == []
    own = all_facts(lived, "Elm", f"&stream={lived.ids['Elm']}&dataschema=stored")
    assert [one for fact in own for one in wrong_with(lived, fact)] == []
    assert set(own[-1]["data"]["reason"]) == {"key", "nonce", "sealed", "text"}
    for fact in own:
        record = json.loads(lived.get("Elm", f"/v1/events/{fact['id']}/record").data)
        assert (record["data"], record["type"]) == (fact["data"], fact["type"])
        assert lived.get("Elm", f"/v1/events/{fact['id']}?dataschema=stored").get_json() == fact


def test_there_is_a_valid_schema_for_every_type_and_a_list_of_them(town: Town) -> None:
    listed = town.http.get("/v1/schemas").get_json()["items"]
    assert [(one["type"], one["version"]) for one in listed] == [(name, STORED[name][1]) for name in STORED]
    for one in listed:
        schema = town.http.get(one["dataschema"].removeprefix("http://localhost")).get_json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == one["dataschema"]
        jsonschema_rs.meta.validate(schema)
    for unknown in ("/v1/schemas/support.offered/0", "/v1/schemas/no.such/1", "/v1/schemas/support.offered/two"):
        assert town.http.get(unknown).status_code == 404


def test_what_a_schema_refuses_the_door_refuses_too(lived: Town) -> None:
    schema = lived.http.get("/v1/schemas/support.offered/1").get_json()
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    offer = {"summary": "Maths coaching", "category": "maths", "basis": "reciprocal", "open_to": {"to": "pool"}}
    offer |= {"amount": {"quantity": "2", "unit": "day"}, "available_from": "2026-09-01"}
    offer["giver_id"] = lived.ids["Northfield"]
    for more in ({"category": 7}, {"summary": "x" * 2001}, {"surplus": 1}, {"available_from": "soon"}):
        wrong = offer | more
        assert not validator.is_valid(wrong)
        assert lived.post("Northfield", event("support.offered", **wrong)).status_code == 422


def test_a_page_says_where_it_stands_and_leads_on(lived: Town) -> None:
    head = lived.ledger.head()
    answer = lived.get("everything", f"/v1/events?type=organisation.registered&limit=2&min_position={head}")
    body = answer.get_json()
    assert set(body) == {"events", "next", "has_more", "position"}
    assert (body["has_more"], body["position"], len(body["events"])) == (True, head, 2)
    assert answer.headers["X-Ledger-Position"] == str(head)
    assert answer.headers["Link"] == f'</v1/events?cursor={body["next"]}&limit=2>; rel="next"'
    assert answer.headers["Cache-Control"] == "no-store"
    beyond = lived.get("everything", f"/v1/events?after={head}").get_json()
    assert (beyond["events"], beyond["has_more"]) == ([], False)
    assert lived.get("everything", f"/v1/events?cursor={beyond['next']}").get_json()["events"] == []


def test_the_filters_of_actor_partnership_and_correlation(lived: Town) -> None:
    given = event("organisation.registered", name="Beech", kind="school", identifiers=[]) | {"correlationid": "term-1"}
    lived.post("admin", given)
    [found] = all_facts(lived, "everything", "&correlationid=term-1")
    assert found["clientid"] == given["id"]
    by_admin = all_facts(lived, "everything", f"&actor={found['authid']}")
    assert {one["authid"] for one in by_admin} == {found["authid"]}
    cluster = lived.ids["Cluster"]
    in_it = all_facts(lived, "everything", f"&partnership={cluster}")
    assert {one["type"].partition(".")[0] for one in in_it} >= {"partnership", "support"}
    stream = lived.get("everything", f"/v1/streams/{cluster}/events").get_json()["events"]
    assert [one["id"] for one in stream] == [one["id"] for one in in_it if one["subject"] == cluster]


def test_a_stream_has_its_version_as_a_strong_tag(lived: Town) -> None:
    answer = lived.get("everything", f"/v1/streams/{lived.ids['Cluster']}")
    body = answer.get_json()
    assert set(body) == {"kind", "id", "version", "position", "state"}
    assert answer.headers["ETag"] == f'"{body["version"]}"'
    again = lived.get("everything", f"/v1/streams/{lived.ids['Cluster']}", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_lines_are_the_facts_of_the_page_one_each(lived: Town) -> None:
    address = "/v1/events?type=support.offered,support.requested"
    page = lived.get("everything", address).get_json()["events"]
    answer = lived.get("everything", address, Accept="application/x-ndjson")
    assert [json.loads(line) for line in answer.data.splitlines()] == page
    assert answer.data.endswith(b"\n")
    empty = lived.get("everything", f"/v1/events?after={lived.ledger.head()}", Accept="application/x-ndjson")
    assert (empty.status_code, empty.data) == (200, b"")


def test_what_the_caller_may_not_see_is_as_what_is_not_there(lived: Town) -> None:
    lived.school("Stranger")
    delivery = all_facts(lived, "everything", "&type=support.delivered")[0]
    absent = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    for path in ("/v1/events/{}", "/v1/events/{}/record"):
        hidden, nowhere = (lived.get("Stranger", path.format(one)) for one in (delivery["id"], absent))
        told = [{**one.get_json(), "instance": "", "detail": ""} for one in (hidden, nowhere)]
        assert (hidden.status_code, told[0]) == (404, told[1])
    assert all_facts(lived, "Stranger", "&type=support.delivered") == []
