"""One side for governors: what we gave and got, what came of it, reviews, next dates, and what we ask of the board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from projections.asking import Asking
from projections.audit.support_sentences import IMPACTS
from projections.audit.telling import words_of
from projections.directory.queries import names
from projections.programme.ahead import ask, next_dates
from projections.programme.giving import Given, facts_of, totals
from projections.programme.own_side import OwnSide, other_of, own_side, term_of
from projections.question import Header
from projections.wording import amount, day, listing, several
from projections.working import Step, Working, workings_to_json

RULE_VERSION: Final = "governors/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernorsAnswer:
    """The side of one organisation, in its own words: we, us."""

    header: Header
    side: OwnSide
    names: Mapping[str, str]
    explain: bool

    def to_json(self) -> dict[str, Any]:
        side, window = self.side, self.side.window
        name = self._name(side.organisation_id)
        first = "the beginning" if window.first is None else day(window.first)
        body: dict[str, Any] = {
            "title": f"{name}: what we gave and got from {first} to {day(window.until)}",
            "support": [*side.rows("gave"), *side.rows("got")],
            "said": [*self._said("gave"), *self._said("got")],
            "outcomes": list(self._outcomes()),
            "reviews": sorted(self._reviews(), key=lambda one: str(one["on"])),
            "next_dates": [{"on": on.isoformat(), "says": says} for on, says in next_dates(side, self._name)],
            "ask": list(ask(side, self._name)),
        }
        if self.explain:
            body["working"] = workings_to_json([self._working("gave"), self._working("got")])
        unknown = [] if side.engagements() else ["outcomes"]
        return self.header.to_json(self.names, unknown=unknown, **body)

    def _name(self, one: str) -> str:
        return self.names.get(one, "an organisation")

    def _said(self, half: str) -> Iterator[str]:
        """`We gave 12 h: 6 h of maths support to Ashfield …`; what is not confirmed is told apart."""
        given = self.side.half(half)
        whole = totals(given)
        to = "to" if half == "gave" else "from"
        if whole.confirmed:
            parts = [f"{self._kinds(ones)} {to} {self._name(one)}" for one, ones in self._by_partner(given)]
            yield f"We {half} {amount(whole.confirmed)} of support that is confirmed: {listing(parts)}."
        else:
            yield f"We {half} no support that is confirmed yet."
        if whole.unconfirmed_deliveries:
            minutes = amount(sum(whole.unconfirmed.values()))
            recorded = several(whole.unconfirmed_deliveries, "delivery", "deliveries")
            who = "we gave" if half == "gave" else "we got"
            yield f"A further {minutes} that {who} ({recorded}) are recorded, not yet confirmed."

    def _by_partner(self, given: Sequence[Given]) -> list[tuple[str, list[Given]]]:
        found: dict[str, list[Given]] = defaultdict(list)
        for one in given:
            if one.is_confirmed and one.minutes:
                found[other_of(one, self.side.organisation_id)].append(one)
        return sorted(found.items(), key=lambda pair: (self._name(pair[0]), pair[0]))

    def _kinds(self, given: Sequence[Given]) -> str:
        kinds = listing(sorted({words_of(one.category) for one in given}))
        return f"{amount(sum(one.minutes for one in given))} ({kinds})"

    def _outcomes(self) -> Iterator[dict[str, Any]]:
        for support, said in self.side.engagements():
            gave = support.giver_id == self.side.organisation_id
            partner = support.receiver_id if gave else support.giver_id
            what = f"{words_of(support.category)} support {'to' if gave else 'from'} {self._name(partner)}"
            yield {
                "support_id": support.support_id,
                "partner_id": partner,
                "side": "gave" if gave else "got",
                "category": support.category,
                **({} if said is None else {"impact": said.impact}),
                "says": f"{what}: " + ("no outcome recorded yet" if said is None else IMPACTS[said.impact]),
                "event_ids": [] if said is None else [said.event_id],
            }

    def _reviews(self) -> Iterator[dict[str, Any]]:
        window = self.side.window
        for evidence in self.side.partnerships:
            for on, _ in evidence.partnership.held_reviews(window.day):
                if window.covers(on):
                    name = evidence.partnership.name
                    ids = {"partnership_id": evidence.partnership.partnership_id}
                    yield {"on": on.isoformat(), "kind": "partnership", "says": f"{name} looked at itself", **ids}
        for review in self.side.reviews:
            if review.held_on is not None and window.covers(review.held_on):
                findings = sum(one.judgement == "to_develop" for one in review.findings)
                ours = review.reviewed_id == self.side.organisation_id
                whom = "we were reviewed" if ours else f"we took part in the review of {self._name(review.reviewed_id)}"
                yield {
                    "on": review.held_on.isoformat(),
                    "kind": "peer_review",
                    "reviewed_id": review.reviewed_id,
                    "says": f"{whom}; {several(findings, 'finding')} to develop",
                }

    def _working(self, half: str) -> Working:
        given, until = self.side.half(half), self.side.window.day
        steps = [
            Step(
                says=f"{self._kinds(ones)} with {self._name(one)}",
                comes_to=amount(sum(each.minutes for each in ones)),
                event_ids=facts_of(ones, until),
            )
            for one, ones in self._by_partner(given)
        ]
        confirmed = totals(given).confirmed
        last = Step(says="Confirmed, together", comes_to=amount(confirmed))
        return Working(figure=half, about=f"what we {half}", rule_version=RULE_VERSION, steps=[*steps, last])


def governors(asking: Asking, organisation_id: str, *, itself: bool, explain: bool = False) -> GovernorsAnswer:
    """One organisation's side over the term of the day, or the question's window. Raises FactDoesNotFit.

    `itself` says that the organisation reads it, not its auditor.
    """
    asking = term_of(asking, organisation_id)
    side = own_side(asking, organisation_id, itself=itself)
    ids = {organisation_id, side.organisation_id, *(one.partnership.partnership_id for one in side.partnerships)}
    for support in side.supports:
        ids |= {one for one in support.sides() if one}
    for review in side.reviews:
        ids.add(review.reviewed_id)
    return GovernorsAnswer(
        header=asking.header(RULE_VERSION, organisation=organisation_id),
        side=side,
        names=names(asking.connection, ids, asking.question),
        explain=explain,
    )
