"""Who is given what of each kind of fact about anything but support.

By the label of a fact (tests.ledger.readers), for each group of readers (by letter: `LETTERS`) the members of its data
that they are given; a tilde where the text is withheld, `@` first where what the client called it is given as well.
Whoever is in no group does not see it.
"""

from __future__ import annotations

from typing import Final

Given = dict[str, dict[str, str]]

IN_PARTNERSHIP: Final[Given] = {
    "partnership.formed": {
        "grpfctaAm": "@ aims coordinator_id name partners purpose starts_on terms",
    },
    "partnership.partner_accepted": {
        "gcaA": "@ on organisation_id",
        "rptm": "on organisation_id",
    },
    "partnership.partner_invited": {
        "grpftm": "on organisation_id",
        "icaA": "@ on organisation_id",
    },
    "partnership.partner_declined": {
        "grpftm": "on organisation_id",
        "caA": "@ on organisation_id",
    },
    "partnership.purpose_revised": {
        "grpftm": "effective_on purpose reason~",
        "c": "@ effective_on purpose reason",
        "aA": "@ effective_on purpose reason~",
    },
    "partnership.terms_revised": {
        "grpftm": "effective_on reason~ terms",
        "c": "@ effective_on reason terms",
        "aA": "@ effective_on reason~ terms",
    },
    "partnership.aim_added": {
        "grpftm": "aim_id due_on on statement",
        "caA": "@ aim_id due_on on statement",
    },
    "partnership.aim_met": {
        "gpft": "aim_id evidence~ on",
        "rcm": "@ aim_id evidence on",
        "aA": "@ aim_id evidence~ on",
    },
    "partnership.aim_dropped": {
        "gpft": "aim_id evidence~ on",
        "rcm": "@ aim_id evidence on",
        "aA": "@ aim_id evidence~ on",
    },
    "partnership.entry_withdrawn": {
        "gpft": "event_id reason~",
        "rcm": "@ event_id reason",
        "aA": "@ event_id reason~",
    },
    "partnership.opening_position_proposed": {
        "grcm": "@ evidence giver_id minutes proposal_id receiver_id since",
        "pft": "evidence~ giver_id minutes proposal_id receiver_id since",
        "aA": "@ evidence~ giver_id minutes proposal_id receiver_id since",
    },
    "partnership.opening_position_agreed": {
        "grcaAm": "@ proposal_id",
        "pft": "proposal_id",
    },
    "partnership.review_scheduled": {
        "grpftm": "due_on review_id",
        "caA": "@ due_on review_id",
    },
    "partnership.reviewed": {
        "gpft": "comment~ decision review_id",
        "rcm": "@ comment decision instrument items ratings review_id",
        "aA": "@ comment~ decision instrument items ratings review_id",
    },
    "partnership.meeting_held": {
        "grcaAm": "@ absent on present",
        "pft": "absent on present",
    },
    "partnership.notice_given": {
        "gpft": "leaves_on reason~",
        "rcm": "@ leaves_on point_id reason",
        "aA": "@ leaves_on point_id reason~",
    },
    "partnership.notice_rescinded": {
        "gpft": "reason~",
        "rcm": "@ reason",
        "aA": "@ reason~",
    },
    "partnership.residual_proposed": {
        "grcm": "@ creditor_id debtor_id disposal minutes proposal_id reason",
        "pft": "creditor_id debtor_id disposal minutes proposal_id reason~",
        "aA": "@ creditor_id debtor_id disposal minutes proposal_id reason~",
    },
    "partnership.residual_agreed": {
        "grcaAm": "@ proposal_id",
        "pft": "proposal_id",
    },
    "partnership.partner_left": {
        "grptm": "on organisation_id",
        "fcaA": "@ on organisation_id",
    },
    "partnership.coordinator_changed": {
        "gcaA": "@ coordinator_id on",
        "rptm": "coordinator_id on",
    },
    "partnership.closed": {
        "g": "@ lessons on reason",
        "rptm": "lessons~ on reason",
        "aA": "@ lessons~ on reason",
    },
}

