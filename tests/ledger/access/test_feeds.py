"""A feed is known by its address alone, and lives as long as what it was made with."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from ledger.access.feeds import CalendarFeeds, MadeWith, NoSuchFeed, TooManyFeeds
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from tests.story import Village


@pytest.fixture
def village(ledger: Ledger) -> Village:
    village = Village(ledger)
    village.school("Northfield")
    return village


@pytest.fixture
def feeds(ledger: Ledger) -> CalendarFeeds:
    return ledger.calendar_feeds


def a_key(village: Village) -> tuple[Speaker, MadeWith]:
    """A member of Northfield, and what its feeds are made with."""
    new = NewCredential(name="Ann", role="member", organisations=[village.ids["Northfield"]])
    credential, key = village.ledger.credentials.issue(village.admin, new)
    return village.ledger.credentials.authenticate(key), MadeWith(credential=credential.id)


def test_who_has_the_address_reads_as_its_maker(village: Village, feeds: CalendarFeeds) -> None:
    ann, with_key = a_key(village)
    _, address = feeds.make(ann, with_key, "Maths")
    assert feeds.subscriber(address) == (ann, "Maths")
    assert feeds.make(ann, with_key, "Maths")[1] != address


@pytest.mark.parametrize("address", ["", "x", "A" * 43, "A" * 42 + "\n"])
def test_no_other_address_leads_anywhere(feeds: CalendarFeeds, address: str) -> None:
    with pytest.raises(NoSuchFeed):
        feeds.subscriber(address)


def test_that_it_was_fetched_is_noted_each_hour(village: Village, feeds: CalendarFeeds, clock: SetClock) -> None:
    ann, with_key = a_key(village)
    _, address = feeds.make(ann, with_key, "Maths")
    assert feeds.list(ann)[0].read_at is None
    feeds.subscriber(address)
    first = clock.now()
    clock.advance(timedelta(minutes=59))
    feeds.subscriber(address)
    assert feeds.list(ann)[0].read_at == first
    clock.advance(timedelta(minutes=1))
    feeds.subscriber(address)
    assert feeds.list(ann)[0].read_at == clock.now()


def test_feeds_whose_key_was_revoked_are_gone_and_count_no_more(village: Village, feeds: CalendarFeeds) -> None:
    ann, with_key = a_key(village)
    most = village.ledger.settings.calendar_feeds_max
    addresses = [feeds.make(ann, with_key, "Maths")[1] for _ in range(most)]
    with pytest.raises(TooManyFeeds):
        feeds.make(ann, with_key, "Maths")
    new = NewCredential(name="Ann's other key", role="member", organisations=[village.ids["Northfield"]],
                        principal=ann.principal)  # fmt: skip
    other, _ = village.ledger.credentials.issue(village.admin, new)
    village.ledger.credentials.revoke(village.admin, str(with_key.credential))
    assert feeds.list(ann) == []
    with pytest.raises(NoSuchFeed):
        feeds.subscriber(addresses[0])
    _, address = feeds.make(ann, MadeWith(credential=other.id), "Maths")
    assert feeds.subscriber(address).speaker == ann


def test_many_at_once_make_no_more_than_there_may_be(village: Village, feeds: CalendarFeeds) -> None:
    ann, with_key = a_key(village)

    def make() -> None:
        with suppress(TooManyFeeds):
            feeds.make(ann, with_key, "Maths")

    threads = [threading.Thread(target=make) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(feeds.list(ann)) == village.ledger.settings.calendar_feeds_max
