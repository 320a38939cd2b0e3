"""Handing a letter to a real mail server: sealed where it leaves the machine, and told apart how it was refused."""

from __future__ import annotations

import socket
from email.message import EmailMessage
from pathlib import Path

import pytest

from api.mail.sender import NotTaken, Sender
from ledger.readers import MailServer, mail_server, mailbox
from tests.api.mail.post_office import PASSWORD, open_office
from tests.api.webhooks.certificates import Authority

ANN = "ann@northfield.example"


def a_letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ledger <ledger@harbour.example>", ANN, "Hello"
    message.set_content("Some words\n")
    return message


def refused(sender: Sender, to: str = ANN) -> NotTaken:
    with pytest.raises(NotTaken) as found:
        sender.send(a_letter(), to)
    return found.value


def test_on_this_machine_a_letter_goes_as_the_server_likes_it() -> None:
    with open_office() as office:
        Sender(office.server(), None).send(a_letter(), ANN)
        assert [message["Subject"] for message in office.to(ANN)] == ["Hello"]
        assert office.sealed == [False]


def test_starttls_is_used_where_it_is_offered(tmp_path: Path) -> None:
    with open_office(Authority(tmp_path).receiver("mail.example.org")) as office:
        Sender(office.server(), None).send(a_letter(), ANN)
        assert office.sealed == [True]


def test_a_password_goes_out_after_the_connection_is_sealed(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with open_office(authority.receiver("localhost"), asks=True, host="localhost") as office:
        Sender(office.server("office"), PASSWORD, authority.believer()).send(a_letter(), ANN)
        assert office.sealed == [True]
        wrong = refused(Sender(office.server("office"), "another", authority.believer()))
        assert (wrong.reply, wrong.for_good, wrong.whole) == (535, False, True)


def test_where_sealing_is_required_a_server_that_does_not_is_not_used(tmp_path: Path) -> None:
    with open_office() as office:
        found = refused(Sender(office.server(), None, Authority(tmp_path).believer()))
        assert (found.whole, found.for_good, office.letters) == (True, False, [])


def test_a_server_that_nobody_certified_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with open_office(Authority(tmp_path).receiver("localhost"), host="localhost") as office:
        found = refused(Sender(office.server(), None, Authority(tmp_path / "other").believer()))
        assert (found.whole, office.letters) == (True, [])


def test_who_is_not_there_is_refused_for_good_and_a_full_box_is_not() -> None:
    with open_office() as office:
        office.says = {ANN: "550 nobody of this name", "bo@x.example": "452 the box is full"}
        sender = Sender(office.server(), None)
        gone, full = refused(sender), refused(sender, "bo@x.example")
        assert (gone.reply, gone.for_good, gone.whole) == (550, True, False)
        assert (full.reply, full.for_good, full.whole) == (452, False, False)


def test_a_server_that_is_not_there_is_waited_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = MailServer("127.0.0.1", taken.getsockname()[1], None, tls=False)
        found = refused(Sender(server, None))
    assert (found.reply, found.for_good, found.whole) == (None, False, True)


@pytest.mark.parametrize(
    ("given", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, None, tls=False)),
        ("smtps://mail.example.org/", MailServer("mail.example.org", 465, None, tls=True)),
        ("smtp://office%40x.org@mail.example.org:25", MailServer("mail.example.org", 25, "office@x.org", tls=False)),
        ("smtp://[::1]:2525", MailServer("::1", 2525, None, tls=False)),
    ],
)
def test_the_address_of_a_mail_server(given: str, server: MailServer) -> None:
    assert mail_server(given) == server


@pytest.mark.parametrize(
    "given", ["mail.example.org", "http://x", "smtp://", "smtp://a:secret@mail.example.org", "smtp://mail:99999"]
)
def test_what_is_no_address_of_a_mail_server(given: str) -> None:
    with pytest.raises(ValueError, match="smtp://") as found:
        mail_server(given)
    assert "secret" not in str(found.value)


@pytest.mark.parametrize("given", ["", "ledger", "ledger@", "a b@x.org", "a@b\n@c.org"])
def test_what_is_no_mailbox(given: str) -> None:
    with pytest.raises(ValueError, match="address"):
        mailbox(given)
