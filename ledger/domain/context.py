"""What a rule may look at beside its own stream: other streams' states, the clock, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from ledger.domain.calendar.counting import TermCalendar, nearest
from ledger.domain.calendar.state import CalendarState, calendar_stream_id
from ledger.domain.framework.state import FrameworkState
from ledger.domain.organisation.state import OrganisationState
from ledger.domain.partnership.state import PartnershipState
from ledger.domain.person.state import PersonState
from ledger.domain.refusals import DayOutOfRange
from ledger.domain.review.state import ReviewState
from ledger.domain.support.state import SupportState
from ledger.domain.values import CATEGORIES
from ledger.errors import FieldError

FARTHEST_PLAN: Final = timedelta(days=3660)
EARLIEST: Final = date(1800, 1, 1)


class Lookup(Protocol):
    """Reads states and notes what was leaned on. Ids are lower-case UUIDs."""

    def state(self, kind: str, stream_id: str) -> Any:
        """The state of a stream, None when it has not begun."""

    def streams_with_key(self, key: str, kind: str) -> tuple[str, ...]:
        """The ids of the streams of one kind with a fact that touches `key`, in the order of their first such fact."""

    def head(self) -> int:
        """The last position there is."""

    def lean(self, key: str) -> None:
        """Notes a key the decision rests on: it must not have been touched when the fact is appended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`now` is a UTC moment; `zone` is the ledger's own, in which days are counted."""

    now: datetime
    zone: ZoneInfo
    lookup: Lookup
    categories: frozenset[str] = CATEGORIES

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def organisation(self, organisation_id: str) -> OrganisationState | None:
        return self.lookup.state("organisation", organisation_id)  # type: ignore[no-any-return]  # Lookup is untyped

    def framework(self, framework_id: str) -> FrameworkState | None:
        return self.lookup.state("framework", framework_id)  # type: ignore[no-any-return]  # Lookup is untyped

    def partnership(self, partnership_id: str) -> PartnershipState | None:
        return self.lookup.state("partnership", partnership_id)  # type: ignore[no-any-return]  # Lookup is untyped

    def support(self, support_id: str) -> SupportState | None:
        return self.lookup.state("support", support_id)  # type: ignore[no-any-return]  # Lookup is untyped

    def review(self, review_id: str) -> ReviewState | None:
        return self.lookup.state("review", review_id)  # type: ignore[no-any-return]  # Lookup is untyped

    def person(self, person_id: str) -> PersonState | None:
        return self.lookup.state("person", person_id)  # type: ignore[no-any-return]  # Lookup is untyped

    def holder(self, scheme: str, value: str) -> str | None:
        """The organisation that holds an identifier, None when it is free. The decision leans on the identifier."""
        key = f"identifier:{scheme}:{value}"
        self.lookup.lean(key)
        for organisation_id in self.lookup.streams_with_key(key, "organisation"):
            state = self.organisation(organisation_id)
            if state is not None and state.holds(scheme, value):
                return organisation_id
        return None

    def supports_in(self, partnership_id: str) -> dict[str, SupportState]:
        """The states of all support that names a partnership, by id. The decision leans on the partnership."""
        key = f"partnership:{partnership_id}"
        self.lookup.lean(key)
        ids = self.lookup.streams_with_key(key, "support")
        return {support_id: state for support_id in ids if (state := self.support(support_id)) is not None}

    def answers_to(self, support_id: str) -> dict[str, SupportState]:
        """The states of the support agreed in answer to an offer or request, by id."""
        ids = self.lookup.streams_with_key(f"stream:{support_id}", "support")
        return {one: state for one in ids if one != support_id and (state := self.support(one)) is not None}

    def partnerships_of(self, organisation_id: str) -> dict[str, PartnershipState]:
        """The states of the partnerships whose facts name an organisation, by id."""
        ids = self.lookup.streams_with_key(f"organisation:{organisation_id}", "partnership")
        return {partnership_id: state for partnership_id in ids if (state := self.partnership(partnership_id))}

    def coordinates(self, coordinator_id: str, organisation_id: str, partnership_id: str | None, kind: str) -> bool:
        """Whether a coordinator may record for an organisation in a stream of a kind.

        It may for its trust's schools, and for active partners of a partnership it runs: support only in that
        partnership, people and practices in any. Who was merely invited, or has left, is not in its scope.
        """
        organisation = self.organisation(organisation_id)
        if organisation is not None and organisation.trust_on(self.today) == coordinator_id:
            return True
        if partnership_id is not None:
            one = self.partnership(partnership_id)
            found = {} if one is None else {partnership_id: one}
        else:
            found = {} if kind == "support" else self.partnerships_of(organisation_id)
        today = self.today
        return any(p.coordinator_id == coordinator_id and p.active_on(organisation_id, today) for p in found.values())

    def calendar_of(self, organisation_id: str) -> TermCalendar:
        """The term calendar that applies to an organisation: its own, its local authority's, or the ledger's."""
        organisation = self.organisation(organisation_id)
        authority = None if organisation is None else organisation.local_authority
        scopes = [organisation_id, *([authority] if authority else []), "ledger"]
        found: list[CalendarState | None] = [
            self.lookup.state("calendar", calendar_stream_id(scope)) for scope in scopes
        ]
        return nearest(found)

    def happened(self, day: date, pointer: str) -> date:
        """`day` when it can be the day of something that happened. Raises DayOutOfRange for a future day."""
        return self._within(day, self.today, pointer, "lies in the future")

    def planned(self, day: date, pointer: str) -> date:
        """`day` when it can be the day of a plan. Raises DayOutOfRange when it lies more than ten years ahead."""
        return self._within(day, self.today + FARTHEST_PLAN, pointer, "lies more than ten years ahead")

    def _within(self, day: date, latest: date, pointer: str, complaint: str) -> date:
        if EARLIEST <= day <= latest:
            return day
        detail = complaint if day > latest else "lies before the year 1800"
        raise DayOutOfRange(f"{pointer} {detail}", errors=(FieldError(pointer, "day-out-of-range", detail),), day=day)
