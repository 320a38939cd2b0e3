"""The ledger, open: what every door calls. One per process; safe for many threads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import TracebackType
from typing import Any, ClassVar, Final, Self

from ledger.access.feeds import CalendarFeeds
from ledger.access.letters import Letters
from ledger.access.log import AccessLog
from ledger.access.people import People
from ledger.access.tokens import tokens_of
from ledger.clock import Clock, SystemClock
from ledger.credentials import Credentials
from ledger.deciding import Decider
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.organisation.state import OrganisationState
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.refusals import NotThere
from ledger.domain.support.facts import Offered, Requested
from ledger.domain.values import CATEGORIES
from ledger.errors import Kind, Refusal
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.pool import RolePool
from ledger.eventstore.reading import LogReader
from ledger.eventstore.searching import FactPage, FactQuery, search
from ledger.eventstore.store import Store, StoreSettings, open_store
from ledger.eventstore.supervisor import Supervisor
from ledger.eventstore.writer import Limits
from ledger.integrity.vault import Vault, open_vault
from ledger.posting import Posting, PostLimits
from ledger.seeing import Seeing
from ledger.settings import Settings
from ledger.states import StateCache, decode_all, load
from ledger.visibility import ORGANISATION, PARTNERSHIP, Met, Sight, Spans, keys_for, sight_of, spans_of
from ledger.voice import ORGANISATIONS
from ledger.whereabouts import Identity, database, identity_of

READ_STREAMS: Final = 10_000
"""Streams whose states are kept for reading, at most."""
KEPT_SIGHTS: Final = 256
MEMBERSHIPS: Final = (
    "partnership.formed", "partnership.partner_accepted", "partnership.partner_left", "partnership.closed",
)  # fmt: skip


class ClockNotAllowed(Refusal):
    """Only a demo or test ledger takes its time from anything but the machine. Fields: `ledger_kind`."""

    code = "clock-not-allowed"
    kind: ClassVar[Kind] = "claim"
    title = "A live ledger keeps the machine's time"


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream as it stands at `position` of the ledger."""

    kind: str
    id: str
    version: int
    position: int
    state: Any


