"""Value types of the domain, each with its own limits: `shape.py` reads the annotations.

Ids are lower-case UUID strings; amounts are whole minutes; days are `datetime.date`; moments are UTC `datetime`s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal

MAX_INTEGER: Final = 2**53 - 1
MAX_MINUTES: Final = 600_000
MAX_ITEMS: Final = 100
DERIVED: Final = "derived"  # marks, in a field's metadata, what only the ledger fills in


class Number(str):
    """A JSON number that is no integer, exactly as it was written."""

    __slots__ = ()


# What an annotation may carry.
@dataclass(frozen=True, slots=True)
class Uuid:
    """A lower-case UUID that names a thing; `names` says of which kind (an organisation's makes the fact findable)."""

    names: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text of one form; `number` says that a plain JSON number is read as well, exactly as it was written."""

    regex: str
    meaning: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Clear text in NFC; `lines` allows line breaks. Everybody who may see the fact may read it."""

    most: int
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    """Free text that is sealed before it is stored; `key` says under whose key."""

    most: int
    key: Literal["fact", "person"] = "fact"


@dataclass(frozen=True, slots=True)
class Range:
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Items:
    least: int = 0
    most: int = MAX_ITEMS


@dataclass(frozen=True, slots=True)
class Sealed:
    """Text as it is kept: AES-256-GCM under the key `key` in the vault; `nonce` and `text` are padded base64."""

    key: str
    nonce: str
    text: str


OrganisationId = Annotated[str, Uuid("organisation")]
FrameworkId = Annotated[str, Uuid("framework")]
PartnershipId = Annotated[str, Uuid("partnership")]
SupportId = Annotated[str, Uuid("support")]
ReviewId = Annotated[str, Uuid("review")]
PersonId = Annotated[str, Uuid("person")]
EventId = Annotated[str, Uuid("event")]
PrincipalId = Annotated[str, Uuid("principal")]
LocalId = Annotated[str, Pattern(r"[A-Za-z0-9._-]{1,64}", "1 to 64 letters, digits, dots, dashes or underscores")]
PointId = Annotated[str, Pattern(r"[A-Za-z0-9._:-]{1,160}", "the id of a withdrawal point")]
AcademicYear = Annotated[str, Pattern(r"20\d\d/\d\d", "an academic year such as 2026/27")]
AuthorityCode = Annotated[str, Pattern(r"\d{3}", "a three-digit local authority code")]
Category = Annotated[str, Pattern(r"[a-z][a-z0-9_]{0,39}", "a category of support")]
Ratio = Annotated[str, Pattern(r"\d{1,4}/[1-9]\d{0,3}|\d(\.\d{1,6})?", 'a fraction such as "1/3"')]

Name = Annotated[str, Text(200)]
Line = Annotated[str, Text(300)]
Prose = Annotated[str, Text(2000, lines=True)]
Link = Annotated[str, Pattern(r"https?://[^\s<>\"]{1,480}", "an http or https address")]
Secretive = Annotated[str | Sealed, Secret(4000)]
PersonText = Annotated[str | Sealed, Secret(200, key="person")]
Minutes = Annotated[int, Range(1, MAX_MINUTES)]
MinutesOrNone = Annotated[int, Range(0, MAX_MINUTES)]

Unit = Literal["minute", "hour", "lesson", "session", "half_day", "day", "twilight"]
Quantity = Annotated[
    str, Pattern(r"\d{1,6}(\.\d{1,4})?|\d{1,6}/[1-9]\d{0,3}", 'a quantity such as "2", "1.5" or "1/3"', number=True)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount of support: what was said, and (in a fact, always) the whole minutes it comes to by the tariff."""

    quantity: Quantity
    unit: Unit
    minutes: MinutesOrNone | None = field(default=None, metadata={DERIVED: True})


CATEGORIES: Final = frozenset(
    {
        "leadership", "teaching_and_learning", "curriculum", "maths", "english", "send", "safeguarding", "behaviour",
        "governance", "business_management", "data", "early_years", "staff_development", "peer_review", "resources",
        "other",
    }
)  # fmt: skip

UUID_FORM: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NIL: Final = "00000000-0000-0000-0000-000000000000"
DAY_FORM: Final = re.compile(r"\d{4}-\d\d-\d\d")


def moment(at: datetime) -> str:
    """A moment as it is stored: UTC, always 27 characters, `2026-09-20T15:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def read_moment(text: str) -> datetime:
    """The reverse of `moment`. Raises ValueError when the text is not such a moment."""
    return datetime.fromisoformat(text)


def read_day(text: str) -> date:
    """A `YYYY-MM-DD` day. Raises ValueError when the text is anything else."""
    if not DAY_FORM.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
