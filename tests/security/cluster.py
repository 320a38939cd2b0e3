"""A cluster to which everything happens that others must never hear of, told over HTTP.

Each text, title and name that is only its own holds the cluster's word; each id is kept by the name it has here. What
is everybody's (the directory, a framework, a calendar, an assured practice, an offer in the pool) holds no such word.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.api.calls import Town, event, hours

TODAY = "2026-09-01"
SCHOOLS = ("Giver", "Receiver", "Third", "Left", "Invited")


@dataclass
class Cluster:
    """`name` begins the name of each of its organisations and keys; `ids` are those that only it may know, by name;
    `posts` are what was said, by whom."""

    town: Town
    name: str
    ids: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def word(self) -> str:
        """What its own texts hold."""
        return f"{self.name.lower()}hush"

    @property
    def organisations(self) -> dict[str, str]:
        """Its organisations by name: they stand in the directory, which is everybody's."""
        return {one: id_ for one, id_ in self.town.ids.items() if one.startswith(self.name)}

    def who(self, role: str) -> str:
        """The name of the key of somebody here."""
        return f"{self.name} {role}"

    def of(self, name: str) -> str:
        return self.town.ids[self.who(name)]

    def said(self, who: str, type_name: str, subject: str | None = None, /, **data: Any) -> str:
        """Something that somebody here says; answers the id of the stream, and keeps that of the event."""
        posted = event(type_name, subject, **data) | {"correlationid": f"{self.word}-{len(self.ids)}"}
        answer = self.town.post(self.who(who), posted)
        assert answer.status_code == 201, (type_name, answer.get_data(as_text=True))
        receipt = answer.get_json()
        self.posts.append((who, posted))
        self.ids[f"{type_name} {len(self.ids)}"] = receipt["event_id"]
        return str(receipt["stream"]["id"])

    def key(self, name: str, role: Any, *organisations: str, **more: Any) -> None:
        """A key, whose name in the ledger is the cluster's own as well."""
        self.town.key(self.who(name), role, *(self.who(one) for one in organisations), **more)


def happened(cluster: Cluster) -> None:
    """Tells it all."""
    settled(cluster)
    ran(cluster)
    supported(cluster)
    offered(cluster)
    reviewed(cluster)
    shared(cluster)


def settled(cluster: Cluster) -> None:
    """Its organisations, keys and people, and what everybody may read of them."""
    town = cluster.town
    for name, kind in (("Hub", "hub"), ("Trust", "trust"), *((one, "school") for one in SCHOOLS)):
        town.school(cluster.who(name), kind)
    cluster.key("hub", "coordinator", "Hub")
    cluster.key("trust", "coordinator", "Trust")
    cluster.key("auditor", "auditor", trust=cluster.of("Trust"))
    cluster.key("machine", "client", "Giver", "Receiver")
    for one in ("Giver", "Third"):
        joined = {"trust_id": cluster.of("Trust"), "on": "2026-01-01"}
        town.said(cluster.who(one), "organisation.joined_trust", cluster.of(one), **joined)
    person = cluster.ids["person_id"] = str(uuid.uuid4())
    introduced = {"person_id": person, "organisation_id": cluster.of("Giver"), "role": "head", "name": cluster.word}
    cluster.said("Giver", "person.introduced", person, **introduced)
    part = {"component_id": "c1", "statement": "We read", "stance": "expected"}
    published = {"owner_id": cluster.of("Giver"), "name": "Ours", "components": [part]}
    framework = town.said(cluster.who("Giver"), "framework.published", **published)["stream"]["id"]
    at = {"framework_id": framework, "component_id": "c1"}
    seen = {"status": "in_part", "evidence": cluster.word, "assessed_on": TODAY, "assessed_by": cluster.of("Giver")}
    cluster.said("Giver", "organisation.assessed", cluster.of("Giver"), **at, **seen)
    apart = {"reason": cluster.word, "review_on": "2027-03-01"}
    cluster.said("Giver", "organisation.departed", cluster.of("Giver"), **at, **apart)


def ran(cluster: Cluster) -> None:
    """A partnership, from its forming to what one partner left behind."""
    word, hub = cluster.word, cluster.of("Hub")
    aim = {"aim_id": "a1", "statement": word, "success_measure": word, "due_on": "2027-07-01"}
    asked = ("Giver", "Receiver", "Third", "Left", "Invited")
    partners = [{"organisation_id": cluster.of(one), "role": "partner"} for one in asked]
    formed = {"name": word, "purpose": word, "aims": [aim], "partners": partners, "starts_on": TODAY}
    terms = {"allow_immediate": True, "challenge": word}
    one = cluster.said("hub", "partnership.formed", **formed, coordinator_id=hub, terms=terms)
    cluster.ids["partnership_id"] = one
    for name in asked[:4]:
        cluster.said(name, "partnership.partner_accepted", one, organisation_id=cluster.of(name), on=TODAY)
    before = {"proposal_id": "p1", "minutes": 390, "since": "2026-01-01", "evidence": word}
    sides = {"giver_id": cluster.of("Third"), "receiver_id": cluster.of("Receiver")}
    cluster.said("Third", "partnership.opening_position_proposed", one, **before, **sides)
    cluster.said("Receiver", "partnership.opening_position_agreed", one, proposal_id="p1")
    cluster.said("hub", "partnership.review_scheduled", one, review_id="r1", due_on="2026-09-20")
    ratings = dict.fromkeys(("purpose", "trust", "reciprocity", "challenge", "impact"), 4)
    for name in asked[:3]:
        said = {"review_id": "r1", "decision": "adjust", "comment": word, "ratings": ratings}
        cluster.said(name, "partnership.reviewed", one, **said)
    met = {"on": TODAY, "present": [cluster.of(name) for name in asked[:3]], "absent": [cluster.of("Left")]}
    cluster.said("hub", "partnership.meeting_held", one, **met)
    cluster.said("Receiver", "partnership.aim_met", one, aim_id="a1", evidence=word, on=TODAY)
    cluster.said("Third", "partnership.notice_given", one, reason=word, leaves_on="2026-12-01")
    cluster.said("Left", "partnership.notice_given", one, reason=word, leaves_on=TODAY)
    cluster.said("Left", "partnership.partner_left", one, organisation_id=cluster.of("Left"), on=TODAY)


