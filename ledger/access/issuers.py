"""The OpenID Connect issuers by which people may sign in: a JSON file, read strictly once at the start."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ledger.errors import FieldError
from ledger.settings import SettingsRefused

VARIABLE: Final = "PLEDGER_OIDC_FILE"
MOST: Final = 20
MEMBERS: Final = frozenset(
    {"name", "label", "issuer", "client_id", "client_secret", "client_secret_file", "tenant", "second_factor"}
)
NAME_FORM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whom we ask who somebody is.

    `tenant` is a claim and the value it must have. `amr` and `acr` are the values by which this issuer says that it
    asked for a second factor; without one of them the ledger asks for its own.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    tenant: tuple[str, str] | None = None
    amr: frozenset[str] = frozenset()
    acr: frozenset[str] = frozenset()

    def showed_second_factor(self, claims: Mapping[str, Any]) -> bool:
        """Whether these claims say that a second factor was asked for there."""
        methods = claims.get("amr")
        said = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
        level = claims.get("acr")
        return bool(said & self.amr) or (isinstance(level, str) and level in self.acr)


class _Wrong(Exception):
    """One thing that is wrong with the file."""


def read_issuers(file: Path | None) -> tuple[Issuer, ...]:
    """The issuers of a file, none without one. Raises SettingsRefused with everything that is wrong with it."""
    if file is None:
        return ()
    try:
        given = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise refused([f"{file} cannot be read as JSON ({type(error).__name__})"]) from None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise refused([f"{file} must hold a list of 1 to {MOST} issuers"])
    found, wrong = [], []
    for index, one in enumerate(given):
        try:
            found.append(issuer_of(one, file.parent))
        except _Wrong as error:
            wrong.append(f"/{index}: {error}")
    wrong += [
        f"two issuers have the same {member}"
        for member in ("name", "issuer")
        if len({getattr(one, member) for one in found}) != len(found)
    ]
    if wrong:
        raise refused(wrong)
    return tuple(found)


def refused(wrong: list[str]) -> SettingsRefused:
    errors = tuple(FieldError(VARIABLE, "setting-malformed", one) for one in wrong)
    return SettingsRefused("; ".join(f"{VARIABLE}: {one}" for one in wrong), errors=errors)


def issuer_of(given: Any, folder: Path) -> Issuer:
    """One issuer as it stands in the file; a secret's file is found from the folder of this one."""
    if not isinstance(given, dict):
        raise _Wrong("must be an object")
    unknown = sorted(given.keys() - MEMBERS)
    if unknown:
        raise _Wrong(f"{', '.join(unknown)} is not known here; {', '.join(sorted(MEMBERS))} are")
    name, address = text(given, "name"), text(given, "issuer")
    if not NAME_FORM.fullmatch(name):
        raise _Wrong("name must be 1 to 40 of a-z, 0-9 and -")
    require_encrypted(address)
    factor = given.get("second_factor", {})
    if not isinstance(factor, dict) or factor.keys() - {"amr", "acr"}:
        raise _Wrong("second_factor must be an object with amr, acr or both")
    return Issuer(
        name=name, label=text(given, "label"), issuer=address, client_id=text(given, "client_id"),
        client_secret=secret_of(given, folder), tenant=tenant_of(given.get("tenant")),
        amr=words(factor, "amr"), acr=words(factor, "acr"),
    )  # fmt: skip


def text(given: Mapping[str, Any], member: str) -> str:
    found = given.get(member)
    if not isinstance(found, str) or not found.strip() or len(found) > 500:
        raise _Wrong(f"{member} must be a text")
    return found.strip()


def words(given: Mapping[str, Any], member: str) -> frozenset[str]:
    found = given.get(member, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _Wrong(f"second_factor.{member} must be a list of texts")
    return frozenset(found)


def tenant_of(given: Any) -> tuple[str, str] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or given.keys() != {"claim", "value"}:
        raise _Wrong("tenant must be an object with claim and value")
    return text(given, "claim"), text(given, "value")


def secret_of(given: Mapping[str, Any], folder: Path) -> str | None:
    if "client_secret_file" not in given:
        return text(given, "client_secret") if "client_secret" in given else None
    if "client_secret" in given:
        raise _Wrong("set client_secret or client_secret_file, not both")
    file = folder / text(given, "client_secret_file")
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _Wrong(f"{file} cannot be read ({type(error).__name__})") from None


def require_encrypted(address: str) -> None:
    """Passes for HTTPS, and for plain HTTP on this machine."""
    if not is_encrypted(address):
        raise _Wrong(f"{address} must begin with https://")


def is_encrypted(address: str) -> bool:
    """Whether what is sent to this address is read by nobody on the way."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    if host is None or host.lower() == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
