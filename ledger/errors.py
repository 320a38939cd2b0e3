"""Refusals: every way the ledger says no, each with a stable code and its fields.

A door never inspects the words of a refusal: it maps `kind` to an HTTP status or an exit code in one table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Kind = Literal[
    "unreadable",  # the request cannot be read at all
    "unauthorised",  # no credential, or one that is not valid
    "forbidden",  # this role may never do this
    "absent",  # not there, or outside the credential's scope: told apart in nothing
    "rule",  # a rule says no, for what the ledger holds or for who speaks
    "precondition",  # the stream moved since the caller looked
    "too_large",
    "unsupported",  # a media type nobody here reads
    "claim",  # the claim itself is wrong
    "busy",  # try again later
    "limited",  # this caller has asked too much, and may come back
]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one member; `pointer` is a JSON pointer (RFC 6901) into what was sent."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):
    """A no with a reason. Subclasses set `code` and `kind` and pass their fields by keyword."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = "rule"
    title: ClassVar[str] = "Refused"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, errors: tuple[FieldError, ...] = (), **fields: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors
        self.fields = fields

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["fields"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.detail!r}, {self.fields!r})"


class ClaimMalformed(Refusal):
    """The claim itself is wrong; `errors` names every member that is, all at once."""

    code = "claim-malformed"
    kind: ClassVar[Kind] = "claim"
    title = "The event is not well formed"


class Busy(Refusal):
    """Nothing was written, or nobody can know yet: the same request may be sent again."""

    code = "busy"
    kind: ClassVar[Kind] = "busy"
    title = "Try again in a moment"
    retryable = True
    retry_after_seconds: ClassVar[int] = 1
