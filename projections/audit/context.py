"""What surrounds the facts of a page: their streams, who recorded them, closed periods, names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.domain.credential.facts import Issued
from ledger.domain.fact import AnyFact
from ledger.domain.log.state import LOG_STREAM_ID
from ledger.domain.marks import named
from ledger.domain.streams import STREAMS
from ledger.domain.values import UUID_FORM
from projections.asking import Asking
from projections.audit.corrections import Corrections, corrections_in
from projections.audit.reading import Row, touched
from projections.audit.telling import Telling
from projections.directory import queries as directory
from projections.directory.queries import Closing
from projections.evidence.reading import facts_with
from projections.frameworks.queries import framework_names

ORGANISATION: Final = "organisation:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Around the rows of one page. `states` and `recorders` by event id, `keys` and `masked` by position."""

    states: Mapping[str, Any]
    streams: Mapping[str, Sequence[AnyFact]]
    keys: Mapping[int, Sequence[str]]
    masked: frozenset[int]
    recorders: Mapping[str, str]
    corrected: Mapping[str, Corrections]
    closings: Mapping[str, Sequence[Closing]]
    types: Mapping[str, str]
    names: Mapping[str, str]
    zone: ZoneInfo

    def telling(self, row: Row) -> Telling:
        """What the sentence about a row draws on."""
        fact, recorder = row.fact, self.recorders.get(row.fact.event_id)
        earlier = {one.event_id: one for one in self.streams[fact.stream.id] if one.version < fact.version}
        return Telling(
            fact=fact, state=self.states[fact.event_id], names=self.names, earlier=earlier,
            recorder=None if recorder is None else self.names.get(recorder, "a coordinator"),
            masked=row.position in self.masked,
        )  # fmt: skip

    def corrections(self, row: Row) -> Corrections:
        return self.corrected.get(row.fact.event_id, Corrections())

    def type_of(self, event_id: str) -> str:
        """The stored name of a fact of these streams or of the log."""
        return self.types[event_id]

    def organisations(self, row: Row) -> tuple[str, ...]:
        """The organisations that a fact names or concerns."""
        keys = self.keys[row.position]
        return tuple(key.removeprefix(ORGANISATION) for key in keys if key.startswith(ORGANISATION))

    def is_after_closing(self, row: Row) -> bool:
        """Whether its day lay in a period that was closed, for the ledger or for one of its organisations' trusts."""
        periods = [one for name in ("", *self.organisations(row)) for one in self.closings.get(name, ())]
        return any(period.covers(row.on, row.position) for period in periods)


def surroundings_of(asking: Asking, rows: Sequence[Row], readable: frozenset[str]) -> Surroundings:
    """Everything around these rows, as known at the question's position."""
    streams = _streams(asking, {row.fact.stream.id for row in rows})
    states = _states(streams, {row.fact.event_id for row in rows})
    keys = touched(asking, [row.position for row in rows])
    recorders = _recorders(asking, rows)
    organisations = {key.removeprefix(ORGANISATION) for ones in keys.values() for key in ones if ORGANISATION in key}
    whole = streams | _streams(asking, {LOG_STREAM_ID})
    return Surroundings(
        states=states,
        streams=streams,
        keys=keys,
        masked=frozenset(row.position for row in rows if _is_masked(states[row.fact.event_id], keys, row, readable)),
        recorders=recorders,
        corrected=corrections_in(whole.values()),
        closings=closings_by(asking, organisations),
        types={fact.event_id: fact.type for facts in whole.values() for fact in facts},
        names=_names(asking, rows, states, {*organisations, *recorders.values()}),
        zone=asking.zone,
    )


def _streams(asking: Asking, ids: Collection[str]) -> dict[str, Sequence[AnyFact]]:
    """The facts of each stream's own, in order."""
    found = facts_with(asking, [f"stream:{one}" for one in sorted(ids)])
    return {one: [noted.fact for noted in found[f"stream:{one}"] if noted.fact.stream.id == one] for one in sorted(ids)}


