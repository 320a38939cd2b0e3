"""How the text of a setting becomes its value. Each raises ValueError with a sentence about what it takes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def text(given: str) -> str:
    """Any text but nothing."""
    if not given.strip():
        raise ValueError("must not be empty")
    return given.strip()


def path(given: str) -> Path:
    """An absolute folder; `~` is the user's home."""
    found = Path(text(given)).expanduser()
    if not found.is_absolute():
        raise ValueError(f"{given!r} is not an absolute path")
    return found


def address(given: str) -> str:
    """A PostgreSQL URL or a libpq string. The message never repeats it: it may hold a password."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(text(given))
    except ProgrammingError:
        raise ValueError("is neither a PostgreSQL URL nor a libpq connection string") from None
    return given.strip()


class Endpoint(NamedTuple):
    """Where something listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def endpoint(given: str) -> Endpoint | None:
    """`ADDRESS:PORT` (an IPv6 address in brackets), None for `off`."""
    if given.strip().lower() == "off":
        return None
    host, colon, port = given.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65_536:
        raise ValueError(f"{given!r} is neither ADDRESS:PORT nor off")
    return Endpoint(host, int(port))


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Networks = tuple[Network, ...]


def networks(given: str) -> Networks:
    """Addresses and networks (`10.0.0.0/8`), separated by commas."""
    return tuple(network(word.strip()) for word in given.split(",") if word.strip())


def network(given: str) -> Network:
    try:
        return ipaddress.ip_network(given)
    except ValueError:
        raise ValueError(f"{given!r} is neither an IP address nor a network such as 10.0.0.0/8") from None


def networks_or_hosts(given: str) -> tuple[str, ...]:
    """Networks (`10.0.0.0/8`), addresses and names of hosts, separated by commas."""
    found = tuple(word.strip().lower() for word in given.split(",") if word.strip())
    for word in found:
        if not re.fullmatch(r"[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?", word) or re.fullmatch(r"[0-9.]+", word):
            network(word)
    return found


def web_address(given: str) -> str:
    """`https://HOST` or `http://HOST`, perhaps with a port, and nothing behind it."""
    found = given.strip().lower().removesuffix("/")
    if not re.fullmatch(r"https?://([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", found):
        raise ValueError(f"{given!r} is not an address such as https://ledger.harbour.example")
    return found


class MailServer(NamedTuple):
    """A mail server: `user` is None where nobody signs in there; `tls` says that it speaks TLS from the first byte."""

    host: str
    port: int
    user: str | None
    tls: bool


def mail_server(given: str) -> MailServer:
    """`smtp://HOST` (STARTTLS) or `smtps://HOST` (TLS from the beginning), perhaps with a user and a port."""
    form = r"(smtps?)://(?:([^\s:@/]{1,200})@)?([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?/?"
    found = re.fullmatch(form, given.strip())
    if found is None or int(found[4] or 1) > 65_535:
        raise ValueError("it is not an address such as smtp://USER@mail.example.org:587; the password is a setting")
    tls = found[1] == "smtps"
    user = None if found[2] is None else unquote(found[2])
    return MailServer(found[3].strip("[]"), int(found[4] or (465 if tls else 587)), user, tls)


def mailbox(given: str) -> str:
    """An e-mail address, perhaps with a name before it."""
    _, address = parseaddr(given.strip())
    if not re.fullmatch(r"[^\s@<>]{1,64}@[A-Za-z0-9.-]{1,189}", address) or not given.strip().isprintable():
        raise ValueError(f"{given!r} is not an address such as ledger@harbour.example")
    return given.strip()


def usual_mailbox(_environ: Mapping[str, str], above: Mapping[str, Any]) -> str:
    """From whom letters come where nobody said: the ledger at its own address, else at its mail server's."""
    server: MailServer | None = above["smtp_url"]
    return f"ledger@{urlsplit(above['public_url'] or '').hostname or (server.host if server else 'localhost')}"


def origins(given: str) -> frozenset[str]:
    """Web origins (`https://pages.harbour.example`), separated by commas."""
    return frozenset(web_address(word) for word in given.split(",") if word.strip())


def zone(given: str) -> ZoneInfo:
    """A name of the time zone database."""
    try:
        return ZoneInfo(text(given))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{given!r} is no time zone, such as Europe/London") from None


def origin(given: str) -> str:
    """A name that may stand in a signed note: no space, no plus sign."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,254}", given):
        raise ValueError(f"{given!r} is not 1 to 255 of A-Z a-z 0-9 . _ : / - beginning with a letter or digit")
    return given


def names(given: str) -> tuple[str, ...]:
    """Words of `a-z`, digits and `_`, separated by commas."""
    found = tuple(word.strip() for word in given.split(",") if word.strip())
    wrong = [word for word in found if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", word)]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is not a word of a-z, 0-9 and _ beginning with a letter")
    return found


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in plain digits."""

    def read(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", given.strip()) or not least <= int(given) <= most:
            raise ValueError(f"{given!r} is not a whole number from {least} to {most}")
        return int(given)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """A number with or without a decimal point."""

    def read(given: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", given.strip()) or not least <= float(given) <= most:
            raise ValueError(f"{given!r} is not a number from {least} to {most}")
        return float(given)

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words, in any case."""

    def read(given: str) -> str:
        if given.strip().lower() not in words:
            raise ValueError(f"{given!r} is not one of {', '.join(words)}")
        return given.strip().lower()

    return read
