"""Short words for the board over HTTP: a village, what it offers and asks for, and what each of it sees."""

from __future__ import annotations

import time
from typing import Any

from werkzeug.test import TestResponse

from tests.api.calls import Town, hours

TO_ALL = {"to": "pool"}


def settled(served: Town) -> Town:
    """Northfield and Ashfield are partners under a hub; Northfield and Oakwood are of one trust; Elm is alone."""
    for name, kind in (("Hub", "hub"), ("Anchor", "trust")):
        served.school(name, kind)
    for name in ("Northfield", "Ashfield", "Oakwood", "Elm"):
        served.school(name)
    for name in ("Northfield", "Oakwood"):
        joined = {"trust_id": served.ids["Anchor"], "on": "2020-09-01"}
        served.said(name, "organisation.joined_trust", served.ids[name], **joined)
    served.key("coordinator", "coordinator", "Hub")
    served.key("auditor", "auditor", whole_ledger=True)
    served.ids["Cluster"] = formed(served)
    return served


def formed(town: Town) -> str:
    aim = {"aim_id": "maths", "statement": "Better maths", "due_on": "2027-07-01", "success_measure": "+5"}
    partners = [{"organisation_id": town.ids[one], "role": "partner"} for one in ("Northfield", "Ashfield")]
    data = {"name": "Harbour", "purpose": "Maths", "aims": [aim], "partners": partners, "starts_on": "2026-09-01"}
    made = town.said("coordinator", "partnership.formed", coordinator_id=town.ids["Hub"], **data)
    for one in ("Northfield", "Ashfield"):
        accepted = {"organisation_id": town.ids[one], "on": "2026-09-01"}
        town.said(one, "partnership.partner_accepted", made["stream"]["id"], **accepted)
    return str(made["stream"]["id"])


def offered(town: Town, who: str, **more: Any) -> str:
    data: dict[str, Any] = {"giver_id": town.ids[who], "category": "maths", "summary": "A specialist in fractions"}
    data |= {"amount": hours("6"), "open_to": TO_ALL, "available_from": "2026-09-07"}
    return str(town.said(who, "support.offered", **data | more)["stream"]["id"])


def requested(town: Town, who: str, **more: Any) -> str:
    data: dict[str, Any] = {"receiver_id": town.ids[who], "category": "maths", "need": "Fractions in year five"}
    data |= {"amount": hours("4"), "open_to": TO_ALL}
    return str(town.said(who, "support.requested", **data | more)["stream"]["id"])


def board(town: Town, who: str, what: str, **query: Any) -> dict[str, Any]:
    """A page of the board that knows all there is, as soon as there is one."""
    answer = asked(town, who, what, query | {"min_position": town.ledger.head()})
    until = time.monotonic() + 10
    while answer.status_code == 503 and time.monotonic() < until:
        time.sleep(0.02)
        answer = asked(town, who, what, query | {"min_position": town.ledger.head()})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def asked(town: Town, who: str, what: str, query: dict[str, Any]) -> TestResponse:
    return town.http.get(f"/v1/board/{what}", query_string=query, headers=town.as_(who))


def seen(town: Town, who: str, what: str, **query: Any) -> list[str]:
    return [one["support_id"] for one in board(town, who, what, **query)["items"]]
