"""Logs on standard error, one line for each request and each thing that went wrong: JSON for programs, or readable.

They never hold a secret, a text or what somebody posted: of an error its kind and where it happened, not its message,
which may repeat any of them (with the level `debug` the message too).
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import orjson
import psycopg
import structlog
from structlog.typing import EventDict, Processor

from ledger.errors import Busy, Refusal

if TYPE_CHECKING:
    from api.observing import Seen

LOG: Final = structlog.get_logger()
PROBES: Final = frozenset({"/healthz", "/readyz"})
"""Asked every few seconds, and saying nothing: told of with the level `debug` only."""
MOST_FRAMES: Final = 30
MOST_CAUSES: Final = 4
SERVER_LOGGERS: Final = ("_granian", "granian.access")


def log_to_stderr(level: str, form: str = "auto") -> None:
    """Every log of this process from `level` on, in the `form` json or text; auto is text where a person looks."""
    least = getattr(logging, level.upper())
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        Errors(messages=least <= logging.DEBUG),
    ]
    structlog.configure(
        processors=[*shared, rendering(as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, rendering(as_json)],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(without_messages)
    logging.basicConfig(level=max(least, logging.INFO), handlers=[handler], force=True)
    for name in SERVER_LOGGERS:  # the server has put its own handlers there
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def log_request(seen: Seen) -> None:
    """The line of a request; what does not apply is left out."""
    told: dict[str, Any] = {
        "method": seen.method,
        "rule": seen.rule,
        "status": seen.status,
        "ms": round(seen.seconds * 1_000, 2),
        "request_id": seen.request_id,
    }
    more = {
        "principal": seen.principal,
        "position": None if seen.position is None else int(seen.position),
        "codes": seen.codes,
        "correlation_ids": seen.correlations,
    }
    told.update({name: value for name, value in more.items() if value})
    if seen.rule in PROBES:
        LOG.debug("request", **told)
    else:
        LOG.info("request", **told)


class Errors:
    """Replaces an exception by its kind and the places it came through, and so its causes."""

    def __init__(self, *, messages: bool) -> None:
        self._messages = messages

    def __call__(self, _logger: Any, _name: str, event: EventDict) -> EventDict:
        given = event.pop("exc_info", None)
        error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
        if isinstance(error, BaseException):
            event["errors"] = [self._told(one) for one in causes(error)]
        return event

    def _told(self, error: BaseException) -> dict[str, Any]:
        frames = traceback.extract_tb(error.__traceback__, limit=-MOST_FRAMES)
        told = {"kind": kind_of(error), "at": [f"{one.filename}:{one.lineno} {one.name}" for one in frames]}
        return told | ({"message": str(error)} if self._messages else {})


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came of."""
    found: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def kind_of(error: BaseException) -> str:
    """What an error is called, without its message."""
    code = error.sqlstate if isinstance(error, psycopg.Error) else getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} ({code})"


def without_messages(record: logging.LogRecord) -> bool:
    """Has a line of the standard library's loggers say what kind of error it is about. Of the database's only that it
    cannot be reached is told in its own words: other messages repeat values."""
    if isinstance(record.args, tuple):
        record.args = tuple(told(one) if isinstance(one, BaseException) else one for one in record.args)
    return True


def told(error: BaseException) -> str:
    if isinstance(error, Busy) or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None):
        return str(error).strip().partition("\n")[0]
    return error.detail if isinstance(error, Refusal) and error.kind == "precondition" else kind_of(error)


def rendering(as_json: bool) -> Processor:
    """The last step: a line of JSON, or one for people."""
    if as_json:
        return structlog.processors.JSONRenderer(serializer=line)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def line(event: EventDict, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()
