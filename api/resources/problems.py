"""GET /v1/problems/{code}: what each stable code means."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Response

from api.answers import wants
from api.asking import Asked
from api.door import Answer, Door
from api.problems import PLAIN, STATUS
from api.public import HTML, JSON, html, public
from api.reference import page
from api.refusals import NoSuchPage
from api.refusing import every
from api.schemas.words import Told, integer, many, text, truth

DOOR: Final = Door("problems", "What the codes of problems mean", public=True)
PAGE: Final = Answer(200, types=(HTML,))


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


def described() -> dict[str, dict[str, Any]]:
    """The codes with what they mean; where classes share a code, the first by name tells."""
    found = {code: kind(code, title, status, meaning) for code, (status, title, meaning) in PLAIN.items()}
    for one in sorted(every(), key=lambda refusal: refusal.__name__):
        about = one.__doc__ or one.title
        found.setdefault(one.code, kind(one.code, one.title, STATUS[one.kind], about, retryable=one.retryable))
    return found


def kind(code: str, title: str, status: int, about: str, *, retryable: bool = False) -> dict[str, Any]:
    return {
        "type": f"/v1/problems/{code}",
        "code": code,
        "title": title,
        "status": status,
        "retryable": retryable,
        "meaning": " ".join(about.split()),
    }


@DOOR.get("/v1/problems", Answer(200, ProblemKinds), PAGE, Answer(304))
def problem_kinds(asked: Asked) -> Response:
    """Every code, described; as a page where HTML is preferred"""
    found = described()
    kinds = [found[code] for code in sorted(found)]
    if wants(JSON, HTML) == HTML:
        return html(page("problems.html", kinds=kinds))
    return public(orjson.dumps({"items": kinds}), JSON)


@DOOR.get("/v1/problems/<string:code>", Answer(200, ProblemKind), PAGE, Answer(304))
def problem_kind(asked: Asked, code: str) -> Response:
    """One code, described; as a page where HTML is preferred"""
    found = described().get(code)
    if found is None:
        raise NoSuchPage(f"no problem has the code {code[:80]}")
    if wants(JSON, HTML) == HTML:
        return html(page("problem.html", kind=found))
    return public(orjson.dumps(found), JSON)
