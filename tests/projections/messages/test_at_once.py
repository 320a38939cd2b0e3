"""Who is told at once of what was recorded, and in which words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ledger.domain.credential.facts import Issued
from ledger.domain.fact import Role, Speaker
from ledger.domain.support.shapes import TwoSided
from projections.messages import at_once
from projections.messages.at_once import Notice, delivery_of, notices_of
from projections.messages.letter import Letter, section, subject
from tests.projections.inbox.desks import Desks
from tests.story import person

FORBIDDEN = re.compile(
    r"outstanding|\bgood\b|requires improvement|inadequate|exceptional|strong standard|needs attention"
    r"|urgent improvement|\bsecure\b|\bnot met\b|\b(red|amber|green)\b",
    re.IGNORECASE,
)
REASON = "Two of the three hours were a meeting"


def speaker(role: Role, *organisations: str, **more: Any) -> Speaker:
    return Speaker(principal=person(role).principal, role=role, organisations=frozenset(organisations), **more)


def told(desks: Desks, stream_id: str, people: dict[str, Speaker]) -> list[str]:
    """Who is told of the last fact of a stream."""
    ledger = desks.village.ledger
    fact = ledger.stream_events(stream_id)[-1]
    state = ledger.state(fact.stream.kind, stream_id)
    support = state if isinstance(state, TwoSided) else None
    partnerships = {desks.partnership_id: ledger.state("partnership", desks.partnership_id)}
    found = {one.principal for one in notices_of(fact, support, partnerships, people.values())}
    return [name for name, one in people.items() if one.principal in found]


@pytest.fixture
def people(desks: Desks) -> dict[str, Speaker]:
    ids = desks.village.ids
    found = {name: speaker("member", ids[name]) for name in ("Northfield", "Ashfield", "Oakwood")}
    found["hub"] = speaker("coordinator", ids["Hub"])
    return found | {"client": speaker("client", ids["Northfield"]), "auditor": speaker("auditor", whole_ledger=True)}


def test_a_query_is_told_to_who_gave_and_to_who_coordinates(desks: Desks, people: dict[str, Speaker]) -> None:
    inside = desks.village.delivered("Northfield", "Ashfield", 3, partnership_id=desks.partnership_id)
    outside = desks.village.delivered("Northfield", "Ashfield", 3)
    for one in (inside, outside):
        dispute = {"delivery_id": "d1", "reason": REASON}
        desks.village.post("Ashfield", "support.delivery_disputed", one.stream_id, **dispute)
    assert told(desks, inside.stream_id, people) == ["Northfield", "hub"]
    assert told(desks, outside.stream_id, people) == ["Northfield"]


def test_notice_is_told_to_every_other_partner_and_to_who_coordinates(desks: Desks, people: dict[str, Speaker]) -> None:
    leaving = {"reason": "We merge", "leaves_on": desks.day(60)}
    desks.village.post("Oakwood", "partnership.notice_given", desks.partnership_id, **leaving)
    assert told(desks, desks.partnership_id, people) == ["Northfield", "Ashfield", "hub"]


def test_a_credential_is_told_to_whom_it_concerns(desks: Desks) -> None:
    ids = desks.village.ids
    head, other, admin = speaker("member", ids["Ashfield"]), speaker("member", ids["Oakwood"]), speaker("admin")
    everybody = (head, other, admin)
    ofs: list[tuple[dict[str, Any], list[Speaker]]] = [
        ({"role": "client", "organisations": (ids["Ashfield"],)}, [head]),
        ({"role": "admin"}, [admin]),
        ({"role": "auditor", "ledger": True}, [admin]),
        ({"role": "auditor", "trust": ids["Hub"]}, []),
        ({"role": "member", "organisations": (ids["Hub"],), "principal": other.principal}, [other]),
    ]
    for given, expected in ofs:
        issued = Issued(**{"principal": person("client").principal} | given)
        assert [one for one in everybody if at_once.concerns(issued, one)] == expected


def test_who_did_it_is_not_told_and_a_notice_has_the_same_key_each_time(desks: Desks) -> None:
    delivery = desks.village.delivered("Northfield", "Ashfield", 3)
    dispute = {"delivery_id": "d1", "reason": REASON}
    desks.village.post("Ashfield", "support.delivery_disputed", delivery.stream_id, **dispute)
    ledger = desks.village.ledger
    fact, support = ledger.stream_events(delivery.stream_id)[-1], ledger.state("support", delivery.stream_id)
    giver = speaker("member", desks.village.ids["Northfield"])
    itself = Speaker(principal=fact.actor, role="member", organisations=giver.organisations)
    key = f"query:{fact.event_id}:{giver.principal}"
    expected = [Notice(key=key, kind="query", principal=giver.principal, event_id=fact.event_id)]
    assert list(notices_of(fact, support, {}, [giver, itself])) == expected
    assert delivery_of(support, fact) is support.deliveries["d1"]
    assert delivery_of(None, fact) is None


def words(letter: Letter) -> str:
    return "\n".join(
        (letter.subject, letter.does, *(line for one in letter.sections for line in (one.title, *one.lines)))
    )


def letters(desks: Desks) -> dict[str, Letter]:
    """One letter of each kind that is told at once."""
    ledger, ids = desks.village.ledger, desks.village.ids
    delivery = desks.village.delivered("Northfield", "Ashfield", 3)
    support = ledger.state("support", delivery.stream_id)
    leaving = {"reason": REASON, "leaves_on": desks.day(60)}
    noticed = desks.village.post("Oakwood", "partnership.notice_given", desks.partnership_id, **leaving)
    fact, partnership = ledger.fact(noticed.event_id), ledger.state("partnership", desks.partnership_id)
    names = {one: name for name, one in ids.items()}
    me = speaker("member", ids["Ashfield"])
    issued = Issued(principal=person("client").principal, role="client", organisations=(ids["Ashfield"],))
    return {
        "query": at_once.query(support, support.deliveries["d1"], names),
        "notice": at_once.notice(fact.data, ids["Oakwood"], partnership, names),
        "credential": at_once.credential(issued, me, date(2026, 9, 1), names),
        "device": at_once.device("a Mac", datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        "invitation": at_once.invitation("t" * 43, date(2026, 9, 8)),
        "address": at_once.address("t" * 43),
    }


def test_each_says_who_what_and_when(desks: Desks) -> None:
    said = {kind: words(letter) for kind, letter in letters(desks).items()}
    assert "Ashfield queried the 3 h that Northfield recorded for Tue 1 Sep 2026." in said["query"]
    assert "Oakwood leaves Harbour Cluster on Sat 31 Oct 2026." in said["notice"]
    assert "to another program for Ashfield on Tue 1 Sep 2026" in said["credential"]
    assert "from a Mac on Tue 1 Sep 2026 at 10:05" in said["device"]
    assert "up to Tue 8 Sep 2026" in said["invitation"]


def test_no_free_text_and_no_word_of_an_inspection_is_in_any(desks: Desks) -> None:
    for kind, letter in letters(desks).items():
        assert REASON not in words(letter), kind
        assert not FORBIDDEN.search(words(letter)), kind


def test_only_an_invitation_leads_elsewhere_than_to_the_sign_in(desks: Desks) -> None:
    assert [kind for kind, letter in letters(desks).items() if not letter.signs_in] == ["invitation"]


def test_a_long_section_ends_with_how_many_are_left_out() -> None:
    told_of = section("To confirm", [f"line {n}" for n in range(23)], "delivery", "deliveries")
    assert (len(told_of.lines), told_of.lines[-1]) == (21, "… and 3 deliveries more, in the list.")
    assert len(section("To confirm", ["line"] * 20, "delivery", "deliveries").lines) == 20
    assert len(subject(["x" * 200])) == 150
