"""Calendar feeds: made by their reader, read by whoever has the address, ended by one click."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from icalendar import Calendar
from werkzeug.test import TestResponse

from api.signing_in import CSRF_HEADER
from ledger.clock import SetClock
from ledger.credentials import NewCredential
from ledger.settings import Settings
from tests.api.browser import ORIGIN, Browser, person_with_account, signed_in
from tests.api.calls import Town, hours

FEEDS = "/v1/calendar-feeds"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, calendar_feeds_max=2)


@pytest.fixture
def cluster(served: Town) -> Town:
    for name in ("Northfield", "Ashfield", "Oakwood"):
        served.school(name)
    served.cluster("Harbour Maths", "Harbour Hub", "Northfield", "Ashfield", ends_on="2027-07-31")
    return served


def made(town: Town, whose: str, **body: str) -> dict[str, Any]:
    answer = town.post(whose, body, FEEDS)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type


def path_of(feed: dict[str, Any]) -> str:
    return str(feed["address"]).removeprefix("http://localhost")


def entries(town: Town, feed: dict[str, Any]) -> list[tuple[date, str]]:
    """The days of a feed with what they say, read without any credential."""
    caught_up(town)
    answer = town.http.get(path_of(feed))
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    events: list[Any] = read(answer).walk("VEVENT")
    return [(one["DTSTART"].dt, str(one["SUMMARY"])) for one in events]


def read(answer: TestResponse) -> Any:
    """The calendar, read by the library's other half."""
    return Calendar.from_ical(answer.get_data())


def caught_up(town: Town) -> None:
    town.app.extensions["pledger.read_models"].wait_for(town.ledger.head(), 5)


def test_a_school_has_its_days_in_its_calendar(cluster: Town) -> None:
    offered = {"giver_id": cluster.ids["Northfield"], "category": "maths", "summary": "Planning", "amount": hours("3")}
    offered |= {"available_from": "2026-09-01", "available_until": "2026-10-15", "open_to": {"to": "pool"}}
    cluster.said("Northfield", "support.offered", **offered)
    assert entries(cluster, made(cluster, "Northfield")) == [
        (date(2026, 10, 1), "A point at which a partner may leave opens: Northfield, Harbour Maths"),
        (date(2026, 10, 15), "Offer runs out: Northfield"),
        (date(2026, 10, 31), "Last day to give notice: Northfield, Harbour Maths"),
        (date(2026, 11, 30), "Review of the partnership due: Harbour Maths"),
        (date(2027, 6, 1), "A point at which a partner may leave opens: Northfield, Harbour Maths"),
        (date(2027, 7, 1), "Last day to give notice: Northfield, Harbour Maths"),
    ]


def test_what_is_the_same_for_all_partners_is_told_their_coordinator_once(cluster: Town) -> None:
    told = [text for _, text in entries(cluster, made(cluster, "coordinator"))]
    assert told == [
        "A point at which a partner may leave opens: Harbour Maths",
        "Last day to give notice: Harbour Maths",
        "Review of the partnership due: Harbour Maths",
        "A point at which a partner may leave opens: Harbour Maths",
        "Last day to give notice: Harbour Maths",
    ]


def test_strangers_have_no_days_of_a_partnership(cluster: Town) -> None:
    assert entries(cluster, made(cluster, "Oakwood")) == []


def test_a_planned_peer_review_stands_in_the_calendars_of_both_sides(cluster: Town) -> None:
    planned: dict[str, Any] = {
        "reviewed_id": cluster.ids["Ashfield"],
        "lead_id": cluster.ids["Northfield"],
        "on": "2026-10-08",
    }
    planned["reviewers"] = [{"organisation_id": cluster.ids["Northfield"]}]
    cluster.said("Ashfield", "review.scheduled", **planned)
    for name in ("Northfield", "Ashfield"):
        assert (date(2026, 10, 8), "Peer review planned: Ashfield") in entries(cluster, made(cluster, name))


