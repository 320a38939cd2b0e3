"""Which refusals a route can answer with: those of every route of its kind, and those that it names itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from api.answers import XLSX
from api.headers import is_noted
from api.problems import PLAIN, STATUS
from api.refusals import (
    BodyTooLarge,
    CursorOfAnotherQuery,
    MediaTypeUnknown,
    NoSuchPage,
    NotReadable,
    ParametersWrong,
    PositionNotReached,
    RateLimited,
    ScopeMissing,
)
from api.schemas.queries import MinPosition, Paged
from api.signing_in import FormForeign
from api.spreadsheets import TableTooLong
from ledger.access.log import AccessLogBusy
from ledger.access.sessions import SignInAgain
from ledger.credentials import Unauthorised
from ledger.domain.refusals import NotThere, RoleForbidden
from ledger.errors import Busy, ClaimMalformed, Refusal
from ledger.eventstore.append import StoreUnavailable
from ledger.integrity.vault import KeysUnreadable
from ledger.posted import BatchRefused
from ledger.whereabouts import NotSetUp
from projections.evidence.fitting import FactDoesNotFit
from projections.waiting import NotYetVisible

if TYPE_CHECKING:
    from api.door import Endpoint

Kinds = tuple[type[Refusal], ...]

ALWAYS: Final = ("/healthz", "/readyz")
"""What is answered even before the ledger is set up."""
OF_THE_STORE: Final[Kinds] = (Busy, StoreUnavailable, KeysUnreadable)
OF_CREDENTIALS: Final[Kinds] = (Unauthorised, RoleForbidden, ScopeMissing, RateLimited)
OF_SESSIONS: Final[Kinds] = (FormForeign, SignInAgain)
"""What a browser is told that is signed in and would change something."""
OF_BODIES: Final[Kinds] = (NotReadable, BodyTooLarge, MediaTypeUnknown, ClaimMalformed)
RULES: Final = ("ledger.domain.", "ledger.posted", "ledger.eventstore.append")
"""Where the refusals of claims are: what `Ledger.post` may raise."""


def every(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """All refusals that are loaded, each once for every class."""
    for one in kind.__subclasses__():
        yield one
        yield from every(one)


def of_claims() -> Kinds:
    """What the rules may say to a claim; a batch answers with the refusal of the event it was refused for."""
    return tuple(one for one in every() if one.__module__.startswith(RULES) and one is not BatchRefused)


def kinds_of(endpoint: Endpoint, *, public: bool) -> Iterator[type[Refusal]]:
    """The refusals of one route."""
    yield ParametersWrong
    if endpoint.rule not in ALWAYS:
        yield NotSetUp
    if not public:
        yield from (*OF_CREDENTIALS, *OF_THE_STORE, *(() if endpoint.method == "GET" else OF_SESSIONS))
    if is_noted(endpoint, public=public):
        yield from (NotReadable, AccessLogBusy)
    if "<" in endpoint.rule:
        yield from (NoSuchPage,) if public else (NotThere, NoSuchPage)
    if issubclass(endpoint.query, MinPosition):
        yield from (PositionNotReached, NotYetVisible, FactDoesNotFit)
    if issubclass(endpoint.query, Paged):
        yield from (NotReadable, CursorOfAnotherQuery)
    if endpoint.takes_body:
        yield from OF_BODIES
    if endpoint.claims:
        yield from of_claims()
    if any(XLSX in one.types for one in endpoint.answers):
        yield TableTooLong
    yield from endpoint.refuses


def codes_of(endpoint: Endpoint, *, public: bool) -> Mapping[int, tuple[str, ...]]:
    """The codes of one route's problems by status, in order."""
    found: dict[int, set[str]] = {status: {code} for code, (status, *_) in PLAIN.items() if status >= 500}
    for kind in kinds_of(endpoint, public=public):
        found.setdefault(STATUS[kind.kind], set()).add(kind.code)
    return {status: tuple(sorted(codes)) for status, codes in sorted(found.items())}
