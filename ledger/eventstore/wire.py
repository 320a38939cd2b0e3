"""PostgreSQL's binary form of the parameters of `pledger.append`.

An array is a header and its elements, and an element is a length and its bytes, so that each request can encode its own
elements in its own thread and the writer only joins them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from typing import Final

INT4: Final = 23
INT8: Final = 20
BYTEA: Final = 17
TEXT: Final = 25
DATE: Final = 1082
UUID_OID: Final = 2950

NULL: Final = b"\xff\xff\xff\xff"

_EMPTY = Struct("!iii")
_HEADER = Struct("!iiiii")
_INT4 = Struct("!ii")
_INT8 = Struct("!iq")
_LENGTH = Struct("!i").pack
_DAY_ZERO = date(2000, 1, 1).toordinal()
_MOMENT_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
_MOMENT = Struct("!q")
_MICROSECOND = timedelta(microseconds=1)


def array(oid: int, count: int, elements: bytes) -> bytes:
    """The one-dimensional array of `count` encoded elements of the type `oid`."""
    if not count:
        return _EMPTY.pack(0, 0, oid)
    return _HEADER.pack(1, 1, oid, count, 1) + elements


def int4s(numbers: Sequence[int]) -> bytes:
    """An int array."""
    pairs = [4] * (2 * len(numbers))
    pairs[1::2] = numbers
    return array(INT4, len(numbers), Struct(f"!{len(pairs)}i").pack(*pairs))


def int8(number: int) -> bytes:
    """A bigint element."""
    return _INT8.pack(8, number)


def uuid(text: str) -> bytes:
    """A uuid element of its text form."""
    raw = bytes.fromhex(text.replace("-", ""))
    if len(raw) != 16:
        raise ValueError("a UUID has 32 hexadecimal digits")
    return b"\0\0\0\x10" + raw


def day(value: date) -> bytes:
    """A date element."""
    return _INT4.pack(4, value.toordinal() - _DAY_ZERO)


def bytea(raw: bytes) -> bytes:
    """A bytea element."""
    return _LENGTH(len(raw)) + raw


def text(value: str) -> bytes:
    """A text element in UTF-8."""
    raw = value.encode()
    return _LENGTH(len(raw)) + raw


def moment(value: datetime) -> bytes:
    """A timestamptz parameter, which is no array element and so bears no length."""
    return _MOMENT.pack((value - _MOMENT_ZERO) // _MICROSECOND)
