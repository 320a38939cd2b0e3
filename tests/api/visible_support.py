"""Who is given what of each kind of fact about support, told openly and in confidence.

By the label of a fact (tests.ledger.readers), for each group of readers (by letter: `LETTERS`) the members of its data
that they are given; a tilde where the text is withheld, `@` first where what the client called it is given as well.
Whoever is in no group does not see it.
"""

from __future__ import annotations

from typing import Final

Given = dict[str, dict[str, str]]

OPENLY: Final[Given] = {
    "support.offered": {
        "grcaAm": (
            "@ amount available_from basis category giver_id open_to.organisation_id open_to.to paid_by "
            "partnership_id pence_per_day people summary"
        ),
        "pft": (
            "amount available_from basis category giver_id open_to.organisation_id open_to.to partnership_id summary~"
        ),
    },
    "support.requested": {
        "gpft": "amount category named needed_by need~ open_to.to partnership_id receiver_id",
        "rcm": (
            "@ amount arising_from.finding_id arising_from.review_id category named need needed_by open_to.to "
            "partnership_id receiver_id"
        ),
        "aA": (
            "@ amount arising_from.finding_id arising_from.review_id category named needed_by need~ open_to.to "
            "partnership_id receiver_id"
        ),
    },
    "support.request_withdrawn": {
        "gpft": "reason~",
        "rcm": "@ reason",
        "aA": "@ reason~",
    },
    "support.agreed": {
        "grcaAm": (
            "@ amount basis category ends_on giver_id paid_by partnership_id pence_per_day receiver_id starts_on"
        ),
        "pft": "amount basis category ends_on giver_id partnership_id receiver_id starts_on",
    },
    "support.interest_shown": {
        "grm": "@ amount interest_id note organisation_id",
        "A": "@ amount interest_id note~ organisation_id",
    },
    "support.offer_withdrawn": {
        "gc": "@ reason",
        "rpftm": "reason~",
        "aA": "@ reason~",
    },
    "support.cancelled": {
        "grcm": "@ reason",
        "pft": "reason~",
        "aA": "@ reason~",
    },
    "support.variation_proposed": {
        "grcm": "@ amount basis ends_on paid_by pence_per_day reason variation_id",
        "pft": "amount basis ends_on reason~ variation_id",
        "aA": "@ amount basis ends_on paid_by pence_per_day reason~ variation_id",
    },
    "support.variation_agreed": {
        "grcaAm": "@ variation_id",
        "pft": "variation_id",
    },
    "support.delivered": {
        "grcaAm": "@ amount delivered_on delivery_id occasion_id people",
        "pft": "amount delivered_on delivery_id occasion_id",
    },
    "support.delivery_confirmed": {
        "grcaAm": "@ delivery_id independence",
        "pft": "delivery_id independence",
    },
    "support.confirmation_withdrawn": {
        "grcm": "@ delivery_id reason",
        "pft": "delivery_id reason~",
        "aA": "@ delivery_id reason~",
    },
    "support.delivery_disputed": {
        "grcm": "@ amount_accepted delivery_id reason",
        "pft": "amount_accepted delivery_id reason~",
        "aA": "@ amount_accepted delivery_id reason~",
    },
    "support.settlement_proposed": {
        "grcm": "@ amount delivery_id reason settlement_id",
        "pft": "amount delivery_id reason~ settlement_id",
        "aA": "@ amount delivery_id reason~ settlement_id",
    },
    "support.dispute_settled": {
        "grcaAm": "@ settlement_id",
        "pft": "settlement_id",
    },
    "support.visit_missed": {
        "grcaAm": "@ amount because on",
        "pft": "amount because on",
    },
    "support.entry_withdrawn": {
        "grcm": "@ event_id reason",
        "pft": "event_id reason~",
        "aA": "@ event_id reason~",
    },
    "support.delivery_reversed": {
        "grcm": "@ delivery_id effective_on reason",
        "pft": "delivery_id effective_on reason~",
        "aA": "@ delivery_id effective_on reason~",
    },
    "support.delivery_attested": {
        "grcm": "@ delivery_id evidence",
        "pft": "delivery_id evidence~",
        "aA": "@ delivery_id evidence~",
    },
    "support.outcome_recorded": {
        "grcm": "@ aim_id assessed_on baseline evidence impact measure result saving_pence",
        "pft": "aim_id assessed_on baseline~ evidence~ impact measure~ result~",
        "aA": "@ aim_id assessed_on baseline~ evidence~ impact measure~ result~ saving_pence",
    },
    "support.completed": {
        "grcm": "@ reason",
        "pft": "reason~",
        "aA": "@ reason~",
    },
    "support.delivered after Ashfield left": {
        "grcaAm": "@ amount category delivered_on delivery_id giver_id partnership_id receiver_id",
        "pt": "amount category delivered_on delivery_id giver_id partnership_id receiver_id",
    },
}

IN_CONFIDENCE: Final[Given] = {
    "support.requested in confidence": {
        "grm": (
            "@ amount category confidential need needed_by open_to.organisation_id open_to.to partnership_id "
            "receiver_id"
        ),
    },
    "support.agreed in confidence": {
        "grm": "@ aim_id amount basis category confidential ends_on giver_id partnership_id receiver_id starts_on",
        "pfctaA": "amount basis category confidential ends_on giver_id partnership_id receiver_id starts_on",
    },
    "support.variation_proposed in confidence": {
        "grm": "@ amount basis ends_on paid_by pence_per_day reason variation_id",
    },
    "support.variation_agreed in confidence": {
        "grm": "@ variation_id",
    },
    "support.delivered in confidence": {
        "grm": "@ amount delivered_on delivery_id occasion_id people",
        "pfctaA": "amount delivered_on delivery_id",
    },
    "support.delivery_confirmed in confidence": {
        "grm": "@ delivery_id independence",
        "pfctaA": "delivery_id independence",
    },
    "support.confirmation_withdrawn in confidence": {
        "grm": "@ delivery_id reason",
        "pfctaA": "delivery_id reason~",
    },
    "support.delivery_disputed in confidence": {
        "grm": "@ amount_accepted delivery_id reason",
    },
    "support.settlement_proposed in confidence": {
        "grm": "@ amount delivery_id reason settlement_id",
        "pfctaA": "amount delivery_id reason~ settlement_id",
    },
    "support.dispute_settled in confidence": {
        "grm": "@ settlement_id",
        "pfctaA": "settlement_id",
    },
    "support.visit_missed in confidence": {
        "grm": "@ amount because on",
    },
    "support.entry_withdrawn in confidence": {
        "grm": "@ event_id reason",
    },
    "support.delivery_reversed in confidence": {
        "grm": "@ delivery_id effective_on reason",
        "pfctaA": "delivery_id effective_on reason~",
    },
    "support.request_withdrawn in confidence": {
        "gpfctaA": "reason~",
        "rm": "@ reason",
    },
    "support.offered in confidence": {
        "grm": "@ amount available_from category giver_id open_to.organisation_id open_to.to partnership_id summary",
    },
    "support.cancelled in confidence": {
        "grm": "@ reason",
    },
    "support.delivery_attested in confidence": {
        "grcm": "@ delivery_id evidence",
    },
    "support.outcome_recorded in confidence": {
        "grm": "@ aim_id assessed_on baseline evidence impact measure result saving_pence",
    },
    "support.completed in confidence": {
        "grm": "@ reason",
    },
}
