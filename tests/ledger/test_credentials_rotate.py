"""A key is replaced by another: the one before goes on for a stated time, and no longer; a leaked one ends at once."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from ledger.access.keys import MOST_FORMER
from ledger.clock import SetClock
from ledger.credentials import CredentialEnded, NewCredential, NoSuchCredential, Unauthorised
from ledger.domain.refusals import RoleForbidden
from ledger.service import Ledger
from tests.story import Village

DAY = timedelta(days=1)
NOTHING = timedelta()


@pytest.fixture
def village(ledger: Ledger) -> Village:
    village = Village(ledger)
    village.school("Northfield")
    return village


def issued(village: Village, **more: object) -> tuple[str, str]:
    """The id of a member's credential, and its key."""
    given = {"name": "Northfield office", "role": "member", "organisations": (village.ids["Northfield"],)}
    credential, key = village.ledger.credentials.issue(
        village.admin,
        NewCredential(**given | more),  # type: ignore[arg-type]  # literal values for a dataclass
    )
    return credential.id, key


def is_known(village: Village, key: str) -> bool:
    try:
        village.ledger.credentials.authenticate(key)
    except Unauthorised:
        return False
    return True


def test_both_keys_open_until_the_first_ends(village: Village, clock: SetClock) -> None:
    credentials = village.ledger.credentials
    id_, old = issued(village)
    held, new = credentials.rotate(village.admin, id_, DAY)
    assert credentials.authenticate(old) == credentials.authenticate(new)
    assert (held.id, held.rotated_at, held.former_until) == (id_, clock.now(), clock.now() + DAY)
    clock.advance(DAY - timedelta(seconds=1))
    assert (is_known(village, old), is_known(village, new)) == (True, True)
    clock.advance(timedelta(seconds=1))
    assert (is_known(village, old), is_known(village, new)) == (False, True)


def test_without_overlap_every_key_before_ends_at_once(village: Village) -> None:
    id_, first = issued(village)
    second = village.ledger.credentials.rotate(village.admin, id_, DAY)[1]
    third = village.ledger.credentials.rotate(village.admin, id_, NOTHING)[1]
    assert [is_known(village, key) for key in (first, second, third)] == [False, False, True]


def test_a_key_goes_on_for_a_week_at_most(village: Village, clock: SetClock) -> None:
    id_, _ = issued(village)
    held, _ = village.ledger.credentials.rotate(village.admin, id_, timedelta(days=400))
    assert held.former_until == clock.now() + timedelta(days=7)


def test_only_a_few_keys_before_go_on_and_the_last_one_always(village: Village, clock: SetClock) -> None:
    id_, key = issued(village)
    keys = [key]
    for hours in range(MOST_FORMER + 2, 0, -1):  # each ends sooner than the one before it
        clock.advance(timedelta(seconds=1))
        keys.append(village.ledger.credentials.rotate(village.admin, id_, timedelta(hours=hours))[1])
    known = [is_known(village, one) for one in keys]
    assert known == [False] * (len(keys) - MOST_FORMER - 1) + [True] * (MOST_FORMER + 1)


def test_what_ended_ended_with_all_its_keys_and_gets_no_other(village: Village) -> None:
    id_, old = issued(village)
    new = village.ledger.credentials.rotate(village.admin, id_, DAY)[1]
    village.ledger.credentials.revoke(village.admin, id_)
    assert (is_known(village, old), is_known(village, new)) == (False, False)
    with pytest.raises(CredentialEnded):
        village.ledger.credentials.rotate(village.admin, id_, DAY)


def test_an_expired_credential_gets_no_other_key(village: Village, clock: SetClock) -> None:
    id_, _ = issued(village, expires_at=clock.now() + DAY)
    clock.advance(DAY)
    with pytest.raises(CredentialEnded):
        village.ledger.credentials.rotate(village.admin, id_, DAY)


def test_the_database_holds_neither_key(village: Village) -> None:
    id_, old = issued(village)
    new = village.ledger.credentials.rotate(village.admin, id_, DAY)[1]
    with psycopg.connect(village.ledger.dsn) as connection:
        rows = connection.execute(
            "SELECT k::text || f::text FROM pledger.api_key k JOIN pledger.former_key f ON f.credential = k.id"
        ).fetchall()
    assert len(rows) == 1
    assert not any(key in rows[0][0] or key.encode().hex() in rows[0][0] for key in (old, new))


def test_a_rotation_is_no_fact_for_nobody_may_do_more_or_less(village: Village) -> None:
    id_, _ = issued(village)
    before = village.ledger.head()
    village.ledger.credentials.rotate(village.admin, id_, DAY)
    assert village.ledger.head() == before


def test_only_an_admin_rotates_and_ends(village: Village) -> None:
    id_, _ = issued(village)
    issued(village)
    with pytest.raises(RoleForbidden):
        village.ledger.credentials.rotate(village.members["Northfield"], id_, DAY)
    with pytest.raises(RoleForbidden):
        village.ledger.credentials.revoke(village.members["Northfield"], id_)


def test_rotating_what_is_not_there(village: Village) -> None:
    with pytest.raises(NoSuchCredential):
        village.ledger.credentials.rotate(village.admin, "7c9e6679-7425-40de-944b-e07fc1f90ae7", DAY)


def test_an_end_said_to_another_process_is_heard_within_two_seconds(village: Village) -> None:
    """What is remembered of a key is looked up again after REMEMBERED_SECONDS."""
    import time

    from ledger.credentials import REMEMBERED_SECONDS

    id_, key = issued(village)
    assert is_known(village, key)
    with psycopg.connect(village.ledger.dsn) as connection:
        connection.execute("UPDATE pledger.api_key SET revoked_at = now() WHERE id = %s", (id_,))
    assert REMEMBERED_SECONDS <= 2
    time.sleep(REMEMBERED_SECONDS + 0.05)
    assert not is_known(village, key)
