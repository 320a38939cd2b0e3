"""A story in which every kind of fact occurs, told so that each reader is something else to it.

Northfield gives and Oakwood receives in Harbour; Fern is another partner, Ashfield was one until it left, Elm is
invited. The hub coordinates; Fern belongs to the trust Anchor. What Oakwood and Northfield do in confidence is told
apart. Each sealed text is the word `hush`.
"""

from __future__ import annotations

from typing import Any, Final

from tests.projections.audit.chronicle import opened
from tests.projections.giving import Story
from tests.scenario import ADMIN, AUDITOR, coordinator, member, ref

HUSH: Final = "hush"
HUB, NORTH, OAK, FERN, ASH = (coordinator("hub"), *map(member, ("northfield", "oakwood", "fern", "ashfield")))
QUIET: Final = frozenset(map(ref, ("quiet", "veiled", "hushed")))
"""The supports that are confidential."""


def day(quantity: str = "1") -> dict[str, str]:
    return {"quantity": quantity, "unit": "day"}


def to(name: str) -> dict[str, str]:
    return {"to": "organisation", "organisation_id": ref(name)}


def agreement(**more: Any) -> dict[str, Any]:
    sides = {"giver_id": ref("northfield"), "receiver_id": ref("oakwood"), "partnership_id": ref("harbour")}
    days = {"amount": day("2"), "starts_on": "2026-09-07", "ends_on": "2026-12-18", "basis": "exchange"}
    return {**sides, **days, "category": "maths"} | more


def witnessed() -> Story:
    story = Story()
    opened(story)
    organisations(story)
    forming(story)
    offers(story)
    given_and_answered(story, "maths")
    in_confidence(story)
    practices(story)
    reviewing(story)
    story.at("2026-10-20")
    later(story, "maths")
    later(story, "quiet")
    leaving(story)
    afterwards(story)
    return story


def organisations(story: Story) -> None:
    story.schools("northfield", trust="beacon").schools("fern", trust="anchor")
    story.schools("oakwood", "ashfield", "elm", "birch", "old", "old-again", "academy", "quarry", "hub")
    story.given(NORTH, "organisation.left_trust", "northfield", trust_id=ref("beacon"), on="2026-09-01")
    story.given(ADMIN, "organisation.details_changed", "northfield", name="Northfield Park", reason=HUSH)
    story.given(ADMIN, "organisation.succeeded", "old", successor_id=ref("academy"), on="2026-09-01")
    story.given(ADMIN, "organisation.closed", "old", on="2026-09-01", reason=HUSH)
    story.given(ADMIN, "organisation.duplicate_declared", "old-again", duplicate_of=ref("old"), reason=HUSH)
    parts = [{"component_id": "c1", "statement": "Reads daily", "stance": "expected"}]
    story.given(NORTH, "framework.published", "ours", owner_id=ref("northfield"), name="Ours", components=parts)
    part = {"framework_id": ref("ours"), "component_id": "c1"}
    said = {"status": "in_part", "evidence": HUSH, "assessed_on": "2026-09-01", "assessed_by": ref("northfield")}
    story.given(NORTH, "organisation.assessed", "northfield", **part, **said)
    story.given(NORTH, "organisation.departed", "northfield", **part, reason=HUSH, review_on="2027-03-01")
    autumn = [{"name": "Autumn", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}]
    terms = {"for": "ledger", "academic_year": "2026/27", "terms": autumn}
    story.given(ADMIN, "calendar.terms_set", "urn:pledger:calendar:ledger", **terms)
    ada = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "specialist", "name": HUSH}
    story.given(NORTH, "person.introduced", "ada", **ada, email=HUSH)
    story.given(NORTH, "person.details_corrected", "ada", person_id=ref("ada"), role="teacher", name=HUSH)
    keyed = {"principal": ref("pat"), "role": "member", "organisations": [ref("northfield")], "person_id": ref("ada")}
    story.given(ADMIN, "credential.issued", "pat", **keyed)
    story.given(ADMIN, "credential.revoked", "pat", principal=ref("pat"))


