"""A village with a partnership, and what the inbox of each of its people holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ledger.clock import SetClock
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.inbox.answering import Wanted, inbox
from projections.runner import Runner
from projections.views import EVERYTHING, Asked, all_views, open_read_models
from tests.story import Village, said

HOUR = {"quantity": "1", "unit": "hour"}


def hours(quantity: int) -> dict[str, str]:
    return {"quantity": str(quantity), "unit": "hour"}


@dataclass
class Desks:
    """Northfield, Ashfield and Oakwood in one partnership that the hub runs; a clock that the story moves."""

    village: Village
    clock: SetClock
    partnership_id: str

    def pass_days(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    def day(self, days: int = 0) -> str:
        """So many days from today."""
        return (self.village.ledger.today() + timedelta(days=days)).isoformat()

    def whole(self, reader: Speaker, wanted: Wanted | None = None, asked: Asked = EVERYTHING) -> dict[str, Any]:
        """The answer that a reader gets."""
        ledger = self.village.ledger
        Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()
        with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
            return models.answer(inbox, asked, reader, ledger.today(), wanted or Wanted()).to_json()

    def of(self, reader: str | Speaker, kind: str | None = None) -> list[dict[str, Any]]:
        """The items of a school's member, or of anybody, of one kind or all."""
        speaker = self.village.members[reader] if isinstance(reader, str) else reader
        return [one for one in self.whole(speaker)["items"] if kind in (None, one["kind"])]

    def one(self, reader: str | Speaker, kind: str) -> dict[str, Any]:
        [item] = self.of(reader, kind)
        return item

    def act(self, reader: str | Speaker, item: dict[str, Any], **more: Any) -> None:
        """Does what the item leads to, with what it leaves to say; the ledger admits it."""
        speaker = self.village.members[reader] if isinstance(reader, str) else reader
        action = item["action"]
        self.village.ledger.post(speaker, said(action["type"], action.get("subject"), **action["data"] | more))

    def agreed(self, giver: str, receiver: str, quantity: int, ends_in: int, *, inside: bool = True) -> str:
        """The receiver takes up what the giver offers it; answers the id of the support."""
        ids = self.village.ids
        within = {"partnership_id": self.partnership_id} if inside else {}
        sides = {"giver_id": ids[giver], "receiver_id": ids[receiver], "category": "maths", **within}
        offered = self.village.post(
            giver, "support.offered", giver_id=ids[giver], category="maths", summary="Planning together",
            amount=hours(quantity), open_to={"to": "organisation", "organisation_id": ids[receiver]},
            available_from=self.day(), **within,
        )  # fmt: skip
        self.village.post(
            receiver, "support.agreed", offered.stream_id, amount=hours(quantity), basis="exchange",
            starts_on=self.day(), ends_on=self.day(ends_in), **sides,
        )  # fmt: skip
        return offered.stream_id

    def gave(self, giver: str, support_id: str, quantity: int = 1, delivery_id: str = "d1") -> None:
        self.village.post(
            giver, "support.delivered", support_id, delivery_id=delivery_id, amount=hours(quantity),
            delivered_on=self.day(),
        )  # fmt: skip


def desks_of(ledger: Ledger, clock: SetClock, **terms: Any) -> Desks:
    village = Village(ledger)
    village.school("Hub", "hub")
    schools = [village.school(name) for name in ("Northfield", "Ashfield", "Oakwood")]
    formed = ledger.post(
        village.coordinator("Hub"),
        said(
            "partnership.formed", name="Harbour Cluster", purpose="To teach better together",
            aims=[{"aim_id": "a1", "statement": "Plan together", "due_on": "2027-07-01"}],
            partners=[{"organisation_id": one, "role": "partner"} for one in schools],
            coordinator_id=village.ids["Hub"], terms=terms, starts_on=ledger.today().isoformat(),
        ),
    )  # fmt: skip
    for name in ("Northfield", "Ashfield", "Oakwood"):
        village.post(
            name, "partnership.partner_accepted", formed.stream_id, organisation_id=village.ids[name],
            on=ledger.today().isoformat(),
        )  # fmt: skip
    return Desks(village, clock, formed.stream_id)