def supported(cluster: Cluster) -> None:
    """Support that was given openly, disputed, and given in confidence."""
    word, within = cluster.word, {"partnership_id": cluster.ids["partnership_id"]}
    sides = {"giver_id": cluster.of("Giver"), "receiver_id": cluster.of("Receiver"), **within}
    given = {"amount": hours("2"), "delivered_on": TODAY, "people": [cluster.ids["person_id"]]}
    plain = cluster.said("Giver", "support.delivered", delivery_id="d1", **given, **sides, category="maths")
    cluster.ids["support_id"] = plain
    cluster.said("Receiver", "support.delivery_confirmed", plain, delivery_id="d1")
    outcome = {"impact": 2, "evidence": word, "measure": word, "assessed_on": TODAY}
    cluster.said("Receiver", "support.outcome_recorded", plain, **outcome)
    disputed = cluster.said("Giver", "support.delivered", delivery_id="d1", **given, **sides, category="english")
    cluster.said("Receiver", "support.delivery_disputed", disputed, delivery_id="d1", reason=word)
    settle = {"settlement_id": "s1", "delivery_id": "d1", "amount": hours("1"), "reason": word}
    cluster.said("Giver", "support.settlement_proposed", disputed, **settle)
    to = {"open_to": {"to": "organisation", "organisation_id": cluster.of("Giver")}, "amount": hours("3")}
    need = {"receiver_id": cluster.of("Receiver"), "category": "safeguarding", "need": word, "confidential": True}
    kept = cluster.said("Receiver", "support.requested", **need, **to, **within)
    agreed = {**sides, "category": "safeguarding", "amount": hours("3"), "basis": "exchange"}
    cluster.said("Giver", "support.agreed", kept, **agreed, starts_on=TODAY, ends_on="2026-12-18")
    cluster.said("Giver", "support.delivered", kept, delivery_id="d1", **given)
    cluster.ids |= {"kept": kept, "disputed": disputed}
    rest = {"debtor_id": cluster.of("Receiver"), "creditor_id": cluster.of("Giver"), "minutes": 60, "reason": word}
    residual = {"proposal_id": "x1", "disposal": "forgiven"}
    cluster.said("Giver", "partnership.residual_proposed", within["partnership_id"], **rest, **residual)


def offered(cluster: Cluster) -> None:
    """Offers and requests that are open to one, to the partners and to the trust; none in the pool."""
    word, within = cluster.word, {"partnership_id": cluster.ids["partnership_id"]}
    offer = {"giver_id": cluster.of("Giver"), "category": "maths", "amount": hours("6"), "available_from": TODAY}
    need = {"receiver_id": cluster.of("Receiver"), "category": "maths", "amount": hours("6"), "need": word}
    one = {"to": "organisation", "organisation_id": cluster.of("Third")}
    for name, to in (("one", one), ("partnership", {"to": "partnership"}), ("trust", {"to": "trust"})):
        made = cluster.said("Giver", "support.offered", **offer, **within, summary=word, open_to=to)
        cluster.ids[f"offer to {name}"] = made
    to_all = {"open_to": {"to": "partnership"}, **within}
    cluster.ids["request"] = cluster.said("Receiver", "support.requested", **need, **to_all)
    interest = {"interest_id": "i1", "organisation_id": cluster.of("Third"), "amount": hours("1"), "note": word}
    cluster.said("Third", "support.interest_shown", cluster.ids["request"], **interest)


def reviewed(cluster: Cluster) -> None:
    """A peer review inside the partnership, from the plan to the right of reply."""
    word, plan = cluster.word, {"lead_id": cluster.of("Receiver"), "on": TODAY}
    plan |= {"reviewed_id": cluster.of("Giver"), "partnership_id": cluster.ids["partnership_id"]}
    reviewers = [{"organisation_id": cluster.of("Receiver")}]
    one = cluster.said("Giver", "review.scheduled", **plan, reviewers=reviewers)
    finding = {"finding_id": "f1", "area": word, "judgement": "to_develop", "evidence": word, "next_step": word}
    cluster.said("Receiver", "review.completed", one, findings=[finding], on=TODAY)
    answered = [{"finding_id": "f1", "accepted": True, "comment": word}]
    cluster.said("Giver", "review.answered", one, response=word, findings=answered)
    cluster.said("Giver", "review.shared", one, with_=[cluster.of("Third")], parts="summary")
    cluster.ids["review_id"] = one


def shared(cluster: Cluster) -> None:
    """A practice that nobody has assured: it is not everybody's yet."""
    practice = {"title": cluster.word, "category": "english", "summary": cluster.word}
    one = cluster.said("Giver", "practice.shared", organisation_id=cluster.of("Giver"), **practice)
    cluster.said("Receiver", "practice.adopted", one, organisation_id=cluster.of("Receiver"), on=TODAY)
    cluster.said("Receiver", "practice.returned", one, improvement=cluster.word)
    cluster.ids["practice_id"] = one