def forming(story: Story) -> None:
    partners = ("northfield", "oakwood", "fern", "ashfield")
    story.partnership("harbour", "hub", *partners, terms={"allow_immediate": True, "challenge": "Ask for evidence"})
    for one in ("elm", "birch"):
        invited = {"organisation_id": ref(one), "on": "2026-09-01"}
        story.given(HUB, "partnership.partner_invited", "harbour", **invited)
    declined = {"organisation_id": ref("birch"), "on": "2026-09-01"}
    story.given(member("birch"), "partnership.partner_declined", "harbour", **declined)
    plain = {"effective_on": "2026-10-15", "reason": HUSH}
    story.given(HUB, "partnership.purpose_revised", "harbour", purpose="Reading for all", **plain)
    story.given(HUB, "partnership.terms_revised", "harbour", terms={"review_every_days": 60}, **plain)
    aim = {"statement": "More readers", "due_on": "2027-07-01", "on": "2026-09-01"}
    for number in ("2", "3"):
        story.given(HUB, "partnership.aim_added", "harbour", aim_id=f"a{number}", **aim)
    story.given(OAK, "partnership.aim_met", "harbour", aim_id="a2", evidence=HUSH, on="2026-09-01")
    story.given(OAK, "partnership.aim_dropped", "harbour", aim_id="a3", evidence=HUSH, on="2026-09-01")
    taken_back = {"event_id": story.facts[-2].event_id, "reason": HUSH}
    story.given(OAK, "partnership.entry_withdrawn", "harbour", **taken_back)
    before = {"proposal_id": "p1", "minutes": 390, "since": "2026-01-01", "evidence": HUSH}
    sides = {"giver_id": ref("northfield"), "receiver_id": ref("oakwood")}
    story.given(NORTH, "partnership.opening_position_proposed", "harbour", **before, **sides)
    story.given(OAK, "partnership.opening_position_agreed", "harbour", proposal_id="p1")
    ratings = dict.fromkeys(("purpose", "trust", "reciprocity", "challenge", "impact"), 4)
    items = {"instrument": "vichealth-35", "items": [2] * 35}
    story.given(HUB, "partnership.review_scheduled", "harbour", review_id="r1", due_on="2026-11-01")
    said = {"review_id": "r1", "decision": "adjust", "comment": HUSH}
    story.given(OAK, "partnership.reviewed", "harbour", **said, ratings=ratings, **items)
    met = {"on": "2026-09-01", "present": [ref("northfield"), ref("oakwood")], "absent": []}
    story.given(HUB, "partnership.meeting_held", "harbour", **met)


def offers(story: Story) -> None:
    offer = {"giver_id": ref("northfield"), "partnership_id": ref("harbour"), "category": "maths", "amount": day("6")}
    offer |= {"summary": "Six days of lessons together", "available_from": "2026-09-07", "people": [ref("ada")]}
    paid = {"basis": "paid", "paid_by": "The county", "pence_per_day": 30000}
    story.given(NORTH, "support.offered", "maths", **offer, **paid, open_to=to("oakwood"))
    need = {"receiver_id": ref("oakwood"), "partnership_id": ref("harbour"), "category": "data", "need": HUSH}
    wish = need | {"amount": day(), "needed_by": "2026-12-18", "named": False}
    arising = {"review_id": ref("review"), "finding_id": "f1"}
    asked_for(story, wish | {"arising_from": arising, "open_to": {"to": "partnership"}})
    story.given(OAK, "support.agreed", "maths", **agreement(**paid))
    interest = {"interest_id": "i1", "organisation_id": ref("oakwood"), "amount": day("2"), "note": HUSH}
    story.given(NORTH, "support.offered", "pool", **offer, **paid, open_to={"to": "pool"})
    story.given(OAK, "support.interest_shown", "pool", **interest)
    answers = {"support_id": ref("pool"), "interest_id": "i1"}
    story.given(NORTH, "support.agreed", "taken", **agreement(**paid, aim_id="maths", answers=answers))
    story.given(NORTH, "support.offer_withdrawn", "pool", reason=HUSH)
    story.given(OAK, "support.cancelled", "taken", reason=HUSH)


def asked_for(story: Story, wish: dict[str, Any]) -> None:
    """A request that arose from a peer review of Oakwood, which is accepted first."""
    plan = {"reviewed_id": ref("oakwood"), "reviewers": [{"organisation_id": ref("birch")}], "lead_id": ref("birch")}
    story.given(OAK, "review.scheduled", "review", **plan, on="2026-09-01")
    found = {"finding_id": "f1", "area": "Data", "judgement": "to_develop", "evidence": HUSH, "next_step": HUSH}
    story.given(member("birch"), "review.completed", "review", findings=[found], on="2026-09-01")
    answered = {"response": HUSH, "findings": [{"finding_id": "f1", "accepted": True}]}
    story.given(OAK, "review.answered", "review", **answered)
    story.given(OAK, "support.requested", "wish", **wish)
    story.given(OAK, "support.request_withdrawn", "wish", reason=HUSH)