class Ledger:
    """Posts events and answers for the log. `open_ledger` makes one."""

    def __init__(
        self,
        settings: Settings,
        dsn: str,
        identity: Identity,
        clock: Clock,
        store: Store,
        vault: Vault,
        embedded: Embedded | None,
    ) -> None:
        self.settings = settings
        self.dsn = dsn
        self.kind, self.origin, self.zone = identity.kind, identity.origin, identity.zone
        self.clock = clock
        self.store = store
        self._vault = vault
        self._embedded = embedded
        self._supervisor = Supervisor(embedded) if embedded is not None else None
        limits = PostLimits(settings.post_deadline_seconds, settings.max_event_bytes, settings.max_batch)
        decider = Decider(vault, identity.zone, CATEGORIES | set(settings.categories))
        self._posting = Posting(store, decider, clock, limits, self.may_address)
        # Of its own, folded from what was recorded alone: what is decided on is not what is shown.
        self._states = StateCache(READ_STREAMS)
        self._sights = lru_cache(KEPT_SIGHTS)(lambda speaker, today, _head: sight_of(speaker, self, today))
        seeing = Seeing(store, vault, self._states, self.sight)
        self.views, self.seen, self.told = seeing.views, seeing.seen, seeing.told
        self.shown, self.opened, self.read_whole = seeing.shown, seeing.opened, seeing.read_whole
        self.page, self._may_see = seeing.page, seeing.may_see
        self._access = RolePool(dsn, "pledger_access", connections=4)
        noted = {"days": settings.access_log_days, "waiting": settings.access_queue}
        self.access_log = AccessLog(self._access, store, clock, **noted)
        self.credentials = Credentials(self._access, self._posting, clock, identity.kind)
        entrance = (self._access, self._posting, self.credentials, clock)
        self.people = People(*entrance, identity.kind, vault.content_key, settings)
        self.tokens = tokens_of(settings, self.origin, self.credentials, clock)
        self.calendar_feeds = CalendarFeeds(self._access, clock, settings.calendar_feeds_max)
        self.letters = Letters(self._access, clock, vault.content_key, on=settings.smtp_url is not None)
        self.post, self.post_batch = self._posting.post, self._posting.post_batch
        self.post_each, self.check = self._posting.post_each, self._posting.check

    def head(self) -> int:
        """The last position."""
        return self.store.head()[0]

    def today(self) -> date:
        """The day in the ledger's zone."""
        return self.clock.now().astimezone(self.zone).date()

    def log_of(self, speaker: Speaker | None) -> LogReader:
        """The log as a speaker's connection shows it: no fact that touches nothing in its sight, whatever is asked.
        None is the ledger itself."""
        return self.store if speaker is None else self.store.seen_by(self.sight(speaker).touching)

    def facts(self, query: FactQuery, speaker: Speaker | None = None) -> FactPage:
        """A page of facts in ledger order, texts still sealed, of those that may be in sight; `page` is what a reader
        sees of it."""
        if speaker is None and query.visible is not None:
            return search(self.store.seen_by(query.visible), query)
        return search(self.log_of(speaker), query)

    def fact(self, event_id: str, speaker: Speaker | None = None) -> AnyFact:
        """One fact, of those that may be in sight. Raises NotThere."""
        stored = self.log_of(speaker).read_event(event_id)
        if stored is None:
            raise NotThere(stream_kind="event", id=event_id)
        return decode_all([stored])[0]

    def record(self, event_id: str) -> tuple[bytes, bytes]:
        """The exact stored bytes of a fact and their leaf hash. Raises NotThere."""
        stored = self.store.read_event(event_id)
        if stored is None:
            raise NotThere(stream_kind="event", id=event_id)
        return stored.record, stored.leaf_hash

    def stream(self, stream_id: str) -> StreamView:
        """A stream with its state, as it is now. Raises NotThere."""
        known = load(self.store, [stream_id], self._states)[stream_id]
        if known.kind is None:
            raise NotThere(stream_kind="stream", id=stream_id)
        return StreamView(known.kind, stream_id, known.version, known.position, known.state)

    def stream_events(self, stream_id: str) -> list[AnyFact]:
        """The facts of a stream in order; none for one that has not begun."""
        return decode_all(self.store.read_stream(stream_id)[0])

    def state(self, kind: str, stream_id: str) -> Any:
        """The state of a stream of this kind as it is now, None when there is none."""
        known = load(self.store, [stream_id], self._states)[stream_id]
        return known.state if known.kind == kind else None

    def states_of(self, kind: str, stream_ids: Collection[str]) -> dict[str, Any]:
        """The states of those of the streams that are of this kind."""
        found = load(self.store, stream_ids, self._states).items()
        return {one: known.state for one, known in found if known.kind == kind}

    def organisation(self, organisation_id: str) -> OrganisationState | None:
        return self.state("organisation", organisation_id)  # type: ignore[no-any-return]  # states are untyped here

    def partnerships_of(self, *organisations: str) -> dict[str, PartnershipState]:
        """The partnerships whose facts name one of these organisations, by id."""
        return self._keyed(organisations, "partnership")["partnership"]

    def met_by(self, organisations: Collection[str]) -> Met:
        """The partnerships and the peer reviews whose facts name one of these organisations."""
        found = self._keyed(organisations, "partnership", "review")
        return Met(found["partnership"], found["review"])

    def memberships(self, partnerships: Collection[str], organisations: Collection[str]) -> Spans:
        """By the key of a partnership: when, by position, one of these organisations was a partner that left."""
        found = self.store.typed(partnerships, MEMBERSHIPS)
        spans = {one: spans_of(decode_all(stored), organisations) for one, stored in found.items()}
        return {f"{PARTNERSHIP}{one}": several for one, several in spans.items() if several}

    def schools_of(self, trust_id: str) -> frozenset[str]:
        """The organisations that are part of a trust today."""
        today = self.today()
        found: dict[str, OrganisationState] = self._keyed([trust_id], "organisation")["organisation"]
        return frozenset(one for one, state in found.items() if state.trust_on(today) == trust_id)

    def _keyed(self, organisations: Collection[str], *kinds: str) -> dict[str, dict[str, Any]]:
        """By kind, the states of those streams that hold a fact naming one of these organisations."""
        found: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
        keys = keys_for(ORGANISATION, organisations)
        ids = {one: kind for kind, one in self.store.streams_with_key(*keys) if kind in found}
        for one, known in load(self.store, ids, self._states).items() if ids else ():
            found[ids[one]][one] = known.state
        return found

    def sight(self, speaker: Speaker) -> Sight:
        """What a speaker sees today. Raises RoleForbidden for an admin.

        A door asks several times for one answer: it is worked out again only when something was recorded meanwhile.
        """
        return self._sights(speaker, self.today(), self.head())

    def visible(self, speaker: Speaker) -> tuple[str, ...] | None:
        """The fact keys one of which a fact must touch to be seen; None for everything."""
        keys = self.sight(speaker).keys
        return None if keys is None else tuple(sorted(keys))

    def opened_to(self, speaker: Speaker) -> tuple[str, ...] | None:
        """The keys of the partnerships that a speaker may look into, by which their facts are found; None for all."""
        found = self.sight(speaker).partnerships
        return None if found is None else tuple(f"{PARTNERSHIP}{one}" for one in sorted(found))

    def may_see(self, speaker: Speaker, stream_id: str) -> bool:
        """Whether a stream is within a speaker's sight: the directory is within everybody's, a partnership within that
        of its partners of today, of the invited, of their trusts, and of its coordinator."""
        facts = self.stream_events(stream_id)
        if not facts:
            return False
        if facts[0].stream.kind == "partnership":
            return self.sight(speaker).opens(stream_id)
        return self._may_see(speaker, facts)

    def may_address(self, speaker: Speaker, stream_id: str) -> bool:
        """Whether a speaker may be told why its claim about a stream is refused: it sees the stream, or could take up
        what is offered or asked in it."""
        facts = self.stream_events(stream_id)
        if not facts or speaker.role not in ORGANISATIONS or facts[0].stream.kind == "practice":
            return True
        if isinstance(facts[0].data, Offered | Requested):
            to, near = facts[0].data.open_to.to, self._trusts(speaker.organisations) | speaker.organisations
            if to == "pool" or (to == "trust" and not near.isdisjoint(self._trusts([str(facts[0].voice)]))):
                return True
        return self.may_see(speaker, stream_id) or bool(self.seen(facts, speaker))

    def _trusts(self, organisations: Collection[str]) -> set[str]:
        found = [self.organisation(one) for one in organisations]
        return {trust for one in found if one is not None and (trust := one.trust_on(self.today())) is not None}

    def may_see_organisation(self, speaker: Speaker, organisation_id: str) -> bool:
        """Whether an organisation's figures are within a speaker's sight."""
        return self.sight(speaker).sees(frozenset({f"organisation:{organisation_id}"}))

    def may_see_facts(self, speaker: Speaker, facts: Iterable[AnyFact]) -> bool:
        """Whether every one of these facts is within a speaker's sight."""
        facts = list(facts)
        return len(self.seen(facts, speaker)) == len(facts)

    def close(self) -> None:
        """Writes what is waiting, closes every connection and leaves the embedded database."""
        if self._supervisor is not None:
            self._supervisor.close()
        self.access_log.close()
        self.store.close()
        self._access.close()
        self._vault.close()
        if self._embedded is not None:
            self._embedded.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def store_settings(settings: Settings) -> StoreSettings:
    limits = Limits(
        batch_events=settings.batch_events, batch_bytes=settings.batch_bytes, waiting_events=settings.queue_events
    )
    return StoreSettings(limits=limits, read_connections=settings.pool_max)


def open_ledger(settings: Settings, *, clock: Clock | None = None) -> Ledger:
    """Opens a ledger that was set up. Raises NotSetUp, ClockNotAllowed, StoreUnavailable, KeysUnreadable."""
    dsn, embedded = database(settings)
    try:
        identity = identity_of(dsn)
        if clock is not None and identity.kind == "live":
            raise ClockNotAllowed(ledger_kind=identity.kind)
        clock = clock or SystemClock()
        vault = open_vault(dsn, settings.keys_dir)
        store = open_store(dsn, store_settings(settings), now=clock.now)
    except BaseException:
        if embedded is not None:
            embedded.stop()
        raise
    return Ledger(settings, dsn, identity, clock, store, vault, embedded)
