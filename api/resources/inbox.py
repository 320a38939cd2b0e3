"""/v1/inbox: what needs the reader, and the step each thing leads to."""

from __future__ import annotations

from typing import Final

from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.figures import as_table, figures, question
from api.paging import link_next, listed, page_of
from api.schemas.figures import CSV_TOO
from api.schemas.inbox import Inbox, InboxQuery, ItemLine
from api.speaking import reader, the_ledger, the_read_models
from projections.inbox.answering import Wanted, inbox

DOOR: Final = Door("inbox", "Inbox: what needs the reader")


@DOOR.get("/v1/inbox", Answer(200, Inbox), CSV_TOO, query=InboxQuery)
def what_needs_me(asked: Asked) -> Response:
    """What needs the reader: what is late first, then by day, then by how long it waits

    A member or client reads what its organisations need; a coordinator besides what the partnerships it runs need; an
    auditor what has changed in its scope. Each item leads to one event: `action` is what to post.
    """
    who = reader("reports:read")
    page = page_of(asked, InboxQuery)
    given = page.filters
    wanted = Wanted(
        kind=given.get("kind"), organisation_id=given.get("organisation"), partnership_id=given.get("partnership"),
        after=page.after_text() or "", limit=page.limit,
    )  # fmt: skip
    found = the_read_models().answer(
        inbox, question(given), who, the_ledger().today(), wanted, explain=given["explain"]
    )
    answer = found.to_json()
    body = answer | {"next": listed([], page, answer["next"], more=False, position=0, name="items")["next"]}
    lines = body | {"items": found.rows()} if as_table() else body
    return link_next(figures(lines, rows="items", of=ItemLine, name="inbox", text=True), body)
