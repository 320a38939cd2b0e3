"""Letters as they leave, from what was recorded to the mail server."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.mail.numbers import letter_numbers
from api.mail.outbox import Outbox
from ledger.eventstore.pool import RolePool
from tests.api.calls import event

if TYPE_CHECKING:
    from tests.api.mail.conftest import Post

ANN, NED = "ann@ashfield.example", "ned@northfield.example"
MONDAY = {"days": 4, "hours": 22}  # from Wednesday, 10:00, to Monday 7 September, 08:00 in London


def plain(post: Post, address: str) -> str:
    body = post.last(address).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def disputed(post: Post) -> None:
    delivery = post.town.delivered("Northfield", "Ashfield", "3")
    dispute = {"delivery_id": "d1", "reason": "It was two hours"}
    post.town.said("Ashfield", "support.delivery_disputed", delivery["stream"]["id"], **dispute)


def test_on_monday_who_may_confirm_gets_one_letter_and_who_has_nothing_gets_none(post: Post) -> None:
    post.town.delivered("Northfield", "Ashfield", "3")
    post.look()
    assert post.subjects(ANN) == []
    post.pass_time(**MONDAY)
    post.look()
    post.look()
    assert (post.subjects(ANN), post.subjects(NED)) == (["Waiting for you: 1 delivery to confirm"], [])
    numbers = letter_numbers(post.town.ledger.dsn).by_state
    assert (numbers["empty"], numbers["waiting"], post.states()) == (1, 0, {})
    post.pass_time(hours=20)
    post.look()
    assert len(post.subjects(ANN)) == 1
    post.pass_time(days=6, hours=5)
    post.look()
    assert len(post.subjects(ANN)) == 2
    assert "It has waited for 8 school days." in plain(post, ANN)


def test_a_weekly_letter_has_text_and_html_one_link_to_the_sign_in_and_one_click_to_end_it(post: Post) -> None:
    post.town.delivered("Northfield", "Ashfield", "3")
    post.pass_time(**MONDAY)
    post.look()
    message, text = post.last(ANN), plain(post, ANN)
    assert (message["From"], message["To"]) == ("Harbour <ledger@harbour.example>", ANN)
    assert (message["Auto-Submitted"], message["List-Unsubscribe-Post"]) == (
        "auto-generated",
        "List-Unsubscribe=One-Click",
    )
    off = str(message["List-Unsubscribe"]).strip("<>")
    links = re.findall(r"https?://\S+", text)
    assert links == ["https://ledger.harbour.example/sign-in?next=%2Fwaiting", off]
    html = message.get_body(("html",))
    assert html is not None
    marked_up = str(html.get_content())
    assert "Northfield recorded that it gave Ashfield 3 h" in marked_up
    assert re.findall(r'href="([^"]+)"', marked_up) == links
    assert "<img" not in marked_up
    assert "<script" not in marked_up
    path = off.removeprefix("https://ledger.harbour.example")
    assert post.town.http.get(path).status_code == 200
    assert post.town.ledger.letters.reader(post.people["ann"].joined.account.principal).weekly
    done = post.town.http.post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    post.pass_time(days=7)
    post.look()
    assert len(post.subjects(ANN)) == 1


@pytest.mark.parametrize("token", ["x", "A" * 43, "é", "AAAA"])
def test_a_click_that_stands_in_no_letter_ends_nothing(post: Post, token: str) -> None:
    assert post.town.http.post(f"/letters/off/{token}").status_code == 404


def test_a_query_is_told_at_once_to_who_gave_without_the_reason(post: Post) -> None:
    disputed(post)
    post.look()
    assert (post.subjects(NED), post.subjects(ANN)) == (["Queried by Ashfield"], [])
    assert "Ashfield queried the 3 h that Northfield recorded for Wed 2 Sep 2026." in plain(post, NED)
    assert "two hours" not in plain(post, NED)
    assert "List-Unsubscribe" not in post.last(NED)
    post.look()
    assert len(post.subjects(NED)) == 1


def test_what_is_over_before_it_is_told_is_not_told(post: Post) -> None:
    post.office.busy = "451 later"
    disputed(post)
    post.look()
    assert post.states() == {"query": "waiting"}
    post.town.ledger.letters.forget(post.people["ned"].joined.account.principal)
    post.office.busy = None
    post.pass_time(minutes=1)
    post.look()
    assert (post.states(), post.subjects(NED)) == ({"query": "void"}, [])


def test_a_new_key_of_the_school_is_told_to_its_people(post: Post) -> None:
    post.town.key("booking", "client", "Ashfield")
    post.look()
    assert (post.subjects(ANN), post.subjects(NED)) == (["A new credential"], [])
    assert "to another program for Ashfield" in plain(post, ANN)


def test_a_server_that_is_busy_is_tried_again_with_growing_gaps(post: Post) -> None:
    post.office.busy = "451 later"
    disputed(post)
    gaps: list[datetime] = []
    for _ in range(4):
        post.look()
        with psycopg.connect(post.town.ledger.dsn) as connection:
            row = connection.execute("SELECT next_try_at FROM pledger.letter WHERE kind = 'query'").fetchone()
        assert row is not None
        gaps.append(row[0] - post.now)
        post.pass_time(seconds=gaps[-1].total_seconds() + 1)  # type: ignore[attr-defined]  # the difference of two moments
    assert gaps == sorted(gaps)
    numbers = letter_numbers(post.town.ledger.dsn)
    assert (numbers.by_state["waiting"], numbers.failing) == (1, 1)
    post.office.busy = None
    post.look()
    assert (post.states(), post.subjects(NED)) == ({"query": "sent"}, ["Queried by Ashfield"])


def test_after_three_days_a_letter_is_given_up(post: Post) -> None:
    post.office.busy = "451 later"
    disputed(post)
    post.look()
    post.pass_time(days=3, seconds=1)
    post.look()
    assert post.states() == {"query": "given_up"}


def test_a_weekly_letter_is_given_up_with_its_week(post: Post) -> None:
    post.town.delivered("Northfield", "Ashfield", "3")
    post.pass_time(**MONDAY)
    post.office.busy = "451 later"
    post.look()
    post.pass_time(hours=48)
    post.look()
    assert letter_numbers(post.town.ledger.dsn).by_state["given_up"] == 1


def test_an_address_that_is_not_there_any_more_is_seen_in_the_numbers(post: Post) -> None:
    post.office.says = {NED: "550 nobody of this name"}
    disputed(post)
    assert post.look() is None
    assert post.states() == {"query": "bounced"}
    assert letter_numbers(post.town.ledger.dsn).by_state["bounced"] == 1


def test_what_was_in_hand_when_a_sender_died_goes_again_but_no_weekly_letter_does(post: Post) -> None:
    post.town.delivered("Northfield", "Ashfield", "3")
    post.pass_time(**MONDAY)
    post.office.busy = "451 later"
    disputed(post)
    post.look()
    with psycopg.connect(post.town.ledger.dsn) as connection:
        connection.execute("UPDATE pledger.letter SET state = 'sending' WHERE state = 'waiting'")
    post.office.busy = None
    post.pass_time(minutes=1)
    post.look()
    assert (post.subjects(ANN), post.subjects(NED)) == ([], ["Queried by Ashfield"])
    assert letter_numbers(post.town.ledger.dsn).by_state["unknown"] == 1


def test_a_letter_is_in_one_hand(post: Post) -> None:
    post.office.busy = "451 later"
    disputed(post)
    post.look()
    pool = RolePool(post.town.ledger.dsn, "pledger_access", 2)
    outbox, taken = Outbox(pool), []
    post.pass_time(minutes=1)
    [row] = outbox.due(post.now)
    hands = [threading.Thread(target=lambda: taken.append(outbox.claim(row.key))) for _ in range(4)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    pool.close()
    assert sorted(taken) == [False, False, False, True]


def test_nothing_that_a_letter_says_is_kept(post: Post) -> None:
    disputed(post)
    post.look()
    with psycopg.connect(post.town.ledger.dsn) as connection:
        rows = connection.execute("SELECT carried, to_jsonb(l)::text FROM pledger.letter l").fetchall()
    assert all(carried is None for carried, _ in rows)
    assert not any("field" in text for _, text in rows)


def test_what_was_recorded_before_letters_were_sent_is_told_to_nobody(post: Post) -> None:
    with psycopg.connect(post.town.ledger.dsn) as connection:
        connection.execute("DELETE FROM pledger.letter_progress")
    disputed(post)
    post.look()
    assert post.subjects(NED) == []
    given = event("organisation.details_changed", post.town.ids["Ashfield"], pupils=210)
    assert post.town.post("admin", given).status_code == 201
