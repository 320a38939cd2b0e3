"""Beginnings that the stories about health share: three schools and their hub, agreements, reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.health.dimension import Dimension, Name
from projections.health.measures import Health, health_on
from tests.projections.evidence_of import evidence
from tests.projections.giving import Story
from tests.scenario import coordinator, member, ref

HUB = coordinator("hub")


def harbour(*more: str, **formed: Any) -> Story:
    """Northfield, Ashfield and Brookside (and more), partners since 1 September 2026."""
    story = Story()
    schools = ("northfield", "ashfield", "brookside", *more)
    story.schools(*schools)
    story.partnership("harbour", "hub", *schools, **formed)
    return story


def on(story: Story, day: str) -> Health:
    """Its health as of a day, by all that the story tells."""
    return health_on(evidence(story, "harbour"), date.fromisoformat(day))


def dimension(story: Story, name: Name, day: str) -> Dimension:
    return on(story, day).dimensions[name]


def minutes(number: int) -> dict[str, str]:
    return {"quantity": str(number), "unit": "minute"}


def agreed(story: Story, support: str, number: int, ends_on: str, **more: Any) -> None:
    """Northfield offers Ashfield so many minutes from today on, and Ashfield agrees."""
    today = story.now.date().isoformat()
    basis = more.get("basis", "exchange")
    sides = {"partnership_id": ref("harbour"), "category": "maths", "giver_id": ref("northfield")}
    open_to = {"to": "organisation", "organisation_id": ref("ashfield")}
    offer = {"summary": "A specialist", "open_to": open_to, "available_from": today, "basis": basis}
    story.given(member("northfield"), "support.offered", support, amount=minutes(number), **sides, **offer)
    said = {"starts_on": today, "ends_on": ends_on, "basis": basis, "receiver_id": ref("ashfield")} | more
    story.given(member("ashfield"), "support.agreed", support, amount=minutes(number), **sides, **said)


def delivered(story: Story, support: str, number: int, delivery: str = "d1", **more: Any) -> None:
    """Northfield gives so many minutes of what was agreed, today."""
    said = {"delivery_id": delivery, "amount": minutes(number), "delivered_on": story.now.date().isoformat()} | more
    story.given(member("northfield"), "support.delivered", support, **said)


def missed(story: Story, support: str, number: int, because: str, by: str = "northfield", **more: Any) -> str:
    """A visit of so many minutes that did not take place today; answers the id of the fact."""
    said = {"on": story.now.date().isoformat(), "amount": minutes(number), "because": because} | more
    return story.when(member(by), "support.visit_missed", support, **said).event_id


def varied(story: Story, support: str, **change: Any) -> None:
    """Northfield proposes a change, and Ashfield agrees."""
    proposal = {"variation_id": f"v{len(story.facts)}", "reason": "As we found it"}
    story.given(member("northfield"), "support.variation_proposed", support, **proposal, **change)
    story.given(member("ashfield"), "support.variation_agreed", support, variation_id=proposal["variation_id"])


def reviewed(story: Story, partner: str, **more: Any) -> None:
    """A partner says how it finds the partnership."""
    story.given(member(partner), "partnership.reviewed", "harbour", **{"decision": "continue"} | more)


def ratings(*five: int) -> dict[str, int]:
    """Purpose, trust, reciprocity, challenge, impact."""
    return dict(zip(("purpose", "trust", "reciprocity", "challenge", "impact"), five, strict=True))
