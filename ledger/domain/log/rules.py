"""What may be said in the log's own stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.domain.context import Context
from ledger.domain.fact import AnyClaim, Speaker
from ledger.domain.log.facts import KeyIntroduced, Opened, PeriodClosed, PeriodReopened, Restored, TextRedacted
from ledger.domain.log.state import LOG_STREAM_ID, LogState
from ledger.domain.refusals import AlreadySaid, AlreadyThere, NotThere, WrongStream, require_sound
from ledger.errors import FieldError, Refusal


class OutOfScope(Refusal):
    """An auditor closes and reopens what its credential covers. Fields: `scope`."""

    code = "out-of-scope"
    title = "This scope is not the credential's"


class PeriodAlreadyClosed(Refusal):
    """A period of this scope is closed up to that day or a later one. Fields: `scope`, `until`."""

    code = "period-already-closed"
    title = "This period is closed already"


class PeriodNotClosed(Refusal):
    """No period of this scope is closed with this last day. Fields: `scope`, `until`."""

    code = "period-not-closed"
    title = "No such period is closed"


def parties(state: LogState | None, claim: AnyClaim, context: Context) -> Mapping[str, frozenset[str]]:
    return {}  # no organisation speaks here


def admit(state: LogState | None, claim: AnyClaim, context: Context) -> Any:
    """The data of the fact, or a Refusal."""
    if claim.stream.id != LOG_STREAM_ID:
        raise WrongStream(id=LOG_STREAM_ID)
    if isinstance(claim.data, Opened):
        if state is not None:
            raise AlreadyThere(stream_kind="log", id=LOG_STREAM_ID)
        return claim.data
    if state is None:
        raise NotThere("the log was not opened", stream_kind="log", id=LOG_STREAM_ID)
    match claim.data:
        case PeriodClosed() as data:
            return admit_period_closed(state, data, claim.speaker, context)
        case PeriodReopened() as data:
            return admit_period_reopened(state, data, claim.speaker, context)
        case KeyIntroduced() | Restored() | TextRedacted() as data:
            return admit_once(state, data)
    raise TypeError(f"{claim.type} is no event of the log")


def admit_once(state: LogState, data: KeyIntroduced | Restored | TextRedacted) -> Any:
    """A key, an origin and a redaction are each told once."""
    match data:
        case KeyIntroduced(vkey=vkey) if vkey == state.vkey:
            raise AlreadySaid("this key is the log's key", id=vkey)
        case Restored(origin=origin) if origin == state.origin:
            raise AlreadySaid("after a restore another origin speaks", id=origin)
        case TextRedacted(event_id=event_id) if event_id in state.redacted:
            raise AlreadySaid("this text was redacted before", id=event_id)
    return data


def admit_period_closed(state: LogState, data: PeriodClosed, speaker: Speaker, context: Context) -> PeriodClosed:
    """The figures are those known at a position that there is."""
    require_scope(data.scope, speaker, context)
    context.happened(data.until, "/data/until")
    head = context.lookup.head()
    if not 1 <= data.figures_position <= head:
        require_sound([FieldError("/data/figures_position", "out-of-range", f"must be from 1 to {head}")])
    last = state.closed_until(data.scope)
    if last is not None and data.until <= last:
        raise PeriodAlreadyClosed(scope=data.scope, until=last)
    return data


def admit_period_reopened(state: LogState, data: PeriodReopened, speaker: Speaker, context: Context) -> PeriodReopened:
    require_scope(data.scope, speaker, context)
    if data.until not in state.closings.get(data.scope, {}):
        raise PeriodNotClosed(scope=data.scope, until=data.until)
    return data


def require_scope(scope: str, speaker: Speaker, context: Context) -> None:
    """Passes when an auditor's credential covers the scope: its own trust, or anything for the whole ledger."""
    if not speaker.whole_ledger and scope != f"trust:{speaker.trust}":
        raise OutOfScope(scope=scope)
    _, _, trust_id = scope.partition(":")
    if trust_id and context.organisation(trust_id) is None:
        raise NotThere(stream_kind="organisation", id=trust_id)
