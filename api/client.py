"""A client of a ledger: `from api.client import Client, event`.

It needs no server, no database and no solver, only the standard library. What cannot be answered raises a
`ClientError`; what may be answered later is asked again first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from api.calling.caller import Caller
from api.calling.checking import record_of, require_same
from api.calling.credential import ApiKey, ClientCredentials
from api.calling.errors import (
    Broken,
    ClientError,
    LimitReached,
    Malformed,
    NotAllowed,
    NotFound,
    RecordDiffers,
    RefusedByRule,
    Unavailable,
    Unreachable,
    no_ledger,
)
from api.calling.listening import Feed
from api.calling.patience import Patience
from api.calling.posting import MOST_AT_ONCE, NewEvent, Outcome, Posting, batched, event
from api.calling.wire import Wire
from api.calling.words import Event, Heartbeat, Page, Problem, Receipt, Record, Resync, Wrong

__all__ = [
    "Client", "event", "NewEvent", "Patience",
    "Receipt", "Record", "Problem", "Wrong", "Page", "Event", "Resync", "Heartbeat", "Feed", "Outcome",
    "ClientError", "Malformed", "NotAllowed", "NotFound", "RefusedByRule", "LimitReached", "Unavailable",
    "Unreachable", "Broken", "RecordDiffers",
]  # fmt: skip


class Client:
    """Calls one ledger as one credential. Several threads may share it; `with` closes its connections.

    Say who calls by an API key, or by the id and secret of a credential of the role client, for which it gets access
    tokens and renews them. `source` names this system in every event; without one the ledger takes the principal.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        scopes: Sequence[str] = (),
        source: str | None = None,
        patience: Patience | None = None,
        timeout_seconds: float = 60.0,
    ) -> None:
        """`timeout_seconds` is for each wait for an answer. Raises ValueError for an address or credential that is
        none."""
        if (key is None) == (client_id is None or client_secret is None):
            raise ValueError("say who calls: either key, or client_id and client_secret")
        self._wire = Wire(url, timeout_seconds)
        credential = ApiKey(key) if key else ClientCredentials(client_id or "", client_secret or "", scopes)
        self._caller = Caller(self._wire, credential, patience or Patience())
        self._posting = Posting(self._caller, source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._wire.url!r})"

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._wire.close()

    def post(self, event: NewEvent) -> Receipt:
        """Posts one event. A reply that was lost is asked for again, by the same id: nothing is recorded twice.

        Raises ClientError.
        """
        return self._posting.one(event)

    def post_batch(self, events: Sequence[NewEvent]) -> list[Receipt]:
        """Posts at most 1,000 events, all or none; later ones may rely on earlier ones.

        Raises ClientError; `problem.index` is the place of the event that was refused.
        """
        return self._posting.whole(events)

    def post_each(self, events: Iterable[NewEvent], size: int = MOST_AT_ONCE) -> Iterator[Outcome]:
        """Posts however many, each by itself, so many in one call; gives for each, in order, its receipt or problem.

        Raises ClientError where what became of some is not known: send those again, as they are.
        """
        for batch in batched(events, size):
            yield from self._posting.each(batch)

    def check(self, *events: NewEvent) -> None:
        """Asks every rule whether these would be admitted, together; nothing is written. Raises ClientError."""
        self._posting.check(events)

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """The JSON object at a path such as `/v1/me`. `from_` is the parameter `from`; None is left out.

        Raises ClientError.
        """
        return self._caller.get(path, parameters)[0]

    def pages(self, path: str, **parameters: Any) -> Iterator[Page]:
        """The pages of a list, each asked for when it is its turn. Raises ClientError."""
        page = self._page(path, parameters)
        yield page
        while page.has_more:
            page = self._page(path, {"cursor": page.next, "limit": parameters.get("limit")})
            yield page

    def items(self, path: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        """The items of all pages of a list, as JSON. Raises ClientError."""
        for page in self.pages(path, **parameters):
            yield from page.items

    def events(self, **filters: Any) -> Iterator[Event]:
        """The facts in ledger order, as far as the credential sees; `filters` are those of `GET /v1/events`, such as
        `type`, `stream`, `partnership`, `after`. Raises ClientError."""
        for told in self.items("/v1/events", **filters):
            yield event_of(told)

    def figures(
        self,
        path: str,
        *,
        as_of: date | str | None = None,
        known_at: int | datetime | str | None = None,
        min_position: int | None = None,
        explain: bool = False,
        **more: Any,
    ) -> dict[str, Any]:
        """Figures, such as those of `/v1/partnerships/{id}/health`: as of a day, as known at a position or moment.

        `min_position` waits until that much of the ledger is in them: the position of a receipt reads one's own post.
        Raises ClientError.
        """
        known = f"position:{known_at}" if isinstance(known_at, int) else known_at
        told = {"as_of": as_of, "known_at": known, "min_position": min_position, "explain": explain or None}
        return self.get(path, **told, **more)

    def stream(self, after: int | None = None, *, heartbeats: bool = False, **filters: Any) -> Feed:
        """Facts as they are recorded, for ever: `for heard in client.stream(after=0)`. Broken connections are taken up
        again; none is missed and none comes twice. `after` None: what is recorded from now on.

        Hands out `Event`, and `Resync` where what was kept must be read afresh. Raises ClientError.
        """
        begin = int(self.get("/v1/me")["position"]) if after is None else after
        return Feed(self._caller, begin, filters, heartbeats=heartbeats)

    def verify(self, receipt: Receipt) -> Record:
        """The stored record behind a receipt, once it has the hash that the ledger gives for it and says what the
        receipt says. Raises RecordDiffers; NotFound where the reader may not have the whole fact."""
        return require_same(receipt, record_of(self._caller, receipt.event_id))

    def _page(self, path: str, parameters: Mapping[str, Any]) -> Page:
        told, reply = self._caller.get(path, parameters)
        try:
            return Page.read(told)
        except (KeyError, TypeError, ValueError):
            raise no_ledger(reply.status, f"{path} is no list") from None


def event_of(told: Mapping[str, Any]) -> Event:
    """Raises Broken for what is no fact."""
    try:
        return Event.read(told)
    except (KeyError, TypeError, ValueError):
        raise no_ledger(200, "a fact came that is none") from None
