"""The one canonical form: RFC 8785 over objects, arrays, strings, booleans and integers.

Numbers stay in the range where RFC 8785, JSON and PostgreSQL agree, and member names are ASCII, where sorting by bytes
and sorting by UTF-16 code units are the same; that leaves orjson nothing to do differently.
"""

from __future__ import annotations

from typing import Any

import orjson

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 64


class NotCanonical(ValueError):
    """The value has no canonical form here. `pointer` is the JSON pointer (RFC 6901) to the part that has none."""

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(f"{pointer or '/'}: {why}")
        self.pointer = pointer
        self.why = why


def encode(value: Any) -> bytes:
    """The canonical UTF-8 bytes of a JSON value.

    Raises NotCanonical for a float, None, an integer beyond 2**53 - 1 either way, a member name that is not ASCII, a
    lone surrogate, a nesting deeper than 64, and anything that JSON does not know.
    """
    _check(value, DEPTH_MAX)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is str:
        _check_text(value)
    elif kind is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise NotCanonical("", "an integer beyond 2^53 - 1")
    elif kind is dict:
        _check_members(value, depth)
    elif kind is list or kind is tuple:
        _check_elements(value, depth)
    elif kind is not bool:
        raise NotCanonical("", f"{kind.__name__} has no place in a record")


def _check_text(value: str) -> None:
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical("", "a lone surrogate") from None


def _check_members(value: dict[Any, Any], depth: int) -> None:
    for name, member in value.items():
        if type(name) is not str or not name.isascii():
            raise NotCanonical("", "a member name that is not ASCII")
        _check_inside(name, member, depth)


def _check_elements(value: list[Any] | tuple[Any, ...], depth: int) -> None:
    for index, element in enumerate(value):
        _check_inside(index, element, depth)


def _check_inside(step: str | int, value: Any, depth: int) -> None:
    if not depth:
        raise NotCanonical("", "nested too deeply")
    try:
        _check(value, depth - 1)
    except NotCanonical as inner:
        # The way to the culprit is put together only when there is one.
        escaped = str(step).replace("~", "~0").replace("/", "~1")
        raise NotCanonical(f"/{escaped}{inner.pointer}", inner.why) from None
