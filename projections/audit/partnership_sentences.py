"""One sentence for each event of a partnership."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ledger.domain.partnership.aims import OpenAim
from ledger.domain.partnership.facts import ResidualProposed
from projections.audit.telling import Telling
from projections.wording import amount, day


def aim(t: Telling) -> str:
    """The statement of the aim that the fact names; statements are for everybody."""
    found = t.state.aims.get(t.data.aim_id)
    if found is None:
        return "an aim"
    return f"the aim “{(found if isinstance(found, OpenAim) else found.aim).statement}”"


def formed(t: Telling) -> str:
    partners = t.all_of([one.organisation_id for one in t.data.partners])
    return f"{t.who} formed {t.data.name} with {partners}, from {day(t.data.starts_on)} on"


def invited(t: Telling) -> str:
    return f"{t.who} invited {t.name(t.data.organisation_id)} into {t.state.name}"


def accepted(t: Telling) -> str:
    return f"{t.name(t.data.organisation_id)} joined {t.state.name} on {day(t.data.on)}"


def declined(t: Telling) -> str:
    return f"{t.name(t.data.organisation_id)} declined the invitation into {t.state.name}"


def purpose_revised(t: Telling) -> str:
    return f"{t.who} put the purpose of {t.state.name} into new words, from {day(t.data.effective_on)} on"


def terms_revised(t: Telling) -> str:
    return f"{t.who} changed the terms of {t.state.name}, from {day(t.data.effective_on)} on"


def aim_added(t: Telling) -> str:
    return f"{t.who} added {aim(t)}, due on {day(t.data.due_on)}"


def aim_met(t: Telling) -> str:
    return f"{t.who} said that {aim(t)} is met since {day(t.data.on)}"


def aim_dropped(t: Telling) -> str:
    return f"{t.who} dropped {aim(t)} on {day(t.data.on)}"


def coordinator_changed(t: Telling) -> str:
    return f"{t.name(t.data.coordinator_id)} coordinates {t.state.name} from {day(t.data.on)} on"


def review_scheduled(t: Telling) -> str:
    return f"{t.who} planned a review of {t.state.name}, due on {day(t.data.due_on)}"


def reviewed(t: Telling) -> str:
    return f"{t.who} reviewed {t.state.name}"


def meeting_held(t: Telling) -> str:
    absent = f"; absent: {t.all_of(t.data.absent)}" if t.data.absent else ""
    return f"{t.who} recorded a meeting of {t.state.name} on {day(t.data.on)} with {t.all_of(t.data.present)}{absent}"


def notice_given(t: Telling) -> str:
    return f"{t.who} gave notice to leave {t.state.name} on {day(t.data.leaves_on)}"


def notice_rescinded(t: Telling) -> str:
    return f"{t.who} took back its notice and stays in {t.state.name}"


def opening_proposed(t: Telling) -> str:
    data = t.data
    return (
        f"{t.who} proposed to bring forward {amount(data.minutes)} that {t.name(data.giver_id)} gave"
        f" {t.name(data.receiver_id)} since {day(data.since)}"
    )


def opening_agreed(t: Telling) -> str:
    opening = t.state.openings.get(t.data.proposal_id)
    if opening is None:
        return f"{t.who} agreed to what is brought forward"
    said = opening.said
    sides = f"from {t.name(said.giver_id)} to {t.name(said.receiver_id)}"
    return f"{t.who} agreed that {amount(said.minutes)} {sides} are brought forward"


def residual_proposed(t: Telling) -> str:
    return f"{t.who} proposed that {disposal(t, t.data)}"


def residual_agreed(t: Telling) -> str:
    residual = t.state.residuals.get(t.data.proposal_id)
    what = "what is still open is dealt with" if residual is None else disposal(t, residual.said)
    return f"{t.who} agreed that {what}"


def disposal(t: Telling, said: ResidualProposed) -> str:
    """What becomes of what is still open between two, such as `2 h that Elm got from Ashfield are forgiven`."""
    debtor, creditor, to = t.name(said.debtor_id), t.name(said.creditor_id), t.name(said.to)
    done = {
        "forgiven": "are forgiven",
        "returned": "are returned by a support outside any partnership",
        "passed_on": f"are passed on to {to}",
        "carried": f"are carried to {to}",
    }
    return f"{amount(said.minutes)} that {debtor} got from {creditor} and did not return {done[said.disposal]}"


def partner_left(t: Telling) -> str:
    leaver = t.name(t.data.organisation_id)
    if t.data.removed:
        return f"{t.who} removed {leaver} from {t.state.name} on {day(t.data.on)}"
    return f"{leaver} left {t.state.name} on {day(t.data.on)}"


def closed(t: Telling) -> str:
    return f"{t.who} closed {t.state.name} on {day(t.data.on)}: {_REASONS[t.data.reason]}"


def entry_withdrawn(t: Telling) -> str:
    entry = t.earlier.get(t.data.event_id)
    what = "an entry" if entry is None else _ENTRIES[entry.type]
    return f"{t.who} took back what it said of {t.state.name}: {what}"


_REASONS: Final = {
    "purpose_met": "its purpose is met",
    "term_ended": "its term has ended",
    "by_agreement": "by agreement",
    "not_working": "it was not working",
}
_ENTRIES: Final = {
    "partnership.reviewed": "a review",
    "partnership.review_scheduled": "a planned review",
    "partnership.meeting_held": "a meeting",
    "partnership.aim_met": "that an aim is met",
}

PARTNERSHIP: Final[dict[str, Callable[[Telling], str]]] = {
    "partnership.formed": formed,
    "partnership.partner_invited": invited,
    "partnership.partner_accepted": accepted,
    "partnership.partner_declined": declined,
    "partnership.purpose_revised": purpose_revised,
    "partnership.terms_revised": terms_revised,
    "partnership.aim_added": aim_added,
    "partnership.aim_met": aim_met,
    "partnership.aim_dropped": aim_dropped,
    "partnership.coordinator_changed": coordinator_changed,
    "partnership.review_scheduled": review_scheduled,
    "partnership.reviewed": reviewed,
    "partnership.meeting_held": meeting_held,
    "partnership.notice_given": notice_given,
    "partnership.notice_rescinded": notice_rescinded,
    "partnership.opening_position_proposed": opening_proposed,
    "partnership.opening_position_agreed": opening_agreed,
    "partnership.residual_proposed": residual_proposed,
    "partnership.residual_agreed": residual_agreed,
    "partnership.partner_left": partner_left,
    "partnership.closed": closed,
    "partnership.entry_withdrawn": entry_withdrawn,
}
