"""One HTTP request to an address that was looked up once and checked: no proxy, no redirect, and an end to waiting."""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import Any, Final, NamedTuple

from api.webhooks.guard import AddressRefused, Allowed, Target, require_outside

MOST_ANSWER_BYTES: Final = 65_536


class Place(NamedTuple):
    """Where a name leads, as the system's resolver says it."""

    family: int
    address: tuple[Any, ...]


Resolve = Callable[[str, int], Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long is waited, in seconds: for the name, for the connection, and for everything together."""

    name: float = 5.0
    connection: float = 5.0
    total: float = 15.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint answered; of the body no more than the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoReply(Exception):
    """Nothing usable came back. `code`: `name-unknown`, `address-refused`, `not-connected`, `tls-failed`, `too-slow`,
    `cut-off`, `not-http`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def system_resolve(host: str, port: int) -> Sequence[Place]:
    """The places that the machine's resolver knows for a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [Place(family, address) for family, _, _, _, address in found]


def looked_up(target: Target, resolve: Resolve, seconds: float) -> Sequence[Place]:
    """The places of a host. Raises NoReply. The system's resolver knows no time limit, so it is asked in a thread."""
    found: list[Sequence[Place]] = []

    def ask() -> None:
        try:
            found.append(resolve(target.host, target.port))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=ask, name="webhook resolver", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found or not found[0]:
        raise NoReply("name-unknown" if found else "too-slow")
    return found[0]


def checked(target: Target, places: Sequence[Place], permitted: Allowed) -> None:
    """Passes when each place may be connected to: one that may not makes the whole name suspect. Raises NoReply."""
    for place in places:
        try:
            require_outside(target.host, ip_address(str(place.address[0]).partition("%")[0]), permitted)
        except (AddressRefused, ValueError):
            raise NoReply("address-refused") from None


class Timed(io.RawIOBase):
    """A socket all of whose waiting ends at one moment (monotonic seconds)."""

    def __init__(self, inner: socket.socket, until: float) -> None:
        self._inner = inner
        self._until = until

    def _arm(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._inner.settimeout(left)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._arm()
        return self._inner.recv_into(buffer)

    def send_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._arm()
            rest = rest[self._inner.send(rest) :]

    def makefile(self, *_: Any) -> io.BufferedReader:
        """What the standard library's reader of answers asks a socket for."""
        return io.BufferedReader(self)


def connected(places: Sequence[Place], until: float) -> socket.socket:
    """A connection to the first place that takes one. Raises OSError."""
    trouble: OSError = TimeoutError()
    for place in places:
        left = until - time.monotonic()
        if left <= 0:
            break
        connection = socket.socket(place.family, socket.SOCK_STREAM)
        try:
            connection.settimeout(left)
            connection.connect(place.address)
            return connection
        except OSError as error:
            connection.close()
            trouble = error
    raise trouble


def exchange(
    target: Target, places: Sequence[Place], message: bytes, waits: Waits, until: float, context: ssl.SSLContext
) -> Reply:
    """Sends a whole request and reads the answer. Raises NoReply."""
    try:
        connection = connected(places, min(until, time.monotonic() + waits.connection))
    except OSError as error:
        raise NoReply("too-slow" if isinstance(error, TimeoutError) else "not-connected") from error
    try:
        connection.settimeout(max(0.001, until - time.monotonic()))
        if target.secure:
            connection = context.wrap_socket(connection, server_hostname=target.host)
        return answer_on(Timed(connection, until), message)
    except TimeoutError as error:
        raise NoReply("too-slow") from error
    except ssl.SSLError as error:
        raise NoReply("tls-failed") from error
    except OSError as error:
        raise NoReply("cut-off") from error
    except (HTTPException, ValueError) as error:
        raise NoReply("not-http") from error
    finally:
        connection.close()


def answer_on(timed: Timed, message: bytes) -> Reply:
    timed.send_all(message)
    response = HTTPResponse(timed, method="POST")  # type: ignore[arg-type]  # it asks for `makefile` alone
    response.begin()
    body = response.read(MOST_ANSWER_BYTES)
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def request_of(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"POST {target.path} HTTP/1.1", f"Host: {target.authority}", "Connection: close", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def post(
    target: Target, headers: Mapping[str, str], body: bytes, *, permitted: Allowed, resolve: Resolve, waits: Waits,
    context: ssl.SSLContext,
) -> Reply:  # fmt: skip
    """Posts a body to where a name leads now, if it may. Raises NoReply."""
    until = time.monotonic() + waits.total
    places = looked_up(target, resolve, waits.name)
    checked(target, places, permitted)
    return exchange(target, places, request_of(target, headers, body), waits, until, context)
