"""Beginnings that the stories about support share, with literal data that a story may replace."""

from __future__ import annotations

from typing import Any

from tests.scenario import Scenario, coordinator, member, ref

NORTHFIELD, OAKWOOD, ASHFIELD = member("northfield"), member("oakwood"), member("ashfield")
HUB = coordinator("hub")


def days(number: int | str) -> dict[str, Any]:
    return {"quantity": str(number), "unit": "day"}


def minutes(number: int) -> dict[str, Any]:
    return {"quantity": str(number), "unit": "minute"}


def to(name: str) -> dict[str, Any]:
    return {"to": "organisation", "organisation_id": ref(name)}


POOL = {"to": "pool"}


def schools() -> Scenario:
    return Scenario().schools("northfield", "oakwood", "ashfield")


def cluster(**terms: Any) -> Scenario:
    """Northfield and Oakwood are partners in a cluster run by a hub; Ashfield stands outside it."""
    return schools().partnership("cluster", "hub", "northfield", "oakwood", terms=terms)


def offer(**more: Any) -> dict[str, Any]:
    """Northfield offers six days of mathematics to everybody."""
    return {
        "giver_id": ref("northfield"),
        "category": "maths",
        "summary": "A specialist for six days",
        "amount": days(6),
        "open_to": POOL,
        "available_from": "2026-09-07",
    } | more


def request(**more: Any) -> dict[str, Any]:
    """Oakwood asks everybody for four days of mathematics."""
    return {
        "receiver_id": ref("oakwood"),
        "category": "maths",
        "need": "Fractions in year five",
        "amount": days(4),
        "open_to": POOL,
    } | more


def agreement(**more: Any) -> dict[str, Any]:
    """Northfield gives Oakwood two days of mathematics in autumn."""
    return {
        "giver_id": ref("northfield"),
        "receiver_id": ref("oakwood"),
        "category": "maths",
        "amount": days(2),
        "starts_on": "2026-09-07",
        "ends_on": "2026-12-18",
        "basis": "exchange",
    } | more


def delivery(**more: Any) -> dict[str, Any]:
    """One day given on 1 September."""
    return {"delivery_id": "d1", "amount": days(1), "delivered_on": "2026-09-01"} | more


def alone(**more: Any) -> dict[str, Any]:
    """The same, where nobody agreed it beforehand."""
    return delivery() | {"giver_id": ref("northfield"), "receiver_id": ref("oakwood"), "category": "maths"} | more


def interest(name: str, interest_id: str = "i1", **more: Any) -> dict[str, Any]:
    return {"interest_id": interest_id, "organisation_id": ref(name), "amount": days(2)} | more


def answers(stream: str, interest_id: str = "i1") -> dict[str, Any]:
    return {"support_id": ref(stream), "interest_id": interest_id}


def agreed(story: Scenario | None = None, **more: Any) -> Scenario:
    """Northfield offered Oakwood two days, and Oakwood agreed: the stream is "maths"."""
    story = story or schools()
    partnership = {name: more[name] for name in ("partnership_id",) if name in more}
    story.given(NORTHFIELD, "support.offered", "maths", **offer(open_to=to("oakwood"), **partnership))
    return story.given(OAKWOOD, "support.agreed", "maths", **agreement(**more))


def agreed_in_cluster(**terms: Any) -> Scenario:
    return agreed(cluster(**terms), partnership_id=ref("cluster"))


def delivered(story: Scenario | None = None, **more: Any) -> Scenario:
    """Northfield recorded one day inside the agreement."""
    return (story or agreed()).given(NORTHFIELD, "support.delivered", "maths", **delivery(**more))


def confirmed(story: Scenario | None = None) -> Scenario:
    return (story or delivered()).given(OAKWOOD, "support.delivery_confirmed", "maths", delivery_id="d1")


def disputed(story: Scenario | None = None) -> Scenario:
    said = {"delivery_id": "d1", "reason": "It was half a day"}
    return (story or delivered()).given(OAKWOOD, "support.delivery_disputed", "maths", **said)


def support(story: Scenario, name: str = "maths") -> Any:
    """The state of a support."""
    return story.states["support", ref(name)]
