"""Who may say so: every event and every role, one cell each, and whose word a claim is."""

from __future__ import annotations

from typing import Final, get_args

import pytest

from ledger.domain.fact import LEDGER, Role, Speaker
from ledger.domain.refusals import NotThere, RoleForbidden, SpeaksForItself, WhoSpeaks
from ledger.eventstore.stored_names import STORED
from ledger.voice import TABLE, require_role, voice_of
from tests.scenario import ADMIN, AUDITOR, client, coordinator, member, ref, refused

ROLES: Final[tuple[Role, ...]] = ("member", "client", "coordinator", "auditor", "admin", "ledger")

# Written from the tables of events, not from the table under test. One letter for each role that may ever record the
# event: (m)ember, c(l)ient, (c)oordinator, a(u)ditor, (a)dmin, le(d)ger; then whether a coordinator may record it for
# a school in its scope.
CELLS: Final = """
organisation.registered                 . l c . a .
organisation.details_changed            m l c . a .
organisation.joined_trust               m l c . a .
organisation.left_trust                 m l c . a .
organisation.closed                     . . . . a .
organisation.succeeded                  . . . . a .
organisation.duplicate_declared         . . . . a .
organisation.assessed                   m l c . . .
organisation.departed                   m l c . . .
framework.published                     m l c . . .
calendar.terms_set                      m l c . a .
partnership.formed                      . . c . . .
partnership.partner_invited             . . c . . .
partnership.partner_accepted            m l c . . .
partnership.partner_declined            m l c . . .
partnership.purpose_revised             . . c . . .
partnership.terms_revised               . . c . . .
partnership.aim_added                   m l c . . .
partnership.aim_met                     m l c . . .
partnership.aim_dropped                 m l c . . .
partnership.coordinator_changed         . . c . a .
partnership.review_scheduled            . . c . . .
partnership.reviewed                    m l c . . .
partnership.meeting_held                m l c . . .
partnership.notice_given                m l c . . .
partnership.notice_rescinded            m l c . . .
partnership.opening_position_proposed   m l c . . .
partnership.opening_position_agreed     m l c . . .
partnership.residual_proposed           m l c . . .
partnership.residual_agreed             m l c . . .
partnership.partner_left                m l c . . .
partnership.closed                      . . c . . .
partnership.entry_withdrawn             m l c . . .
support.offered                         m l c . . . for-a-school
support.requested                       m l c . . . for-a-school
support.offer_withdrawn                 m l c . . . for-a-school
support.request_withdrawn               m l c . . . for-a-school
support.interest_shown                  m l c . . .
support.agreed                          m l c . . .
support.variation_proposed              m l c . . .
support.variation_agreed                m l c . . .
support.visit_missed                    m l c . . . for-a-school
support.delivered                       m l c . . . for-a-school
support.delivery_confirmed              m l c . . .
support.confirmation_withdrawn          m l c . . .
support.delivery_disputed               m l c . . .
support.settlement_proposed             m l c . . .
support.dispute_settled                 m l c . . .
support.delivery_attested               . . c . . .
support.delivery_reversed               m l c . . . for-a-school
support.outcome_recorded                m l c . . .
support.completed                       m l c . . .
support.cancelled                       m l c . . .
support.entry_withdrawn                 m l c . . .
review.scheduled                        m l c . . .
review.completed                        m l c . . .
review.answered                         m l c . . .
review.moderated                        m l c . . .
review.shared                           m l c . . .
review.entry_withdrawn                  m l c . . .
practice.shared                         m l c . . . for-a-school
practice.assured                        m l c . . .
practice.adopted                        m l c . . .
practice.returned                       m l c . . .
person.introduced                       m l c . . . for-a-school
person.details_corrected                m l c . . . for-a-school
person.role_ended                       m l c . . . for-a-school
person.erased                           . . . . a .
log.opened                              . . . . . d
log.key_introduced                      . . . . . d
log.restored                            . . . . . d
log.period_closed                       . . . u . .
log.period_reopened                     . . . u . .
text.redacted                           . . . . a .
credential.issued                       . . . . a d
credential.revoked                      . . . . a d
"""
ROWS: Final = [line.split() for line in CELLS.strip().splitlines()]
EVERY_CELL: Final = [
    (row[0], role, letter != ".") for row in ROWS for role, letter in zip(ROLES, row[1:7], strict=True)
]


def test_every_event_has_its_row_and_every_role_its_column() -> None:
    assert [row[0] for row in ROWS] == list(TABLE) == list(STORED)
    assert get_args(Role) == ROLES


@pytest.mark.parametrize(("event", "role", "may"), EVERY_CELL)
def test_a_role_may_ever_record_an_event_or_never(event: str, role: Role, may: bool) -> None:
    speaker = Speaker(principal=ref("somebody"), role=role)
    if may:
        assert require_role(event, speaker) is TABLE[event]
    else:
        with refused(RoleForbidden, role=role, type=event):
            require_role(event, speaker)


@pytest.mark.parametrize(("event", "on_behalf"), [(row[0], row[7:] == ["for-a-school"]) for row in ROWS])
def test_a_coordinator_records_for_a_school_only_what_it_gives_or_asks(event: str, on_behalf: bool) -> None:
    if on_behalf:
        assert voice_of(TABLE[event], coordinator("harbour"), ref("northfield")) == ref("northfield")
    else:
        with refused(SpeaksForItself, recorded_for=ref("northfield")):
            voice_of(TABLE[event], coordinator("harbour"), ref("northfield"))


@pytest.mark.parametrize("who", [member("northfield"), coordinator("northfield"), client("northfield")])
@pytest.mark.parametrize("recorded_for", [None, ref("northfield")])
def test_who_speaks_for_one_organisation_need_not_name_it(who: Speaker, recorded_for: str | None) -> None:
    assert voice_of(TABLE["support.agreed"], who, recorded_for) == ref("northfield")


def test_a_client_of_several_organisations_names_the_one_that_speaks() -> None:
    machine = client("northfield", "oakwood")
    with refused(WhoSpeaks, organisations=tuple(sorted([ref("northfield"), ref("oakwood")]))):
        voice_of(TABLE["support.agreed"], machine, None)
    assert voice_of(TABLE["support.agreed"], machine, ref("oakwood")) == ref("oakwood")


@pytest.mark.parametrize("who", [member("northfield"), client("northfield", "oakwood")])
def test_nobody_speaks_for_an_organisation_its_credential_does_not_name(who: Speaker) -> None:
    with refused(NotThere, stream_kind="organisation", id=ref("ashfield")):
        voice_of(TABLE["support.offered"], who, ref("ashfield"))


@pytest.mark.parametrize("who", [ADMIN, AUDITOR, LEDGER])
def test_admins_auditors_and_the_ledger_speak_without_a_voice(who: Speaker) -> None:
    assert voice_of(TABLE["organisation.details_changed"], who, None) is None
