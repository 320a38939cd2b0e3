"""/v1/credentials: an admin issues, lists, replaces and ends keys; a key is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.clock import SetClock
from tests.api.calls import Town

OUTSIDE = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def village(town: Town) -> Town:
    town.school("Northfield")
    return town


def address(village: Town, name: str) -> str:
    """Of the credential with this name."""
    items = village.get("admin", "/v1/credentials").get_json()["items"]
    [found] = [one["id"] for one in items if one["name"] == name]
    return f"/v1/credentials/{found}"


def test_a_key_is_replaced_and_the_one_before_goes_on(village: Town, clock: SetClock) -> None:
    path = address(village, "Northfield")
    answer = village.post("admin", {"overlap_hours": 2}, f"{path}/rotate")
    rotated = answer.get_json()
    village.keys["new"] = rotated["api_key"]
    assert (answer.status_code, answer.headers["Location"], answer.headers["Cache-Control"]) == (201, path, "no-store")
    assert (rotated["rotated_at"], rotated["former_until"]) == (
        "2026-09-01T09:00:00.000000Z",
        "2026-09-01T11:00:00.000000Z",
    )
    principals = {village.get(one, "/v1/me").get_json()["principal"] for one in ("Northfield", "new")}
    assert principals == {rotated["principal"]}
    clock.advance(timedelta(hours=2))
    assert [village.get(one, "/v1/me").status_code for one in ("Northfield", "new")] == [401, 200]
    shown = village.get("admin", path).get_json()
    assert "former_until" not in shown
    assert "api_key" not in shown


def test_a_day_of_overlap_unless_it_is_said_otherwise(village: Town) -> None:
    path = address(village, "Northfield")
    for answer in (
        village.post("admin", {}, f"{path}/rotate"),
        village.http.post(f"{path}/rotate", headers=village.as_("admin")),
    ):
        assert answer.get_json()["former_until"] == "2026-09-02T09:00:00.000000Z"


def test_with_no_overlap_the_key_before_ends_at_once(village: Town) -> None:
    answer = village.post("admin", {"overlap_hours": 0}, f"{address(village, 'Northfield')}/rotate")
    assert "former_until" not in answer.get_json()
    assert village.get("Northfield", "/v1/me").status_code == 401


@pytest.mark.parametrize("hours", [-1, 169, 1.5, "24", True, None, [24]])
def test_an_overlap_is_a_whole_number_of_hours_up_to_a_week(village: Town, hours: object) -> None:
    answer = village.post("admin", {"overlap_hours": hours}, f"{address(village, 'Northfield')}/rotate")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/overlap_hours"]
    assert village.get("Northfield", "/v1/me").status_code == 200


def test_a_body_that_is_not_read_is_not_taken_for_none(village: Town) -> None:
    path = f"{address(village, 'Northfield')}/rotate"
    form = village.http.post(path, data={"overlap_hours": "0"}, headers=village.as_("admin"))
    chunked = village.http.post(path, headers=village.as_("admin") | {"Transfer-Encoding": "chunked"})
    assert (form.status_code, chunked.status_code) == (415, 415)


def test_what_ended_gets_no_other_key(village: Town) -> None:
    path = address(village, "Northfield")
    village.http.delete(path, headers=village.as_("admin"))
    answer = village.post("admin", {}, f"{path}/rotate")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "credential-ended")
    assert village.http.delete(path, headers=village.as_("admin")).status_code == 204


def test_nobody_but_an_admin_sees_to_credentials(village: Town) -> None:
    path = address(village, "Northfield")
    assert village.post("Northfield", {}, f"{path}/rotate").status_code == 403
    assert village.get("Northfield", path).status_code == 403
    assert village.http.delete(path, headers=village.as_("Northfield")).status_code == 403
    assert village.post("admin", {}, f"/v1/credentials/{OUTSIDE}/rotate").status_code == 404
    assert village.get("admin", f"/v1/credentials/{OUTSIDE}").status_code == 404


def test_the_list_goes_page_by_page(village: Town) -> None:
    whole = [one["id"] for one in village.get("admin", "/v1/credentials").get_json()["items"]]
    assert len(whole) == 3
    found: list[str] = []
    path = "/v1/credentials?limit=2"
    while True:
        answer = village.get("admin", path)
        body = answer.get_json()
        found += [one["id"] for one in body["items"]]
        assert ("Link" in answer.headers) is body["has_more"]
        path = f"/v1/credentials?limit=2&cursor={body['next']}"
        if not body["has_more"]:
            break
    assert found == whole
    assert village.get("admin", path).get_json()["items"] == []


def test_its_last_use_is_told(village: Town, clock: SetClock) -> None:
    path = address(village, "Northfield")
    assert "used_at" not in village.get("admin", path).get_json()
    village.get("Northfield", "/v1/me")
    assert village.get("admin", path).get_json()["used_at"] == "2026-09-01T09:00:00.000000Z"


def test_a_key_ends_by_itself(village: Town, clock: SetClock) -> None:
    body = {"name": "for a day", "role": "auditor", "ledger": True, "expires_at": "2026-09-02T09:00:00Z"}
    issued = village.post("admin", body, "/v1/credentials").get_json()
    village.keys["brief"] = issued["api_key"]
    assert (issued["role"], issued["ledger"], issued["expires_at"]) == ("auditor", True, "2026-09-02T09:00:00.000000Z")
    assert village.get("brief", "/v1/me").status_code == 200
    clock.advance(timedelta(days=1))
    assert village.get("brief", "/v1/me").status_code == 401
