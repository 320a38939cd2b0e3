"""What was posted becomes a fact once, or is refused with nothing written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.clock import SetClock
from ledger.domain.refusals import (
    NeedsAnotherVoice,
    OnlyTheReceiverConfirms,
    RoleForbidden,
    UnknownOrganisation,
    WrongVoice,
)
from ledger.errors import ClaimMalformed
from ledger.eventstore.searching import FactQuery
from ledger.integrity.tree import leaf_hash
from ledger.posted import BatchRefused, IdempotencyMismatch, StreamOfAnotherKind, TooLarge, VersionMoved
from ledger.service import Ledger
from tests.story import Village, person, said


@pytest.fixture
def village(ledger: Ledger) -> Village:
    village = Village(ledger)
    for name in ("Northfield", "Ashfield"):
        village.school(name)
    return village


def test_a_delivery_is_recorded_and_confirmed_by_its_receiver(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield", hours=2)
    confirmation = village.post("Ashfield", "support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    assert confirmation.position == delivery.position + 1
    assert (confirmation.version, confirmation.replayed) == (2, False)
    [first, second] = village.ledger.stream_events(delivery.stream_id)
    assert first.data.amount.minutes == 120
    assert second.data.independence == "independent"


def test_the_giver_does_not_confirm(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    with pytest.raises(OnlyTheReceiverConfirms) as caught:
        village.post("Northfield", "support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    assert caught.value.code == "only-the-receiver-confirms"
    assert village.ledger.head() == delivery.position


def test_one_principal_does_not_say_both_halves(village: Village) -> None:
    both = person("client", *village.ids.values())
    delivery = village.delivered("Northfield", "Ashfield")
    own = village.ledger.post(
        both,
        replace(
            said(
                "support.delivered",
                delivery_id="d1",
                amount={"quantity": 1, "unit": "hour"},
                delivered_on="2026-09-01",
                giver_id=village.ids["Northfield"],
                receiver_id=village.ids["Ashfield"],
                category="maths",
            ),
            recordedfor=village.ids["Northfield"],
        ),
    )
    answer = replace(
        said("support.delivery_confirmed", own.stream_id, delivery_id="d1"), recordedfor=village.ids["Ashfield"]
    )
    with pytest.raises(NeedsAnotherVoice):
        village.ledger.post(both, answer)
    other = replace(answer, subject=delivery.stream_id)
    assert village.ledger.post(both, other).version == 2


def test_a_repeat_answers_with_the_first_receipt(village: Village) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    first = village.ledger.post(village.admin, event)
    again = village.ledger.post(village.admin, event)
    assert again == replace(first, replayed=True)


def test_a_repeat_that_a_rule_would_refuse_now_is_still_a_repeat(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    event = said("support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    first = village.ledger.post(village.members["Ashfield"], event)
    assert village.ledger.post(village.members["Ashfield"], event) == replace(first, replayed=True)


def test_the_same_id_with_other_content_is_refused(village: Village) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    village.ledger.post(village.admin, event)
    with pytest.raises(IdempotencyMismatch):
        village.ledger.post(village.admin, replace(event, data=event.data | {"name": "Elm Park"}))


def test_a_key_belongs_to_its_principal(village: Village) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    first = village.ledger.post(village.admin, event)
    other = village.ledger.post(person("admin"), event)
    assert other.position == first.position + 1


def test_concurrent_repeats_have_one_effect(village: Village) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: village.ledger.post(village.admin, event), range(24)))
    assert len({receipt.position for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1


def test_an_expected_version_that_moved_is_refused_with_the_current_one(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    event = said("support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    with pytest.raises(VersionMoved) as caught:
        village.ledger.post(village.members["Ashfield"], replace(event, expectedversion=7))
    assert caught.value.fields == {"expected": 7, "current": 1}
    assert village.ledger.post(village.members["Ashfield"], replace(event, expectedversion=1)).version == 2


def test_version_zero_means_new(village: Village) -> None:
    delivery = village.delivered("Northfield", "Ashfield")
    event = said("support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    with pytest.raises(VersionMoved):
        village.ledger.post(village.members["Ashfield"], replace(event, expectedversion=0))


def test_a_batch_is_all_or_nothing(village: Village) -> None:
    before = village.ledger.head()
    good = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    bad = said("organisation.registered", name="Elm Park", kind="castle", identifiers=[])
    with pytest.raises(BatchRefused) as caught:
        village.ledger.post_batch(village.admin, [good, bad])
    assert caught.value.fields["index"] == 1
    assert [error.pointer for error in caught.value.fields["refusal"].errors] == ["/data/kind"]
    assert village.ledger.head() == before


def test_later_events_of_a_batch_rely_on_earlier_ones(village: Village) -> None:
    school = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    trust = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    events = [
        said("organisation.registered", trust, name="Harbour", kind="trust", identifiers=[]),
        said("organisation.registered", school, name="Oakwood", kind="school", identifiers=[]),
        said("organisation.joined_trust", school, trust_id=trust, on="2026-01-01"),
    ]
    receipts = village.ledger.post_batch(village.admin, events)
    assert [receipt.version for receipt in receipts] == [1, 1, 2]
    assert village.ledger.schools_of(trust) == {school}


def test_a_batch_repeated_answers_with_the_first_receipts(village: Village) -> None:
    events = [said("organisation.registered", name=f"School {n}", kind="school", identifiers=[]) for n in range(20)]
    first = village.ledger.post_batch(village.admin, events[:10])
    again = village.ledger.post_batch(village.admin, events)
    assert again[:10] == [replace(receipt, replayed=True) for receipt in first]
    assert [receipt.position for receipt in again[10:]] == list(range(first[-1].position + 1, first[-1].position + 11))


def test_the_same_event_twice_in_a_batch_is_recorded_once(village: Village) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    before = village.ledger.head()
    first, second = village.ledger.post_batch(village.admin, [event, event])
    assert (first.event_id, village.ledger.head()) == (second.event_id, before + 1)
    with pytest.raises(BatchRefused) as caught:
        village.ledger.post_batch(village.admin, [event, replace(event, data=event.data | {"name": "Elm"})])
    assert type(caught.value.fields["refusal"]) is IdempotencyMismatch


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00Z", "1799-12-31T00:00:00Z", "2026-W01-1T00:00:00Z", "20260101T000000Z", "2026-09-01"]
)
def test_a_time_is_rfc_3339_and_not_before_there_were_schools(village: Village, time: str) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    with pytest.raises(BatchRefused) as caught:
        village.ledger.check(village.admin, [replace(event, time=time)])
    assert [error.pointer for error in caught.value.fields["refusal"].errors] == ["/time"]


def test_each_event_of_an_open_batch_stands_alone(village: Village) -> None:
    good = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    bad = said("organisation.registered", name="Elm Park", kind="castle", identifiers=[])
    refused, receipt = village.ledger.post_each(village.admin, [bad, good])
    assert isinstance(refused, ClaimMalformed)
    assert receipt == village.ledger.post(village.admin, good) or not isinstance(receipt, ClaimMalformed)


def test_a_dry_run_asks_every_rule_and_writes_nothing(village: Village) -> None:
    before = village.ledger.head()
    good = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    village.ledger.check(village.admin, [good])
    with pytest.raises(BatchRefused):
        village.ledger.check(village.members["Northfield"], [good])
    assert village.ledger.head() == before


def test_authority_comes_before_the_data(village: Village) -> None:
    with pytest.raises(RoleForbidden):
        village.ledger.post(village.members["Northfield"], said("organisation.closed", village.ids["Northfield"]))


def test_another_school_does_not_speak(village: Village) -> None:
    with pytest.raises(WrongVoice):
        village.post(
            "Ashfield",
            "support.delivered",
            delivery_id="d1",
            amount={"quantity": "1", "unit": "hour"},
            delivered_on="2026-09-01",
            giver_id=village.ids["Northfield"],
            receiver_id=village.ids["Ashfield"],
            category="maths",
        )


def test_unknown_organisations_are_named_with_their_pointers(village: Village) -> None:
    stranger = "00000000-0000-4000-8000-000000000001"
    with pytest.raises(UnknownOrganisation) as caught:
        village.delivered("Northfield", "Ashfield", receiver_id=stranger)
    assert [error.pointer for error in caught.value.errors] == ["/data/receiver_id"]


def test_a_stream_has_one_kind(village: Village) -> None:
    with pytest.raises(StreamOfAnotherKind):
        village.post("Ashfield", "support.delivery_confirmed", village.ids["Ashfield"], delivery_id="d1")


def test_what_is_too_large_is_refused(village: Village) -> None:
    with pytest.raises(TooLarge):
        village.ledger.post(village.admin, said("organisation.registered", name="x" * 40_000, kind="school"))
    with pytest.raises(TooLarge):
        village.ledger.post_batch(village.admin, [said("organisation.registered")] * 1001)


def test_a_day_ahead_is_taken_and_more_is_not(village: Village, clock: SetClock) -> None:
    event = said("organisation.registered", name="Oakwood", kind="school", identifiers=[])
    soon, later = clock.now() + timedelta(hours=23), clock.now() + timedelta(hours=25)
    village.ledger.post(village.admin, replace(event, time=soon.isoformat()))
    with pytest.raises(ClaimMalformed) as caught:
        village.ledger.post(village.admin, replace(event, id="another", time=later.isoformat()))
    assert [error.code for error in caught.value.errors] == ["in-the-future"]


def test_the_log_is_whole(village: Village) -> None:
    village.confirmed("Northfield", "Ashfield")
    rows = village.ledger.store.read_positions(0, 100)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert all(row.leaf_hash == leaf_hash(row.record) for row in rows)
    page = village.ledger.facts(FactQuery(organisation=village.ids["Ashfield"]))
    assert [fact.type for fact in page.facts] == [
        "organisation.registered",
        "support.delivered",
        "support.delivery_confirmed",
    ]
