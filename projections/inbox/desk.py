"""Whose inbox it is: the organisations a reader speaks for, the partnerships it runs, and what each of them says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ledger.domain.calendar.counting import EVERY_DAY, TermCalendar
from ledger.domain.fact import Speaker
from ledger.domain.terms import DEFAULTS, Terms
from projections.asking import Asking
from projections.directory.queries import Aliases, aliases
from projections.evidence.fold_partnership import fold_partnership
from projections.evidence.noted import Noted
from projections.evidence.partnerships import Partnership
from projections.evidence.reading import facts_with
from projections.inbox.items import WhyNot
from projections.inbox.told import Told, streams, told_of
from projections.question import Question
from projections.reviews.surroundings import surroundings_of


@dataclass(frozen=True)
class Desk:
    """`mine` gives, for each organisation whose part the reader may take, the one of its credential that speaks then:
    itself, registered twice, or what goes on from it. `records` are the partnerships that name one of them; of these
    the reader runs `run`, and is a partner of today of `partner_of`.
    """

    reader: Speaker
    day: date
    read_as: Aliases
    mine: Mapping[str, str]
    told: Collection[Told]
    records: Mapping[str, Partnership]
    run: frozenset[str]
    partner_of: frozenset[str]
    calendars: Mapping[str, TermCalendar]

    def terms(self, partnership_id: str | None, day: date) -> Terms:
        """The terms of a partnership on a day; the defaults for support outside one."""
        record = self.records.get(partnership_id or "")
        return DEFAULTS if record is None else record.terms_on(day)

    def calendar(self, organisation_id: str) -> TermCalendar:
        """The term calendar of an organisation that has to act."""
        return self.calendars.get(self.read_as.canonical(organisation_id), EVERY_DAY)

    def runs(self, partnership_id: str | None) -> bool:
        return partnership_id is not None and partnership_id in self.run

    def said_by(self, voice: str | None) -> str | None:
        """The organisation of the reader's whose word that was."""
        return None if voice is None else self.mine.get(voice)

    def another(self, *actors: str, people: Collection[str] = ()) -> WhyNot | None:
        """Why the reader does not say the other half: it said the first, or is a person named in it."""
        named = self.reader.person_id is not None and self.reader.person_id in people
        return "needs-another-voice" if named or self.reader.principal in actors else None

    @cached_property
    def own(self) -> frozenset[str]:
        """The organisations of the credential, under the ids they are read as."""
        return frozenset(map(self.read_as.canonical, self.reader.organisations))


def desk_of(asking: Asking, reader: Speaker, today: date) -> Desk:
    """The desk of a member, client or coordinator. What it may see is settled by what holds today, whenever it asks."""
    read_as = aliases(asking.connection, asking.question)
    now = replace(asking, question=Question(as_of=today, known_at=asking.position))
    mine, told_now = parts_taken(now, reader, read_as)
    seen = partnership_records(now, streams(told_now, "partnership"), read_as)
    run = frozenset(one for one, record in seen.items() if reader.role == "coordinator" and runs(record, mine))
    partner_of = frozenset(
        one for one, record in seen.items() if any(record.state.active_on(each, today) for each in mine)
    )
    if asking.question.known_at == asking.position and not run:
        told, records = told_now, seen
    else:
        told = told_of(asking, [*(f"organisation:{one}" for one in mine), *(f"partnership:{one}" for one in run)])
        records = partnership_records(asking, streams(told, "partnership"), read_as)
    return Desk(
        reader=reader, day=asking.question.as_of, read_as=read_as, mine=mine, told=told, records=records, run=run,
        partner_of=partner_of, calendars=surroundings_of(asking, acting(records, mine, run), read_as).calendars,
    )  # fmt: skip


def runs(record: Partnership, mine: Mapping[str, str]) -> bool:
    return record.state.coordinator_id in mine


def acting(records: Mapping[str, Partnership], mine: Mapping[str, str], run: Iterable[str]) -> set[str]:
    """Everybody by whose calendar something is counted."""
    return {*mine, *(one for each in run if each in records for one in records[each].spans)}


def parts_taken(asking: Asking, reader: Speaker, read_as: Aliases) -> tuple[dict[str, str], list[Told]]:
    """By organisation, which of the reader's takes its part: whatever was registered twice, and whatever one of them
    goes on from; and what is told of all of them."""
    mine: dict[str, str] = {}
    told: list[Told] = []
    found = {each: one for one in sorted(reader.organisations) for each in read_as.registrations(one)}
    while found:
        mine |= found
        news = told_of(asking, [f"organisation:{one}" for one in found])
        told += news
        gone = {one.stream_id for one in news if one.type == "organisation.succeeded" and one.stream_id not in mine}
        found = successions(asking, gone, mine)
    return mine, told


def successions(asking: Asking, gone: Collection[str], mine: Mapping[str, str]) -> dict[str, str]:
    """The organisations among `gone` that have one of the reader's as their successor by the day of the question."""
    if not gone:
        return {}
    rows = asking.connection.execute(
        "SELECT organisation_id, successor_id FROM directory_organisation WHERE organisation_id = ANY (%(ids)s::uuid[])"
        " AND successor_id = ANY (%(mine)s::uuid[]) AND succeeded_on <= %(as_of)s"
        " AND known_from <= %(known_at)s AND known_until > %(known_at)s",
        asking.question.parameters | {"ids": sorted(gone), "mine": sorted(mine)},
    )
    return {organisation_id: mine[successor_id] for organisation_id, successor_id in rows}


def partnership_records(asking: Asking, ids: Collection[str], read_as: Aliases) -> dict[str, Partnership]:
    """Partnerships as known at the question's position, from their own facts alone."""
    said = ((one, notes) for one, notes in facts_with(asking, [f"stream:{one}" for one in ids]).items() if notes)
    return {key.removeprefix("stream:"): record_of(asking, key, notes, read_as) for key, notes in said}


def record_of(asking: Asking, key: str, notes: tuple[Noted, ...], read_as: Aliases) -> Partnership:
    known = ("record", key, notes[-1].position, tuple(sorted(read_as.read_as.items())))
    return asking.memory.worked(known, lambda: fold_partnership(notes, read_as.canonical))
