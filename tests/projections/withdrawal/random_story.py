"""Random stories of a partnership: whatever anybody tries to say over a year, much of it refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from ledger.errors import Refusal
from tests.projections.giving import Story
from tests.projections.withdrawal.leaving import harbour, points
from tests.scenario import coordinator, member, ref

SCHOOLS = ("northfield", "ashfield", "brookside")


class Told:
    """A story and the dice that tell it; `day` is how far it has come."""

    def __init__(self, seed: int, steps: int = 90) -> None:
        self.dice = random.Random(seed)
        terms = {
            "tolerance_window_days": self.dice.choice([10, 60]), "quiet_after_days": self.dice.choice([10, 45]),
            "break_dates": ["2027-02-28"], "grace_days": self.dice.choice([20, 90]),
        }  # fmt: skip
        self.story: Story = harbour(terms=terms, ends_on="2027-12-31")
        self.day = date(2026, 9, 1)
        self.supports: list[tuple[str, str, str]] = []
        for _ in range(steps):
            self.day += timedelta(days=self.dice.randrange(9))
            self.story.at(self.day.isoformat())
            try:
                self.dice.choice(self.claims())()
            except Refusal:
                continue

    def claims(self) -> list[Callable[[], None]]:
        support = [self.given, self.given, self.given, self.answered, self.answered, self.asked, self.ended]
        together = [self.reviewed, self.scheduled, self.met_up, self.aim, self.revised]
        leaving = [self.noticed, self.rescinded, self.left, self.disposed]
        return [*support, *support, *together, *leaving]

    def back(self, most: int = 20) -> str:
        """A day of late: facts come late."""
        return (self.day - timedelta(days=self.dice.randrange(most))).isoformat()

    def two(self) -> tuple[str, str]:
        giver, receiver = self.dice.sample(SCHOOLS, 2)
        return giver, receiver

    def given(self) -> None:
        giver, receiver = self.two()
        name, minutes = f"s{len(self.story.facts)}", self.dice.choice([60, 390, 900])
        self.story.gave(giver, receiver, minutes, self.back(60), name, self.dice.choice(["harbour", "harbour", None]))
        self.supports.append((name, giver, receiver))
        if self.dice.random() < 0.6:
            self.story.confirmed(receiver, name)

    def answered(self) -> None:
        name, giver, receiver = self.dice.choice(self.supports or [("", *self.two())])
        match self.dice.randrange(4):
            case 0:
                self.story.disputed(receiver, name)
            case 1:
                self.story.settled(giver, receiver, 30, name)
            case 2:
                self.story.reversed(giver, name, self.back(5))
            case _:
                self.story.confirmed(receiver, name)

    def asked(self) -> None:
        giver, receiver = self.two()
        name, amount = f"s{len(self.story.facts)}", {"quantity": "10", "unit": "hour"}
        self.story.given(
            member(receiver), "support.requested", name, receiver_id=ref(receiver), category="maths",
            partnership_id=ref("harbour"), need="Help", amount=amount,
            open_to={"to": "organisation", "organisation_id": ref(giver)},
        )  # fmt: skip
        if self.dice.random() < 0.8:
            ends_on = self.day + timedelta(days=self.dice.randrange(1, 120))
            self.story.given(
                member(giver), "support.agreed", name, giver_id=ref(giver), receiver_id=ref(receiver),
                partnership_id=ref("harbour"), category="maths", amount=amount, starts_on=self.day.isoformat(),
                ends_on=ends_on.isoformat(), basis="exchange",
            )  # fmt: skip
            self.supports.append((name, giver, receiver))

    def ended(self) -> None:
        name, giver, _ = self.dice.choice(self.supports or [("", *self.two())])
        self.story.given(member(giver), f"support.{self.dice.choice(['completed', 'cancelled'])}", name, reason="Done")

    def reviewed(self) -> None:
        who = self.dice.choice(SCHOOLS)
        self.story.given(member(who), "partnership.reviewed", "harbour", decision="continue")

    def scheduled(self) -> None:
        due_on = (self.day + timedelta(days=self.dice.randrange(5, 80))).isoformat()
        name = f"r{len(self.story.facts)}"
        self.story.given(coordinator("hub"), "partnership.review_scheduled", "harbour", review_id=name, due_on=due_on)

    def met_up(self) -> None:
        absent = self.dice.sample(SCHOOLS, self.dice.randrange(3))
        said = {"present": [ref(one) for one in SCHOOLS if one not in absent], "absent": [ref(one) for one in absent]}
        self.story.given(coordinator("hub"), "partnership.meeting_held", "harbour", on=self.back(), **said)

    def aim(self) -> None:
        if self.dice.random() < 0.5:
            said = {"aim_id": "maths", "evidence": "The results are in", "on": self.back()}
            self.story.given(coordinator("hub"), "partnership.aim_met", "harbour", **said)
        else:
            new = {"aim_id": f"a{len(self.story.facts)}", "statement": "More", "due_on": "2027-12-01"}
            self.story.given(coordinator("hub"), "partnership.aim_added", "harbour", on=self.back(), **new)

    def revised(self) -> None:
        terms = {"notice_days": self.dice.choice([20, 60]), "tolerance_minutes": self.dice.choice([300, 1200])}
        effective_on = (self.day + timedelta(days=61)).isoformat()
        said = {"effective_on": effective_on, "reason": "We know better now", "terms": terms}
        self.story.given(coordinator("hub"), "partnership.terms_revised", "harbour", **said)

    def noticed(self) -> None:
        """Half of them name a point of the partner's own that is open."""
        who = self.dice.choice(SCHOOLS)
        found = points(self.story, self.day.isoformat())
        own = [one.point_id for one in found if one.organisation_id == ref(who) and one.state == "open"]
        named = {"point_id": self.dice.choice(own)} if own and self.dice.random() < 0.5 else {}
        leaves_on = (self.day + timedelta(days=61)).isoformat()
        said = {"leaves_on": leaves_on, "reason": "We have to look elsewhere"}
        self.story.given(member(who), "partnership.notice_given", "harbour", **said, **named)

    def rescinded(self) -> None:
        who = self.dice.choice(SCHOOLS)
        self.story.given(member(who), "partnership.notice_rescinded", "harbour", reason="We talked")

    def left(self) -> None:
        """By its own word where it may, else it is removed, rarely."""
        who, today = self.dice.choice(SCHOOLS), self.day.isoformat()
        said = {"organisation_id": ref(who), "on": today}
        if self.dice.random() < 0.05:
            said |= {"reason": "No answer to four letters"}
            self.story.given(coordinator("hub"), "partnership.partner_left", "harbour", removed=True, **said)
        else:
            self.story.given(member(who), "partnership.partner_left", "harbour", **said)

    def disposed(self) -> None:
        debtor, creditor = self.two()
        name = f"n{len(self.story.facts)}"
        said = {"debtor_id": ref(debtor), "creditor_id": ref(creditor), "minutes": 60, "disposal": "forgiven"}
        self.story.given(
            member(debtor), "partnership.residual_proposed", "harbour", proposal_id=name, reason="With thanks", **said
        )
        if self.dice.random() < 0.5:
            self.story.given(member(creditor), "partnership.residual_agreed", "harbour", proposal_id=name)
