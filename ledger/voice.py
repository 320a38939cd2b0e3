"""Who may say so: one table, a row per kind of event, and the rule that reads it.

A row names the roles that may ever record the event, the parties one of which must be its voice, and whether a
coordinator may record it on behalf of a school in its scope. Which organisation is which party is worked out by the
stream's own `parties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Role, Speaker
from ledger.domain.refusals import (
    NotThere,
    OnlyTheReceiverConfirms,
    OrganisationEnded,
    RoleForbidden,
    SpeaksForItself,
    WhoSpeaks,
    WrongVoice,
)
from ledger.domain.succession import succeeded_by
from ledger.errors import Refusal

Party = Literal[
    "itself", "assessor", "owner", "coordinator", "partner", "lead", "invited", "leaver", "giver", "receiver", "maker",
    "interested", "agreeing", "either_side", "other_side", "touched", "recorder", "reviewed", "moderator", "author",
    "adopter", "organisation",
]  # fmt: skip
Parties = Mapping[str, frozenset[str]]

ORGANISATIONS: Final[frozenset[Role]] = frozenset({"member", "client", "coordinator"})


@dataclass(frozen=True, slots=True)
class Says:
    """`parties`: one of them must be the voice. `free`: roles that need no voice of a party. `after_end`: a closed
    organisation, or its successor, may still say it. `refusal`: raised when the voice is of no party."""

    parties: tuple[Party, ...] = ()
    free: frozenset[Role] = frozenset()
    roles: frozenset[Role] = ORGANISATIONS
    on_behalf: bool = False
    after_end: bool = False
    refusal: type[Refusal] = WrongVoice

    def may_ever(self, role: Role) -> bool:
        return role in self.free or (bool(self.parties) and role in self.roles)


ADMIN: Final[frozenset[Role]] = frozenset({"admin"})
AUDITOR: Final[frozenset[Role]] = frozenset({"auditor"})
THE_LEDGER: Final[frozenset[Role]] = frozenset({"ledger"})
ONLY_COORDINATORS: Final[frozenset[Role]] = frozenset({"coordinator"})
REGISTRARS: Final[frozenset[Role]] = frozenset({"admin", "coordinator"})
EITHER: Final = Says(("either_side",))
EITHER_STILL: Final = Says(("either_side",), after_end=True)
COORDINATOR: Final = Says(("coordinator",), roles=ONLY_COORDINATORS)

TABLE: Final[dict[str, Says]] = {
    "organisation.registered": Says(("itself",), free=REGISTRARS, roles=frozenset({"client"})),
    "organisation.details_changed": Says(("itself",), free=ADMIN),
    "organisation.joined_trust": Says(("itself",), free=ADMIN),
    "organisation.left_trust": Says(("itself",), free=ADMIN),
    "organisation.closed": Says(free=ADMIN),
    "organisation.succeeded": Says(free=ADMIN),
    "organisation.duplicate_declared": Says(free=ADMIN),
    "organisation.assessed": Says(("assessor",)),
    "organisation.departed": Says(("itself",)),
    "framework.published": Says(("owner",)),
    "calendar.terms_set": Says(("itself",), free=ADMIN),
    "partnership.formed": COORDINATOR,
    "partnership.partner_invited": COORDINATOR,
    "partnership.partner_accepted": Says(("invited",)),
    "partnership.partner_declined": Says(("invited",), after_end=True),
    "partnership.purpose_revised": COORDINATOR,
    "partnership.terms_revised": COORDINATOR,
    "partnership.aim_added": Says(("coordinator", "partner")),
    "partnership.aim_met": Says(("coordinator", "partner")),
    "partnership.aim_dropped": Says(("coordinator", "partner")),
    "partnership.coordinator_changed": Says(("coordinator",), free=ADMIN, roles=ONLY_COORDINATORS),
    "partnership.review_scheduled": COORDINATOR,
    "partnership.reviewed": Says(("partner",)),
    "partnership.meeting_held": Says(("coordinator", "lead")),
    "partnership.notice_given": Says(("partner",), after_end=True),
    "partnership.notice_rescinded": Says(("leaver",)),
    "partnership.opening_position_proposed": EITHER,
    "partnership.opening_position_agreed": Says(("other_side",), after_end=True),
    "partnership.residual_proposed": EITHER_STILL,
    "partnership.residual_agreed": Says(("touched",), after_end=True),
    "partnership.partner_left": Says(("leaver", "coordinator"), after_end=True),
    "partnership.closed": COORDINATOR,
    "partnership.entry_withdrawn": Says(("recorder",), after_end=True),
    "support.offered": Says(("giver",), on_behalf=True),
    "support.requested": Says(("receiver",), on_behalf=True),
    "support.offer_withdrawn": Says(("maker",), on_behalf=True, after_end=True),
    "support.request_withdrawn": Says(("maker",), on_behalf=True, after_end=True),
    "support.interest_shown": Says(("interested",)),
    "support.agreed": Says(("agreeing",)),
    "support.variation_proposed": EITHER_STILL,
    "support.variation_agreed": Says(("other_side",), after_end=True),
    "support.visit_missed": Says(("either_side",), on_behalf=True, after_end=True),
    "support.delivered": Says(("giver",), on_behalf=True, after_end=True),
    "support.delivery_confirmed": Says(("receiver",), after_end=True, refusal=OnlyTheReceiverConfirms),
    "support.confirmation_withdrawn": Says(("receiver",), after_end=True, refusal=OnlyTheReceiverConfirms),
    "support.delivery_disputed": Says(("receiver",), after_end=True, refusal=OnlyTheReceiverConfirms),
    "support.settlement_proposed": EITHER_STILL,
    "support.dispute_settled": Says(("other_side",), after_end=True),
    "support.delivery_attested": COORDINATOR,
    "support.delivery_reversed": Says(("giver",), on_behalf=True, after_end=True),
    "support.outcome_recorded": EITHER_STILL,
    "support.completed": EITHER_STILL,
    "support.cancelled": EITHER_STILL,
    "support.entry_withdrawn": Says(("recorder",), after_end=True),
    "review.scheduled": Says(("reviewed", "coordinator")),
    "review.completed": Says(("lead",), after_end=True),
    "review.answered": Says(("reviewed",), after_end=True),
    "review.moderated": Says(("moderator",)),
    "review.shared": Says(("reviewed",)),
    "review.entry_withdrawn": Says(("recorder",), after_end=True),
    "practice.shared": Says(("author",), on_behalf=True),
    "practice.assured": Says(("assessor",)),
    "practice.adopted": Says(("adopter",)),
    "practice.returned": Says(("adopter",)),
    "person.introduced": Says(("organisation",), on_behalf=True),
    "person.details_corrected": Says(("organisation",), on_behalf=True, after_end=True),
    "person.role_ended": Says(("organisation",), on_behalf=True, after_end=True),
    "person.erased": Says(free=ADMIN),
    "log.opened": Says(free=THE_LEDGER),
    "log.key_introduced": Says(free=THE_LEDGER),
    "log.restored": Says(free=THE_LEDGER),
    "log.period_closed": Says(free=AUDITOR),
    "log.period_reopened": Says(free=AUDITOR),
    "text.redacted": Says(free=ADMIN),
    "credential.issued": Says(free=ADMIN | THE_LEDGER),
    "credential.revoked": Says(free=ADMIN | THE_LEDGER),
}


def require_role(type_name: str, speaker: Speaker) -> Says:
    """The row of an event. Raises RoleForbidden when the speaker's role may never record it, whatever it says."""
    row = TABLE[type_name]
    if not row.may_ever(speaker.role):
        raise RoleForbidden(f"the role {speaker.role} never records {type_name}", role=speaker.role, type=type_name)
    return row


