"""The views of this program as they stand: those that are read and followed, and those built anew beside them."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from typing import Final

from projections import bookmarks, rebuild
from projections.folding import Bookmarked
from projections.places import NEXT, SCHEMA, Connection, inside
from projections.view import View

LOG: Final = logging.getLogger(__name__)
_PATIENCE_SECONDS: Final = (0.1, 0.5)
_PAUSE_SECONDS: Final = (0.1, 5.0)
"""A refused swap is tried again, each time for longer and after a longer pause: readers wait a tenth of the time."""


class Kept:
    """What the worker keeps, in the order of `views`. `live` and `building` may hold the same view at the same time.

    A view is built anew where the tables that are read are of another version, or missing, or where somebody asked
    for it. One that had stopped is tried again.
    """

    def __init__(self, connection: Connection, views: Sequence[View]) -> None:
        self._connection = connection
        self._views = tuple(views)
        self.live: dict[str, Bookmarked] = {}
        self.building: dict[str, Bookmarked] = {}
        self.indexed: set[str] = set()
        self._refused, self._not_before = 0, 0.0
        for view in self._views:
            self._look_at(view)

    def take_requests(self) -> None:
        """Begin with the rebuilds that were asked for."""
        asked = rebuild.requested(self._connection)
        for view in self._views:
            if view.name in asked:
                under_way = self.building.get(view.name)
                begins = under_way is None or not under_way.is_working or under_way.is_behind
                rebuild.take_request(self._connection, view, begin=begins)
                if begins:
                    self._begun(view)

    def index(self, name: str) -> None:
        """All indexes of a view that was built are there."""
        self.indexed.add(name)

    def swap(self, names: Collection[str]) -> bool:
        """Have readers see what was built, all of it at once; False when that has to be tried again later."""
        if time.monotonic() < self._not_before:
            return False
        built = [self.building[name] for name in names]
        patience = _grown(_PATIENCE_SECONDS, self._refused)
        if not rebuild.swap(self._connection, [one.view for one in built], patience):
            self._not_before = time.monotonic() + _grown(_PAUSE_SECONDS, self._refused)
            self._refused += 1
            return False
        self._refused = 0
        for one in built:
            del self.building[one.view.name]
            one.place = SCHEMA
            self.live[one.view.name] = one
            LOG.info("the view %s was built up to position %d and is read from now on", one.view.name, one.position)
        return True

    @property
    def pause_seconds(self) -> float:
        """How long to let readers read before the next attempt to swap."""
        return max(_PAUSE_SECONDS[0], self._not_before - time.monotonic())

    def _look_at(self, view: View) -> None:
        """What stands of one view in both places, and what is to be done with it."""
        live, building = self._stands(view, SCHEMA), self._stands(view, NEXT)
        if live is not None:
            self.live[view.name] = live
        if building is not None:
            self.building[view.name] = building
        elif live is None:
            with inside(self._connection, NEXT):
                bookmarks.begin(self._connection, view)
            self._begun(view)

    def _stands(self, view: View, place: str) -> Bookmarked | None:
        """The view in a place, None where nothing of its version stands there; what another one built is forgotten."""
        with inside(self._connection, place):
            mark = bookmarks.bookmarks(self._connection).get(view.name)
            if mark is None:
                return None
            if mark.stamp != view.stamp:
                if place == NEXT:
                    bookmarks.forget(self._connection, view.name)
                return None
            bookmarks.try_again(self._connection, view)
        if place == NEXT and mark.indexed:
            self.indexed.add(view.name)
        return Bookmarked(view, place, mark.position, is_behind=mark.state != "working")

    def _begun(self, view: View) -> None:
        LOG.info("the view %s is being built in version %d", view.name, view.version)
        self.building[view.name] = Bookmarked(view, NEXT)
        if view.indexes:
            self.indexed.discard(view.name)
        else:
            self.indexed.add(view.name)


def _grown(bounds: tuple[float, float], times: int) -> float:
    least, most = bounds
    return min(least * 2.0 ** min(times, 16), most)
