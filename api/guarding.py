"""The headers that keep browsers from guessing, framing, telling and keeping; and which pages elsewhere may call."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer bears that has no word of its own: a page has another policy for its content, a view for caches."""
HSTS: Final = "max-age=31536000; includeSubDomains"
EXPOSED: Final = (
    "ETag", "Idempotency-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
    "WWW-Authenticate", "X-Ledger-Position", "X-Request-Id",
)  # fmt: skip
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match,"
    " Last-Event-ID, Read-Reason, X-Request-Id",
    "Access-Control-Max-Age": "600",
}


def secured(response: Response) -> Response:
    """Adds what is not there yet."""
    headers = response.headers
    there = {name.lower() for name, _ in headers}
    for name, value in SECURITY.items():
        if name.lower() not in there:
            headers.add(name, value)
    if request.is_secure:
        headers.set("Strict-Transport-Security", HSTS)
    return response


class Sharing:
    """Lets the pages of listed origins call from a browser; they say who speaks as all do, no cookie goes with it."""

    def __init__(self, origins: frozenset[str]) -> None:
        self._origins = origins

    def watch(self, app: Flask) -> None:
        """Answers what browsers ask beforehand, and says who may read the answers."""
        app.before_request(self.preflight)
        app.after_request(self.shared)

    def preflight(self) -> Response | None:
        """The answer to a browser that asks for a listed origin whether it may ask."""
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asks or request.headers.get("Origin") not in self._origins:
            return None
        return Response(status=204, headers=PREFLIGHT)

    def shared(self, response: Response) -> Response:
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in self._origins:
            response.headers["Access-Control-Allow-Origin"] = str(origin)
            response.headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED)
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
