"""The step that each thing in an inbox leads to, as people read it, and why it is not the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from projections.inbox.items import WhyNot

STEPS: Final[Mapping[str, str]] = {
    "support.delivery_confirmed": "confirm or query it",
    "support.delivery_attested": "vouch for it",
    "support.settlement_proposed": "propose what is to count",
    "support.dispute_settled": "agree on what is to count",
    "support.agreed": "agree, or say no",
    "support.variation_agreed": "agree to the change, or say no",
    "support.delivered": "record what was given",
    "partnership.partner_accepted": "accept, or decline",
    "partnership.opening_position_agreed": "agree, or say no",
    "partnership.residual_agreed": "agree, or say no",
    "partnership.reviewed": "look at the partnership together",
    "partnership.notice_given": "stay, or give notice",
    "partnership.partner_left": "say that it has left",
    "review.completed": "say what was found",
    "review.answered": "answer what was found",
    "review.moderated": "say what you make of it",
}
"""By the type of the event to post."""

WHY_NOT: Final[Mapping[WhyNot, str]] = {
    "needs-another-voice": "waits for somebody else of yours",
    "only-the-receiver-confirms": "waits for who received it",
    "speaks-for-itself": "waits for the partner itself",
}


def step_of(item: Mapping[str, Any]) -> str:
    """What its reader may do about an item, or for whom it waits; empty where there is nothing to do."""
    if item["may_act"]:
        return STEPS[item["action"]["type"]]
    return WHY_NOT[item["why_not"]] if "why_not" in item else ""
