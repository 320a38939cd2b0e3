"""A strict JSON reader: what two readers could take differently is refused, and numbers stay as they were written."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

import orjson

from api.refusals import NotReadable, not_readable
from ledger.domain.shape import escape
from ledger.domain.values import Number

MOST_LEVELS: Final = 32


class MemberTwice(ValueError):
    """An object names one member twice."""


def read_json(body: bytes) -> Any:
    """The value of a JSON text: integers as int, every other number as `Number`, exactly as it was written.

    Raises NotReadable: no JSON, not UTF-8, a member twice, NaN or Infinity, a lone surrogate, more than 32 levels.
    """
    if not body.strip():
        raise not_readable("", "empty-body", "the body is empty; send a JSON value")
    try:
        orjson.loads(body)  # is quick, and refuses text that is not UTF-8, lone surrogates, NaN, endless nesting
        value = DECODER.decode(body.decode())
    except MemberTwice as twice:
        raise not_readable("", "member-twice", f"the member {twice} stands twice in one object") from None
    except orjson.JSONDecodeError as error:
        raise syntax(error) from None
    except ValueError:
        raise not_readable("", "number-too-long", "a number has too many digits") from None
    if body.count(b"{") + body.count(b"[") > MOST_LEVELS:
        require_levels(value, "", 1)
    return value


def syntax(error: orjson.JSONDecodeError) -> NotReadable:
    if "depth" in error.msg:
        return too_deep("")
    return not_readable("", "not-json", f"is no JSON at line {error.lineno}, column {error.colno}: {error.msg}")


def too_deep(pointer: str) -> NotReadable:
    return not_readable(pointer, "too-deep", f"is nested deeper than {MOST_LEVELS} levels")


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise MemberTwice(next(repr(name[:80]) for name in names if names.count(name) > 1))
    return found


def no_number(word: str) -> NoReturn:
    raise ValueError(word)


def require_levels(value: Any, pointer: str, level: int) -> None:
    """Passes when no object or list lies deeper than `MOST_LEVELS`. Raises NotReadable."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        if isinstance(part, dict | list):
            inner = f"{pointer}/{escape(str(name))}"
            if level >= MOST_LEVELS:
                raise too_deep(inner)
            require_levels(part, inner, level + 1)


DECODER: Final = json.JSONDecoder(parse_float=Number, parse_constant=no_number, object_pairs_hook=once_each)
