"""Readers of single values: each takes what JSON gave and its pointer, and answers the value or notes what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, Final

from ledger.domain.text import nfc, personal_data_error, text_error
from ledger.domain.values import MAX_INTEGER, UUID_FORM, Number, Pattern, Range, Secret, Text, Uuid, read_day
from ledger.errors import FieldError

RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
Reader = Callable[[Any, str, list[FieldError]], Any]
BAD: Final = object()

NAMES: Final = {
    str: "text",
    Number: "a number",
    int: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def wrong(errors: list[FieldError], pointer: str, code: str, detail: str) -> Any:
    errors.append(FieldError(pointer, code, detail))
    return BAD


def wrong_type(errors: list[FieldError], pointer: str, wanted: str, value: Any) -> Any:
    if value is None:
        return wrong(errors, pointer, "null", f"must be {wanted}; leave the member out when there is no value")
    return wrong(errors, pointer, "wrong-type", f"must be {wanted}, not {NAMES.get(type(value), 'this')}")


def suggestion(word: str, words: list[str]) -> str:
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def uuid_reader(mark: Uuid) -> Reader:
    form, names = UUID_FORM.fullmatch, mark.names

    def read(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        if type(value) is str:
            if form(value):
                return value
            if form(value.lower()):
                return value.lower()
            return wrong(errors, pointer, "not-an-id", f"must be the UUID of the {names}")
        return wrong_type(errors, pointer, f"the UUID of the {names}", value)

    return read


def pattern_reader(mark: Pattern) -> Reader:
    form, meaning, number = re.compile(mark.regex, re.ASCII).fullmatch, mark.meaning, mark.number

    def read(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        if number and (type(value) is Number or (type(value) is int and abs(value) <= MAX_INTEGER)):
            value = str(value)
        if type(value) is not str:
            return wrong_type(errors, pointer, meaning, value)
        return value if form(value) else wrong(errors, pointer, "not-of-this-form", f"must be {meaning}")

    return read


def text_reader(mark: Text) -> Reader:
    most, lines = mark.most, mark.lines

    def read(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        if type(value) is not str:
            return wrong_type(errors, pointer, "text", value)
        value = nfc(value)
        found = text_error(value, most, lines)
        return value if found is None else wrong(errors, pointer, *found)

    return read


def secret_reader(mark: Secret) -> Reader:
    clear, personal = text_reader(Text(mark.most, lines=mark.key == "fact")), mark.key == "person"

    def read(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        value = clear(value, pointer, errors)
        if value is BAD or personal:
            return value
        found = personal_data_error(value)
        return value if found is None else wrong(errors, pointer, *found)

    return read


def integer_reader(mark: Range) -> Reader:
    least, most = mark.least, mark.most

    def read(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        if type(value) is not int:
            return wrong_type(errors, pointer, "a whole number", value)
        if least <= value <= most:
            return value
        return wrong(errors, pointer, "out-of-range", f"must be from {least} to {most}")

    return read


def choice_reader(choices: tuple[Any, ...]) -> Reader:
    allowed, words = frozenset(choices), [str(choice) for choice in choices]

    def read(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        if type(value) is not str:
            return wrong_type(errors, pointer, f"one of {', '.join(words)}", value)
        if value in allowed:
            return value
        hint = suggestion(value, words)
        return wrong(errors, pointer, "not-a-choice", f"must be one of {', '.join(words)}{hint}")

    return read


def read_boolean(value: Any, pointer: str, errors: list[FieldError]) -> Any:
    return value if type(value) is bool else wrong_type(errors, pointer, "true or false", value)


def read_date(value: Any, pointer: str, errors: list[FieldError]) -> Any:
    if type(value) is not str:
        return wrong_type(errors, pointer, "a day such as 2026-09-20", value)
    try:
        return read_day(value)
    except ValueError:
        return wrong(errors, pointer, "not-a-day", "must be a day such as 2026-09-20")


def read_instant(value: Any, pointer: str, errors: list[FieldError]) -> Any:
    if type(value) is not str:
        return wrong_type(errors, pointer, "a moment such as 2026-09-20T15:00:00Z", value)
    if RFC_3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # told below, with every other text that is no moment
    return wrong(errors, pointer, "not-a-moment", "must be a moment with its offset, such as 2026-09-20T15:00:00Z")


SIMPLE: Final[dict[type, Reader]] = {bool: read_boolean, date: read_date, datetime: read_instant}
MARKED: Final[dict[type, Callable[[Any], Reader]]] = {
    Uuid: uuid_reader,
    Pattern: pattern_reader,
    Text: text_reader,
    Secret: secret_reader,
    Range: integer_reader,
}
