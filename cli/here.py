"""The ledger on this machine, asked as over HTTP, without a socket between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient

from api.app import create_app, require_enrolled
from api.calling.caller import error_of, object_of, target
from api.calling.wire import Reply
from cli.asking import views_here
from cli.naming import Directory
from cli.opening import LOCAL_READER, Said
from cli.placeless import without_place
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from projections.views import ReadModels


class Here:
    """Answers by the application itself: what it says, any reader of HTTP is told."""

    def __init__(self, said: Said, ledger: Ledger, models: ReadModels) -> None:
        self._said, self._ledger = said, ledger
        self._http: FlaskClient = seated(create_app(ledger, models), said).test_client()
        self._headers = {} if said.key is None else {"Authorization": f"Bearer {said.key}"}

    def directory(self) -> Directory:
        return Directory.of(self._ledger, self._said.anybody(self._ledger))

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        answer = self._http.get(target(path, parameters), headers=self._headers)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        reply = Reply(answer.status_code, headers, answer.get_data())
        if not answer.status_code < 300:
            raise error_of(reply)
        return without_place(object_of(reply))  # type: ignore[no-any-return]  # of an object it makes an object

    def items(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        page = self.get(path, **parameters)
        yield from page["items"]
        while page["has_more"]:
            page = self.get(path, cursor=page["next"], limit=parameters.get("limit"))
            yield from page["items"]


@contextmanager
def answering_here(said: Said) -> Iterator[Here]:
    """The ledger of this environment, whose views know all of it."""
    with views_here(said) as (ledger, models):
        yield Here(said, ledger, models)


def seated(app: Flask, said: Said) -> Flask:
    """The application for whoever sits at the ledger's own machine: it answers before the first admin has come in,
    and where no key is given it answers who may open the database anyway."""
    before = app.before_request_funcs[None]
    before.remove(require_enrolled)
    if said.key is None:
        before.insert(0, partial(sit, LOCAL_READER))
    return app


def sit(speaker: Speaker) -> None:
    g.speaker = speaker
