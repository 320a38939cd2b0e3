"""/v1/inbox: each reader's own, what to post for each item, pages, filters, tables; and the clock in readiness."""

from __future__ import annotations

import csv
import io
from typing import Any

from api.readiness import readiness
from tests.api.calls import Town, event


def inbox(town: Town, name: str, query: str = "") -> dict[str, Any]:
    answer = town.get(name, f"/v1/inbox?min_position={town.ledger.head()}{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def two_schools(town: Town) -> None:
    town.school("Northfield")
    town.school("Ashfield")


def test_the_step_of_an_item_is_an_event_as_it_is_posted(served: Town) -> None:
    two_schools(served)
    given = served.delivered("Northfield", "Ashfield", "2")
    body = inbox(served, "Ashfield")
    [item] = body["items"]
    assert (item["kind"], item["minutes"], item["may_act"]) == ("delivery", 120, True)
    assert item["counterpart_id"] == served.ids["Northfield"]
    assert body["names"][served.ids["Northfield"]] == "Northfield"
    assert item["event_ids"] == [given["event_id"]]
    assert (body["scope"], body["counts"], "changes_up_to" in body) == ({"reader": "member"}, {"delivery": 1}, False)
    step = item["action"]
    posted = event(step["type"], step.get("subject"), **step["data"]) | {"recordedfor": step["recordedfor"]}
    assert served.post("Ashfield", posted).status_code == 201
    assert inbox(served, "Ashfield")["items"] == []
    assert inbox(served, "Northfield")["items"] == []


def test_pages_and_filters(served: Town) -> None:
    two_schools(served)
    for _ in range(3):
        served.delivered("Northfield", "Ashfield")
    first = inbox(served, "Ashfield", "&limit=2")
    assert (len(first["items"]), first["has_more"]) == (2, True)
    second = served.get("Ashfield", f"/v1/inbox?cursor={first['next']}").get_json()
    assert (len(second["items"]), second["has_more"]) == (1, False)
    assert served.get("Ashfield", f"/v1/inbox?cursor={second['next']}").get_json()["items"] == []
    assert inbox(served, "Ashfield", "&kind=promise")["items"] == []
    assert len(inbox(served, "Ashfield", f"&organisation={served.ids['Ashfield']}")["items"]) == 3
    assert served.get("Ashfield", "/v1/inbox?kind=letters").status_code == 400
    assert served.get("Ashfield", "/v1/inbox?cursor=nothing").status_code == 400


def test_as_it_was_known_and_on_a_later_day(served: Town) -> None:
    two_schools(served)
    before = served.ledger.head()
    served.delivered("Northfield", "Ashfield")
    assert inbox(served, "Ashfield", f"&known_at=position:{before}")["items"] == []
    later = inbox(served, "Ashfield", "&as_of=2027-01-31")
    assert [one["overdue"] for one in later["items"]] == [True]


def test_explained_each_item_names_its_facts_and_ends_in_its_day(served: Town) -> None:
    two_schools(served)
    given = served.delivered("Northfield", "Ashfield")
    body = inbox(served, "Ashfield", "&explain=true")
    [working] = body["working"]
    assert working["steps"][0]["event_ids"] == [given["event_id"]]
    assert working["steps"][-1]["comes_to"] == "Tue 15 Sep 2026"


def test_as_a_table(served: Town) -> None:
    two_schools(served)
    given = served.delivered("Northfield", "Ashfield")
    path = f"/v1/inbox?min_position={served.ledger.head()}"
    answer = served.get("Ashfield", path, Accept="text/csv")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (row["kind"], row["counterpart"], row["action_subject"]) == (
        "delivery", "Northfield", given["stream"]["id"],
    )  # fmt: skip


def test_an_admin_reads_no_inbox_and_an_auditor_what_has_changed(served: Town) -> None:
    two_schools(served)
    served.key("auditor", "auditor", whole_ledger=True)
    served.delivered("Northfield", "Ashfield")
    assert served.get("admin", "/v1/inbox").status_code == 403
    assert inbox(served, "auditor")["items"] == []


def test_readiness_tells_of_the_clock(served: Town) -> None:
    two_schools(served)
    inbox(served, "Ashfield")
    _, checks = readiness(served.ledger, served.app.extensions["pledger.read_models"], None)
    assert checks["clock"] == {"ok": True, "day": None}
