"""Every event as one plain sentence: the table that histories, trails and explanations read from.

A sentence holds names, amounts, days and choices of a list. It never holds an id, a text that is sealed, a rating, or
the name of a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from projections.audit.other_sentences import OTHERS
from projections.audit.partnership_sentences import PARTNERSHIP
from projections.audit.support_sentences import OPEN_TO_ALL, SUPPORT, confidential
from projections.audit.telling import Telling

SENTENCES: Final[dict[str, Callable[[Telling], str]]] = {**OTHERS, **PARTNERSHIP, **SUPPORT}
"""By stored name."""


def sentence(telling: Telling) -> str:
    """What a fact says, such as `Ashfield confirmed 6 h of maths support from Northfield given on Mon 14 Sep 2026`."""
    if telling.masked and telling.fact.type not in OPEN_TO_ALL:
        said = confidential(telling)
    else:
        said = SENTENCES[telling.fact.type](telling)
    said = said[0].upper() + said[1:]
    if telling.recorder is None:
        return said
    return f"{said} (recorded for it by {telling.recorder})"
