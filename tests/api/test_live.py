"""The live feed, without a server between: what is sent, to whom, and when it ends."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.clock import SetClock
from ledger.settings import Settings
from tests.api.calls import Town, event
from tests.api.listening import Ear, Heard


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Two streams of one principal, three in all; they say every 0.2 seconds how far they are."""
    return replace(settings, stream_heartbeat_seconds=0.2, streams_per_principal=2, streams_max=3)


@pytest.fixture
def village(town: Town) -> Town:
    for name in ("Northfield", "Ashfield", "Oakwood"):
        town.school(name)
    return town


def heard_until(ear: Ear, position: int) -> list[Heard]:
    """What a reader hears, heartbeats left out, until it knows everything up to a position."""
    found = []
    while (one := ear.next()).id < position:
        found += [one] if one.name != "heartbeat" else []
    return [*found, one] if one.name != "heartbeat" else found


def test_a_reader_hears_what_it_may_see_as_it_is_printed_everywhere(village: Town) -> None:
    with Ear(village, "Ashfield") as ear:
        begun = ear.next()
        village.delivered("Oakwood", "Northfield", "3")
        mine = village.delivered("Northfield", "Ashfield", "2")
        heard = ear.next("message")
    assert (begun.name, begun.id, begun.data) == ("heartbeat", mine["position"] - 2, {"position": begun.id})
    assert heard.id == mine["position"]
    [printed] = village.get("Ashfield", f"/v1/events?after={mine['position'] - 1}").get_json()["events"]
    assert heard.data == printed


def test_the_stream_is_neither_kept_nor_held_back_on_its_way(village: Town) -> None:
    with Ear(village, "Ashfield") as ear:
        headers = ear.answer.headers
        assert headers["Content-Type"].startswith("text/event-stream")
        assert (headers["Cache-Control"], headers["X-Accel-Buffering"]) == ("no-store", "no")
    assert village.http.head("/v1/stream", headers=village.as_("Ashfield")).status_code == 200


def test_what_was_recorded_before_is_sent_from_where_the_reader_says(village: Town) -> None:
    first = village.delivered("Northfield", "Ashfield")
    second = village.delivered("Oakwood", "Ashfield")
    with Ear(village, "Ashfield", f"?after={first['position'] - 1}") as ear:
        assert [ear.next("message").id, ear.next("message").id] == [first["position"], second["position"]]
    with Ear(village, "Ashfield", "?after=0", Last_Event_ID=str(first["position"])) as ear:
        assert ear.next("message").id == second["position"]


def test_the_filters_are_those_of_the_list(village: Town) -> None:
    village.delivered("Oakwood", "Ashfield")
    wanted = village.delivered("Northfield", "Ashfield")
    village.said("Ashfield", "support.delivery_confirmed", wanted["stream"]["id"], delivery_id="d1")
    query = f"?after=0&type=support.delivered&organisation={village.ids['Northfield']}"
    with Ear(village, "Ashfield", query) as ear:
        assert [one.id for one in heard_until(ear, village.ledger.head())] == [wanted["position"]]


@pytest.mark.parametrize(
    ("query", "headers"),
    [("?after=-1", {}), ("?afer=1", {}), ("?limit=5", {}), ("", {"Last_Event_ID": "x"}), ("", {"Last_Event_ID": "-1"})],
)
def test_what_cannot_be_read_is_refused_before_anything_is_sent(
    village: Town, query: str, headers: dict[str, str]
) -> None:
    assert village.get("Ashfield", f"/v1/stream{query}", **headers).status_code == 400


def test_the_heartbeat_leads_over_what_the_reader_does_not_see(village: Town) -> None:
    """A window of 10,000 positions is looked through at a time; the reader sees nothing of them."""
    before = village.ledger.head()
    for batch in range(12):
        names = [f"School {batch} {number}" for number in range(1_000)]
        events = [event("organisation.registered", name=name, kind="school", identifiers=[]) for name in names]
        assert village.post("admin", events).status_code == 201
    mine = village.delivered("Northfield", "Ashfield")
    with Ear(village, "Ashfield", f"?after={before}") as ear:
        began = time.monotonic()
        assert [one.id for one in heard_until(ear, mine["position"])] == [mine["position"]]
        assert time.monotonic() - began < 10
    with Ear(village, "Oakwood", f"?after={before}") as ear:
        assert heard_until(ear, mine["position"]) == []
        assert ear.next().id == mine["position"]


def test_a_new_partner_is_told_to_read_afresh_and_then_sees_more(village: Town) -> None:
    cluster = village.cluster("Harbour Maths", "Harbour Hub", "Northfield", "Ashfield", invited=("Oakwood",))
    formed = village.ledger.head()
    with Ear(village, "Oakwood") as ear:
        assert ear.next().name == "heartbeat"
        village.said("Oakwood", "partnership.partner_accepted", cluster, organisation_id=village.ids["Oakwood"],
                     on="2026-09-01")  # fmt: skip
        resync, accepted = ear.next("resync", "message"), ear.next("message")
        other = village.delivered("Northfield", "Ashfield", partnership_id=cluster)
        seen = ear.next("message")
    assert (resync.name, resync.id, resync.data["code"]) == ("resync", formed, "scope-changed")
    assert [accepted.id, seen.id] == [formed + 1, other["position"]]


