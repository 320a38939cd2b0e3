"""What a letter says, found out when it is sent: from the views and the log as they are then, for who reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.mail.outbox import Outbox, Row
from ledger.access.accounts import Account
from ledger.domain.credential.facts import Issued
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.partnership.facts import NoticeGiven
from ledger.domain.refusals import NotThere, RoleForbidden
from ledger.domain.support.shapes import TwoSided
from ledger.service import Ledger
from projections.messages import at_once
from projections.messages.at_once import Notice, notices_of
from projections.messages.letter import Letter
from projections.messages.weekly import Colleagues, weekly
from projections.reader import Reader
from projections.views import EVERYTHING, ReadModels

UNKNOWN_DEVICE: Final = "a browser that was not used before"
SYSTEMS: Final = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "an Android device"), ("Windows", "a Windows computer"),
    ("Mac OS", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "a Linux computer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A letter with the address it goes to."""

    letter: Letter
    to: str


class Content:
    """Makes letters. It keeps nothing."""

    def __init__(self, ledger: Ledger, read_models: ReadModels, outbox: Outbox) -> None:
        self._ledger, self._read_models, self._outbox = ledger, read_models, outbox

    def notices(self, facts: Iterable[AnyFact]) -> list[Notice]:
        """Who is told of these facts at once."""
        facts = list(facts)
        people = [one.speaker() for one in self._outbox.people()] if facts else []
        return [one for fact in facts for one in notices_of(fact, *self._around(fact), people)]

    def _around(self, fact: AnyFact) -> tuple[TwoSided | None, dict[str, Any]]:
        """The support a fact is of, and the partnership it counts in."""
        state = self._ledger.state(fact.stream.kind, fact.stream.id)
        support = state if isinstance(state, TwoSided) else None
        within = fact.stream.id if support is None else support.partnership_id
        partnership = None if within is None else self._ledger.state("partnership", within)
        return support, {} if partnership is None else {str(within): partnership}

    def letter(self, row: Row) -> Made | None:
        """The letter of a row as things are; None where there is nothing to say any more, or nobody to say it to."""
        carried = self._ledger.letters.carried(row.key, row.carried)
        if row.kind == "invitation":
            return None if carried is None else self._invitation(row, carried)
        account = self._outbox.account(row.principal)
        if account is None:
            return None
        if row.kind == "address":
            return None if carried is None else Made(at_once.address(carried["token"]), carried["to"])
        reader = self._ledger.letters.reader(row.principal)
        if reader.address is None or (row.kind == "weekly" and not reader.weekly):
            return None
        made = self._weekly(account) if row.kind == "weekly" else self._at_once(row, account, carried)
        return None if made is None else Made(made, reader.address)

    def _invitation(self, row: Row, carried: dict[str, str]) -> Made | None:
        held = self._ledger.people.invitations.one(row.key.partition(":")[2])
        if held.state(self._ledger.clock.now()) != "open":
            return None
        until = datetime.fromisoformat(carried["until"]).astimezone(self._ledger.zone).date()
        return Made(at_once.invitation(carried["token"], until), carried["to"])

    def _weekly(self, account: Account) -> Letter | None:
        speaker = account.speaker()
        models = self._read_models.read_by(Reader(self._ledger, speaker))
        return models.answer(weekly, EVERYTHING, speaker, self._ledger.today(), self._colleagues())

    def _colleagues(self) -> Colleagues:
        """By organisation, who speaks for it and gets weekly letters, longest there first."""
        found: dict[str, list[Speaker]] = {}
        for one in self._outbox.weekly_people():
            for organisation_id in one.organisations if one.role in ("member", "coordinator") else ():
                found.setdefault(organisation_id, []).append(one.speaker())
        return found

    def _at_once(self, row: Row, account: Account, carried: dict[str, str] | None) -> Letter | None:
        if row.kind == "device":
            return None if carried is None else self._device(carried)
        try:
            fact = self._ledger.fact(row.event_id or "")
        except NotThere:
            return None
        if isinstance(fact.data, Issued):
            on = fact.recorded_at.astimezone(self._ledger.zone).date()
            return at_once.credential(fact.data, account.speaker(), on, self._names(fact.data.organisations or ()))
        return self._of_fact(fact) if self._may_see(account.speaker(), fact) else None

    def _may_see(self, speaker: Speaker, fact: AnyFact) -> bool:
        try:
            return self._ledger.may_see_facts(speaker, [fact])
        except RoleForbidden:
            return False

    def _of_fact(self, fact: AnyFact) -> Letter | None:
        support, partnerships = self._around(fact)
        if isinstance(fact.data, NoticeGiven):
            partnership, leaver = partnerships.get(fact.stream.id), fact.voice or ""
            if partnership is None or leaver not in partnership.notices:
                return None
            return at_once.notice(fact.data, leaver, partnership, self._names([leaver]))
        delivery = at_once.delivery_of(support, fact)
        if support is None or delivery is None or delivery.status != "disputed":
            return None
        return at_once.query(support, delivery, self._names(support.sides))

    def _device(self, carried: dict[str, str]) -> Letter:
        what = next((told for word, told in SYSTEMS if word in carried["agent"]), UNKNOWN_DEVICE)
        return at_once.device(what, datetime.fromisoformat(carried["at"]).astimezone(self._ledger.zone))

    def _names(self, ids: Iterable[str]) -> dict[str, str]:
        found = {one: self._ledger.organisation(one) for one in ids}
        return {one: state.name for one, state in found.items() if state is not None}
