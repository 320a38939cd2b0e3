"""A stream as it stands, as far as a reader may know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.states import shape_of, state_as_json
from ledger.domain.fact import Speaker
from ledger.domain.review.state import AnsweredReview, Held
from ledger.domain.shape import write
from ledger.domain.support.facts import InterestShown
from ledger.reducing import OTHER, planned
from ledger.seeing import Seen
from ledger.service import Ledger, StreamView
from ledger.visibility import View


def stream_as_json(ledger: Ledger, who: Speaker, view: StreamView) -> dict[str, Any]:
    """A stream that is within a reader's sight, with its state."""
    about = {"kind": view.kind, "id": view.id, "version": view.version, "position": view.position}
    return about | {"state": standing_as_json(ledger, who, view.id, view.state)}


def standing_as_json(ledger: Ledger, who: Speaker, stream_id: str, state: Any) -> dict[str, Any]:
    """A state of a stream that is within a reader's sight: whole for those who read the whole of its facts."""
    kind = shape_of(state)
    seen = ledger.views(ledger.stream_events(stream_id), who)
    view = least([one for one in seen if not isinstance(one.fact.data, InterestShown)])
    stream_kind = seen[0].fact.stream.kind if seen else ""
    if stream_kind not in ("support", "review") or view is None or view.is_whole:
        return state_as_json(state)
    if stream_kind == "review":
        return {"shape": kind, **review_as_json(state, view)}
    if view.how == "confidential":
        return confidential_as_json(state)
    return without_the_sides_own(state_as_json(state))


def least(seen: Sequence[Seen]) -> View | None:
    """The narrowest of the views of a stream's facts."""
    apart = [one.view for one in seen if not one.view.is_whole]
    return apart[0] if apart else (seen[0].view if seen else None)


def confidential_as_json(state: Any) -> dict[str, Any]:
    return {"shape": shape_of(state), "category": OTHER, "confidential": True}


def without_the_sides_own(state: dict[str, Any]) -> dict[str, Any]:
    """The state of a support without what is its two sides' own: who pays how much, and the people."""
    payment = {"basis": state["payment"]["basis"]} if "payment" in state else {}
    told = {name: value for name, value in state.items() if name != "payment"}
    told |= {"payment": payment} if payment else {}
    for name, missing in (("deliveries", "people"), ("variations", "payment")):
        if name in told:
            several = told[name].items()
            told[name] = {one: {key: part for key, part in each.items() if key != missing} for one, each in several}
    return told


def review_as_json(state: Any, view: View) -> dict[str, Any]:
    """The plan of a peer review; of what was found, the parts that were opened."""
    told: dict[str, Any] = {"plan": write(planned(state.plan))}
    if not isinstance(state, Held) or not view.parts:
        return told
    judged = bool(view.parts & {"all", "summary"})
    found = {one: judgement for one, judgement in state.findings.items() if judged or judgement == "strength"}
    told["findings"] = found
    if judged and state.moderation is not None:
        told["moderation"] = state.moderation
    if judged and isinstance(state, AnsweredReview):
        told["accepted"] = sorted(state.accepted)
    return told
