"""Whom a delivery that waits for its confirmation is told to, as the school days go by. Pure.

Somebody who may confirm it is told first, and reminded after 5 and after 10 school days; then another of the same
school who may, then the coordinator, then nobody any more: it stays in the inbox.
"""

from __future__ import annotations

from typing import Final, Literal

STEP: Final = 5
"""School days from one step to the next: those of a week, so that a weekly letter tells each step once."""
FIRST_STEPS: Final = 3

Told = Literal["first", "second", "coordinator", "nobody"]


def told(waited: int, confirmers: int) -> Told:
    """Who is told, when so many school days have gone by and so many people of the receiver may confirm and can be
    written to. Where nobody may, it is the coordinator's at once."""
    steps: list[Told] = ["first"] * FIRST_STEPS if confirmers else []
    steps += ["second"] if confirmers > 1 else []
    steps.append("coordinator")
    return steps[waited // STEP] if waited // STEP < len(steps) else "nobody"


def most_days(confirmers: int) -> int:
    """School days beyond which nobody is told: counting need not go further."""
    return STEP * (FIRST_STEPS + 2) if confirmers else STEP


def is_reminder(waited: int) -> bool:
    """Whether it was told before."""
    return waited >= STEP
