"""The guard at the start: it refuses settings under which facts could be lost, or read by somebody else."""

from __future__ import annotations

import ipaddress
import re
import stat
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ledger.errors import FieldError, Kind, Refusal
from ledger.settings import Settings

_UNENCRYPTED = {"disable", "allow"}


class SettingsUnsafe(Refusal):
    """The settings are readable, but unsafe; `errors` names each variable, all at once.

    Codes of the errors: `readable-by-others`, `unordered-inserts`, `demo-in-public`, `commit-not-durable`,
    `connection-not-encrypted`.
    """

    code: ClassVar[str] = "settings-unsafe"
    kind: ClassVar[Kind] = "rule"
    title: ClassVar[str] = "The ledger does not start with unsafe settings"


def guard(settings: Settings, environ: Mapping[str, str], *, demo: bool = False) -> None:
    """Return if the ledger may start like this; `demo` says that everybody's credentials are printed.

    Raises SettingsUnsafe.
    """
    errors = [
        *_folders(settings),
        *_library(environ),
        *(_demo(settings) if demo else ()),
        *(_database(settings.database_url, environ) if settings.database_url else ()),
    ]
    if errors:
        raise SettingsUnsafe("; ".join(f"{error.pointer}: {error.detail}" for error in errors), errors=tuple(errors))


def _folders(settings: Settings) -> Iterator[FieldError]:
    for name, folder in (("PLEDGER_HOME", settings.home), ("PLEDGER_KEYS_DIR", settings.keys_dir)):
        if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            yield FieldError(name, "readable-by-others", f"others may enter {folder}; `chmod 700 {folder}`")


def _library(environ: Mapping[str, str]) -> Iterator[FieldError]:
    """With the library's database functions, some events never reach its own subscription (measured: 97 of 11,598)."""
    name = "POSTGRES_ENABLE_DB_FUNCTIONS"
    if environ.get(name, "").strip().lower() in {"y", "yes", "t", "true", "on", "1"}:
        yield FieldError(name, "unordered-inserts", "events written so may be missed by readers; unset it")


def _demo(settings: Settings) -> Iterator[FieldError]:
    if not _is_local(settings.host):
        yield FieldError("PLEDGER_HOST", "demo-in-public", f"a demonstration listens on loopback, not {settings.host}")


def _database(address: str, environ: Mapping[str, str]) -> Iterator[FieldError]:
    from psycopg.conninfo import conninfo_to_dict

    given: dict[str, Any] = dict(conninfo_to_dict(address))
    options = f"{environ.get('PGOPTIONS', '')} {given.get('options', '')}"
    if any(_is_off(value) for value in re.findall(r"synchronous_commit\s*=\s*'?(\w+)", options, re.IGNORECASE)):
        yield FieldError("PLEDGER_DATABASE_URL", "commit-not-durable", "a crash would lose facts with a receipt")
    encryption = str(given.get("sslmode") or environ.get("PGSSLMODE") or "prefer")
    hosts = str(given.get("hostaddr") or given.get("host") or environ.get("PGHOST") or "").split(",")
    if encryption in _UNENCRYPTED and not all(_is_local(host) for host in hosts):
        yield FieldError("PLEDGER_DATABASE_URL", "connection-not-encrypted", f"sslmode={encryption} to another machine")


def _is_off(value: str) -> bool:
    """PostgreSQL reads any beginning of `false` and `no`, and of `off` from two letters, as off."""
    word = value.lower()
    return (
        word == "0" or "false".startswith(word) or "no".startswith(word) or (len(word) > 1 and "off".startswith(word))
    )


def _is_local(host: str) -> bool:
    """Whether this host is this machine: a socket's folder, `localhost`, or a loopback address."""
    name = host.strip().strip("[]")
    if not name or name.startswith(("/", "@")) or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
