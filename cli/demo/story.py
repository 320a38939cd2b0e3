"""A story: something uncomfortable that happened, and what every later view must be able to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`organisations` are ids by the part they play; `expected` is what views say at the end of the history.

    `expected` names, where they apply: `points` (kinds of withdrawal points), `state`, `codes`, `streams` (ids by the
    part they play) and figures in whole minutes.
    """

    name: str
    what: str
    organisations: Mapping[str, str]
    partnership: str | None = None
    expected: Mapping[str, Any] = field(default_factory=dict)
