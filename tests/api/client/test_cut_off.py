"""A client whose connections are cut, before and after what it sent went on: every event once, every fact once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator

import pytest

from api.client import Client, Event, NewEvent, Patience, Receipt, event
from ledger.settings import Settings
from tests.api.cutting import Knife, Proxy
from tests.api.process import Remote, served

Times = Callable[[int, int], int]
STUBBORN = Patience(tries=40, first_seconds=0.01, most_seconds=0.2)


@pytest.fixture
def remote(settings: Settings) -> Iterator[Remote]:
    with served(settings, PLEDGER_EVENTS_PER_MINUTE="0", PLEDGER_READS_PER_MINUTE="0") as remote:
        yield remote


def auditor(remote: Remote) -> str:
    body = {"name": "auditor", "role": "auditor", "ledger": True}
    return str(remote.call(remote.admin_key, "POST", "/v1/credentials", body).body["api_key"])


def school(number: int) -> NewEvent:
    data = {"name": f"School {number:05d}", "kind": "school", "identifiers": []}
    return event("organisation.registered", data, source="urn:test:cut-off")


def schools_there(remote: Remote) -> list[str]:
    """The names of all that were registered, in ledger order, asked for past the proxy."""
    with Client(remote.url, auditor(remote)) as direct:
        return [str(one.data["name"]) for one in direct.events(type="organisation.registered", limit=1000)]


def post_through_cuts(remote: Remote, events: int, cuts: int, seed: int) -> None:
    """A third one by one, a third in atomic batches, a third in batches of events that stand alone."""
    schools = [school(number) for number in range(events)]
    third, receipts = events // 3, 0
    with (
        Proxy(remote.url, Knife(cuts, seed, before=20_000, after=20_000)) as proxy,
        Client(proxy.url, remote.admin_key, patience=STUBBORN, timeout_seconds=10) as client,
    ):
        for one in schools[:third]:
            receipts += isinstance(client.post(one), Receipt)
        for first in range(third, 2 * third, 20):
            receipts += len(client.post_batch(schools[first : min(first + 20, 2 * third)]))
        for outcome in client.post_each(schools[2 * third :], size=20):
            assert isinstance(outcome, Receipt), outcome
            receipts += 1
        assert proxy.knife.made == cuts, proxy.knife.cuts
        assert min(proxy.knife.cuts.values()) > cuts // 10
    assert receipts == events
    assert sorted(schools_there(remote)) == [one.data["name"] for one in schools]


def hear_through_cuts(remote: Remote, events: int, cuts: int, seed: int) -> None:
    """A reader whose line is cut while schools are registered, in batches and one by one."""
    key, heard = auditor(remote), list[int]()
    with (
        Client(remote.url, remote.admin_key) as direct,
        Proxy(remote.url, Knife(cuts, seed, before=1_500, after=10_000)) as proxy,
    ):
        began = int(direct.get("/v1/me")["position"])
        with Client(proxy.url, key, patience=STUBBORN) as reader:
            feed = reader.stream(began)
            writing = threading.Thread(target=write, args=(direct, events))
            writing.start()
            for one in feed:
                assert isinstance(one, Event)
                heard.append(one.position)
                if len(heard) == events:
                    break
            feed.close()
            writing.join()
        assert feed.position == began + events
        assert proxy.knife.made >= min(cuts, 5), proxy.knife.cuts
    assert heard == list(range(began + 1, began + 1 + events))


def write(client: Client, events: int) -> None:
    """Two of three come in batches."""
    schools = [school(number) for number in range(events)]
    for first in range(0, events, 30):
        some = schools[first : first + 30]
        client.post_batch(some[:20])
        for one in some[20:]:
            client.post(one)


def test_every_event_is_there_once_however_often_the_line_is_cut(remote: Remote) -> None:
    post_through_cuts(remote, events=180, cuts=10, seed=7)


def test_a_reader_whose_line_is_cut_misses_none_and_hears_none_twice(remote: Remote) -> None:
    hear_through_cuts(remote, events=150, cuts=10, seed=11)


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_ten_thousand_events_and_a_hundred_cuts(remote: Remote, times: Times) -> None:
    events = times(10_000, 1_000)
    post_through_cuts(remote, events=events, cuts=100, seed=random.SystemRandom().randrange(2**32))
    hear_through_cuts(remote, events=events, cuts=100, seed=random.SystemRandom().randrange(2**32))
