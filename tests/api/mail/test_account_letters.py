"""Where somebody is written to: their own pages, an invitation by mail, a sign-in from a new device, two senders."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING

import psycopg

from api.mail.mailing import mailing_of
from tests.api.browser import PASSWORD, Browser, errors_in, signed_in

if TYPE_CHECKING:
    from tests.api.mail.conftest import Post

ANN, NED = "ann@ashfield.example", "ned@northfield.example"
SITE = "https://ledger.harbour.example"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Gecko/20100101 Firefox/{}"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


def browser_of(post: Post, name: str, agent: str = MAC.format("130.0")) -> Browser:
    """A browser in which somebody has just signed in."""
    client = post.town.app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    post.pass_time(seconds=60)
    # The service has a public address with TLS, so that its cookie is sent by such a browser alone.
    client.environ_base["wsgi.url_scheme"] = "https"
    return signed_in(Secure(client), post.people[name])


class Secure(Browser):
    """A browser that reaches the service by its public address."""

    def open(self, path: str, **more: object):  # type: ignore[no-untyped-def]  # as Browser.open
        return self.http.get(path, base_url=SITE, **more)

    def send(self, path: str, page: str | None = None, /, **typed: str):  # type: ignore[no-untyped-def]  # as Browser.send
        held = {"csrf_token": self.token(page or path)}
        headers = {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}
        return self.http.post(path, data=held | typed, headers=headers, base_url=SITE)


def link_in(post: Post, address: str) -> str:
    body = post.last(address).get_body(("plain",))
    assert body is not None
    found = re.search(r"https://\S+", str(body.get_content()))
    assert found is not None
    return found[0]


def test_an_address_counts_once_its_owner_has_shown_that_it_is_theirs(post: Post) -> None:
    ned = post.people["ned"].joined.account.principal
    browser = browser_of(post, "ned")
    answer = browser.send("/account/letters/address", "/account/letters", address="office@northfield.example")
    assert (answer.status_code, answer.location) == (303, "/account/letters")
    assert "office@northfield.example" in browser.open("/account/letters").get_data(as_text=True)
    assert post.town.ledger.letters.reader(ned).address == NED
    post.look()
    link = link_in(post, "office@northfield.example")
    assert link.startswith(f"{SITE}/sign-in?next=%2Faccount%2Fletters%2Fproof%2F")
    proof = link.partition("next=")[2].replace("%2F", "/")
    stranger = browser_of(post, "ann")
    assert stranger.open(proof).status_code == 422
    assert browser.open(proof).status_code == 200
    assert post.town.ledger.letters.reader(ned).address == NED  # looking at it says nothing
    assert browser.send(proof).status_code == 303
    assert post.town.ledger.letters.reader(ned).address == "office@northfield.example"
    assert browser.open(proof).status_code == 422


def test_what_is_no_address_is_said_beside_its_field(post: Post) -> None:
    answer = browser_of(post, "ned").send("/account/letters/address", "/account/letters", address="ned at home")
    assert (answer.status_code, errors_in(answer)) == (422, ["address"])


def test_five_addresses_a_day_may_be_asked_for(post: Post) -> None:
    browser = browser_of(post, "ned")
    answers = [
        browser.send("/account/letters/address", "/account/letters", address=f"office{n}@x.example") for n in range(5)
    ]
    assert [one.status_code for one in answers] == [303, 303, 303, 303, 422]  # by one ned is written to already
    post.look()
    assert len([to for to, _ in post.office.letters if to.endswith("@x.example")]) == 4


def test_somebody_may_end_weekly_letters_or_all_of_them(post: Post) -> None:
    letters, ned = post.town.ledger.letters, post.people["ned"].joined.account.principal
    browser = browser_of(post, "ned")
    assert browser.send("/account/letters/weekly", "/account/letters", weekly="no").status_code == 303
    assert (letters.reader(ned).weekly, letters.reader(ned).address) == (False, NED)
    assert browser.send("/account/letters/weekly", "/account/letters", weekly="yes").status_code == 303
    assert letters.reader(ned).weekly
    assert browser.send("/account/letters/no-address", "/account/letters").status_code == 303
    assert letters.reader(ned).address is None


def test_what_waits_is_on_one_page_for_who_has_signed_in(post: Post) -> None:
    post.town.delivered("Northfield", "Ashfield", "3")
    post.keep_views()
    text = browser_of(post, "ann").open("/waiting").get_data(as_text=True)
    assert "Northfield recorded that it gave Ashfield 3 h" in text
    nobody = Secure(post.town.app.test_client()).open("/waiting")
    assert (nobody.status_code, nobody.location) == (303, "/sign-in?next=%2Fwaiting")


def test_an_invitation_goes_by_mail_and_its_link_works_once(post: Post) -> None:
    head = "head@ashfield.example"
    body = {"name": "Head", "role": "member", "organisations": [post.town.ids["Ashfield"]], "address": head}
    answer = post.town.post("admin", body, "/v1/invitations")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert "address" not in answer.get_json()
    post.look()
    link = link_in(post, head)
    assert link == answer.get_json()["link"]
    browser = Secure(post.town.app.test_client())
    assert browser.open(link.removeprefix(SITE)).status_code == 200
    assert post.town.ledger.letters.reader(answer.get_json()["principal"]).address == head
    with psycopg.connect(post.town.ledger.dsn) as connection:
        kept = connection.execute("SELECT to_jsonb(l)::text FROM pledger.letter l WHERE kind = 'invitation'").fetchone()
    assert kept is not None
    assert link.rpartition("/")[2] not in kept[0]


def test_an_invitation_that_was_ended_is_not_sent(post: Post) -> None:
    body = {"name": "Head", "role": "admin", "address": "head@x.example"}
    made = post.town.post("admin", body, "/v1/invitations").get_json()
    post.town.http.delete(f"/v1/invitations/{made['id']}", headers=post.town.as_("admin"))
    post.look()
    assert post.office.to("head@x.example") == []


def test_an_invitation_to_no_address_is_refused_before_anybody_is_invited(post: Post) -> None:
    body = {"name": "Head", "role": "admin", "address": "nowhere"}
    answer = post.town.post("admin", body, "/v1/invitations")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "address-refused")
    assert "Head" not in [one["name"] for one in post.town.get("admin", "/v1/invitations").get_json()["items"]]


def test_a_sign_in_from_a_new_kind_of_browser_is_told_and_another_version_is_none(post: Post) -> None:
    for version in ("130.0", "131.0.2"):
        browser_of(post, "ann", MAC.format(version))
    post.look()
    assert post.subjects(ANN) == []
    browser_of(post, "ann", PHONE)
    post.look()
    assert post.subjects(ANN) == ["A sign-in from a new device"]
    assert "from an iPhone" in str(post.last(ANN).get_body(("plain",)))
    browser_of(post, "ann", PHONE)
    post.look()
    assert len(post.subjects(ANN)) == 1
    assert PASSWORD not in str(post.last(ANN))


def test_nothing_of_somebody_whose_account_has_ended_is_kept(post: Post) -> None:
    browser_of(post, "ann")
    ann = post.people["ann"].joined.account
    post.town.ledger.people.end(post.town.ledger.credentials.authenticate(post.town.keys["admin"]), ann.id)
    post.look()
    with psycopg.connect(post.town.ledger.dsn) as connection:
        tables = ("letter_reader WHERE principal = %(who)s", "known_device WHERE account = %(account)s")
        given = {"who": ann.principal, "account": ann.id}
        assert [connection.execute(f"SELECT FROM pledger.{one}", given).rowcount for one in tables] == [0, 0]


def test_two_senders_send_a_letter_once(post: Post) -> None:
    ledger, models, stop = post.town.ledger, post.town.app.extensions["pledger.read_models"], threading.Event()
    senders = [mailing_of(ledger, models) for _ in range(2)]
    threads = [threading.Thread(target=one.run, args=(stop,)) for one in senders if one is not None]
    for thread in threads:
        thread.start()
    ledger.letters.ask(post.people["ned"].joined.account.principal, "office@northfield.example")
    until = time.monotonic() + 20
    while not post.office.to("office@northfield.example") and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join(10)
    assert len(threads) == 2
    assert len(post.office.to("office@northfield.example")) == 1
    assert [one.trouble for one in senders if one is not None] == [None, None]
