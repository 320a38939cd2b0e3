"""Histories, trails and questions: what is asked for, and what is answered."""

from __future__ import annotations

from typing import Final

import marshmallow as ma

from api.schemas.fields import Choice, Day, EventName, Id, Words
from api.schemas.figures import Header
from api.schemas.queries import Dated, Figures, Paged
from api.schemas.words import Told, days, integer, many, moment, text, truth, uuid, value
from projections.audit.marks import MARKS

MARK_WORDS: Final = ", ".join(MARKS)


class HistoryQuery(Dated, Paged):
    """The facts of one thing as sentences, page by page."""

    order = Choice("`ledger` (the default) or `newest` first", ("ledger", "newest"))
    type = Words(EventName("stored names of events"), 100)
    mark = Words(Choice(f"only what bears one of these marks: {MARK_WORDS}", MARKS), len(MARKS))
    voice = Id("the organisation whose word it is")
    on_from = Day("business date from")
    on_to = Day("business date to, inclusive")


class TrailQuery(HistoryQuery):
    """The trail of all that is in sight, or of one thing in it."""

    organisation = Id("an organisation that the fact names or concerns")
    partnership = Id("the partnership it counts in")


class QuestionsQuery(Figures, Paged):
    """The questions of all that is in sight, or of one thing in it."""

    organisation = Id("what an organisation gave and got")
    partnership = Id("what counts in a partnership")


class TrailEntry(Told):
    """A fact as a sentence, with its marks."""

    position = integer("in the ledger")
    event_id = uuid("the fact")
    type = text("its stored name")
    stream_id = uuid("the thing it is about")
    on = days("its business date")
    recorded_at = moment("when it was recorded")
    says = text("what it says, in one sentence without free text")
    voice_id = uuid("the organisation whose word it is", required=False)
    actor = uuid("the principal that recorded it")
    marks = many(None, f"of {MARK_WORDS}")
    corrects = many(None, "the facts it corrects")
    corrected_by = many(None, "the facts that correct it")
    identity_ids = many(None, "in the history of an organisation with several identities: whose it is", required=False)


class Identity(Told):
    """Another identity of an organisation: one it goes on from, or one that goes on from it."""

    organisation_id = uuid("the other identity")
    name = text("its name")
    relation = text("predecessor or successor")
    on = days("the first day of the one that goes on")


class TrailPage(Told):
    """A page of a history."""

    scope = value("whose history")
    as_of = days("the business date: facts of later days are not in it")
    known_at = integer("the position up to which facts are in it")
    position = integer("how far the views had come")
    rule_version = text("the rules by which marks are given")
    missing = ma.fields.List(ma.fields.String(), data_key="unknown", metadata={"description": "what is missing"})
    items = many(TrailEntry, "in the order asked for")
    identities = many(Identity, "the other identities of an organisation", required=False)
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    names = value("the names of the ids in it")


class Couple(Told):
    """Two deliveries of the same amount, opposite ways."""

    minutes = integer("each way")
    confirmed_at = many(None, "when each was confirmed")
    event_ids = many(None, "their facts")


class AskedOfUs(Told):
    """One question."""

    kind = text("mirrored")
    says = text("the question in one sentence")
    organisation_ids = many(None, "the two")
    times = integer("how often")
    couples = many(Couple, "what it rests on")


class Questions(Header):
    """What the record gives rise to ask."""

    items = many(AskedOfUs, "by organisations")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