def formed_by_northfield(village: Town, starts_on: str) -> int:
    """Northfield forms a partnership with Ashfield, and is in it from the first day; answers the position."""
    village.key("coordinator", "coordinator", "Northfield")
    aim = {"aim_id": "maths", "statement": "Raise attainment", "due_on": "2027-07-01"}
    said = {"name": "Harbour", "purpose": "Better mathematics", "aims": [aim], "starts_on": starts_on, "terms": {}}
    said["partners"] = [{"organisation_id": village.ids[one], "role": "partner"} for one in ("Northfield", "Ashfield")]
    formed = village.said("coordinator", "partnership.formed", **said, coordinator_id=village.ids["Northfield"])
    return int(formed["position"])


def test_a_partnership_formed_just_now_is_no_reason_to_read_afresh(village: Town) -> None:
    with Ear(village, "Northfield") as ear:
        assert ear.next().name == "heartbeat"
        formed = formed_by_northfield(village, "2026-09-01")
        assert {one.name for one in heard_until(ear, formed)} == {"message"}


def test_a_partner_that_has_left_is_told_to_read_afresh(village: Town, clock: SetClock) -> None:
    cluster = village.cluster("Harbour Maths", "Harbour Hub", "Northfield", "Ashfield", "Oakwood")
    with Ear(village, "Oakwood") as ear:
        assert ear.next().name == "heartbeat"
        left = {"organisation_id": village.ids["Oakwood"], "on": "2026-09-01", "removed": True, "reason": "Moved on"}
        village.said("coordinator", "partnership.partner_left", cluster, **left)
        heard = heard_until(ear, village.ledger.head())
        hidden = village.delivered("Northfield", "Ashfield", partnership_id=cluster)
        assert heard_until(ear, hidden["position"]) == []
    assert [(one.name, one.data.get("type", "")) for one in heard] == [
        ("resync", ""), ("message", "partnership.partner_left"),
    ]  # fmt: skip


def test_who_was_away_while_its_scope_changed_is_told_on_its_return(village: Town) -> None:
    cluster = village.cluster("Harbour Maths", "Harbour Hub", "Northfield", "Ashfield", invited=("Oakwood",))
    last = village.ledger.head()
    accepted = {"organisation_id": village.ids["Oakwood"], "on": "2026-09-01"}
    village.said("Oakwood", "partnership.partner_accepted", cluster, **accepted)
    with Ear(village, "Oakwood", Last_Event_ID=str(last)) as ear:
        assert [ear.next().name, ear.next().name, ear.next().name] == ["resync", "heartbeat", "message"]
    for name, after in (("Ashfield", last), ("Oakwood", last + 1)):
        with Ear(village, name, Last_Event_ID=str(after)) as ear:
            assert ear.next().name == "heartbeat"


def test_a_day_may_change_what_is_seen(village: Town, clock: SetClock) -> None:
    last = formed_by_northfield(village, "2026-09-02")
    with Ear(village, "Northfield") as ear:
        assert ear.next().name == "heartbeat"
        clock.advance(timedelta(days=1))
        assert ear.next("resync").data == {"position": last, "code": "scope-changed"}
    with Ear(village, "Northfield", Last_Event_ID=str(last)) as ear:
        assert ear.next().name == "resync"


def test_who_knows_more_than_there_is_reads_afresh(village: Town) -> None:
    head = village.ledger.head()
    with Ear(village, "Ashfield", Last_Event_ID=str(head + 7)) as ear:
        assert ear.next() == Heard("resync", head, {"position": head, "code": "position-unknown"})


def test_the_stream_ends_with_the_credential(village: Town) -> None:
    keys = {one.name: one.id for one in village.ledger.credentials.list()}
    with Ear(village, "Ashfield") as ear:
        assert ear.next().name == "heartbeat"
        began = time.monotonic()
        village.ledger.credentials.revoke(village.admin, keys["Ashfield"])
        *_, end = ear.rest()
        assert (end.name, end.data["code"]) == ("end", "unauthorised")
        assert time.monotonic() - began < 2


def test_the_stream_ends_when_the_credential_expires(village: Town, clock: SetClock) -> None:
    village.key("visitor", "member", "Ashfield", expires_at=clock.now() + timedelta(hours=1))
    with Ear(village, "visitor") as ear:
        assert ear.next().name == "heartbeat"
        clock.advance(timedelta(hours=2))
        assert ear.rest()[-1].name == "end"


def test_who_reads_no_facts_hears_none(village: Town) -> None:
    village.key("writer", "client", "Ashfield", scopes=["events:write"])
    assert village.get("admin", "/v1/stream").get_json()["code"] == "role-forbidden"
    assert village.get("writer", "/v1/stream").get_json()["code"] == "scope-missing"


def test_there_are_so_many_places_and_no_more(village: Town) -> None:
    with Ear(village, "Ashfield") as first, Ear(village, "Ashfield"):
        for name in ("Ashfield", "Northfield"):
            with Ear(village, "Northfield"):
                refused = village.get(name, "/v1/stream")
                assert (refused.status_code, refused.get_json()["code"]) == (503, "too-many-streams")
                assert int(refused.headers["Retry-After"]) > 0
        first.close()
        with Ear(village, "Ashfield") as again:
            assert again.next().name == "heartbeat"


def test_a_place_that_is_given_back_meanwhile_is_waited_for(village: Town) -> None:
    with Ear(village, "Ashfield") as first, Ear(village, "Ashfield"):
        threading.Timer(0.5, first.close).start()
        with Ear(village, "Ashfield") as third:
            assert third.next().name == "heartbeat"


def test_every_stream_ends_when_the_service_stops(village: Town) -> None:
    with Ear(village, "Ashfield") as ear:
        assert ear.next().name == "heartbeat"
        threading.Timer(0.1, village.app.extensions["pledger.streams"].end).start()
        assert {one.name for one in ear.rest()} <= {"heartbeat"}
        assert village.get("Northfield", "/v1/stream").status_code == 503
