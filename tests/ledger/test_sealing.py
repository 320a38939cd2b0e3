"""No clear text ever enters the log; who may read it gets it back, and without its key it is gone."""

from __future__ import annotations

import json
from dataclasses import replace

import psycopg
import pytest

from ledger.domain.refusals import RoleForbidden
from ledger.integrity.vault import unseal
from ledger.service import Ledger
from tests.story import Village, person, said

SECRET = "The lesson started late and two classes were merged"


@pytest.fixture
def village(ledger: Ledger) -> Village:
    village = Village(ledger)
    for name in ("Northfield", "Ashfield", "Oakwood"):
        village.school(name)
    return village


def disputed(village: Village) -> str:
    delivery = village.delivered("Northfield", "Ashfield")
    receipt = village.post("Ashfield", "support.delivery_disputed", delivery.stream_id, delivery_id="d1", reason=SECRET)
    return receipt.event_id


def test_free_text_is_sealed_in_the_record(village: Village) -> None:
    event_id = disputed(village)
    record, _ = village.ledger.record(event_id)
    reason = json.loads(record)["data"]["reason"]
    assert SECRET.encode() not in record
    assert (reason["sealed"], reason["key"]) == (1, event_id)


def test_no_table_holds_the_text(village: Village) -> None:
    disputed(village)
    with psycopg.connect(village.ledger.dsn) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()
            assert not [row for (row,) in rows if SECRET in row or SECRET.encode().hex() in row], table


def test_both_sides_read_it_and_others_do_not(village: Village) -> None:
    fact = village.ledger.fact(disputed(village))
    for name in ("Northfield", "Ashfield"):
        [opened] = village.ledger.opened([fact], village.members[name])
        assert opened.data.reason == SECRET
    for reader in (village.members["Oakwood"], replace(person("auditor"), whole_ledger=True)):
        [closed] = village.ledger.opened([fact], reader)
        assert closed.data.reason == "[withheld]"
    with pytest.raises(RoleForbidden):
        village.ledger.opened([fact], village.admin)


def test_a_text_whose_key_is_gone_reads_erased(village: Village) -> None:
    fact = village.ledger.fact(disputed(village))
    with psycopg.connect(village.ledger.dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM vault.key WHERE key_id = %s", (fact.event_id,))
    [opened] = village.ledger.opened([fact], village.members["Ashfield"])
    assert opened.data.reason == "[erased]"


def test_a_sealed_text_opens_nowhere_else(village: Village) -> None:
    fact = village.ledger.fact(disputed(village))
    key = village.ledger._vault.find([fact.event_id])[fact.event_id]  # the key itself is under test
    assert unseal(key, fact.event_id, "/data/reason", fact.data.reason) == SECRET
    assert unseal(key, fact.event_id, "/data/evidence", fact.data.reason) is None
    assert unseal(key, village.ids["Oakwood"], "/data/reason", fact.data.reason) is None


def test_a_person_s_name_is_sealed_under_the_person_s_own_key(village: Village) -> None:
    member = village.members["Northfield"]
    introduced = said(
        "person.introduced",
        person_id="7c9e6679-7425-40de-944b-e07fc1f90ae7",
        organisation_id=village.ids["Northfield"],
        role="specialist",
        name="Miriam Abara",
        email="m.abara@northfield.example",
    )
    first = village.ledger.fact(village.ledger.post(member, introduced).event_id)
    corrected = said("person.details_corrected", first.stream.id, person_id=first.stream.id, name="Miriam Abara-Lee")
    second = village.ledger.fact(village.ledger.post(member, corrected).event_id)
    assert {first.data.name.key, first.data.email.key, second.data.name.key} == {first.stream.id}
    opened = village.ledger.opened([first, second], member)
    assert [fact.data.name for fact in opened] == ["Miriam Abara", "Miriam Abara-Lee"]


def test_a_dry_run_and_a_refusal_leave_no_key(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    event = said("support.delivery_disputed", delivery.stream_id, delivery_id="d1", reason=SECRET)
    village.ledger.check(village.members["Ashfield"], [event])
    with psycopg.connect(village.ledger.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM vault.key").fetchone() == (0,)
