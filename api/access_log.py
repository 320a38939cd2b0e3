"""Notes who read what: one entry for each reading request under /v1, written before the answer leaves where a reason
opened it. An answer that cannot be noted does not leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

from flask import Flask, Response, g, request

from api.cursors import open_cursor
from api.door import Door
from api.problems import refused
from api.refusals import NotReadable, not_readable
from api.schemas.fields import Line
from api.schemas.queries import Query
from api.speaking import the_ledger
from ledger.access.entries import Read
from ledger.domain.fact import Reason, Speaker
from ledger.domain.text import nfc, personal_data_error, text_error
from ledger.errors import Refusal
from ledger.visibility import WITHHELD

REASON: Final = "Read-Reason"
LEAST_REASON: Final = 10
MOST_REASON: Final = 200
PLACEHOLDER: Final = re.compile(r"<(?:[^:>]+:)?(\w+)>")
ABOUT: Final = {
    "organisation_id": "organisation", "trust_id": "organisation", "partnership_id": "partnership",
    "organisation": "organisation", "with": "organisation", "trust": "organisation", "partnership": "partnership",
}  # fmt: skip
"""The parameters of paths and queries that name what is asked about, with the kind of key that they stand for."""
WAS_READ: Final = frozenset({200, 206, 304, 403, 404})
"""With these the query had been read, so that its values are of their form."""


def note_lines(count: int) -> None:
    """Says how many things the answer of this request lists."""
    g.read_lines = count


class Notes:
    """Notes the reading requests of an application; `doors` say which of their parameters are free text."""

    def __init__(self, doors: Iterable[Door]) -> None:
        gets = [one for door in doors for one in door.endpoints if one.method == "GET"]
        self._free = {one.rule: free_texts(one.query) for one in gets}

    def watch(self, app: Flask) -> None:
        """Looks at every request of the application, and at its answer."""
        app.before_request(take_reason)
        app.after_request(self.noted)

    def noted(self, response: Response) -> Response:
        """The answer once it is noted; a refusal in its place where that is impossible."""
        if not is_reading() or g.get("speaker") is None:
            return response
        try:
            the_ledger().access_log.note(self.read(response, g.speaker), durably=g.speaker.reason is not None)
        except Refusal as refusal:
            return refused(refusal)
        return response

    def read(self, response: Response, speaker: Speaker) -> Read:
        """What is noted of this request."""
        reason, done = speaker.reason, response.status_code < HTTPStatus.BAD_REQUEST
        path = request.view_args or {}
        rule = "" if request.url_rule is None else request.url_rule.rule
        sent = self.asked(rule) if response.status_code in WAS_READ else {}
        return Read(
            at=the_ledger().clock.now(),
            principal=speaker.principal,
            role=speaker.role,
            route=PLACEHOLDER.sub(r"{\1}", rule),
            status=response.status_code,
            thing=next((str(value) for value in path.values() if isinstance(value, UUID)), None),
            about=keys_in({**sent, **path}),
            asked=sent,
            lines=g.get("read_lines") if done else None,
            reason=None if reason is None else reason.text,
            opened=() if reason is None or not done else tuple(sorted(reason.opened)),
        )

    def asked(self, rule: str) -> dict[str, str]:
        """The query as sent, with the filters of its cursor; of free text only that there was some."""
        sent = {name: ",".join(values) for name, values in request.args.lists()}
        if (cursor := sent.pop("cursor", None)) is not None:
            sent = carried_by(cursor) | sent
        free = self._free.get(rule, frozenset())
        return {name: WITHHELD if name in free else value[:255] for name, value in sent.items()}


def is_reading() -> bool:
    return request.method in ("GET", "HEAD") and request.url_rule is not None and request.path.startswith("/v1/")


def free_texts(query: type[Query]) -> frozenset[str]:
    """The parameters whose value is whatever somebody wrote; a list of names is none."""
    fields = query().fields.items()
    return frozenset(field.data_key or name for name, field in fields if isinstance(field, Line))


def carried_by(cursor: str) -> dict[str, str]:
    try:
        query, _ = open_cursor(cursor, {})
    except NotReadable:
        return {}
    return {name: value if isinstance(value, str) else ",".join(value) for name, value in query.items()}


def keys_in(parameters: Mapping[str, Any]) -> frozenset[str]:
    """The fact keys of what the parameters name."""
    return frozenset(f"{ABOUT[name]}:{str(value).lower()}" for name, value in parameters.items() if name in ABOUT)


def take_reason() -> None:
    """Reads the reason that an auditor gives. Raises NotReadable; of anybody else the header is not looked at."""
    sent, who = request.headers.get(REASON), g.get("speaker")
    if sent is not None and is_reading() and who is not None and who.role == "auditor":
        g.speaker = replace(who, reason=Reason(reason_in(sent)))


def reason_in(sent: str) -> str:
    """The reason that a header holds: percent-encoded UTF-8, one line. Raises NotReadable."""
    try:
        text = nfc(unquote(sent.encode("ascii").decode("ascii"), errors="strict").strip())
    except UnicodeError:
        raise not_readable(f"/{REASON}", "not-of-this-form", "must be ASCII, or UTF-8 percent-encoded") from None
    wrong = text_error(text, MOST_REASON, False) or personal_data_error(text)
    if wrong is None and len(text) < LEAST_REASON:
        wrong = "too-short", f"is {len(text)} characters long; at least {LEAST_REASON} are needed"
    if wrong is not None:
        raise not_readable(f"/{REASON}", *wrong)
    return text
