"""The ledger does not start with settings under which facts could be lost, or read by somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.guard import SettingsUnsafe, guard
from ledger.settings import load


def unsafe(environ: dict[str, str], *, demo: bool = False) -> list[str]:
    with pytest.raises(SettingsUnsafe) as refusal:
        guard(load(environ), environ, demo=demo)
    return [error.code for error in refusal.value.errors]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return {"PLEDGER_HOME": str(home)}


def test_a_private_home_is_safe_and_so_is_one_that_is_not_there_yet(environ: dict[str, str]) -> None:
    guard(load(environ), environ, demo=True)
    elsewhere = {"PLEDGER_HOME": environ["PLEDGER_HOME"] + "/new"}
    guard(load(elsewhere), elsewhere)


@pytest.mark.parametrize("mode", [0o750, 0o704, 0o710])
def test_a_home_that_others_may_enter_is_refused(environ: dict[str, str], mode: int) -> None:
    Path(environ["PLEDGER_HOME"]).chmod(mode)
    assert unsafe(environ) == ["readable-by-others"]


def test_keys_that_others_may_read_are_refused(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys").chmod(0o755)
    assert unsafe(environ | {"PLEDGER_KEYS_DIR": str(tmp_path / "keys")}) == ["readable-by-others"]


def test_the_library_s_database_functions_are_refused(environ: dict[str, str]) -> None:
    assert unsafe(environ | {"POSTGRES_ENABLE_DB_FUNCTIONS": "y"}) == ["unordered-inserts"]
    guard(load(environ), environ | {"POSTGRES_ENABLE_DB_FUNCTIONS": "n"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "ledger.example"])
def test_a_demonstration_in_public_is_refused_and_a_service_is_not(environ: dict[str, str], host: str) -> None:
    environ |= {"PLEDGER_HOST": host}
    assert unsafe(environ, demo=True) == ["demo-in-public"]
    guard(load(environ), environ)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_a_demonstration_on_loopback_is_welcome(environ: dict[str, str], host: str) -> None:
    environ |= {"PLEDGER_HOST": host}
    guard(load(environ), environ, demo=True)


@pytest.mark.parametrize(
    "address",
    [
        "host=/run/postgresql options='-c synchronous_commit=off'",
        "postgresql:///pledger?options=-c%20synchronous_commit%3DOF",
        "host=localhost options=--synchronous_commit=no",
        "host=localhost options='-c synchronous_commit=local -c synchronous_commit=0'",
    ],
)
def test_a_commit_that_a_crash_can_undo_is_refused(environ: dict[str, str], address: str) -> None:
    assert unsafe(environ | {"PLEDGER_DATABASE_URL": address}) == ["commit-not-durable"]


def test_the_options_of_the_environment_count_too(environ: dict[str, str]) -> None:
    environ |= {"PLEDGER_DATABASE_URL": "host=localhost", "PGOPTIONS": "-c synchronous_commit=off"}
    assert unsafe(environ) == ["commit-not-durable"]


@pytest.mark.parametrize("address", ["host=db.example sslmode=disable", "postgresql://a,localhost/p?sslmode=allow"])
def test_a_connection_in_the_clear_to_another_machine_is_refused(environ: dict[str, str], address: str) -> None:
    assert unsafe(environ | {"PLEDGER_DATABASE_URL": address}) == ["connection-not-encrypted"]


@pytest.mark.parametrize(
    "address",
    [
        "host=/run/postgresql sslmode=disable",
        "host=127.0.0.1 sslmode=disable",
        "host=db.example sslmode=verify-full options='-c synchronous_commit=on'",
        "host=a.example,b.example sslmode=require options='-c synchronous_commit=remote_apply'",
    ],
)
def test_durable_and_private_connections_are_welcome(environ: dict[str, str], address: str) -> None:
    environ |= {"PLEDGER_DATABASE_URL": address}
    guard(load(environ), environ)


def test_everything_unsafe_is_said_at_once(environ: dict[str, str]) -> None:
    Path(environ["PLEDGER_HOME"]).chmod(0o755)
    environ |= {
        "PLEDGER_DATABASE_URL": "host=db.example sslmode=disable options='-c synchronous_commit=off'",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "true",
    }
    assert unsafe(environ) == [
        "readable-by-others",
        "unordered-inserts",
        "commit-not-durable",
        "connection-not-encrypted",
    ]
