"""A real ledger with a partnership of three schools, one school outside it, and a hub that coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ledger.clock import SetClock
from ledger.domain.fact import Speaker
from ledger.posted import Receipt
from ledger.service import Ledger
from projections.practices import answering as practices
from projections.practices import sight as practice_sight
from projections.reviews import answering as reviews
from projections.reviews import sight as review_sight
from projections.runner import Runner
from projections.views import Asked, all_views, open_read_models
from tests.projections.reviews.notes import STRENGTH
from tests.story import Village, person, said

AUDITOR = Speaker(principal="6f2c1ad0-95a3-4c0e-9d5e-0f1d7f0c9a01", role="auditor", whole_ledger=True)
AIMS = [{"aim_id": "a", "statement": "Raise attainment", "due_on": "2027-07-01"}]


@dataclass
class Harbour:
    """Northfield, Oakwood and Ashfield are partners; Elmwood is not. Reviews are called `reviewed by reviewer`."""

    village: Village
    clock: SetClock
    reviews: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> dict[str, str]:
        return self.village.ids

    @classmethod
    def of(cls, ledger: Ledger, clock: SetClock) -> Harbour:
        village = Village(ledger)
        for name in ("Northfield", "Oakwood", "Ashfield", "Elmwood"):
            village.school(name)
        village.school("Hub", "hub")
        schools = ("Northfield", "Oakwood", "Ashfield")
        partners = [{"organisation_id": village.ids[name], "role": "partner"} for name in schools]
        more = {"aims": AIMS, "partners": partners, "coordinator_id": village.ids["Hub"], "starts_on": "2026-09-01"}
        formed = said("partnership.formed", name="Harbour", purpose="Better reading", **more)
        village.ids["Harbour"] = village.ledger.post(village.coordinator("Hub"), formed).stream_id
        for name in schools:
            accepted = {"organisation_id": village.ids[name], "on": "2026-09-01"}
            village.post(name, "partnership.partner_accepted", village.ids["Harbour"], **accepted)
        return cls(village, clock)

    def at(self, day: str) -> Harbour:
        """From here on it is nine in the morning of this day."""
        self.clock.set(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC))
        return self

    def planned(self, reviewed: str, *reviewers: str, on: str, **more: Any) -> str:
        """The reviewed asks the reviewers for a day, in the partnership unless told otherwise."""
        plan = {
            "reviewed_id": self.ids[reviewed],
            "reviewers": [{"organisation_id": self.ids[one]} for one in reviewers],
            "lead_id": self.ids[reviewers[0]],
            "partnership_id": self.ids["Harbour"],
            "on": on,
        } | more
        data = {name: value for name, value in plan.items() if value is not None}
        receipt = self.village.post(reviewed, "review.scheduled", **data)
        self.reviews[f"{reviewed} by {reviewers[0]}"] = receipt.stream_id
        return receipt.stream_id

    def held(self, reviewed: str, reviewer: str, on: str, *findings: dict[str, Any], **more: Any) -> str:
        """A review that was planned for a day and held on it; it found a strength where nothing else is said."""
        review_id = self.at(on).planned(reviewed, reviewer, on=on, **more)
        self.village.post(reviewer, "review.completed", review_id, findings=list(findings) or [STRENGTH], on=on)
        return review_id

    def said(self, name: str, type_name: str, subject: str | None = None, /, **data: Any) -> Receipt:
        return self.village.post(name, type_name, subject, **data)

    def member(self, name: str) -> Speaker:
        return self.village.members[name]

    def hub(self) -> Speaker:
        return person("coordinator", self.ids["Hub"])

    def list(self, reader: Speaker, asked: Asked | None = None, **more: Any) -> dict[str, Any]:
        """The list of reviews that somebody reads."""
        wanted = reviews.Wanted(
            **{name: more.pop(name) for name in list(more) if name.endswith("_id") or name == "state"}
        )
        return self._asked(reader, reviews.list_reviews, review_sight.ReviewsReader, asked, wanted, **more)

    def one(self, reader: Speaker, review_id: str, asked: Asked | None = None, **more: Any) -> dict[str, Any]:
        """One review as somebody reads it."""
        return self._asked(reader, reviews.one_review, review_sight.ReviewsReader, asked, review_id, **more)

    def practices(self, reader: Speaker, asked: Asked | None = None, **more: Any) -> dict[str, Any]:
        """The list of practices that somebody reads."""
        members = ("words", "category", "author_id", "state")
        wanted = practices.Wanted(**{name: more.pop(name) for name in members if name in more})
        return self._asked(reader, practices.list_practices, practice_sight.PracticesReader, asked, wanted, **more)

    def practice(self, reader: Speaker, practice_id: str, asked: Asked | None = None, **more: Any) -> dict[str, Any]:
        """One practice as somebody reads it."""
        return self._asked(reader, practices.one_practice, practice_sight.PracticesReader, asked, practice_id, **more)

    def _asked(
        self, reader: Speaker, ask: Any, sight: Any, asked: Asked | None, *args: Any, **more: Any
    ) -> dict[str, Any]:
        ledger = self.village.ledger
        Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()
        with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
            answer = models.answer(ask, asked or Asked(), sight.of(ledger, reader), *args, **more)
        return answer.to_json()  # type: ignore[no-any-return]  # JSON has no type
