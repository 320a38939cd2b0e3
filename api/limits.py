"""How much one caller may ask in a minute: reads, events and reports by principal, wrong credentials by address.

A right credential is never kept out by the wrong ones that others send from its address: it is looked at first.
"""

from __future__ import annotations

import ipaddress
from typing import Final, Literal, cast

from flask import Response, current_app, g, request

from api.buckets import WINDOW_SECONDS, Buckets, Level
from api.refusals import RateLimited
from ledger.domain.fact import Speaker
from ledger.settings import Settings

Kind = Literal["reads", "events", "reports", "failures", "token-failures"]
POSTING: Final = "/v1/events"
REPORTS: Final = frozenset(
    {
        "/v1/programmes/report",
        "/v1/organisations/<uuid:organisation_id>/governors",
        "/v1/organisations/<uuid:organisation_id>/landscape",
        "/v1/network/reciprocity",
        "/v1/trusts/<uuid:trust_id>/overview",
    }
)
"""The routes whose answers rest on many partnerships at once."""
IPV6_NETWORK: Final = 64
"""So many bits of an IPv6 address count: the rest is its holder's to choose."""


class Limits:
    """The limits of an application."""

    def __init__(self, settings: Settings) -> None:
        quotas: dict[Kind, int] = {
            "reads": settings.reads_per_minute,
            "events": settings.events_per_minute,
            "reports": settings.reports_per_minute,
            "failures": settings.failures_per_minute,
            "token-failures": settings.token_failures_per_minute,
        }
        self._buckets: dict[Kind, Buckets] = {kind: Buckets(quota) for kind, quota in quotas.items() if quota}

    def take(self, kind: Kind, key: str, cost: int = 1) -> None:
        """Takes so much of a caller's share, which the answer tells of. Raises RateLimited."""
        buckets = self._buckets.get(kind)
        if buckets is None:
            return
        level = buckets.take(key, cost)
        g.rate = (kind, buckets.quota, level)
        if level.wait_seconds:
            detail = f"{buckets.quota} {kind} a minute are allowed here; wait {level.wait_seconds} seconds"
            raise RateLimited(detail, limit=kind, retry_after_seconds=level.wait_seconds)


def the_limits() -> Limits:
    """Those of this application."""
    return cast(Limits, current_app.extensions["pledger.limits"])


def limit(who: Speaker) -> None:
    """Takes this request off its principal's share. Raises RateLimited."""
    rule = None if request.url_rule is None else request.url_rule.rule
    if rule == POSTING and request.method == "POST":
        the_limits().take("events", who.principal)
    else:
        the_limits().take("reports" if rule in REPORTS else "reads", who.principal)


def limit_events(who: Speaker, count: int) -> None:
    """Takes a post of so many events off its principal's share; one was taken before. Raises RateLimited."""
    if count > 1:
        the_limits().take("events", who.principal, count - 1)


def limit_failures(kind: Literal["failures", "token-failures"] = "failures") -> None:
    """Counts a wrong credential against the address it came from. Raises RateLimited when there were too many."""
    the_limits().take(kind, caller(request.remote_addr))


def caller(address: str | None) -> str:
    """What an address counts as."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""  # a socket of this machine
    if found.version == 6:
        return str(found.ipv4_mapped or ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


def told_of_limits(response: Response) -> Response:
    """Adds what is left to the answer (draft-ietf-httpapi-ratelimit-headers)."""
    rate: tuple[Kind, int, Level] | None = g.get("rate")
    if rate is not None:
        kind, quota, level = rate
        response.headers.add("RateLimit-Policy", f'"{kind}";q={quota};w={WINDOW_SECONDS}')
        response.headers.add("RateLimit", f'"{kind}";r={level.left};t={level.wait_seconds or level.full_seconds}')
    return response
