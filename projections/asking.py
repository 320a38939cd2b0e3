"""What a question is asked of: one snapshot, the question, and what is remembered between questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from projections.evidence.memory import Memory
from projections.question import Header, Question


@dataclass(frozen=True, slots=True)
class Asking:
    """`position` is how far the views have come in this snapshot; `zone` the ledger's, in which days are counted."""

    connection: psycopg.Connection[Any]
    question: Question
    position: int
    zone: ZoneInfo
    memory: Memory

    def header(self, rule_version: str, **scope: str) -> Header:
        """What every answer repeats of its question; `scope` says what it is about (`partnership="…"`)."""
        return Header(scope=scope, question=self.question, position=self.position, rule_version=rule_version)
