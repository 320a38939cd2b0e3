"""The embedded database is found, shared and stopped as it should be, whatever was killed before."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ledger.eventstore import embedded
from ledger.eventstore.cluster import Cluster, Condition, DataOfAnotherVersion, EmbeddedFailed
from ledger.eventstore.embedded import Embedded

USER = """
import sys, pathlib
from ledger.eventstore import embedded
server = embedded.start(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
server.stop()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose server is stopped at the end, whatever the test left running."""
    place = tmp_path / "home"
    place.mkdir(mode=0o700)
    yield place
    if (place / "postgres").exists():
        Cluster.at(place).stop()


def another_process(home: Path) -> subprocess.Popen[str]:
    """A process that uses the database of this home until its standard input says so, or until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def ask(server: Embedded, question: str) -> object:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row
        return row[0]


def until_gone(home: Path, seconds: float) -> bool:
    cluster = Cluster.at(home)
    deadline = time.monotonic() + seconds
    while cluster.condition() is not Condition.GONE and time.monotonic() < deadline:
        time.sleep(0.05)
    return cluster.condition() is Condition.GONE


def write_then_kill(server: Embedded, home: Path) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    os.kill(postmaster(home), signal.SIGKILL)


def test_a_new_home_gets_a_safe_private_database(home: Path) -> None:
    with embedded.start(home) as server:
        assert ask(server, "SHOW data_checksums") == "on"
        assert ask(server, "SHOW fsync") == "on"
        assert ask(server, "SHOW synchronous_commit") == "on"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"
        assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "postgres.log").stat().st_mode) == 0o600
    assert Cluster.at(home).condition() is Condition.GONE


def test_a_database_is_made_once_and_found_again(home: Path) -> None:
    with embedded.start(home) as server:
        address = server.database("pledger")
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE kept (n int)")
        assert server.database("pledger") == address
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    with embedded.start(home) as server, psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with embedded.start(home) as server:
        assert ask(server, "SELECT n FROM kept") == 7


def test_a_second_process_uses_the_running_server_and_only_the_last_one_stops_it(home: Path) -> None:
    first = embedded.start(home)
    number = postmaster(home)
    second = another_process(home)
    assert postmaster(home) == number
    first.stop()
    assert Cluster.at(home).condition() is Condition.READY
    second.communicate("leave\n", timeout=30)
    assert Cluster.at(home).condition() is Condition.GONE


def test_stopping_twice_does_nothing_the_second_time(home: Path) -> None:
    first, second = embedded.start(home), embedded.start(home)
    first.stop()
    first.stop()
    assert ask(second, "SELECT 1") == 1
    second.stop()


def test_a_killed_server_is_recovered_at_the_next_start(home: Path) -> None:
    server = embedded.start(home)
    write_then_kill(server, home)
    with embedded.start(home) as again:
        assert ask(again, "SELECT n FROM kept") == 7
    server.stop()
    assert Cluster.at(home).condition() is Condition.GONE


def test_a_user_may_revive_a_killed_server_again_and_again(home: Path) -> None:
    with embedded.start(home) as server:
        write_then_kill(server, home)
        for _ in range(3):
            server.revive()
            assert ask(server, "SELECT n FROM kept") == 7
            os.kill(postmaster(home), signal.SIGKILL)
        server.revive()
        server.revive()
        assert ask(server, "SELECT n FROM kept") == 7


def test_the_number_of_a_killed_server_may_have_gone_to_a_stranger(home: Path) -> None:
    server = embedded.start(home)
    write_then_kill(server, home)
    assert until_gone(home, 10)
    file = home / "postgres" / "postmaster.pid"
    stranger = str(os.getpid())
    file.write_text("\n".join([stranger, *file.read_text().splitlines()[1:]]) + "\n")
    (home / "postgres" / ".s.PGSQL.5432.lock").write_text(f"{stranger}\n")
    with another_process_ended(home):
        assert Cluster.at(home).condition() is Condition.READY
    with embedded.start(home) as again:
        assert ask(again, "SELECT n FROM kept") == 7
    server.stop()


class another_process_ended:  # noqa: N801 - reads as a sentence in the test
    """A using process for the length of a block."""

    def __init__(self, home: Path) -> None:
        self.process = another_process(home)

    def __enter__(self) -> None: ...

    def __exit__(self, *reason: object) -> None:
        self.process.communicate("leave\n", timeout=30)


def test_a_server_whose_only_user_was_killed_is_used_again(home: Path) -> None:
    process = another_process(home)
    process.kill()
    process.communicate(timeout=30)
    with embedded.start(home) as server:
        assert ask(server, "SELECT 1") == 1
    assert Cluster.at(home).condition() is Condition.GONE


def test_a_server_whose_only_user_was_killed_does_not_stay_behind(home: Path) -> None:
    process = another_process(home)
    assert Cluster.at(home).condition() is Condition.READY
    process.kill()
    process.communicate(timeout=30)
    assert until_gone(home, 15)


def test_an_interrupted_making_is_made_anew(home: Path) -> None:
    half = home / "postgres.new-1"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded.start(home) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_a_making_that_was_killed_is_made_anew(home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not list(home.glob("postgres.new-*/base")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.communicate(timeout=30)
    assert not (home / "postgres").exists()
    with embedded.start(home) as server:
        assert ask(server, "SELECT 1") == 1


def test_data_of_another_major_version_is_refused_and_left_alone(home: Path) -> None:
    (home / "postgres").mkdir(mode=0o700)
    (home / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DataOfAnotherVersion) as refusal:
        embedded.start(home)
    assert (refusal.value.found, refusal.value.needed) == ("16", "18")
    assert [entry.name for entry in (home / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_says_so_soon_and_can_be_repaired(home: Path) -> None:
    embedded.start(home).stop()
    configuration = home / "postgres" / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text(good + "\nmax_connections = many\n")
    with pytest.raises(EmbeddedFailed) as refusal:
        embedded.start(home)
    assert "max_connections" in refusal.value.detail
    configuration.write_text(good)
    embedded.start(home).stop()


def test_a_home_with_a_long_and_odd_name_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / 'it\'s a "home" $(of) `sorts`; 50%' / ("long" * 25)
    with embedded.start(home) as server:
        socket = server.cluster.socket
        assert home not in socket.parents
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert ask(server, "SELECT 1") == 1
    assert not socket.exists()
    shutil.rmtree(home)
