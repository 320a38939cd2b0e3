"""A chronicle in which every kind of event stands at least once; each free text in it is the word `hush`."""

from __future__ import annotations

from typing import Any

from ledger.domain.fact import LEDGER
from tests.projections.giving import Story
from tests.scenario import ADMIN, AUDITOR, coordinator, member, ref

HUSH = "hush"
HUB, NORTH, OAK, ASH = coordinator("hub"), member("northfield"), member("oakwood"), member("ashfield")
TERMS = [{"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}]


def day(quantity: str = "1") -> dict[str, str]:
    return {"quantity": quantity, "unit": "day"}


def to(name: str) -> dict[str, str]:
    return {"to": "organisation", "organisation_id": ref(name)}


def between(giver: str = "northfield", receiver: str = "oakwood") -> dict[str, str]:
    return {"giver_id": ref(giver), "receiver_id": ref(receiver), "category": "maths"}


def agreement(**more: Any) -> dict[str, Any]:
    return between() | {
        "amount": day("2"), "starts_on": "2026-09-07", "ends_on": "2026-12-18", "basis": "exchange",
    } | more  # fmt: skip


def chronicle() -> Story:
    """Northfield, Oakwood and Ashfield with their hub, from the opening of the ledger to the closing of the cluster."""
    story = Story()
    opened(story)
    organisations(story)
    forming(story)
    offers(story)
    deliveries(story)
    answers(story)
    reviewing(story)
    leaving(story)
    return story


def opened(story: Story) -> None:
    story.given_log(LEDGER, "log.opened", origin="ledger.example", vkey="ledger.example+abc+key", zone="Europe/London")
    story.given_log(LEDGER, "log.key_introduced", vkey="ledger.example+def+key")
    story.given_log(LEDGER, "log.restored", origin="ledger.example/2", size=2, lost_from=3, lost_to=4)


def organisations(story: Story) -> None:
    story.schools("northfield", trust="anchor")
    story.schools("oakwood", "ashfield", "elm", "elm-again", "academy", "hub")
    story.given(NORTH, "organisation.left_trust", "northfield", trust_id=ref("anchor"), on="2026-09-01")
    story.given(ADMIN, "organisation.details_changed", "elm", name="Elm Park", reason=HUSH)
    story.given(ADMIN, "organisation.succeeded", "elm", successor_id=ref("academy"), on="2026-09-01")
    story.given(ADMIN, "organisation.closed", "elm", on="2026-09-01", reason=HUSH)
    twice = {"duplicate_of": ref("elm"), "reason": HUSH}
    story.given(ADMIN, "organisation.duplicate_declared", "elm-again", **twice)
    parts = [{"component_id": "c1", "statement": "Reads daily", "stance": "expected"}]
    whole = {"owner_id": ref("northfield"), "name": "Ours", "components": parts}
    story.given(NORTH, "framework.published", "ours", **whole)
    part = {"framework_id": ref("ours"), "component_id": "c1"}
    said = {"status": "in_part", "evidence": HUSH, "assessed_on": "2026-09-01", "assessed_by": ref("northfield")}
    story.given(NORTH, "organisation.assessed", "northfield", **part, **said)
    story.given(NORTH, "organisation.departed", "northfield", **part, reason=HUSH, review_on="2027-03-01")
    for whom in ("ledger", "201", ref("northfield")):
        terms = {"for": whom, "academic_year": "2026/27", "terms": TERMS}
        story.given(ADMIN, "calendar.terms_set", f"urn:pledger:calendar:{whom}", **terms)
    ada = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "specialist", "name": HUSH}
    story.given(NORTH, "person.introduced", "ada", **ada)
    story.given(NORTH, "person.details_corrected", "ada", person_id=ref("ada"), role="teacher")
    keyed = {"principal": ref("pat"), "role": "member", "organisations": [ref("northfield")]}
    story.given(ADMIN, "credential.issued", "pat", **keyed)
    story.given(ADMIN, "credential.revoked", "pat", principal=ref("pat"))


def forming(story: Story) -> None:
    story.partnership("harbour", "hub", "northfield", "oakwood", "ashfield", terms={"allow_immediate": True})
    asked = {"organisation_id": ref("academy"), "on": "2026-09-01"}
    story.given(HUB, "partnership.partner_invited", "harbour", **asked)
    story.given(member("academy"), "partnership.partner_declined", "harbour", **asked)
    plain = {"effective_on": "2026-10-15", "reason": HUSH}
    story.given(HUB, "partnership.purpose_revised", "harbour", purpose="Reading for all", **plain)
    story.given(HUB, "partnership.terms_revised", "harbour", terms={"review_every_days": 60}, **plain)
    aim = {"statement": "More readers", "due_on": "2027-07-01", "on": "2026-09-01"}
    for number in ("2", "3"):
        story.given(HUB, "partnership.aim_added", "harbour", aim_id=f"a{number}", **aim)
    met = {"evidence": HUSH, "on": "2026-09-01"}
    story.given(HUB, "partnership.aim_met", "harbour", aim_id="a2", **met)
    story.given(HUB, "partnership.aim_dropped", "harbour", aim_id="a3", **met)
    taken_back = {"event_id": story.facts[-2].event_id, "reason": HUSH}
    story.given(HUB, "partnership.entry_withdrawn", "harbour", **taken_back)
    before = {"proposal_id": "p1", "minutes": 390, "since": "2026-01-01", "evidence": HUSH}
    sides = {"giver_id": ref("northfield"), "receiver_id": ref("oakwood")}
    story.given(NORTH, "partnership.opening_position_proposed", "harbour", **before, **sides)
    story.given(OAK, "partnership.opening_position_agreed", "harbour", proposal_id="p1")


def offers(story: Story) -> None:
    offer = {"giver_id": ref("northfield"), "category": "send", "summary": "Six days", "amount": day("6")}
    offer |= {"available_from": "2026-09-07"}
    story.given(NORTH, "support.offered", "pool", **offer, open_to={"to": "pool"})
    interest = {"interest_id": "i1", "organisation_id": ref("oakwood"), "amount": day("2")}
    story.given(OAK, "support.interest_shown", "pool", **interest)
    story.given(NORTH, "support.offer_withdrawn", "pool", reason=HUSH)
    need = {"receiver_id": ref("oakwood"), "category": "data", "need": HUSH, "amount": day()}
    story.given(OAK, "support.requested", "wish", **need, open_to={"to": "pool"})
    story.given(OAK, "support.request_withdrawn", "wish", reason=HUSH)
    maths = offer | {"category": "maths", "open_to": to("oakwood"), "partnership_id": ref("harbour")}
    story.given(NORTH, "support.offered", "maths", **maths)
    story.given(OAK, "support.agreed", "maths", **agreement(partnership_id=ref("harbour")))
    change = {"variation_id": "v1", "amount": day("3"), "ends_on": "2026-12-11", "reason": HUSH}
    story.given(NORTH, "support.variation_proposed", "maths", **change)
    story.given(OAK, "support.variation_agreed", "maths", variation_id="v1")


def deliveries(story: Story) -> None:
    for number in range(1, 4):
        given = {"delivery_id": f"d{number}", "amount": day("1/2"), "delivered_on": "2026-09-01"}
        story.given(NORTH, "support.delivered", "maths", **given)
    story.given(OAK, "support.delivery_confirmed", "maths", delivery_id="d1")
    story.given(OAK, "support.confirmation_withdrawn", "maths", delivery_id="d1", reason=HUSH)
    story.given(OAK, "support.delivery_confirmed", "maths", delivery_id="d1")
    story.given(OAK, "support.delivery_disputed", "maths", delivery_id="d2", reason=HUSH)
    settle = {"settlement_id": "s1", "delivery_id": "d2", "amount": {"quantity": "1", "unit": "hour"}, "reason": HUSH}
    story.given(NORTH, "support.settlement_proposed", "maths", **settle)
    story.given(OAK, "support.dispute_settled", "maths", settlement_id="s1")
    missed = {"on": "2026-09-01", "amount": day("1/2"), "because": "illness"}
    story.given(NORTH, "support.visit_missed", "maths", **missed)
    story.given(NORTH, "support.entry_withdrawn", "maths", event_id=story.facts[-1].event_id, reason=HUSH)
    back = between("oakwood", "northfield") | {"delivery_id": "d1", "amount": day(), "delivered_on": "2026-09-01"}
    story.given(OAK, "support.delivered", "back", **back, partnership_id=ref("harbour"))
    story.given(OAK, "support.delivered", "late", **back, partnership_id=ref("harbour"))
    told = {"delivery_id": "d1", "reason": HUSH, "effective_on": "2026-09-01"}
    story.given(OAK, "support.delivery_reversed", "late", **told)


def answers(story: Story) -> None:
    story.at("2026-10-20")
    story.given(HUB, "support.delivery_attested", "back", delivery_id="d1", evidence=HUSH)
    outcome = {"impact": 2, "evidence": HUSH, "saving_pence": 12000, "assessed_on": "2026-10-19"}
    story.given(OAK, "support.outcome_recorded", "maths", **outcome)
    story.given(OAK, "support.completed", "maths")
    brought = agreement(answers={"support_id": ref("pool2"), "interest_id": "i1"})
    offer = {"giver_id": ref("northfield"), "category": "maths", "summary": "More", "amount": day("2")}
    open_to_all = {"open_to": {"to": "pool"}, "available_from": "2026-10-20"}
    story.given(NORTH, "support.offered", "pool2", **offer, **open_to_all)
    interest = {"interest_id": "i1", "organisation_id": ref("oakwood"), "amount": day("2")}
    story.given(OAK, "support.interest_shown", "pool2", **interest)
    story.given(NORTH, "support.agreed", "taken", **brought)
    story.given(OAK, "support.cancelled", "taken", reason=HUSH)
    practice = {"organisation_id": ref("northfield"), "title": "Phonics", "category": "english", "summary": "Six weeks"}
    story.given(NORTH, "practice.shared", "phonics", **practice)
    assured = {"assured_by": ref("ashfield"), "verdict": "assured", "criteria": HUSH}
    story.given(ASH, "practice.assured", "phonics", **assured)
    story.given(OAK, "practice.adopted", "phonics", organisation_id=ref("oakwood"), on="2026-10-19")
    story.given(OAK, "practice.returned", "phonics", improvement=HUSH)


def reviewing(story: Story) -> None:
    plan = {"reviewed_id": ref("northfield"), "reviewers": [{"organisation_id": ref("oakwood")}], "on": "2026-10-20"}
    plan |= {"lead_id": ref("oakwood"), "moderator_id": ref("ashfield")}
    story.given(NORTH, "review.scheduled", "review", **plan)
    findings = [{"finding_id": "f1", "area": "Reading", "judgement": "to_develop", "evidence": HUSH, "next_step": HUSH}]
    completed = {"findings": findings, "on": "2026-10-20"}
    story.given(OAK, "review.completed", "review", **completed)
    story.given(OAK, "review.entry_withdrawn", "review", event_id=story.facts[-1].event_id, reason=HUSH)
    story.given(OAK, "review.completed", "review", **completed)
    answered = {"response": HUSH, "findings": [{"finding_id": "f1", "accepted": True}]}
    story.given(NORTH, "review.answered", "review", **answered)
    story.given(ASH, "review.moderated", "review", verdict="upheld", comment=HUSH)
    story.given(NORTH, "review.shared", "review", with_=[ref("ashfield")], parts="summary")
    story.given(HUB, "partnership.review_scheduled", "harbour", review_id="r1", due_on="2026-11-01")
    story.given(OAK, "partnership.reviewed", "harbour", review_id="r1", decision="continue", comment=HUSH)
    met = {"on": "2026-10-20", "present": [ref("northfield"), ref("oakwood")], "absent": [ref("ashfield")]}
    story.given(HUB, "partnership.meeting_held", "harbour", **met)


def leaving(story: Story) -> None:
    notice = {"reason": HUSH, "leaves_on": "2026-10-20"}
    story.given(ASH, "partnership.notice_given", "harbour", **notice | {"leaves_on": "2026-12-01"})
    story.given(ASH, "partnership.notice_rescinded", "harbour", reason=HUSH)
    story.given(ASH, "partnership.notice_given", "harbour", **notice)
    story.given(ASH, "partnership.partner_left", "harbour", organisation_id=ref("ashfield"), on="2026-10-20")
    rest = {"debtor_id": ref("oakwood"), "creditor_id": ref("northfield"), "minutes": 60, "reason": HUSH}
    story.given(NORTH, "partnership.residual_proposed", "harbour", **rest, proposal_id="x1", disposal="forgiven")
    story.given(OAK, "partnership.residual_agreed", "harbour", proposal_id="x1")
    story.given(HUB, "partnership.coordinator_changed", "harbour", coordinator_id=ref("northfield"), on="2026-10-20")
    end = {"reason": "by_agreement", "on": "2026-10-20", "lessons": HUSH}
    story.given(coordinator("northfield"), "partnership.closed", "harbour", **end)
    story.given(NORTH, "person.role_ended", "ada", person_id=ref("ada"), on="2026-10-20")
    story.given(ADMIN, "person.erased", "ada", person_id=ref("ada"), request=HUSH)
    outcome = next(fact for fact in story.facts if fact.type == "support.outcome_recorded")
    story.given_log(ADMIN, "text.redacted", event_id=outcome.event_id, reason="pupil_named")
    closed = {"scope": "ledger", "until": "2026-09-30"}
    story.given_log(AUDITOR, "log.period_closed", **closed, figures_position=3)
    story.given_log(AUDITOR, "log.period_reopened", **closed, reason=HUSH)
