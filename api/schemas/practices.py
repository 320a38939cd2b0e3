"""Practices, as the OpenAPI document tells of them."""

from __future__ import annotations

from typing import Final

from api.schemas.fields import Choice, Id, Line
from api.schemas.figures import Share
from api.schemas.queries import Figures, Paged, Windowed
from api.schemas.reviews import Explained
from api.schemas.words import Told, days, integer, many, nested, text, truth, uuid, value

STATES: Final = ("assured", "needs_work", "shared")


class PracticesQuery(Windowed, Paged):
    """Practices; the window is that of the day each was shared on."""

    q = Line("words of its title or summary", most=200)
    category = Line("its category", most=64)
    author = Id("who shared it")
    state = Choice("where it stands", STATES)


class PracticeQuery(Figures):
    """One practice."""


class Flow(Told):
    """Shared : adopted : returned."""

    shared = integer("practices shared", required=False)
    adopted = integer("adoptions, each organisation once for a practice")
    returned = integer("how often something came back")
    came_back = integer("adoptions that led to at least one return")
    came_back_share = nested(Share, "of the adoptions; null where there is none, with `why`", required=False)
    why = value("by name, why a figure is null", required=False)


class AuthorFlow(Flow):
    """One author's."""

    author_id = uuid("the author")


class PracticeInShort(Flow):
    """A practice as lists show it."""

    id = uuid("its id")
    title = text("its title")
    category = text("its category")
    summary = text("what it is")
    link = text("where it is found", required=False)
    author_id = uuid("who shared it")
    shared_on = days("the day")
    state = text("assured, needs_work or shared")
    assured_by_ids = many(None, "whose latest word is that it is assured")
    adopter_ids = many(None, "who adopted it")
    event_ids = many(None, "its facts")


class Practices(Explained, Flow):
    """A page of practices, and the counts over all that were asked for."""

    authors = many(AuthorFlow, "the counts of each author")
    items = many(PracticeInShort, "assured ones first, then by title")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")


class LineageStep(Told):
    """What an organisation did with a practice."""

    step = text("assured, needs_work, adopted or returned")
    organisation_id = uuid("who")
    on = days("its business date")
    after_days = integer("of a return: days after the organisation adopted it", required=False)
    criteria = text("what it was looked at against", required=False)
    comment = text("what was said to it", required=False)
    improvement = text("what came back", required=False)
    link = text("where that is found", required=False)
    event_ids = many(None, "its facts")


class Practice(Explained, PracticeInShort):
    """A practice with its lineage."""

    lineage = many(LineageStep, "in order of recording")
