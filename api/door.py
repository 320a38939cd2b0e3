"""Doors: endpoints with what they take and give, declared once; each application makes its own blueprints of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Final, TypeVar

import marshmallow as ma
from flask_smorest import Blueprint

from api.asking import asking
from api.schemas.queries import NoQuery, Query
from ledger.errors import Refusal

F = TypeVar("F", bound=Callable[..., Any])
JSON: Final = "application/json"


class Doors(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A blueprint that reads what is asked strictly; `door` is what it was made of."""

    door: Door
    # In place of the library's parser of arguments: it only describes, `asking` reads.
    ARGUMENTS_PARSER = SimpleNamespace(DEFAULT_VALIDATION_STATUS=400, use_args=lambda *_, **__: lambda view: view)


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented answer: its status, the schema of its body, the media types it comes in, and the names of headers
    (`api.headers`) that it bears beyond those of every answer of its kind."""

    status: int
    schema: type[ma.Schema] | dict[str, Any] | None = None
    types: tuple[str, ...] = (JSON,)
    about: str | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route. `refuses` are refusals beyond those of every route of its kind; `claims` says that it posts facts,
    so that any rule may refuse it."""

    method: str
    rule: str
    function: Callable[..., Any]
    query: type[Query]
    body: type[ma.Schema] | None
    answers: tuple[Answer, ...]
    words: Mapping[str, Any]
    refuses: tuple[type[Refusal], ...] = ()
    claims: bool = False

    @property
    def path(self) -> str:
        """The address as the document writes it."""
        return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", self.rule)

    @property
    def takes_body(self) -> bool:
        return self.body is not None or "requestBody" in self.words

    def view(self, doors: Doors) -> Callable[..., Any]:
        """The function, handed what was asked; with everything that the document says about it.

        The library's decorators only describe here: called for every request they would cost a third of it.
        """
        described: Any = self.function
        for answer in reversed(self.answers):
            for media_type in answer.types:
                schema = answer.schema
                if schema is None and media_type != JSON:
                    schema = {"type": "string", "contentMediaType": media_type}  # tables, pages, pictures
                about = {"schema": schema, "content_type": media_type, "description": answer.about}
                described = doors.alt_response(answer.status, **about)(described)
        words = dict(self.words)
        headers = words.pop("parameters", ())
        if words:
            described = doors.doc(**words)(described)
        if self.body is not None:
            described = doors.arguments(self.body, location="json")(described)
        described = doors.arguments(self.query, location="query")(described)
        described._apidoc["arguments"]["parameters"].extend(dict(header) for header in headers)
        view: Any = asking(self.function, self.query, self.body)
        view._apidoc = described._apidoc
        return view  # type: ignore[no-any-return]  # an attribute of the library's hangs on it


@dataclass(frozen=True, slots=True)
class Door:
    """The endpoints of one resource; those of a `public` one ask for no credential."""

    name: str
    about: str
    public: bool = False
    endpoints: list[Endpoint] = field(default_factory=list)

    def get(self, rule: str, *answers: Answer, query: type[Query] = NoQuery, **words: Any) -> Callable[[F], F]:
        return self._endpoint("GET", rule, answers, query, None, words)

    def post(
        self,
        rule: str,
        *answers: Answer,
        query: type[Query] = NoQuery,
        body: type[ma.Schema] | None = None,
        **words: Any,
    ) -> Callable[[F], F]:
        return self._endpoint("POST", rule, answers, query, body, words)

    def delete(self, rule: str, *answers: Answer, **words: Any) -> Callable[[F], F]:
        return self._endpoint("DELETE", rule, answers, NoQuery, None, words)

    def _endpoint(
        self,
        method: str,
        rule: str,
        answers: tuple[Answer, ...],
        query: type[Query],
        body: type[ma.Schema] | None,
        words: Mapping[str, Any],
    ) -> Callable[[F], F]:
        told = dict(words)
        refuses, claims = tuple(told.pop("refuses", ())), bool(told.pop("claims", False))

        def keep(function: F) -> F:
            self.endpoints.append(Endpoint(method, rule, function, query, body, answers, told, refuses, claims))
            return function

        return keep

    def blueprint(self) -> Doors:
        """A blueprint of its own for one application."""
        made = Doors(self.name, __name__, description=self.about)
        made.door = self
        for one in self.endpoints:
            open_to_all: dict[str, Any] = {"security": []} if self.public else {}
            view = replace(one, words={**one.words, **open_to_all}).view(made)
            made.add_url_rule(one.rule, one.function.__name__, view, methods=[one.method])
        return made
