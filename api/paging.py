"""Pages: what a list was asked for, on its first page or by the cursor of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request
from werkzeug.datastructures import MultiDict

from api.access_log import note_lines
from api.asking import Asked, read_query
from api.cursors import make_cursor, open_cursor
from api.refusals import not_readable
from api.schemas.queries import Paged

OF_THE_PAGE: Final = frozenset({"cursor", "limit", "wait", "min_position", "dataschema"})


@dataclass(frozen=True, slots=True)
class Page:
    """The filters as read and as sent, and what the page follows (None: nothing)."""

    filters: Asked
    sent: Mapping[str, str]
    after: int | str | None
    limit: int

    def after_position(self, first: int) -> int:
        """The position it follows; `first` on a first page. Raises NotReadable for another list's cursor."""
        return first if self.after is None else self._is(int)

    def after_text(self) -> str | None:
        """The text it follows. Raises NotReadable for another list's cursor."""
        return None if self.after is None else self._is(str)

    def _is(self, kind: type[Any]) -> Any:
        if type(self.after) is not kind:
            raise not_readable("/cursor", "not-a-cursor", "belongs to another list")
        return self.after


def page_of(asked: Asked, schema: type[Paged]) -> Page:
    """What this request asks for. Raises CursorOfAnotherQuery, NotReadable and ParametersWrong."""
    sent = {name: ",".join(values) for name, values in request.args.lists() if name not in OF_THE_PAGE}
    if "cursor" not in asked:
        return Page(asked, sent, None, asked["limit"])
    held, after = open_cursor(asked["cursor"], sent)
    return Page(read_query(schema(), MultiDict(held)), held, after, asked["limit"])


def listed(items: list[Any], page: Page, after: int | str, *, more: bool, position: int, name: str) -> dict[str, Any]:
    """The body of a page; `after` is the last one looked at."""
    note_lines(len(items))
    return {name: items, "next": make_cursor(page.sent, after), "has_more": more, "position": position}


def with_cursor(answer: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """The answer of a list, whose `next` is a place in it, with the cursor for that place."""
    return {**answer, "next": make_cursor(page.sent, answer["next"])}


def link_next(response: Response, body: Mapping[str, Any]) -> Response:
    """Adds the `Link` to the next page while there is one."""
    if body["has_more"]:
        limit = f"&limit={request.args['limit']}" if "limit" in request.args else ""
        response.headers["Link"] = f'<{request.path}?cursor={body["next"]}{limit}>; rel="next"'
    return response
