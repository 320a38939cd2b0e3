"""Processes are killed without a word while four clients write: what was acknowledged is there, once."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ledger.credentials import NewCredential
from ledger.eventstore.cluster import SUPERUSER, Cluster
from ledger.service import open_ledger
from ledger.setting_up import set_up
from ledger.settings import Settings
from ledger.whereabouts import DATABASE
from tests.faults.reckoning import Marks, as_row, reckon
from tests.faults.service import Service, serving
from tests.ledger.witness import require_sound, whole_log
from tests.story import Village

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

SCHOOLS = ("Northfield", "Ashfield", "Elm Park", "Oakwood")
CLIENT_SECONDS = 60.0
Times = Callable[[int, int], int]
Certify = Callable[[dict[str, Any]], None]


def keys_for_clients(settings: Settings) -> list[tuple[str, str]]:
    """A ledger with four schools: for each its id and the key of a member who speaks for it."""
    set_up(settings, kind="test")
    with open_ledger(settings) as ledger:
        village = Village(ledger)
        ids = [village.school(name) for name in SCHOOLS]
        news = [NewCredential(name=name, role="member", organisations=[village.ids[name]]) for name in SCHOOLS]
        return [(one, ledger.credentials.issue(village.admin, new)[1]) for one, new in zip(ids, news, strict=True)]


def address_of(settings: Settings) -> str:
    """The owner's address of the ledger's embedded database."""
    return Cluster.at(settings.home / "database").address(DATABASE, SUPERUSER)


@contextlib.contextmanager
def writing(service: Service, keys: list[tuple[str, str]], folder: Path, seed: int) -> Iterator[list[Path]]:
    """Four clients write for the length of the block; gives their files."""
    files = [folder / f"client{number}.ndjson" for number in range(len(keys))]
    others = [keys[(number + 1) % len(keys)][0] for number in range(len(keys))]
    processes = []
    for number, (school, key) in enumerate(keys):
        words = [str(service.port), school, others[number], str(files[number]), f"{seed}-{number}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.client", *words], stdin=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdin
        process.stdin.write(f"{key}\n")
        process.stdin.close()
    try:
        yield files
        for process in processes:
            assert process.poll() is None, "a client ended by itself"
            process.terminate()
        assert [process.wait(timeout=CLIENT_SECONDS) for process in processes] == [0] * len(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def under_fire(
    settings: Settings,
    folder: Path,
    name: str,
    kills: int,
    kill: Callable[[Service, random.Random], None],
    certify: Certify,
) -> None:
    """Kills as often as said while the clients write, then holds the log against what they wrote down."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"\n{name}: seed {seed}")
    dice, began = random.Random(seed), time.monotonic()
    keys = keys_for_clients(settings)
    marks = Marks(address_of(settings))
    with serving(settings, folder / "service.log") as service:
        with writing(service, keys, folder, seed) as files:
            for _ in range(kills):
                time.sleep(dice.uniform(0.05, 1.0))
                kill(service, dice)
                service.wait_until_ready()
                marks.take()
            time.sleep(1)
        service.wait_until_views_follow()
    with open_ledger(settings) as ledger:
        log = whole_log(ledger)
    seconds = round(time.monotonic() - began)
    reckoning = reckon(files, log)
    row = as_row(name, reckoning, forks=marks.forks(log), kills=kills, facts=len(log), seed=seed, seconds=seconds)
    print(row)
    certify(row)
    require_sound(log)
    assert (row["lost"], row["doubled"], row["forks"], row["unasked"], row["out_of_order"]) == (0, 0, 0, 0, 0)
    assert reckoning.acknowledged >= kills


def test_the_service_is_killed_again_and_again(
    home_settings: Settings, tmp_path: Path, times: Times, certify: Certify
) -> None:
    def kill(service: Service, dice: random.Random) -> None:
        dice.choice([service.kill, service.kill_worker])()

    under_fire(home_settings, tmp_path, "service", times(100, 10), kill, certify)


def test_the_postmaster_of_the_database_is_killed_again_and_again(
    home_settings: Settings, tmp_path: Path, times: Times, certify: Certify
) -> None:
    def kill(service: Service, _: random.Random) -> None:
        service.kill_postmaster()
        time.sleep(0.5)  # until it is noticed, it still looks ready

    under_fire(home_settings, tmp_path, "postmaster", times(10, 3), kill, certify)


def test_everything_is_killed_at_once(home_settings: Settings, tmp_path: Path, times: Times, certify: Certify) -> None:
    def kill(service: Service, _: random.Random) -> None:
        service.kill_postmaster()
        service.kill()

    under_fire(home_settings, tmp_path, "everything", times(10, 2), kill, certify)


def test_every_session_of_the_database_is_ended_again_and_again(
    home_settings: Settings, tmp_path: Path, times: Times, certify: Certify
) -> None:
    def kill(_: Service, __: random.Random) -> None:
        with psycopg.connect(address_of(home_settings), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    under_fire(home_settings, tmp_path, "sessions", times(50, 5), kill, certify)
