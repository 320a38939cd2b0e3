"""The questions the doors may ask. Each is answered from one snapshot of all views, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Concatenate, Final, ParamSpec, Self, TypeVar
from zoneinfo import ZoneInfo

from projections.answers import BalanceAnswer, PartnersAnswer, ScopeAnswer, StatementAnswer
from projections.asking import Asking
from projections.board.fold import board_view
from projections.directory.fold import directory_view
from projections.directory.listing import Listed, organisations
from projections.evidence.memory import Memory
from projections.frameworks.fold import frameworks_view
from projections.guarding import guarded
from projections.practices.fold import practices_view
from projections.question import Question
from projections.reader import Reader
from projections.reading import Connection, Snapshots, position_at, standing
from projections.reciprocity import answering as reciprocity
from projections.reciprocity.fold import reciprocity_view
from projections.reciprocity.queries import Evidence
from projections.reviews.fold import reviews_view
from projections.statement import answering as statement
from projections.status import ViewStatus, status
from projections.view import View
from projections.waiting import NotYetVisible, Waiting

LINES: Final = 100
T = TypeVar("T")
P = ParamSpec("P")


def all_views(zone: ZoneInfo) -> tuple[View, ...]:
    """Every view the runner keeps; `zone` is the ledger's, in which days are counted."""
    return (
        directory_view(zone),
        reciprocity_view(zone),
        reviews_view(),
        practices_view(zone),
        frameworks_view(zone),
        board_view(zone),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parts of a question as a door hands them over; None where its client did not say.

    `as_of` is a business date (today), `known_at` a position (as far as the views have come), `from_` and `to` the
    window: the first and last `delivered_on` of a balance, the first and last date of a statement.
    """

    as_of: date | None = None
    known_at: int | None = None
    from_: date | None = None
    to: date | None = None


EVERYTHING: Final = Asked()


def open_read_models(dsn: str, zone: ZoneInfo, today: Callable[[], date], *, connections: int = 8) -> ReadModels:
    """The read models of a ledger. `today` is the day of its clock; connections are opened when they are needed."""
    return ReadModels(Snapshots(dsn, connections), zone, today)


class ReadModels:
    """Answers as `pledger_reader`. Safe for any number of threads. Who may ask what is for the doors to decide.

    Every question raises NotYetVisible where it asks for more than the views know yet, and StoreUnavailable.
    """

    def __init__(self, snapshots: Snapshots, zone: ZoneInfo, today: Callable[[], date]) -> None:
        self._snapshots = snapshots
        self._zone = zone
        self._today = today
        self._views = all_views(zone)
        self._memory = Memory()
        self._waiting = Waiting(self.position)
        self._reader: Reader | None = None

    def read_by(self, reader: Reader) -> ReadModels:
        """The same, for one reader: its answers name no partnership that this reader may not look into."""
        own = copy(self)
        own._reader = reader
        return own

    def answer(self, ask: Callable[Concatenate[Asking, P], T], asked: Asked, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a view's own question answers, asked with these arguments over one snapshot."""
        with self._question(asked) as (connection, question, at):
            return ask(Asking(connection, question, at, self._zone, self._memory), *args, **kwargs)

    def balance(self, organisation_id: str, asked: Asked = EVERYTHING) -> BalanceAnswer:
        """What one organisation gave and got, over all its support."""
        with self._question(asked) as (connection, question, at):
            return reciprocity.balance(connection, organisation_id, question, at)

    def pair(self, organisation_id: str, other_id: str, asked: Asked = EVERYTHING) -> BalanceAnswer:
        """What passed between two organisations, as the first of them sees it."""
        with self._question(asked) as (connection, question, at):
            return reciprocity.pair(connection, organisation_id, other_id, question, at)

    def partners(
        self, organisation_id: str, asked: Asked = EVERYTHING, *, after: str = "", limit: int = LINES
    ) -> PartnersAnswer:
        """One organisation's balance with each of the others, a page at a time; `after` is the last one's `next`."""
        with self._question(asked) as (connection, question, at):
            return reciprocity.partners(connection, organisation_id, question, at, after=after, limit=limit)

    def partnership_balances(self, partnership_id: str, asked: Asked = EVERYTHING) -> ScopeAnswer:
        """Each partner's balance within a partnership, the whole's, and who gave whom how much."""
        with self._question(asked) as (connection, question, at):
            return reciprocity.partnership(connection, partnership_id, question, at)

    def trust_balances(self, trust_id: str, asked: Asked = EVERYTHING) -> ScopeAnswer:
        """The same within a trust, where both sides belonged to it on the day; what crosses its edge stands beside."""
        with self._question(asked) as (connection, question, at):
            return reciprocity.trust(connection, trust_id, question, at)

    def network(self, asked: Asked = EVERYTHING) -> BalanceAnswer:
        """Everything that passed between anybody: given and received are the same minutes."""
        with self._question(asked) as (connection, question, at):
            return reciprocity.network(connection, question, at)

    def evidence(
        self,
        *,
        organisation_id: str | None = None,
        other_id: str | None = None,
        partnership_id: str | None = None,
        trust_id: str | None = None,
        asked: Asked = EVERYTHING,
        after: tuple[int, int] = (0, 0),
        limit: int = 1_000,
    ) -> list[Evidence]:
        """The entries behind a scope's figures with the ids of their facts, in order of (position, part).

        The scope is an organisation, a pair, a partnership, a trust, or (nothing named) the network.
        """
        with self._question(asked) as (connection, question, _):
            scope = reciprocity.scope(connection, question, organisation_id, other_id, partnership_id, trust_id)
            return reciprocity.evidence(connection, scope, question, after=after, limit=limit)

    def statement(
        self,
        organisation_id: str,
        *,
        other_id: str | None = None,
        asked: Asked = EVERYTHING,
        after: str = "",
        limit: int = LINES,
    ) -> StatementAnswer:
        """An organisation's account, with one other only where it is named, a page at a time.

        `after` is the `next` of the page before. Raises ValueError where it is none.
        """
        with self._question(asked) as (connection, question, at):
            return statement.statement(
                connection, organisation_id, other_id, question, at, self._zone, after=after, limit=limit
            )

    def names(self, ids: set[str]) -> dict[str, str]:
        """The names of organisations and partnerships, as far as the views have come."""
        with self._question(EVERYTHING) as (connection, question, _):
            return reciprocity.names(connection, ids, question)

    def organisations(
        self, words: Sequence[str], *, after: tuple[str, str] | None = None, limit: int = LINES
    ) -> tuple[list[Listed], int]:
        """Organisations whose names hold every word, in order of (name, id), following `after`; and the position."""
        with self._question(EVERYTHING) as (connection, question, at):
            return organisations(connection, words, after, limit, question.known_at), at

    def position(self) -> int:
        """How far all views have come that keep up; 0 before the first of them was made.

        A view that stopped, or is being built, is not waited for: questions that need it raise NotYetVisible.
        """
        try:
            with self._snapshots.snapshot(locked=False) as connection:
                return standing(connection, self._views).position
        except NotYetVisible:
            return 0

    def position_at(self, moment: datetime) -> int:
        """The last position recorded by a moment: `known_at` for those who think in time."""
        with self._snapshots.snapshot(locked=False) as connection:
            return position_at(connection, moment)

    def wait_for(self, min_position: int, seconds: float) -> int:
        """Return the views' position once it is `min_position` or later. Raises NotYetVisible after so many seconds."""
        return self._waiting.wait_for(min_position, seconds)

    def status(self) -> list[ViewStatus]:
        """How far each view has come, how far it lags, and whether one has stopped at a fact it cannot apply."""
        with self._snapshots.snapshot(locked=False) as connection:
            return status(connection, self._views)

    def close(self) -> None:
        """Close every connection."""
        self._snapshots.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        self.close()

    @contextmanager
    def _question(self, asked: Asked) -> Iterator[tuple[Connection, Question, int]]:
        """One snapshot, the question with its blanks filled in, and the position of the views in it."""
        with self._snapshots.snapshot() as connection:
            stand = standing(connection, self._views)
            at = stand.position
            if asked.known_at is not None and asked.known_at > at:
                raise NotYetVisible(f"wanted {asked.known_at}, come to {at}", wanted=asked.known_at, position=at)
            question = Question(
                as_of=asked.as_of or self._today(),
                known_at=at if asked.known_at is None else asked.known_at,
                from_=asked.from_,
                to=asked.to,
                reader=self._reader,
            )
            with guarded(connection, stand.missing(question.known_at)):
                yield connection, question, at
