"""How the projections work through the log: sizes of pages and lengths of waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Facts in a page, and in one of a rebuild; seconds between looks at the log where no notice comes; bounds of the
    waits after trouble."""

    page_facts: int = 1_000
    rebuild_facts: int = 5_000
    poll_seconds: float = 1.0
    first_wait_seconds: float = 0.1
    longest_wait_seconds: float = 5.0