def voice_of(row: Says, speaker: Speaker, recorded_for: str | None) -> str | None:
    """The organisation whose word the claim is; None where the role speaks without one.

    Raises WhoSpeaks, SpeaksForItself, or NotThere when a client names an organisation it does not speak for.
    """
    if speaker.role in ("admin", "auditor", "ledger"):
        return None
    if speaker.role == "coordinator" and recorded_for is not None and recorded_for not in speaker.organisations:
        if not row.on_behalf:
            raise SpeaksForItself("a coordinator cannot say this for another organisation", recorded_for=recorded_for)
        return recorded_for
    if recorded_for is not None:
        if recorded_for not in speaker.organisations:
            raise NotThere("no organisation of this credential", stream_kind="organisation", id=recorded_for)
        return recorded_for
    if len(speaker.organisations) != 1:
        raise WhoSpeaks(organisations=tuple(sorted(speaker.organisations)))
    return next(iter(speaker.organisations))


def require_voice(row: Says, claim: AnyClaim, parties: Parties, partnership_id: str | None, context: Context) -> None:
    """Passes when the claim's voice may say it.

    Raises the row's refusal when the voice is of no party, NotThere when a coordinator records for a school outside
    its scope, OrganisationEnded when a closed organisation would begin something new.
    """
    speaker, voice = claim.speaker, claim.voice
    if voice is None:
        return
    if voice not in speaker.organisations and not any(
        context.coordinates(own, voice, partnership_id, claim.stream.kind) for own in speaker.organisations
    ):
        raise NotThere("no organisation in this coordinator's scope", stream_kind="organisation", id=voice)
    if speaker.role not in row.free and not is_party(row, claim, parties, context):
        needs = row.parties
        raise row.refusal(f"this is to be said by {' or '.join(row.parties)}", voice=voice, needs=needs)
    organisation = context.organisation(voice)
    if organisation is not None and not row.after_end and organisation.ended_on(context.today):
        raise OrganisationEnded(organisation_id=voice)


def is_party(row: Says, claim: AnyClaim, parties: Parties, context: Context) -> bool:
    """Whether the voice is one of the row's parties, or the successor of one where the row outlives an end."""
    for party in row.parties:
        if party == "coordinator" and claim.speaker.role != "coordinator":
            continue
        named = parties.get(party, frozenset())
        if claim.voice in named:
            return True
        if row.after_end and any(succeeded_by(one, claim.voice, context) for one in named):
            return True
    return False
