"""Who may say what: each kind of event, tried by every kind of speaker at the moment when somebody rightly says it.

Written by hand from the tables of events; the story is the one in which every kind of fact occurs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ledger.admission import admit
from ledger.domain.fact import LEDGER, AnyFact, Speaker, Stream
from ledger.domain.log.state import LOG_STREAM_ID
from ledger.errors import Refusal
from ledger.eventstore.stored_names import STORED
from tests.ledger import witnessed
from tests.projections.giving import Story
from tests.scenario import ADMIN, AUDITOR, client, coordinator, member, ref

WHO: Final[dict[str, Speaker]] = {
    "g": member("northfield", principal="another of northfield"),  # gives; is reviewed; author; creditor
    "l": client("northfield", principal="northfield's machine"),
    "r": member("oakwood", principal="another of oakwood"),  # receives; leads the review; adopts; debtor
    "p": member("fern"),  # another partner
    "i": member("elm"),  # invited, once it is
    "b": member("birch", principal="another of birch"),  # declines; assures; moderates
    "s": member("quarry"),  # a stranger
    "x": client("quarry", principal="quarry's machine"),
    "c": coordinator("hub", principal="another of the hub"),  # runs the partnership
    "t": coordinator("anchor"),  # the trust of fern
    "f": coordinator("quarry", principal="a far coordinator"),
    "a": Speaker(principal=ref("anchor's auditor"), role="auditor", trust=ref("anchor")),
    "A": AUDITOR,
    "d": ADMIN,
    "L": LEDGER,
}
ORGANISATIONS, COORDINATORS = "glrpibsxctf", "ctf"
WRONG, ITSELF, RECEIVER = "wrong-voice", "speaks-for-itself", "only-the-receiver-confirms"
PARTNER, NOTICE, SCOPE = "not-a-partner", "no-notice", "out-of-scope"

# Which roles may ever say it (the others: role-forbidden), who of them says it rightly, and what the others are told.
ROWS: Final[dict[str, tuple[str, str, str]]] = {
    "organisation.registered": ("lxctfd", "ctfd", WRONG),  # a client for those it lists
    "organisation.details_changed": (ORGANISATIONS + "d", "gld", WRONG),
    "organisation.joined_trust": (ORGANISATIONS + "d", "gld", WRONG),  # never the trust that gains
    "organisation.left_trust": (ORGANISATIONS + "d", "gld", WRONG),
    "organisation.closed": ("d", "d", WRONG),
    "organisation.succeeded": ("d", "d", WRONG),
    "organisation.duplicate_declared": ("d", "d", WRONG),
    "organisation.assessed": (ORGANISATIONS, "gl", WRONG),
    "organisation.departed": (ORGANISATIONS, "gl", WRONG),
    "framework.published": (ORGANISATIONS, "gl", WRONG),
    "calendar.terms_set": (ORGANISATIONS + "d", "d", WRONG),
    "partnership.formed": (COORDINATORS, "c", WRONG),
    "partnership.partner_invited": (COORDINATORS, "c", WRONG),
    "partnership.partner_accepted": (ORGANISATIONS, "gl", WRONG),
    "partnership.partner_declined": (ORGANISATIONS, "b", WRONG),
    "partnership.purpose_revised": (COORDINATORS, "c", WRONG),
    "partnership.terms_revised": (COORDINATORS, "c", WRONG),
    "partnership.aim_added": (ORGANISATIONS, "glrpc", PARTNER),
    "partnership.aim_met": (ORGANISATIONS, "glrpc", PARTNER),
    "partnership.aim_dropped": (ORGANISATIONS, "glrpc", PARTNER),
    "partnership.coordinator_changed": (COORDINATORS + "d", "c", WRONG),  # an admin when the old one is closed
    "partnership.review_scheduled": (COORDINATORS, "c", WRONG),
    "partnership.reviewed": (ORGANISATIONS, "glrp", PARTNER),
    "partnership.meeting_held": (ORGANISATIONS, "c", WRONG),
    "partnership.notice_given": (ORGANISATIONS, "glrp", PARTNER),
    "partnership.notice_rescinded": (ORGANISATIONS, "r", NOTICE),
    "partnership.opening_position_proposed": (ORGANISATIONS, "glr", WRONG),
    "partnership.opening_position_agreed": (ORGANISATIONS, "r", WRONG),
    "partnership.residual_proposed": (ORGANISATIONS, "glr", WRONG),
    "partnership.residual_agreed": (ORGANISATIONS, "r", WRONG),
    "partnership.partner_left": (ORGANISATIONS, "", WRONG),  # ashfield after its notice; the hub only to remove it
    "partnership.closed": (COORDINATORS, "", WRONG),  # by then northfield coordinates
    "partnership.entry_withdrawn": (ORGANISATIONS, "r", WRONG),
    "support.offered": (ORGANISATIONS, "gl", WRONG),
    "support.requested": (ORGANISATIONS, "r", WRONG),
    "support.offer_withdrawn": (ORGANISATIONS, "gl", WRONG),
    "support.request_withdrawn": (ORGANISATIONS, "r", WRONG),
    "support.interest_shown": (ORGANISATIONS, "r", WRONG),
    "support.agreed": (ORGANISATIONS, "r", WRONG),
    "support.variation_proposed": (ORGANISATIONS, "glr", WRONG),
    "support.variation_agreed": (ORGANISATIONS, "r", WRONG),
    "support.visit_missed": (ORGANISATIONS, "glr", WRONG),
    "support.delivered": (ORGANISATIONS, "gl", WRONG),
    "support.delivery_confirmed": (ORGANISATIONS, "r", RECEIVER),
    "support.confirmation_withdrawn": (ORGANISATIONS, "r", RECEIVER),
    "support.delivery_disputed": (ORGANISATIONS, "r", RECEIVER),
    "support.settlement_proposed": (ORGANISATIONS, "glr", WRONG),
    "support.dispute_settled": (ORGANISATIONS, "r", WRONG),
    "support.delivery_attested": (COORDINATORS, "c", WRONG),
    "support.delivery_reversed": (ORGANISATIONS, "gl", WRONG),
    "support.outcome_recorded": (ORGANISATIONS, "glr", WRONG),
    "support.completed": (ORGANISATIONS, "glr", WRONG),
    "support.cancelled": (ORGANISATIONS, "glr", WRONG),
    "support.entry_withdrawn": (ORGANISATIONS, "gl", WRONG),
    "review.scheduled": (ORGANISATIONS, "r", WRONG),  # its first: oakwood is the reviewed one
    "review.completed": (ORGANISATIONS, "b", WRONG),
    "review.answered": (ORGANISATIONS, "r", WRONG),
    "review.moderated": (ORGANISATIONS, "b", WRONG),
    "review.shared": (ORGANISATIONS, "gl", WRONG),
    "review.entry_withdrawn": (ORGANISATIONS, "r", WRONG),
    "practice.shared": (ORGANISATIONS, "gl", WRONG),
    "practice.assured": (ORGANISATIONS, "b", WRONG),
    "practice.adopted": (ORGANISATIONS, "r", WRONG),
    "practice.returned": (ORGANISATIONS, "r", WRONG),
    "person.introduced": (ORGANISATIONS, "gl", WRONG),
    "person.details_corrected": (ORGANISATIONS, "gl", WRONG),
    "person.role_ended": (ORGANISATIONS, "gl", WRONG),
    "person.erased": ("d", "d", WRONG),
    "text.redacted": ("d", "d", WRONG),
    "log.opened": ("L", "L", WRONG),
    "log.key_introduced": ("L", "L", WRONG),
    "log.restored": ("L", "L", WRONG),
    "log.period_closed": ("aA", "A", SCOPE),  # the trust's auditor closes its trust's alone
    "log.period_reopened": ("aA", "A", SCOPE),
    "credential.issued": ("dL", "dL", WRONG),
    "credential.revoked": ("dL", "dL", WRONG),
}
APART: Final = {("partnership.partner_left", "c"): ITSELF}
"""It is told that the leaver says so itself, because it did not say that it removes it."""


class Tried(Story):
    """A story in which everybody tries to say each thing before it is said; keeps what each was told first."""

    told: dict[tuple[str, str], str]

    def tried(self, type_name: str, stream: str, data: dict[str, Any]) -> None:
        for letter, who in WHO.items():
            self.told.setdefault((type_name, letter), self.outcome(who, type_name, stream, data))

    def outcome(self, who: Speaker, type_name: str, stream: str, data: dict[str, Any]) -> str:
        try:
            claim = self.claim(who, type_name, stream, None, {name.rstrip("_"): value for name, value in data.items()})
            if claim.stream.kind == "log":
                claim = replace(claim, stream=Stream("log", LOG_STREAM_ID))
            admit(self.states.get((claim.stream.kind, claim.stream.id)), claim, self.context())
        except Refusal as refusal:
            return refusal.code
        return "admitted"

    def when(self, who: Speaker, type_name: str, stream: str, /, *, for_: str | None = None, **data: Any) -> AnyFact:
        # Schools are registered and joined to their trusts by an admin first: those of Northfield are tried.
        self.tried(type_name, stream, dict(data))
        return super().when(who, type_name, stream, for_=for_, **data)

    def given_log(self, who: Speaker, type_name: str, **data: Any) -> AnyFact:
        self.tried(type_name, "log", dict(data))
        return super().given_log(who, type_name, **data)


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, str], str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(witnessed, "Story", Tried)
        Tried.told = {}
        witnessed.witnessed()
        return Tried.told


def expected(type_name: str, letter: str) -> str:
    roles, rightly, otherwise = ROWS[type_name]
    if letter not in roles:
        return "role-forbidden"
    return "admitted" if letter in rightly else APART.get((type_name, letter), otherwise)


def test_every_event_has_its_row_and_every_row_its_event() -> None:
    assert sorted(ROWS) == sorted(STORED)


@pytest.mark.parametrize("type_name", ROWS)
def test_each_speaker_is_admitted_or_told_what_the_table_says(told: dict[tuple[str, str], str], type_name: str) -> None:
    assert {letter: told[type_name, letter] for letter in WHO} == {
        letter: expected(type_name, letter) for letter in WHO
    }
