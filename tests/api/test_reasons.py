"""An auditor opens what is confidential with a reason, which both sides are shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.api.boarding import settled
from tests.api.calls import Town
from tests.api.test_chain import agreed, chain

WHY = "Complaint of 3 September"


@pytest.fixture
def village(served: Town) -> Town:
    return settled(served)


@pytest.fixture
def kept(village: Town) -> str:
    """Confidential support of Northfield for Ashfield, with a dispute; the auditor reads the whole ledger."""
    support = agreed(village)
    asked = {"variation_id": "v1", "confidential": True, "reason": "A hard year"}
    village.said("Ashfield", "support.variation_proposed", support, **asked)
    return support


def with_reason(town: Town, path: str, why: str = WHY) -> dict[str, Any]:
    answer = town.get("auditor", path, Read_Reason=quote(why))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def test_a_reason_opens_confidential_support_and_both_sides_are_told(village: Town, kept: str) -> None:
    assert chain(village, "auditor", kept)["category"] == "other"
    assert chain(village, "Ashfield", kept)["opened_by_auditors"] == []

    opened = with_reason(village, f"/v1/support/{kept}")
    assert opened["category"] == "maths"
    [link] = opened["chain"]
    assert link["events"][-1]["data"]["reason"] == "A hard year"
    assert "opened_by_auditors" not in opened

    told = [{"at": "2026-09-01T09:00:00.000000Z", "reason": WHY}]
    for side in ("Northfield", "Ashfield"):
        assert chain(village, side, kept)["opened_by_auditors"] == told
        log = village.get(side, "/v1/access-log?route=/v1/support/{support_id}").get_json()["items"]
        assert [one["reason"] for one in log if "reason" in one] == [WHY]
    assert "opened_by_auditors" not in chain(village, "coordinator", kept)
    assert chain(village, "auditor", kept)["category"] == "other"


@pytest.mark.parametrize("path", ["/v1/events?stream={}", "/v1/streams/{}", "/v1/streams/{}/events"])
def test_whatever_shows_what_is_confidential_tells_the_sides(village: Town, kept: str, path: str) -> None:
    plain = village.get("auditor", path.format(kept)).get_data(as_text=True)
    assert "maths" not in plain
    assert chain(village, "Northfield", kept)["opened_by_auditors"] == []

    assert "maths" in str(with_reason(village, path.format(kept)))
    assert [one["reason"] for one in chain(village, "Northfield", kept)["opened_by_auditors"]] == [WHY]


def test_what_a_reason_did_not_show_was_not_opened(village: Town, kept: str) -> None:
    with_reason(village, f"/v1/organisations/{village.ids['Northfield']}/balance")
    with_reason(village, f"/v1/events?stream={kept}&type=support.completed")

    assert chain(village, "Northfield", kept)["opened_by_auditors"] == []


def test_nothing_is_opened_that_cannot_be_noted(village: Town, kept: str) -> None:
    village.ledger.access_log.close()

    answer = village.get("auditor", f"/v1/support/{kept}", Read_Reason=WHY)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "access-log-busy")
    assert "maths" not in answer.get_data(as_text=True)
