"""What the report says of its own method and limits: part of it, so that it can be handed on as it is."""

from __future__ import annotations

from typing import Final

METHOD: Final = (
    "Support counts from the day it was given, as soon as the school that received it has confirmed it; what is"
    " recorded and not yet confirmed stands beside it and is never added to it.",
    "Only exchanges enter reciprocity: two-way is what the same partner gave back, comes-round what closes a ring of"
    " three or more, one-way what is left. Gifts, paid and funded support stand beside.",
    "The value is the confirmed time at the rate given, a day being 6.5 hours; each amount is rounded by itself.",
    "Savings and outcomes are what the schools recorded, the latest word of each side on each engagement; receivers'"
    " and givers' words are never added to each other.",
    "An engagement is a piece of support of which something was confirmed in the window.",
    "A partnership is completed when its purpose was met or its term ended, withdrawn when it closed by agreement or"
    " because it was not working.",
    "The health of a partnership is that of the day of the report, of a closed one that of its last day.",
    "Confidential support is reported under the category other.",
)

LIMITS: Final = (
    "The report says what was recorded here; support that nobody recorded is not in it.",
    "Outcomes are judged by those who took part; they show no cause and no effect on pupils by themselves.",
    "What cannot be told is unknown, never nothing: the coverage stands beside each figure.",
    "Giving more than one gets is no merit and getting more is no fault; no school is ranked, and no figure here is a"
    " single school's.",
)