def _states(streams: Mapping[str, Sequence[AnyFact]], wanted: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for facts in streams.values():
        state: Any = None
        for fact in facts:
            state = STREAMS[fact.stream.kind].evolve(state, fact)
            if fact.event_id in wanted:
                found[fact.event_id] = state
    return found


def _is_masked(state: Any, keys: Mapping[int, Sequence[str]], row: Row, readable: frozenset[str]) -> bool:
    """Whether support is confidential, and the reader neither a side of it nor its coordinator: as it stands now, where
    somebody reads."""
    if row.masked is not None:
        return row.masked
    return bool(getattr(state, "confidential", False)) and readable.isdisjoint(keys[row.position])


def _recorders(asking: Asking, rows: Sequence[Row]) -> dict[str, str]:
    """By event id, the coordinator who recorded it for the organisation whose word it is."""
    said = [row.fact for row in rows if row.fact.recorded_for is not None]
    credentials = _streams(asking, {fact.actor for fact in said}) if said else {}
    found = {}
    for fact in said:
        own = _speaks_for(credentials[fact.actor], fact.position)
        if fact.recorded_for not in own:
            found[fact.event_id] = own[0] if own else ""
    return found


def _speaks_for(credential: Sequence[AnyFact], position: int) -> tuple[str, ...]:
    """The organisations that a principal could speak for at a position."""
    issued = [one.data for one in credential if isinstance(one.data, Issued) and one.position < position]
    return (issued[-1].organisations or ()) if issued else ()


def _names(asking: Asking, rows: Sequence[Row], states: Mapping[str, Any], more: Collection[str]) -> dict[str, str]:
    known_at = asking.question.known_at
    ids = {row.fact.stream.id for row in rows} | {one for one in more if one}
    for row in rows:
        ids |= named(row.fact.data, "organisation", "partnership", "organisation or partnership")
        ids |= _said_of(states[row.fact.event_id])
        ids |= {one for one in (row.fact.voice, _scope(row.fact)) if one is not None}
    frameworks = {one for row in rows for one in named(row.fact.data, "framework")}
    found = directory.names(asking.connection, ids, asking.question)
    return found | framework_names(asking.connection, frameworks, known_at)


def _said_of(state: Any) -> set[str]:
    """The organisations that the state of a stream names and its later facts do not."""
    plan = getattr(state, "plan", None)
    ids = {getattr(state, name, None) for name in ("giver_id", "receiver_id", "author_id", "organisation_id")}
    ids.add(getattr(plan, "reviewed_id", None))
    for proposals in (getattr(state, "openings", {}), getattr(state, "residuals", {})):
        for proposal in proposals.values():
            ids |= named(proposal.said, "organisation", "partnership", "organisation or partnership")
    return {one for one in ids if one is not None}


def _scope(fact: AnyFact) -> str | None:
    """The organisation in a closed period's scope, and in whose terms a calendar is."""
    said = getattr(fact.data, "scope", None) or getattr(fact.data, "for_", None)
    one = None if not isinstance(said, str) else said.removeprefix("trust:")
    return one if one is not None and UUID_FORM.fullmatch(one) else None


def closings_by(asking: Asking, organisations: Collection[str]) -> dict[str, list[Closing]]:
    """By organisation, the closed periods of its trusts while it belonged to them; by "" those of the whole ledger."""
    rows = asking.connection.execute(
        "SELECT coalesce(s.organisation_id::text, ''), p.known_from, p.known_until, p.until,"
        " coalesce(s.since, '0001-01-01'), coalesce(s.until, '9999-12-31')"
        " FROM directory_period p LEFT JOIN directory_trust_span s"
        " ON p.scope = 'trust:' || s.trust_id AND s.organisation_id = ANY (%(ids)s::uuid[])"
        " AND s.known_from <= %(known_at)s AND s.known_until > %(known_at)s"
        " WHERE p.known_from <= %(known_at)s AND (p.scope = 'ledger' OR s.trust_id IS NOT NULL)"
        " ORDER BY p.known_from, s.since",
        {"ids": sorted(organisations), "known_at": asking.question.known_at},
    )
    found: dict[str, list[Closing]] = defaultdict(list)
    for organisation_id, *period in rows:
        found[organisation_id].append(Closing(*period))
    return found
