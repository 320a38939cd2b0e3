"""API keys: shown once, kept as a hash, scoped, expiring, ended at once; and each of them is a fact."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from ledger.clock import SetClock
from ledger.credentials import NewCredential, NoSuchCredential, Unauthorised
from ledger.domain.credential.rules import PersonHasPrincipal
from ledger.domain.fact import LEDGER
from ledger.domain.refusals import RoleForbidden
from ledger.errors import ClaimMalformed
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger
from tests.scenario import refused
from tests.story import Village


@pytest.fixture
def village(ledger: Ledger) -> Village:
    village = Village(ledger)
    village.school("Northfield")
    return village


def a_member(village: Village, **more: object) -> NewCredential:
    given = {"name": "Northfield office", "role": "member", "organisations": (village.ids["Northfield"],)}
    return NewCredential(**given | more)  # type: ignore[arg-type]  # literal values for a dataclass


def test_a_key_says_who_speaks(village: Village) -> None:
    credential, key = village.ledger.credentials.issue(village.admin, a_member(village))
    speaker = village.ledger.credentials.authenticate(key)
    assert key.startswith("pl_test_")
    assert (speaker.principal, speaker.role) == (credential.principal, "member")
    assert speaker.organisations == {village.ids["Northfield"]}


def test_the_database_does_not_hold_the_key(village: Village) -> None:
    _, key = village.ledger.credentials.issue(village.admin, a_member(village))
    with psycopg.connect(village.ledger.dsn) as connection:
        [(row,)] = connection.execute("SELECT k::text FROM pledger.api_key k WHERE role = 'member'").fetchall()
    assert key not in row
    assert key.removeprefix("pl_test_").encode().hex() not in row


def test_issuing_and_ending_are_facts_without_a_secret(village: Village) -> None:
    credential, key = village.ledger.credentials.issue(village.admin, a_member(village))
    village.ledger.credentials.revoke(village.admin, credential.id)
    facts = village.ledger.stream_events(credential.principal)
    assert [fact.type for fact in facts] == ["credential.issued", "credential.revoked"]
    assert key.encode() not in b"".join(row.record for row in village.ledger.store.read_positions(0, 100))


def test_an_ended_key_is_refused_at_once(village: Village) -> None:
    credential, key = village.ledger.credentials.issue(village.admin, a_member(village))
    village.ledger.credentials.authenticate(key)
    village.ledger.credentials.revoke(village.admin, credential.id)
    with pytest.raises(Unauthorised):
        village.ledger.credentials.authenticate(key)


def test_an_expired_key_is_refused(village: Village, clock: SetClock) -> None:
    expires = clock.now() + timedelta(days=1)
    _, key = village.ledger.credentials.issue(village.admin, a_member(village, expires_at=expires))
    village.ledger.credentials.authenticate(key)
    clock.advance(timedelta(days=1))
    with pytest.raises(Unauthorised):
        village.ledger.credentials.authenticate(key)


@pytest.mark.parametrize("key", ["", "pl_test_", "pl_live_" + "a" * 43, "pl_test_" + "a" * 43, "Bearer x"])
def test_what_is_no_key_of_this_ledger_is_refused(ledger: Ledger, key: str) -> None:
    with pytest.raises(Unauthorised):
        ledger.credentials.authenticate(key)


def test_only_an_admin_issues(village: Village) -> None:
    with pytest.raises(RoleForbidden):
        village.ledger.credentials.issue(village.members["Northfield"], a_member(village))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"organisations": ()}, "/data/organisations"),
        ({"role": "auditor", "organisations": ()}, "/data/trust"),
        ({"role": "admin"}, "/data/organisations"),
        ({"whole_ledger": True}, "/data/trust"),
        ({"scopes": ("events:everything",)}, "/data/scopes/0"),
    ],
)
def test_an_unsound_credential_is_refused_by_member(village: Village, changes: dict[str, object], pointer: str) -> None:
    with pytest.raises(ClaimMalformed) as caught:
        village.ledger.credentials.issue(village.admin, a_member(village, **changes))
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_ending_what_is_not_there(village: Village) -> None:
    with pytest.raises(NoSuchCredential):
        village.ledger.credentials.revoke(village.admin, "7c9e6679-7425-40de-944b-e07fc1f90ae7")


def test_the_ledger_opens_with_its_own_word_and_its_first_admin(ledger: Ledger) -> None:
    page = ledger.facts(FactQuery(limit=2))
    assert [(fact.type, fact.actor) for fact in page.facts] == [
        ("log.opened", LEDGER.principal),
        ("credential.issued", LEDGER.principal),
    ]
    assert page.facts[0].source == ledger.origin


def test_a_person_is_one_principal_whichever_key(village: Village) -> None:
    head = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    first, _ = village.ledger.credentials.issue(village.admin, a_member(village, person_id=head))
    other = village.school("Ashfield")
    second, _ = village.ledger.credentials.issue(
        village.admin, a_member(village, person_id=head, organisations=(other,))
    )
    assert second.principal == first.principal
    with refused(PersonHasPrincipal, principal=first.principal):
        village.ledger.credentials.issue(
            village.admin, a_member(village, person_id=head, principal="00000000-0000-4000-8000-000000000009")
        )
