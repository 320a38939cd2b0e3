"""One worker's turn at keeping the views: pages for those that follow the log, and pages for those built anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import Final

from projections import rebuild
from projections.folding import MANY, Bookmarked, pass_over
from projections.kept import Kept
from projections.pace import Pace
from projections.pages import Log, Page, Pages
from projections.places import Connection, connect_worker
from projections.view import View

LOG: Final = logging.getLogger(__name__)

Seen = Callable[[str, int, float], None]
"""Told of every page that went into a view: its name, how many positions, and how many seconds that took."""


class Shift:
    """Begins where the bookmarks are. Raises psycopg's errors, the store's and BookmarkMoved: nothing is lost then."""

    def __init__(
        self, connection: Connection, log: Log, dsn: str, views: Sequence[View], pace: Pace, seen: Seen
    ) -> None:
        self._connection = connection
        self._dsn = dsn
        self._seen = seen
        self._kept = Kept(connection, views)
        self._follow, self._build = Pages(log, pace.page_facts), Pages(log, pace.rebuild_facts)
        self._indexing = Indexing(dsn)

    def close(self) -> None:
        """Wait for what is being read, and give up what is being indexed: the next shift does it."""
        for part in (self._follow, self._build, self._indexing):
            part.close()

    @property
    def soon_seconds(self) -> float | None:
        """After how long to catch up again, whether or not there are new facts: a rebuild waits for its indexes or for
        its swap. None where nothing does."""
        waits = any(view.is_working for view in self._kept.building.values())
        return self._kept.pause_seconds if waits else None

    def catch_up(self, stop: Event) -> None:
        """Page after page, until no view finds anything new. A view that is far behind does not hold up the others."""
        moved = True
        while moved and not stop.is_set():
            self._kept.take_requests()
            moved = self._followed()
            moved |= self._built()
        for view in self._kept.live.values():
            view.analyse(self._connection)

    def _followed(self) -> bool:
        """One page for each position at which views stand that are read; whether there was any."""
        live = [view for view in self._kept.live.values() if view.is_working]
        moved = False
        for position in sorted({view.position for view in live}, reverse=True):
            at_it = [view for view in live if view.position == position]
            page = self._follow.read(position, types_of(at_it))
            if page is not None:
                moved = True
                self._apply(at_it, page)
            if page is None or page.is_last:
                for view in at_it:
                    view.has_come_to_the_end(self._connection)
        return moved

    def _built(self) -> bool:
        """One page for the rebuild that is furthest behind, up to the next one, which it joins; or its completion."""
        views = [one for one in self._kept.building.values() if one.is_working and not self._indexing.is_at(one)]
        if not views:
            return self._indexed()
        least, *further = sorted({view.position for view in views})
        group = [view for view in views if view.position == least]
        page = self._build.read(least, types_of(group), until=further[0] if further else None)
        if page is not None:
            self._apply(group, page)
        at_the_end = page is None or page.is_last
        done = at_the_end and self._complete([view for view in group if view.is_working])
        return page is not None or done or self._indexed()

    def _apply(self, views: Sequence[Bookmarked], page: Page) -> None:
        """The page into views of one place and position."""
        concerned = [view for view in views if page.concerns(view.view.types)]
        pass_over(self._connection, [view for view in views if view not in concerned], page)
        for view in concerned:
            before, began = view.position, time.perf_counter()
            view.advance(self._connection, page)
            self._seen(view.view.name, view.position - before, time.perf_counter() - began)
            if view.failure is not None:
                LOG.error(
                    "the view %s stopped at position %d (%s): %s",
                    view.view.name, view.failure.position, view.failure.type, view.failure.reason,
                )  # fmt: skip

    def _complete(self, views: Sequence[Bookmarked]) -> bool:
        """What rebuilds at the end of the log lack: indexes, made beside the work where they take long; then the swap,
        of all of them, so that views made for the first time are there together.

        False when it has to wait for either.
        """
        for view in views:
            view.has_come_to_the_end(self._connection)
        bare = [view for view in views if view.view.name not in self._kept.indexed]
        for view in bare:
            if view.position >= MANY:
                self._indexing.begin(view)
            else:
                rebuild.index(self._connection, view.view)
                self._kept.index(view.view.name)
        if bare:
            return any(view.position < MANY for view in bare)
        return bool(views) and not self._indexing.is_busy and self._kept.swap([view.view.name for view in views])

    def _indexed(self) -> bool:
        """Whether indexes were finished meanwhile: their views go on then."""
        done = self._indexing.done()
        for name in done:
            self._kept.index(name)
        return bool(done)


class Indexing:
    """Makes indexes on a connection of its own, one view after the other, while the work goes on."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pledger-indexes")
        self._under_way: dict[str, Future[None]] = {}
        self._connection: Connection | None = None

    def begin(self, view: Bookmarked) -> None:
        """Have the view's indexes made; it must not be written until they are."""
        self._under_way[view.view.name] = self._thread.submit(self._make, view.view)

    @property
    def is_busy(self) -> bool:
        return bool(self._under_way)

    def is_at(self, view: Bookmarked) -> bool:
        return view.view.name in self._under_way

    def done(self) -> list[str]:
        """The views whose indexes are finished since this was asked last. Raises what went wrong with one."""
        names = [name for name, future in self._under_way.items() if future.done()]
        for name in names:
            self._under_way.pop(name).result()
        return names

    def close(self) -> None:
        """Give up what is not finished."""
        if self._connection is not None:
            self._connection.cancel_safe(timeout=1.0)
        self._thread.shutdown(cancel_futures=True)

    def _make(self, view: View) -> None:
        with closing(connect_worker(self._dsn)) as self._connection:
            rebuild.index(self._connection, view)
        self._connection = None


def types_of(views: Sequence[Bookmarked]) -> frozenset[str]:
    return frozenset[str]().union(*(view.view.types for view in views))
