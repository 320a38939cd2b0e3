"""Files of events: one CloudEvent, a JSON array of them, or one on each line; each row is read by the API's reader."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from api.events import read_event
from api.reading_json import read_json
from ledger.errors import Refusal
from ledger.posted import Posted

STDIN: Final = "-"
HASH_DIGITS: Final = 16

Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a file, or why it cannot be read; `line` counts from 1 (in an array: the place of the event)."""

    file: str
    line: int
    event: Posted | Refusal


def rows_of(name: str) -> Iterator[Row]:
    """The rows of a file, `-` for standard input. Raises NotReadable for a file that is none of the three kinds."""
    if name == STDIN:
        yield from rows_in("stdin", sys.stdin.buffer)
        return
    with Path(name).open("rb") as stream:
        yield from rows_in(Path(name).name, stream)


def rows_in(name: str, stream: BinaryIO) -> Iterator[Row]:
    """Lines are read one by one, so that a file may be larger than memory; the other kinds are read whole."""
    lines = ((number, line) for number, line in enumerate(stream, 1) if line.strip())
    first = list(islice(lines, 2))
    if first and all(line.lstrip().startswith(b"{") for _, line in first):
        for number, line in chain(first, lines):
            yield row(name, number, line)
        return
    value = read_json(b"".join(line for _, line in chain(first, lines)))
    for number, one in enumerate(value if isinstance(value, list) else [value], 1):
        yield Row(name, number, read(name, number, one))


def row(name: str, number: int, line: bytes) -> Row:
    try:
        value = read_json(line)
    except Refusal as refusal:
        return Row(name, number, refusal)
    return Row(name, number, read(name, number, value))


def read(name: str, number: int, value: Any) -> Posted | Refusal:
    """The event, with an id of its place and content where it has none: the same file again is a repeat."""
    try:
        posted = read_event(value)
        if posted.id is not None:
            return posted
        content = json.dumps(asdict(posted), sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()[:HASH_DIGITS]
        return replace(posted, id=f"{name}:{number}:{digest}"[-255:])
    except Refusal as refusal:
        return refusal
