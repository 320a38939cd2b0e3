"""Every address read by everybody, and in every form: each answer is what the document says, and bears its headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.answers import CSV, NDJSON, XLSX
from tests.api.calls import Town
from tests.contract.conformity import Contract
from tests.contract.walking import READERS, filled, gets, lively

JSON = "application/json"
STREAMED = ("/v1/stream",)  # has no end: its own tests read it
ABSENT = ("{webhook_id}", "{feed}", "{invitation_id}")  # nobody made one here: their own tests do
STRONG = ("/v1/streams/{stream_id}", "/v1/events/{event_id}/record")


@pytest.fixture
def ids(served: Town) -> dict[str, str]:
    return lively(served)


@pytest.fixture
def contract(served: Town) -> Contract:
    return Contract(served.http.get("/openapi.json").get_json())


def said(contract: Contract, path: str) -> dict[str, Any]:
    """What the document says of reading an address."""
    found: dict[str, Any] = contract.document["paths"][path]["get"]
    return found


def content(contract: Contract, path: str) -> dict[str, Any]:
    found: dict[str, Any] = said(contract, path)["responses"]["200"].get("content", {})
    return found


def members(contract: Contract, path: str) -> set[str]:
    """The members of the JSON that an address answers."""
    schema: dict[str, Any] = content(contract, path).get(JSON, {}).get("schema", {})
    return set(contract.resolved(schema).get("properties", {}))


def private(contract: Contract) -> list[str]:
    """The addresses that need a credential, and end."""
    paths = (one for one in gets(contract.document) if one not in STREAMED)
    return [one for one in paths if said(contract, one).get("security") != []]


def read(town: Town, ids: dict[str, str], path: str) -> Iterator[tuple[str, TestResponse]]:
    """Who may read an address, and what each is answered."""
    for who in READERS:
        answer = town.get(who, filled(path, ids))
        if answer.status_code == 200:
            yield who, answer


def test_every_answer_is_what_the_document_says(served: Town, ids: dict[str, str], contract: Contract) -> None:
    contract.watch(served.app)
    paths = [one for one in gets(contract.document) if one not in STREAMED]
    for path in paths:
        readers = [who for who, _ in read(served, ids, path)]
        assert readers or any(name in path for name in ABSENT), path
        for form in ("text/html", CSV, XLSX, NDJSON):
            for who in readers[:1]:
                mimetype = served.get(who, filled(path, ids), Accept=form).mimetype
                assert (mimetype == form) is (form in content(contract, path)), (path, form)
    assert sorted(set(contract.broken)) == []


def test_every_answer_bears_its_position_and_its_tag_and_authority_comes_first(
    served: Town, ids: dict[str, str], contract: Contract
) -> None:
    looked_at = 0
    for path in private(contract):
        for who, answer in list(read(served, ids, path))[:2]:
            looked_at += 1
            tag, position = answer.headers["ETag"], answer.headers["X-Ledger-Position"]
            assert (int(position) >= 0, tag.startswith('W/"')) == (True, path not in STRONG), path
            if "position" in members(contract, path):
                assert position == str(answer.get_json()["position"]), path
            again = served.get(who, filled(path, ids), If_None_Match=tag)
            assert (again.status_code, again.get_data()) == (304, b""), path
            nobody = served.http.get(filled(path, ids), headers={"If-None-Match": tag})
            assert nobody.status_code == 401, path
    assert looked_at > 60


def test_every_answer_with_a_position_can_be_asked_from_a_position_on(
    served: Town, ids: dict[str, str], contract: Contract
) -> None:
    asked = [path for path in private(contract) if "position" in members(contract, path)]
    asked.remove("/v1/webhooks/{webhook_id}")  # its position is where it stands, not the ledger's
    for path in asked:
        assert "min_position" in {one.get("name") for one in said(contract, path)["parameters"]}, path
        statuses = {
            served.get(who, f"{filled(path, ids)}?min_position={served.ledger.head()}").status_code for who in READERS
        }
        assert statuses <= {200, 400, 403, 404}, path


def test_every_list_is_a_table_as_well(contract: Contract) -> None:
    lists = [path for path in private(contract) if "items" in members(contract, path)]
    assert len(lists) > 15
    assert [path for path in lists if not {CSV, XLSX} <= content(contract, path).keys()] == []
