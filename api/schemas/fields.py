"""Fields of queries and bodies: stricter than the library's own, each with the words for its OpenAPI schema."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final

import marshmallow as ma

from ledger.domain.reading import read_date, read_instant
from ledger.domain.text import nfc, text_error
from ledger.domain.values import UUID_FORM
from ledger.errors import FieldError
from projections.question import DAYS_ASKED, is_asked_about

DIGITS: Final = re.compile(r"[0-9]{1,16}")
POSITION: Final = "position:"
YEARS: Final = "^(19|20|21)[0-9]{2}-"
"""The years that a question may name, as the document tells of them: `projections.question` decides."""
CONTROLS: Final = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
ONE_LINE: Final = rf"^[^{CONTROLS}]*[^\s{CONTROLS}][^{CONTROLS}]*$"
"""A line that is not blank, as the document tells of it: `ledger.domain.text` decides."""
EVENT_NAME: Final = r"[a-z]{1,40}\.[a-z_]{1,40}"


class Told(ma.fields.Field[Any], ABC):
    """A field that brings its own description; `about` says what it means."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "string"}
    many: ClassVar[bool] = False

    def __init__(
        self,
        about: str,
        *,
        required: bool = False,
        load_default: Any = ma.missing,
        data_key: str | None = None,
        attribute: str | None = None,
        **schema: Any,
    ) -> None:
        metadata = {"description": about, **self.schema, **schema}
        super().__init__(
            required=required, load_default=load_default, data_key=data_key, attribute=attribute, metadata=metadata
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        errors: list[FieldError] = []
        found = self.read(value, errors)
        if errors:
            raise ma.ValidationError(errors[0].detail)
        return found

    @abstractmethod
    def read(self, value: Any, errors: list[FieldError]) -> Any:
        """The value that `value`, a query's text or a JSON value, stands for; what is wrong goes into `errors`."""


def wrong(errors: list[FieldError], detail: str) -> None:
    errors.append(FieldError("", "not-of-this-form", detail))


class Whole(Told):
    """A whole number in plain digits, within its bounds."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "integer"}

    def __init__(
        self, about: str, least: int, most: int, *, required: bool = False, load_default: Any = ma.missing
    ) -> None:
        self.least, self.most = least, most
        super().__init__(about, required=required, load_default=load_default, minimum=least, maximum=most)

    def read(self, value: Any, errors: list[FieldError]) -> int | None:
        if not isinstance(value, str) or not DIGITS.fullmatch(value) or not self.least <= int(value) <= self.most:
            wrong(errors, f"must be a whole number from {self.least} to {self.most}")
            return None
        return int(value)


class Count(Whole):
    """A whole JSON number within its bounds."""

    def read(self, value: Any, errors: list[FieldError]) -> int | None:
        return super().read(str(value) if type(value) is int else None, errors)


class Day(Told):
    """A day, `YYYY-MM-DD`, that a question may name."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date", "pattern": YEARS}

    def read(self, value: Any, errors: list[FieldError]) -> date | None:
        found: date = read_date(value, "", errors)
        if not errors and not is_asked_about(found):
            wrong(errors, f"must be a day {DAYS_ASKED}")
        return None if errors else found


def moment_asked(value: Any, errors: list[FieldError]) -> datetime | None:
    """A moment whose day, in UTC, a question may name."""
    found: datetime = read_instant(value, "", errors)
    if not errors and not is_asked_about(found.date()):
        wrong(errors, f"must be a moment {DAYS_ASKED}")
    return None if errors else found


class Moment(Told):
    """A moment with its offset (RFC 3339)."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date-time", "pattern": YEARS}

    def read(self, value: Any, errors: list[FieldError]) -> datetime | None:
        return moment_asked(value, errors)


@dataclass(frozen=True, slots=True)
class KnownAt:
    """Until where the ledger is known: a position, or a moment."""

    position: int | None = None
    moment: datetime | None = None


class Known(Told):
    """`position:N`, or a moment: the last position recorded by then."""

    schema: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            {"type": "string", "pattern": "^position:[0-9]{1,16}$"},
            {"type": "string", "format": "date-time", "pattern": YEARS},
        ]
    }

    def read(self, value: Any, errors: list[FieldError]) -> KnownAt | None:
        if isinstance(value, str) and value.startswith(POSITION):
            digits = value.removeprefix(POSITION)
            if not DIGITS.fullmatch(digits):
                wrong(errors, "must be position:N with a whole number, or a moment with its offset")
                return None
            return KnownAt(position=int(digits))
        return KnownAt(moment=moment_asked(value, errors))


class Id(Told):
    """A UUID, made lower-case."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "uuid"}

    def read(self, value: Any, errors: list[FieldError]) -> str | None:
        if not isinstance(value, str) or not UUID_FORM.fullmatch(value.lower()):
            wrong(errors, "must be a UUID")
            return None
        return value.lower()


class Flag(Told):
    """`true` or `false`."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "boolean"}

    def read(self, value: Any, errors: list[FieldError]) -> bool | None:
        if value not in ("true", "false"):
            wrong(errors, "must be true or false")
            return None
        return bool(value == "true")


class Truth(Told):
    """A JSON true or false."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "boolean"}

    def read(self, value: Any, errors: list[FieldError]) -> bool | None:
        if type(value) is not bool:
            wrong(errors, "must be true or false")
            return None
        return value


class Line(Told):
    """One line of text."""

    def __init__(self, about: str, *, most: int = 200, required: bool = False, load_default: Any = ma.missing) -> None:
        self.most = most
        bounds: dict[str, Any] = {"minLength": 1, "maxLength": most, "pattern": ONE_LINE}
        super().__init__(about, required=required, load_default=load_default, **bounds)

    def read(self, value: Any, errors: list[FieldError]) -> str | None:
        found = (None, "must be text") if not isinstance(value, str) else text_error(nfc(value), self.most, False)
        if found is not None:
            wrong(errors, found[1])
            return None
        return nfc(value)


class EventName(Told):
    """The stored name of a kind of event, such as `support.offered`."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": f"^{EVENT_NAME}$"}

    def read(self, value: Any, errors: list[FieldError]) -> str | None:
        if not isinstance(value, str) or not re.fullmatch(EVENT_NAME, value):
            wrong(errors, "must be the stored name of an event, such as support.offered")
            return None
        return value


class Choice(Told):
    """One of a few words."""

    def __init__(self, about: str, choices: tuple[str, ...], *, required: bool = False) -> None:
        self.choices = choices
        super().__init__(about, required=required, enum=list(choices))

    def read(self, value: Any, errors: list[FieldError]) -> str | None:
        if value not in self.choices:
            wrong(errors, f"must be one of {', '.join(self.choices)}")
            return None
        return str(value)


class Words(Told):
    """Several values of one kind: a query repeats the parameter or puts commas between them; JSON has a list."""

    many = True

    def __init__(self, one: Told, most: int) -> None:
        self.one, self.most = one, most
        inner = {name: value for name, value in one.metadata.items() if name != "description"}
        super().__init__(str(one.metadata["description"]), type="array", items=inner, maxItems=most)

    def read(self, value: Any, errors: list[FieldError]) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > self.most:
            wrong(errors, f"must be a list of at most {self.most}")
            return ()
        return tuple(self.one.read(one, errors) for one in value)
