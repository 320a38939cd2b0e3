"""One sentence for each event of a support."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from projections.audit.telling import Telling
from projections.wording import amount, day

IMPACTS: Final = {-1: "it set things back", 0: "none seen", 1: "emerging", 2: "evident", 3: "embedded"}


def minutes(amount_said: object) -> str:
    """An amount as a fact holds it."""
    return amount(getattr(amount_said, "minutes", None) or 0)


def open_to(t: Telling) -> str:
    """`to everybody`, `to Ashfield`: who may take it up."""
    match t.data.open_to.to:
        case "organisation":
            return t.name(t.data.open_to.organisation_id)
        case "partnership":
            return "its partnership"
        case "trust":
            return "its trust"
    return "everybody"


def offered(t: Telling) -> str:
    return f"{t.who} offered {minutes(t.data.amount)} of {t.support} to {open_to(t)}"


def requested(t: Telling) -> str:
    return f"{t.who} asked {open_to(t)} for {minutes(t.data.amount)} of {t.support}"


def offer_withdrawn(t: Telling) -> str:
    return f"{t.who} took back its offer of {t.support}"


def request_withdrawn(t: Telling) -> str:
    return f"{t.who} took back its request for {t.support}"


def interest_shown(t: Telling) -> str:
    return f"{t.who} showed interest in {minutes(t.data.amount)} of {t.support} {t.sides}"


def agreed(t: Telling) -> str:
    data = t.data
    basis = "" if data.basis == "exchange" else f" as {_A[data.basis]}"
    span = f"from {day(data.starts_on)} to {day(data.ends_on)}"
    return f"{t.who} agreed on {minutes(data.amount)} of {t.support} {t.sides}{basis}, {span}"


def variation_proposed(t: Telling) -> str:
    return f"{t.who} proposed to change the agreed {t.support} {t.sides}{_changes(t)}"


def _changes(t: Telling) -> str:
    data = t.data
    found = [
        None if data.amount is None else f"to {minutes(data.amount)}",
        None if data.starts_on is None else f"to begin on {day(data.starts_on)}",
        None if data.ends_on is None else f"to end on {day(data.ends_on)}",
        None if data.basis is None else f"to be {_A[data.basis]}",
        None if data.confidential is None else "to be confidential" if data.confidential else "to be open",
    ]
    return ": " + ", ".join(one for one in found if one is not None)


def variation_agreed(t: Telling) -> str:
    return f"{t.who} agreed to the change of the {t.support} {t.sides}"


def visit_missed(t: Telling) -> str:
    because = _BECAUSE[t.data.because]
    return (
        f"{t.who} recorded that {minutes(t.data.amount)} of {t.support} {t.sides}"
        f" did not take place on {day(t.data.on)} ({because})"
    )


def delivered(t: Telling) -> str:
    on = day(t.data.delivered_on)
    stretch = f"on {on}" if t.data.delivered_from is None else f"from {day(t.data.delivered_from)} to {on}"
    return f"{t.who} recorded {minutes(t.data.amount)} of {t.support} for {t.receiver}, given {stretch}"


def confirmed(t: Telling) -> str:
    return f"{t.who} confirmed {t.given}"


def confirmation_withdrawn(t: Telling) -> str:
    return f"{t.who} took back its confirmation of {t.given}"


def disputed(t: Telling) -> str:
    return f"{t.who} queried {t.given}"


def settlement_proposed(t: Telling) -> str:
    return f"{t.who} proposed to settle at {minutes(t.data.amount)} what is queried: {t.given}"


def dispute_settled(t: Telling) -> str:
    settlement = t.state.settlements.get(t.data.settlement_id)
    if settlement is None:
        return f"{t.who} agreed to the settlement of what was queried"
    delivery = t.state.deliveries[settlement.delivery_id]
    return (
        f"{t.who} agreed to settle at {amount(settlement.minutes)} what was queried:"
        f" {amount(delivery.minutes)} of {t.support} {t.sides} given on {day(delivery.delivered_on)}"
    )


def attested(t: Telling) -> str:
    return f"{t.who} attested that it knows of {t.given}, which nobody has answered"


def delivery_reversed(t: Telling) -> str:
    return f"{t.who} reversed {t.given}, from {day(t.data.effective_on)} on"


def outcome_recorded(t: Telling) -> str:
    return f"{t.who} recorded what came of the {t.support} {t.sides}: {IMPACTS[t.data.impact]}"


def completed(t: Telling) -> str:
    return f"{t.who} said that the {t.support} {t.sides} is completed"


def cancelled(t: Telling) -> str:
    return f"{t.who} cancelled the {t.support} {t.sides}"


def entry_withdrawn(t: Telling) -> str:
    entry = t.earlier.get(t.data.event_id)
    what = "an entry" if entry is None else _ENTRIES[entry.type]
    return f"{t.who} took back what it said of the {t.support} {t.sides}: {what}"


def confidential(t: Telling) -> str:
    """All that others read of what is neither given nor confirmed, where support is confidential."""
    return f"{t.who} recorded something about support that is confidential"


_A: Final = {"exchange": "an exchange", "gift": "a gift", "paid": "paid support", "funded": "funded support"}
_BECAUSE: Final = {
    "giver_away": "the giver was away", "receiver_away": "the receiver was away", "illness": "illness",
    "weather": "weather", "inspection": "an inspection", "other": "another reason",
}  # fmt: skip
_ENTRIES: Final = {"support.outcome_recorded": "an outcome", "support.visit_missed": "a visit that did not take place"}

OPEN_TO_ALL: Final = frozenset({"support.delivered", "support.delivery_confirmed", "support.delivery_reversed"})
"""Of confidential support everybody in the partnership reads that minutes passed, and nothing else."""

SUPPORT: Final[dict[str, Callable[[Telling], str]]] = {
    "support.offered": offered,
    "support.requested": requested,
    "support.offer_withdrawn": offer_withdrawn,
    "support.request_withdrawn": request_withdrawn,
    "support.interest_shown": interest_shown,
    "support.agreed": agreed,
    "support.variation_proposed": variation_proposed,
    "support.variation_agreed": variation_agreed,
    "support.visit_missed": visit_missed,
    "support.delivered": delivered,
    "support.delivery_confirmed": confirmed,
    "support.confirmation_withdrawn": confirmation_withdrawn,
    "support.delivery_disputed": disputed,
    "support.settlement_proposed": settlement_proposed,
    "support.dispute_settled": dispute_settled,
    "support.delivery_attested": attested,
    "support.delivery_reversed": delivery_reversed,
    "support.outcome_recorded": outcome_recorded,
    "support.completed": completed,
    "support.cancelled": cancelled,
    "support.entry_withdrawn": entry_withdrawn,
}
