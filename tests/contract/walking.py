"""A town where everything has happened once, and an address for every GET of the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.api.boarding import offered, requested, settled
from tests.api.calls import Town

ADA = "6a0c9d5e-1f43-4c55-8a3b-2f6a5f0d9e11"
NOBODY = "6a0c9d5e-1f43-4c55-8a3b-2f6a5f0d9e22"
READERS = ("admin", "auditor", "coordinator", "Northfield", "Elm")


def lively(served: Town) -> dict[str, str]:
    """Makes everything happen once; answers what may stand for each name in an address."""
    town = settled(served)
    north, ash = (town.ids[one] for one in ("Northfield", "Ashfield"))
    delivery = town.delivered("Northfield", "Ashfield", partnership_id=town.ids["Cluster"])
    support = str(delivery["stream"]["id"])
    town.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")
    for who, what in (("Northfield", offered), ("Ashfield", requested)):
        what(town, who, partnership_id=town.ids["Cluster"])
    introduced = {"person_id": ADA, "organisation_id": north, "role": "head", "name": "Ada Byron"}
    town.said("Northfield", "person.introduced", ADA, **introduced)
    published(town)
    return {
        "organisation_id": north,
        "partnership_id": town.ids["Cluster"],
        "trust_id": town.ids["Anchor"],
        "support_id": support,
        "review_id": reviewed(town, north, ash),
        "practice_id": shared(town, north),
        "person_id": ADA,
        "stream_id": support,
        "event_id": str(delivery["event_id"]),
        "credential_id": str(town.get("admin", "/v1/credentials").get_json()["items"][0]["id"]),
        "code": "not-found",
        "type_name": "support.offered",
        "version": "1",
        "name": "directory",
    }


def reviewed(town: Town, reviewed_id: str, reviewer: str) -> str:
    plan = {"reviewed_id": reviewed_id, "lead_id": reviewer, "on": "2026-09-01"}
    planned = town.said("Northfield", "review.scheduled", reviewers=[{"organisation_id": reviewer}], **plan)
    finding = {"finding_id": "writing", "area": "Writing", "judgement": "to_develop", "evidence": "Two books"}
    said = {"findings": [finding | {"next_step": "Plan together"}], "on": "2026-09-01"}
    town.said("Ashfield", "review.completed", planned["stream"]["id"], **said)
    return str(planned["stream"]["id"])


def shared(town: Town, author: str) -> str:
    practice = {"title": "Phonics", "category": "english", "summary": "A daily routine"}
    made = town.said("Northfield", "practice.shared", organisation_id=author, **practice)
    adopted = {"organisation_id": town.ids["Ashfield"], "on": "2026-09-01"}
    look = {"assured_by": town.ids["Ashfield"], "verdict": "assured", "criteria": "Ours"}
    town.said("Ashfield", "practice.assured", made["stream"]["id"], **look)
    town.said("Ashfield", "practice.adopted", made["stream"]["id"], **adopted)
    return str(made["stream"]["id"])


def published(town: Town) -> None:
    """A framework, a school's own calendar, and how it sees itself."""
    own = town.ids["Northfield"]
    component = {"component_id": "reading", "statement": "We read", "stance": "expected"}
    town.said("Northfield", "framework.published", owner_id=own, name="Ours", components=[component])
    term = {"name": "autumn", "starts_on": "2026-09-01", "ends_on": "2026-12-18"}
    year = {"for": own, "academic_year": "2026/27", "terms": [term], "closed_days": []}
    town.said("Northfield", "calendar.terms_set", **year)


def gets(document: dict[str, Any]) -> Iterator[str]:
    """Every address of the document that answers a GET."""
    return (path for path, item in document["paths"].items() if "get" in item)


def filled(path: str, ids: dict[str, str]) -> str:
    """The address with an id of its kind for each name; where none is known, one that nobody has."""
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], NOBODY), path)
