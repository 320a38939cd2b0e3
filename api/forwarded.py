"""What proxies say of a request: believed of those that are listed, and of nobody else."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from ledger.readers import Networks

MOST_HOPS: Final = 16
HOST: Final = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
SCHEMES: Final = ("http", "https")
Environ = dict[str, Any]


class Forwarded:
    """An application as its clients see it before the proxies: who asks, by which scheme, under which name.

    `X-Forwarded-For` is read from its end: the first address that is no listed proxy is the client. Of the other two
    the last value counts, which the nearest proxy wrote. `Forwarded` (RFC 7239) is not read: a proxy that writes the
    one may let the other through from anybody.
    """

    def __init__(self, application: Callable[[Environ, Any], Iterable[bytes]], proxies: Networks) -> None:
        self._application, self._proxies = application, proxies

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if self._is_proxy(environ.get("REMOTE_ADDR", "")):
            environ = environ | dict(self._told(environ))
        return self._application(environ, start_response)

    def _told(self, environ: Environ) -> Iterable[tuple[str, str]]:
        yield "REMOTE_ADDR", self._client(environ)
        scheme = last(environ, "HTTP_X_FORWARDED_PROTO").lower()
        if scheme in SCHEMES:
            yield "wsgi.url_scheme", scheme
        host = last(environ, "HTTP_X_FORWARDED_HOST")
        if HOST.fullmatch(host):
            yield "HTTP_HOST", host

    def _client(self, environ: Environ) -> str:
        """The nearest address that no listed proxy has; what comes before something that is no address is not read."""
        found: str = environ["REMOTE_ADDR"]
        hops = environ.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", MOST_HOPS)[-MOST_HOPS:]
        for hop in reversed(hops):
            address = address_in(hop)
            if address is None or not self._is_proxy(found):
                break
            found = address
        return found

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self._proxies)


def last(environ: Environ, name: str) -> str:
    text: str = environ.get(name, "")
    return text.rpartition(",")[2].strip()


def address_in(hop: str) -> str | None:
    """The address of one hop, perhaps with a port; None for what is none."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
