"""Reading facts and streams: pages, cursors, filters, waiting, tags, exact bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from typing import Any

import pytest

from tests.api.calls import Town


@pytest.fixture
def village(town: Town) -> Town:
    for name in ("Northfield", "Ashfield", "Oakwood"):
        town.school(name)
    town.key("auditor", "auditor", whole_ledger=True)
    return town


def pages(village: Town, who: str, path: str) -> list[dict[str, Any]]:
    """Every page from a first one on, by following the links."""
    found = [village.get(who, path)]
    while "Link" in found[-1].headers:
        address = found[-1].headers["Link"].partition(">")[0].lstrip("<")
        found.append(village.get(who, address))
    return [page.get_json() for page in found]


def positions(page: dict[str, Any]) -> list[int]:
    return [int(one["sequence"]) for one in page["events"]]


def test_pages_follow_each_other_without_gap(village: Town) -> None:
    head = village.ledger.head()
    found = pages(village, "auditor", "/v1/events?limit=3")
    assert [position for page in found for position in positions(page)] == list(range(1, head + 1))
    assert [page["has_more"] for page in found] == [True] * (len(found) - 1) + [False]
    assert {page["position"] for page in found} == {head}


def test_a_cursor_goes_on_where_its_page_ended_even_if_that_was_empty(village: Town) -> None:
    first = village.get("auditor", "/v1/events?type=support.delivered").get_json()
    assert (first["events"], first["has_more"]) == ([], False)
    delivery = village.delivered("Northfield", "Ashfield")
    again = village.get("auditor", f"/v1/events?cursor={first['next']}").get_json()
    assert positions(again) == [delivery["position"]]


def test_a_cursor_carries_its_filters(village: Town) -> None:
    page = village.get("auditor", "/v1/events?type=organisation.registered&limit=1").get_json()
    rest = village.get("auditor", f"/v1/events?cursor={page['next']}").get_json()
    assert {one["type"] for one in rest["events"]} == {"organisation.registered"}
    same = village.get("auditor", f"/v1/events?type=organisation.registered&cursor={page['next']}")
    assert same.status_code == 200
    other = village.get("auditor", f"/v1/events?type=credential.issued&cursor={page['next']}")
    assert (other.status_code, other.get_json()["code"]) == (400, "cursor-of-another-query")


def forged(after: Any, query: Any) -> str:
    """A cursor as somebody makes it up."""
    return base64.urlsafe_b64encode(json.dumps({"after": after, "query": query}).encode()).decode().rstrip("=")


FORGED = [forged("n", {}), forged(5, {"type": 5}), forged("x\0", {}), forged(-1, {}), forged(5, {"type": []})]


@pytest.mark.parametrize("cursor", ["x", "e30", "bnVsbA", forged(5, {"a": None}), *FORGED])
def test_what_is_no_cursor_cannot_be_read(village: Town, cursor: str) -> None:
    assert village.get("auditor", f"/v1/events?cursor={cursor}").status_code == 400


def test_filters(village: Town) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    village.delivered("Ashfield", "Oakwood")
    village.said("Ashfield", "support.delivery_confirmed", delivery["stream"]["id"], delivery_id="d1")

    def found(query: str) -> list[int]:
        return positions(
            village.get("auditor", f"/v1/events?type=support.delivered,support.delivery_confirmed&{query}").get_json()
        )

    first = delivery["position"]
    assert found("") == [first, first + 1, first + 2]
    assert found(f"organisation={village.ids['Northfield']}") == [first, first + 2]
    assert found(f"stream={delivery['stream']['id']}") == [first, first + 2]
    assert found(f"voice={village.ids['Ashfield']}") == [first + 1, first + 2]
    assert found(f"after={first}") == [first + 1, first + 2]
    assert found("on_from=2026-09-02") == []
    assert found("on_from=2026-09-01&on_to=2026-09-01") == [first, first + 1, first + 2]
    assert found("recorded_to=2026-09-01T09:00:00Z") == []
    assert found("recorded_from=2026-09-01T10:00:00%2B01:00") == [first, first + 1, first + 2]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limt=5", "/limt"),
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("limit=2.5e1", "/limit"),
        ("limit=1&limit=2", "/limit"),
        ("stream=x", "/stream"),
        ("on_from=2026-13-01", "/on_from"),
        ("recorded_from=2026-09-01T09:00:00", "/recorded_from"),
        ("wait=31", "/wait"),
        ("after=-1", "/after"),
        ("type=%00", "/type"),
        ("correlationid=%00", "/correlationid"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(village: Town, query: str, pointer: str) -> None:
    answer = village.get("auditor", f"/v1/events?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "parameters-wrong")
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_newline_delimited_json(village: Town) -> None:
    answer = village.get("auditor", "/v1/events?limit=2", Accept="application/x-ndjson")
    assert answer.content_type == "application/x-ndjson"
    assert [json.loads(line)["sequence"][-1] for line in answer.data.splitlines()] == ["1", "2"]
    assert 'rel="next"' in answer.headers["Link"]


def test_waiting_holds_until_something_matches(village: Town) -> None:
    head = village.ledger.head()
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(village.get("auditor", f"/v1/events?after={head}&wait=20")))
    asking.start()
    time.sleep(0.2)
    assert answers == []
    delivery = village.delivered("Northfield", "Ashfield")
    asking.join(5)
    assert positions(answers[0].get_json()) == [delivery["position"]]


def test_waiting_ends(village: Town) -> None:
    began = time.monotonic()
    answer = village.get("auditor", f"/v1/events?after={village.ledger.head()}&wait=1")
    assert answer.get_json()["events"] == []
    assert 0.9 < time.monotonic() - began < 3


def test_a_stream_has_a_strong_tag(village: Town) -> None:
    stream = village.delivered("Northfield", "Ashfield")["stream"]["id"]
    answer = village.get("Ashfield", f"/v1/streams/{stream}")
    body = answer.get_json()
    assert (answer.headers["ETag"], body["version"], body["kind"]) == ('"1"', 1, "support")
    assert body["state"]["shape"] == "delivered"
    assert village.get("Ashfield", f"/v1/streams/{stream}", If_None_Match='"1"').status_code == 304
    village.said("Ashfield", "support.delivery_confirmed", stream, delivery_id="d1")
    assert village.get("Ashfield", f"/v1/streams/{stream}", If_None_Match='"1"').status_code == 200
    facts = village.get("Ashfield", f"/v1/streams/{stream}/events?limit=1")
    assert [one["type"] for one in facts.get_json()["events"]] == ["support.delivered"]
    assert facts.get_json()["has_more"] is True


def test_a_view_is_not_sent_again_to_who_has_it(village: Town) -> None:
    first = village.get("Northfield", "/v1/partnerships")
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert village.get("Northfield", "/v1/partnerships", If_None_Match=tag).status_code == 304
    village.keys["nobody"] = "pl_test_" + "a" * 43
    assert village.get("nobody", "/v1/partnerships", If_None_Match=tag).status_code == 401


def test_the_exact_bytes_of_a_fact(village: Town) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    answer = village.get("Ashfield", delivery["links"]["record"])
    leaf = hashlib.sha256(b"\x00" + answer.data).hexdigest()
    assert answer.headers["ETag"] == f'"{leaf}"'
    assert village.ledger.record(delivery["event_id"])[0] == answer.data


def test_texts_are_in_clear_for_their_own_side_only(village: Town) -> None:
    stream = village.delivered("Northfield", "Ashfield")["stream"]["id"]
    village.said("Ashfield", "support.delivery_disputed", stream, delivery_id="d1", reason="Nobody came")
    path = f"/v1/streams/{stream}/events"

    def reason(who: str, query: str = "") -> Any:
        return village.get(who, path + query).get_json()["events"][-1]["data"]["reason"]

    assert (reason("Ashfield"), reason("auditor")) == ("Nobody came", "[withheld]")
    assert reason("Ashfield", "?dataschema=stored")["sealed"] == 1
    assert village.get("Ashfield", path).headers["Cache-Control"] == "no-store"


def test_a_position_that_is_not_there_yet_is_waited_for_and_then_refused(village: Town) -> None:
    head = village.ledger.head()
    assert village.get("auditor", f"/v1/events?min_position={head}").status_code == 200
    answer = village.get("auditor", f"/v1/events?min_position={head + 1}")
    assert (answer.status_code, answer.get_json()["position"]) == (503, head)
    assert answer.headers["Retry-After"] == "1"
