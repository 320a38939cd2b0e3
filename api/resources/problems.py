"""GET /v1/problems/{code}: what each stable code means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from flask import Response

from api.asking import Asked
from api.door import Answer, Door
from api.problems import STATUS
from api.refusals import NoSuchPage
from api.schemas.words import Told, integer, many, text, truth
from ledger.errors import Refusal

DOOR: Final = Door("problems", "What the codes of problems mean", public=True)


class ProblemKind(Told):
    """What one code means."""

    type = text("the address of this description")
    code = text("the stable word")
    title = text("what it says in a word or two")
    status = integer("the HTTP status it comes with")
    retryable = truth("whether the same request may be sent again")
    meaning = text("what it means, and the fields it carries")


class ProblemKinds(Told):
    """Every code."""

    items = many(ProblemKind, "all that this service answers with")


def every(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """All refusals that are loaded, each once for every class."""
    for one in kind.__subclasses__():
        yield one
        yield from every(one)


def described() -> dict[str, dict[str, Any]]:
    """The codes with what they mean; where classes share a code, the first by name tells."""
    found: dict[str, dict[str, Any]] = {}
    for one in sorted(every(), key=lambda kind: kind.__name__):
        found.setdefault(
            one.code,
            {
                "type": f"/v1/problems/{one.code}",
                "code": one.code,
                "title": one.title,
                "status": STATUS[one.kind],
                "retryable": one.retryable,
                "meaning": " ".join((one.__doc__ or one.title).split()),
            },
        )
    return found


@DOOR.get("/v1/problems", Answer(200, ProblemKinds))
def problem_kinds(asked: Asked) -> Response:
    """Every code, described"""
    found = described()
    return described_as({"items": [found[code] for code in sorted(found)]})


@DOOR.get("/v1/problems/<string:code>", Answer(200, ProblemKind))
def problem_kind(asked: Asked, code: str) -> Response:
    """One code, described"""
    found = described().get(code)
    if found is None:
        raise NoSuchPage(f"no problem has the code {code[:80]}")
    return described_as(found)


def described_as(body: Any) -> Response:
    response = Response(orjson.dumps(body), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