def test_the_calendar_is_whole_days_that_keep_their_names(cluster: Town, clock: SetClock) -> None:
    feed = made(cluster, "Northfield", name="Maths, all of it")
    caught_up(cluster)
    first = read(cluster.http.get(path_of(feed)))
    clock.advance(timedelta(days=1))
    later = read(cluster.http.get(path_of(feed)))
    assert (str(first["X-WR-CALNAME"]), str(first["X-WR-TIMEZONE"])) == ("Maths, all of it", "Europe/London")
    assert first["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert (str(first["X-PUBLISHED-TTL"]), str(first["VERSION"])) == ("PT6H", "2.0")
    events = first.walk("VEVENT")
    assert {one["DTEND"].dt - one["DTSTART"].dt for one in events} == {timedelta(days=1)}
    assert {type(one["DTSTART"].dt) for one in events} == {date}
    uids = [str(one["UID"]) for one in events]
    assert len(set(uids)) == len(uids) == 5
    assert [str(one["UID"]) for one in later.walk("VEVENT")] == uids


def test_nothing_but_days_and_names_leaves(cluster: Town) -> None:
    feed = made(cluster, "Northfield")
    caught_up(cluster)
    members = {name for one in read(cluster.http.get(path_of(feed))).walk("VEVENT")
               for name in one}  # fmt: skip
    assert members == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CATEGORIES", "TRANSP"}


def test_who_has_it_already_gets_it_no_second_time(cluster: Town) -> None:
    feed = made(cluster, "Northfield")
    caught_up(cluster)
    first = cluster.http.get(path_of(feed))
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = cluster.http.get(path_of(feed), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_the_address_is_told_once_and_kept_nowhere(cluster: Town) -> None:
    feed = made(cluster, "Northfield", name="Maths")
    secret = path_of(feed).removeprefix("/v1/calendar/").removesuffix(".ics")
    assert len(secret) == 43
    [listed] = cluster.get("Northfield", FEEDS).get_json()["items"]
    assert listed == {"id": feed["id"], "name": "Maths", "made_at": feed["made_at"]}
    with psycopg.connect(cluster.ledger.dsn) as connection:
        assert secret not in str(connection.execute("SELECT f::text FROM pledger.calendar_feed f").fetchall())


def test_a_feed_is_ended_by_its_maker_alone(cluster: Town) -> None:
    feed = made(cluster, "Northfield")
    address, own = path_of(feed), f"{FEEDS}/{feed['id']}"
    assert cluster.get("Ashfield", FEEDS).get_json()["items"] == []
    assert cluster.http.delete(own, headers=cluster.as_("Ashfield")).status_code == 404
    assert cluster.http.get(address).status_code == 200
    assert cluster.http.delete(own, headers=cluster.as_("Northfield")).status_code == 204
    assert cluster.http.get(address).status_code == 404
    assert cluster.http.delete(own, headers=cluster.as_("Northfield")).status_code == 404


def test_a_feed_ends_with_the_key_it_was_made_with(cluster: Town, clock: SetClock) -> None:
    cluster.key("visitor", "member", "Northfield", expires_at=clock.now() + timedelta(hours=1))
    ending, expiring = made(cluster, "Northfield"), made(cluster, "visitor")
    [credential] = [one for one in cluster.ledger.credentials.list() if one.name == "Northfield"]
    cluster.ledger.credentials.revoke(cluster.admin, credential.id)
    assert cluster.http.get(path_of(ending)).status_code == 404
    assert cluster.http.get(path_of(expiring)).status_code == 200
    clock.advance(timedelta(hours=1))
    assert cluster.http.get(path_of(expiring)).status_code == 404


def test_who_is_signed_in_makes_a_feed_that_ends_with_the_account(cluster: Town) -> None:
    admin = cluster.ledger.credentials.authenticate(cluster.keys["admin"])
    ann = person_with_account(
        cluster.ledger, admin, NewCredential(name="Ann", role="member", organisations=[cluster.ids["Northfield"]])
    )
    cluster.ledger.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the test's clock can be moved
    browser = signed_in(Browser(cluster.http), ann)
    headers = {CSRF_HEADER: browser.token(), "Origin": ORIGIN}
    answer = browser.http.post(FEEDS, json={}, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    feed = answer.get_json()
    assert len(entries(cluster, feed)) == 5
    assert [one["id"] for one in browser.open(FEEDS).get_json()["items"]] == [feed["id"]]
    cluster.ledger.people.end(admin, ann.joined.account.id)
    assert cluster.http.get(path_of(feed)).status_code == 404


def test_an_access_token_is_too_short_lived_for_a_feed(cluster: Town) -> None:
    key = cluster.key("machine", "client", "Northfield")
    token = cluster.ledger.tokens.issue(cluster.ledger.credentials.shown(key)).text
    answer = cluster.http.post(FEEDS, json={}, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not-with-a-token")


def test_what_its_maker_may_see_no_longer_is_gone_from_its_calendar(cluster: Town) -> None:
    feed = made(cluster, "Ashfield")
    assert len(entries(cluster, feed)) == 5
    left = {"organisation_id": cluster.ids["Ashfield"], "on": "2026-09-01", "removed": True, "reason": "Moved on"}
    cluster.said("coordinator", "partnership.partner_left", cluster.ids["Harbour Maths"], **left)
    assert entries(cluster, feed) == []


@pytest.mark.parametrize("feed", ["x", "A" * 43, "A" * 44, "..", "%00", "é" * 43])
def test_an_address_that_nobody_made_leads_nowhere(cluster: Town, feed: str) -> None:
    assert cluster.http.get(f"/v1/calendar/{feed}.ics").status_code == 404


def test_a_reader_has_so_many_feeds_and_no_more(cluster: Town) -> None:
    first, _ = made(cluster, "Northfield"), made(cluster, "Northfield")
    refused = cluster.post("Northfield", {}, FEEDS)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too-many-feeds")
    cluster.http.delete(f"{FEEDS}/{first['id']}", headers=cluster.as_("Northfield"))
    assert made(cluster, "Northfield")["id"] != first["id"]


def test_who_reads_nothing_makes_no_feed(cluster: Town) -> None:
    cluster.key("writer", "client", "Ashfield", scopes=["events:write"])
    assert cluster.post("admin", {}, FEEDS).get_json()["code"] == "role-forbidden"
    assert cluster.post("writer", {}, FEEDS).get_json()["code"] == "scope-missing"


def test_an_auditor_has_the_days_of_its_scope(cluster: Town) -> None:
    cluster.key("auditor", "auditor", whole_ledger=True)
    told = [text for _, text in entries(cluster, made(cluster, "auditor"))]
    assert told.count("Review of the partnership due: Harbour Maths") == 1
    assert len(told) == 5