ELSEWHERE: Final[Given] = {
    "log.opened": {
        "A": "@ origin vkey zone",
    },
    "log.key_introduced": {
        "A": "@ vkey",
    },
    "log.restored": {
        "A": "@ lost_from lost_to origin size",
    },
    "organisation.registered": {
        "grpfictaAsm": "@ identifiers kind name",
    },
    "organisation.joined_trust": {
        "grpfictaAsm": "@ on trust_id",
    },
    "organisation.left_trust": {
        "grpfictaAsm": "@ on trust_id",
    },
    "organisation.details_changed": {
        "g": "@ name reason",
        "rpfictaAsm": "@ name reason~",
    },
    "organisation.succeeded": {
        "grpfictaAsm": "@ on successor_id",
    },
    "organisation.closed": {
        "grpfictaAsm": "@ on reason~",
    },
    "organisation.duplicate_declared": {
        "grpfictaAsm": "@ duplicate_of reason~",
    },
    "framework.published": {
        "grpfictaAsm": "@ components name owner_id",
    },
    "organisation.assessed": {
        "g": "@ assessed_by assessed_on component_id evidence framework_id status",
        "A": "@ assessed_by assessed_on component_id evidence~ framework_id status",
    },
    "organisation.departed": {
        "g": "@ component_id framework_id reason review_on",
        "A": "@ component_id framework_id reason~ review_on",
    },
    "calendar.terms_set": {
        "grpfictaAsm": "@ academic_year for terms",
    },
    "person.introduced": {
        "g": "@ email name organisation_id person_id role",
        "A": "@ email~ name~ organisation_id person_id role",
    },
    "person.details_corrected": {
        "g": "@ name person_id role",
        "A": "@ name~ person_id role",
    },
    "credential.issued": {
        "gA": "@ organisations person_id principal role",
    },
    "credential.revoked": {
        "gA": "@ principal",
    },
    "review.scheduled": {
        "rAm": "@ lead_id on reviewed_id reviewers.organisation_id",
    },
    "review.completed": {
        "rm": "@ findings.area findings.evidence findings.finding_id findings.judgement findings.next_step on",
        "A": "@ findings.area findings.evidence~ findings.finding_id findings.judgement findings.next_step~ on",
    },
    "review.answered": {
        "rm": "@ findings.accepted findings.finding_id response",
        "A": "@ findings.accepted findings.finding_id response~",
    },
    "practice.shared": {
        "gA": "@ category organisation_id summary title",
    },
    "practice.assured": {
        "g": "@ assured_by comment criteria verdict",
        "A": "@ assured_by comment~ criteria~ verdict",
    },
    "practice.adopted": {
        "grAm": "@ on organisation_id",
    },
    "practice.returned": {
        "grm": "@ improvement",
        "A": "@ improvement~",
    },
    "review.scheduled in Harbour": {
        "grcAm": (
            "@ lead_id moderator_id on partnership_id reviewed_id reviewers.organisation_id reviewers.person_id "
            "support_id"
        ),
        "pfita": "lead_id moderator_id on partnership_id reviewed_id reviewers.organisation_id",
    },
    "review.completed in Harbour": {
        "grcm": "@ findings.area findings.evidence findings.finding_id findings.judgement findings.next_step on",
        "A": "@ findings.area findings.evidence~ findings.finding_id findings.judgement findings.next_step~ on",
    },
    "review.entry_withdrawn in Harbour": {
        "grcm": "@ event_id reason",
        "A": "@ event_id reason~",
    },
    "review.answered in Harbour": {
        "grcm": "@ findings.accepted findings.comment findings.finding_id response",
        "i": "findings.accepted findings.finding_id response~",
        "A": "@ findings.accepted findings.comment~ findings.finding_id response~",
    },
    "review.moderated in Harbour": {
        "grcm": "@ comment verdict",
        "i": "comment~ verdict",
        "A": "@ comment~ verdict",
    },
    "review.shared in Harbour": {
        "grcAm": "@ parts with",
        "i": "parts with",
    },
    "person.role_ended": {
        "gA": "@ on person_id",
    },
    "person.erased": {
        "g": "@ person_id request",
        "A": "@ person_id request~",
    },
    "text.redacted": {
        "A": "@ event_id reason",
    },
    "log.period_closed": {
        "A": "@ figures_position scope until",
    },
    "log.period_reopened": {
        "A": "@ reason~ scope until",
    },
}