def given_and_answered(story: Story, support: str) -> None:
    """What can be said of an agreed support at once."""
    paid = {"basis": "paid", "paid_by": "The county", "pence_per_day": 30000}
    change = {"variation_id": "v1", "amount": day("3"), "ends_on": "2026-12-11", **paid, "reason": HUSH}
    story.given(NORTH, "support.variation_proposed", support, **change)
    story.given(OAK, "support.variation_agreed", support, variation_id="v1")
    for number in range(1, 5):
        given = {"delivery_id": f"{support}-{number}", "amount": day("1/2"), "delivered_on": "2026-09-01"}
        occasion = {"occasion_id": f"inset-{support}", "people": [ref("ada")]}
        story.given(NORTH, "support.delivered", support, **given, **occasion)
    first, second = ({"delivery_id": f"{support}-{number}"} for number in (1, 2))
    story.given(OAK, "support.delivery_confirmed", support, **first)
    story.given(OAK, "support.confirmation_withdrawn", support, **first, reason=HUSH)
    accepted = {"amount_accepted": {"quantity": "1", "unit": "hour"}, "reason": HUSH}
    story.given(OAK, "support.delivery_disputed", support, **second, **accepted)
    settle = {"settlement_id": f"{support}-s1", **second, "amount": {"quantity": "1", "unit": "hour"}, "reason": HUSH}
    story.given(NORTH, "support.settlement_proposed", support, **settle)
    story.given(OAK, "support.dispute_settled", support, settlement_id=f"{support}-s1")
    missed = {"on": "2026-09-01", "amount": day("1/2"), "because": "illness"}
    story.given(NORTH, "support.visit_missed", support, **missed)
    story.given(NORTH, "support.entry_withdrawn", support, event_id=story.facts[-1].event_id, reason=HUSH)
    taken_back = {"delivery_id": f"{support}-3", "reason": HUSH, "effective_on": "2026-09-01"}
    story.given(NORTH, "support.delivery_reversed", support, **taken_back)


def in_confidence(story: Story) -> None:
    need = {"receiver_id": ref("oakwood"), "partnership_id": ref("harbour"), "category": "safeguarding", "need": HUSH}
    wish = need | {"amount": day("2"), "needed_by": "2026-12-18", "confidential": True}
    story.given(OAK, "support.requested", "quiet", **wish, open_to=to("northfield"))
    story.given(NORTH, "support.agreed", "quiet", **agreement(category="safeguarding", aim_id="maths"))
    given_and_answered(story, "quiet")
    story.given(OAK, "support.requested", "hushed", **wish, open_to={"to": "partnership"})
    story.given(OAK, "support.request_withdrawn", "hushed", reason=HUSH)
    offer: dict[str, Any] = {"giver_id": ref("northfield"), "partnership_id": ref("harbour")}
    offer |= {"category": "safeguarding", "amount": day("2")}
    offer |= {"summary": "Safeguarding", "available_from": "2026-09-07", "open_to": to("oakwood")}
    story.given(NORTH, "support.offered", "veiled", **offer)
    agreed = agreement(category="safeguarding", confidential=True)
    story.given(OAK, "support.agreed", "veiled", **agreed)
    story.given(OAK, "support.cancelled", "veiled", reason=HUSH)


def practices(story: Story) -> None:
    practice = {"organisation_id": ref("northfield"), "title": "Phonics", "category": "english", "summary": "Six weeks"}
    story.given(NORTH, "practice.shared", "phonics", **practice)
    assured = {"assured_by": ref("birch"), "verdict": "assured", "criteria": HUSH, "comment": HUSH}
    story.given(member("birch"), "practice.assured", "phonics", **assured)
    story.given(OAK, "practice.adopted", "phonics", organisation_id=ref("oakwood"), on="2026-09-01")
    story.given(OAK, "practice.returned", "phonics", improvement=HUSH)


