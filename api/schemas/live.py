"""What may be asked of the live feed."""

from __future__ import annotations

from api.schemas.fields import Whole
from api.schemas.queries import MOST_POSITION, FactFilters


class StreamQuery(FactFilters):
    """The facts wanted; each filter that is given must hold."""

    after = Whole("begin after this position; absent: with what is recorded from now on", 0, MOST_POSITION)
