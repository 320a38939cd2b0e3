"""What anybody may read: documents, descriptions and pages without any of the ledger's data in them."""

from __future__ import annotations

from typing import Final

from flask import Response, request

JSON: Final = "application/json"
HTML: Final = "text/html"
SAFE: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What a page of ours may load: its own stylesheet, nothing else."""
SECONDS: Final = 300


def html(text: str) -> Response:
    """A page that loads nothing but its own stylesheet."""
    response = public(text.encode(), f"{HTML}; charset=utf-8")
    response.headers["Content-Security-Policy"] = SAFE
    return response


def public(body: bytes, content_type: str) -> Response:
    """What anybody may read and keep for a while; 304 to who has it."""
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.headers.add("Vary", "Accept")
    response.add_etag()
    response.make_conditional(request)
    return response