def reviewing(story: Story) -> None:
    bea = {"person_id": ref("bea"), "organisation_id": ref("oakwood"), "role": "head", "name": HUSH}
    story.given(OAK, "person.introduced", "bea", **bea)
    reviewers = [{"organisation_id": ref("oakwood"), "person_id": ref("bea")}]
    plan = {"reviewed_id": ref("northfield"), "reviewers": reviewers, "lead_id": ref("oakwood"), "on": "2026-09-01"}
    inside = {"moderator_id": ref("birch"), "partnership_id": ref("harbour"), "support_id": ref("maths")}
    story.given(NORTH, "review.scheduled", "peer", **plan, **inside)
    findings = [
        {"finding_id": "f1", "area": "Reading", "judgement": "to_develop", "evidence": HUSH, "next_step": HUSH},
        {"finding_id": "f2", "area": "Number", "judgement": "strength", "evidence": HUSH},
    ]
    completed = {"findings": findings, "on": "2026-09-01"}
    story.given(OAK, "review.completed", "peer", **completed)
    story.given(OAK, "review.entry_withdrawn", "peer", event_id=story.facts[-1].event_id, reason=HUSH)
    story.given(OAK, "review.completed", "peer", **completed)
    answered = {"response": HUSH, "findings": [{"finding_id": "f1", "accepted": True, "comment": HUSH}]}
    story.given(NORTH, "review.answered", "peer", **answered)
    story.given(member("birch"), "review.moderated", "peer", verdict="upheld", comment=HUSH)
    story.given(NORTH, "review.shared", "peer", with_=[ref("elm"), ref("old")], parts="summary")


def later(story: Story, support: str) -> None:
    """What can be said of an agreed support after some weeks."""
    story.given(HUB, "support.delivery_attested", support, delivery_id=f"{support}-4", evidence=HUSH)
    story.given(OAK, "support.delivery_confirmed", support, delivery_id=f"{support}-1")
    texts = dict.fromkeys(("evidence", "measure", "baseline", "result"), HUSH)
    outcome = {"aim_id": "maths", "impact": 2, "saving_pence": 12000, "assessed_on": "2026-10-19"}
    story.given(OAK, "support.outcome_recorded", support, **outcome, **texts)
    story.given(OAK, "support.completed", support, reason=HUSH)


def leaving(story: Story) -> None:
    notice = {"reason": HUSH, "leaves_on": "2026-10-20"}
    later_on = notice | {"leaves_on": "2026-12-01", "point_id": "one_sided:northfield"}
    story.given(OAK, "partnership.notice_given", "harbour", **later_on)
    story.given(OAK, "partnership.notice_rescinded", "harbour", reason=HUSH)
    rest = {"debtor_id": ref("oakwood"), "creditor_id": ref("northfield"), "minutes": 60, "reason": HUSH}
    story.given(NORTH, "partnership.residual_proposed", "harbour", **rest, proposal_id="x1", disposal="forgiven")
    story.given(OAK, "partnership.residual_agreed", "harbour", proposal_id="x1")
    story.given(ASH, "partnership.notice_given", "harbour", **notice)
    story.given(ASH, "partnership.partner_left", "harbour", organisation_id=ref("ashfield"), on="2026-10-20")


def afterwards(story: Story) -> None:
    """What Ashfield is no partner of any longer; Shore begins and ends; the ledger's own facts."""
    story.gave("northfield", "oakwood", 60, "2026-10-20", "since", "harbour")
    story.partnership("shore", "hub", "northfield", "oakwood", "fern")
    story.given(HUB, "partnership.coordinator_changed", "shore", coordinator_id=ref("northfield"), on="2026-10-20")
    end = {"reason": "by_agreement", "on": "2026-10-20", "lessons": HUSH}
    story.given(coordinator("northfield"), "partnership.closed", "shore", **end)
    story.given(NORTH, "person.role_ended", "ada", person_id=ref("ada"), on="2026-10-20")
    story.given(ADMIN, "person.erased", "ada", person_id=ref("ada"), request=HUSH)
    outcome = next(fact for fact in story.facts if fact.type == "support.outcome_recorded")
    story.given_log(ADMIN, "text.redacted", event_id=outcome.event_id, reason="pupil_named")
    closed = {"scope": "ledger", "until": "2026-09-30"}
    story.given_log(AUDITOR, "log.period_closed", **closed, figures_position=3)
    story.given_log(AUDITOR, "log.period_reopened", **closed, reason=HUSH)
