"""Where a webhook may point: HTTPS, and no address inside anybody's network, unless the operator allows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import ClassVar, Final
from urllib.parse import urlsplit

from ledger.errors import FieldError, Kind, Refusal

MOST_URL: Final = 2000
PRINTABLE: Final = re.compile(rf"[!-\[\]-~]{{1,{MOST_URL}}}")  # no space, no control, no backslash
LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME: Final = re.compile(rf"{LABEL}(?:\.{LABEL})*")
PORTS: Final = {"https": 443, "http": 80}

# The registries of special addresses (RFC 6890 and its successors). Written out: what a library thinks of as global
# differs from one of its versions to the next.
INSIDE_4: Final = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# Of IPv6 only global unicast is outside; what follows lies in it and is not, or hides an IPv4 address (6to4, Teredo).
# IPv4-mapped and NAT64 addresses lie outside of it.
OUTSIDE_6: Final = IPv6Network("2000::/3")
INSIDE_6: Final = tuple(IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))

Address = IPv4Address | IPv6Address


class AddressRefused(Refusal):
    """A webhook may not point there. Fields: `host`."""

    code = "address-refused"
    kind: ClassVar[Kind] = "claim"
    title = "A webhook may not point to this address"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator allows beyond public addresses over HTTPS: hosts by name, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def address(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def without_tls(self, host: str) -> bool:
        """Whether plain HTTP may be spoken to a host: one that is listed, or a literal address in a listed network."""
        literal = literal_of(host)
        return host in self.hosts or (literal is not None and self.address(literal))


def allowed(entries: Iterable[str]) -> Allowed:
    """The setting's entries as hosts and networks."""
    hosts, networks = set(), []
    for entry in entries:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            hosts.add(entry)
    return Allowed(frozenset(hosts), tuple(networks))


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's address in its parts. `path` holds the query as well; `host` is a name or a literal address."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


def target_of(url: str, permitted: Allowed) -> Target:
    """The parts of an address that a webhook may have. Raises AddressRefused; the name is not looked up."""
    try:
        parts = urlsplit(url) if PRINTABLE.fullmatch(url) else None
        port = None if parts is None else parts.port
    except ValueError:
        raise refused("is no address") from None
    if parts is None or parts.scheme not in PORTS or "@" in parts.netloc or "#" in url:
        raise refused(f"must be https://host/path, without user, password or fragment, at most {MOST_URL} signs")
    host = (parts.hostname or "").rstrip(".")
    literal = literal_of(host)
    if literal is None and not NAME.fullmatch(host):
        raise refused("names no host; write other letters than a-z in their xn-- form")
    if parts.scheme == "http" and not permitted.without_tls(host):
        raise refused("must begin with https://", host)
    if literal is not None:
        require_outside(host, literal, permitted)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme == "https", host, port or PORTS[parts.scheme], f"{parts.path or '/'}{query}")


def require_outside(host: str, address: Address, permitted: Allowed) -> None:
    """Passes for an address that anybody may be sent to. Raises AddressRefused."""
    if host in permitted.hosts or permitted.address(address):
        return
    if isinstance(address, IPv4Address):
        inside = any(address in network for network in INSIDE_4)
    else:
        inside = address not in OUTSIDE_6 or any(address in network for network in INSIDE_6)
    if inside:
        raise refused("lies in a network that is not public", host)


def literal_of(host: str) -> Address | None:
    try:
        return ip_address(host) if "%" not in host else None
    except ValueError:
        return None


def refused(detail: str, host: str = "") -> AddressRefused:
    return AddressRefused(f"/url {detail}", errors=(FieldError("/url", AddressRefused.code, detail),), host=host)
