"""`pledger history`: what names an organisation, a partnership or a stream, in order and in plain words."""

from __future__ import annotations

import pytest

from tests.cli.terminal import HOUR, Terminal

ENTRY = ("position", "recorded", "day", "who says", "what")
JOINED = "organisation.joined_trust"
ABSENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def support(terminal: Terminal) -> str:
    """Northfield gave Ashfield an hour on 1 September 2026, and Ashfield confirmed it; Elm is not in it."""
    giver, receiver = terminal.school("Northfield"), terminal.school("Ashfield")
    terminal.school("Elm")
    sides = {"giver_id": giver, "receiver_id": receiver, "category": "maths"}
    delivery = terminal.said(
        "Northfield", "support.delivered", delivery_id="d1", amount=HOUR, delivered_on="2026-09-01", **sides
    )
    terminal.said("Ashfield", "support.delivery_confirmed", delivery["stream"]["id"], delivery_id="d1")
    return str(delivery["stream"]["id"])


def types(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["type"] for one in page["events"]]


def test_the_facts_that_name_an_organisation(terminal: Terminal, support: str) -> None:
    page = terminal.done("history", "northfield", "--facts")
    assert types(page) == [
        "organisation.registered", "credential.issued", "support.delivered", "support.delivery_confirmed",
    ]  # fmt: skip
    assert types(terminal.done("history", terminal.ids["Northfield"], "--facts")) == types(page)


def test_a_stream_by_its_id_by_type_and_page_by_page(terminal: Terminal, support: str) -> None:
    both = terminal.done("history", support)
    assert types(both) == ["support.delivered", "support.delivery_confirmed"]
    assert types(terminal.done("history", support, "--type", "support.delivered")) == ["support.delivered"]
    first = terminal.done("history", support, "--limit", "1")
    assert (types(first), first["has_more"]) == (["support.delivered"], True)
    rest = terminal.done("history", support, "--after", str(first["last_position"]))
    assert (types(rest), rest["has_more"]) == (["support.delivery_confirmed"], False)


def test_a_row_says_who_said_what_and_for_which_day(terminal: Terminal, support: str) -> None:
    ran = terminal.run("history", support, "--csv")
    header, delivered, confirmed = ran.out.splitlines()
    assert header == ",".join(ENTRY)
    assert ",2026-09-01,Northfield," in delivered
    assert "support delivered: " in delivered
    assert "amount 1 hour" in delivered
    assert "receiver Ashfield" in delivered
    assert ",2026-09-01,Ashfield," in confirmed
    assert "Northfield to Ashfield" in confirmed


def test_a_fact_without_a_voice_is_its_role_s_and_names_what_it_is_about(terminal: Terminal) -> None:
    school, trust = terminal.school("Northfield"), terminal.school("Oak Trust", "trust")
    terminal.said("admin", JOINED, school, trust_id=trust, on="2025-09-01")
    row = terminal.run("history", "Oak Trust", "--facts", "--type", JOINED, "--csv").out.splitlines()[1]
    assert ",admin," in row
    assert "Northfield, trust Oak Trust" in row


def test_a_text_that_may_not_be_read_is_sealed(terminal: Terminal) -> None:
    school = terminal.school("Northfield")
    person = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    named = {"person_id": person, "organisation_id": school, "role": "head", "name": "Ada Byron"}
    terminal.said("Northfield", "person.introduced", person, **named)
    assert "(sealed)" in terminal.run("history", person).out
    assert "Ada Byron" in terminal.run("history", person, "--key", terminal.keys["Northfield"]).out


def test_a_credential_sees_what_it_may_see(terminal: Terminal, support: str) -> None:
    own = terminal.done("history", support, "--key", terminal.keys["Ashfield"])
    assert types(own) == ["support.delivered", "support.delivery_confirmed"]
    foreign, absent = (terminal.run("history", one, "--key", terminal.keys["Elm"]) for one in (support, ABSENT))
    assert (foreign.code, foreign.err.replace(support, "…")) == (3, absent.err.replace(ABSENT, "…"))
    assert terminal.run("history", support, "--key", terminal.keys["admin"]).code == 3


def test_a_word_that_means_nothing(terminal: Terminal, support: str) -> None:
    assert terminal.run("history", "Nothfield").code == 3
    assert "Northfield" in terminal.run("history", "Nothfield").err
    assert terminal.run("history", ABSENT).code == 3


def test_marks_and_order_belong_to_the_sentences(terminal: Terminal, support: str) -> None:
    assert terminal.run("history", support, "--newest").code == 2
    assert terminal.run("history", "Northfield", "--facts", "--mark", "late").code == 2
    assert terminal.run("history", "--facts").code == 2
