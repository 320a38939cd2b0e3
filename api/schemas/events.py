"""Events, receipts and problems, as the OpenAPI document tells of them."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.words import Told, days, integer, many, moment, nested, text, truth, uuid, value


class FieldErrorSchema(Told):
    """One thing wrong with one member."""

    pointer = text("a JSON pointer (RFC 6901) into what was sent; in a batch it begins with the event's index")
    code = text("a stable word")
    detail = text("a sentence")


class Problem(Told):
    """Why not (RFC 9457)."""

    type = text("the address of the description of `code`")
    title = text("what kind of problem it is")
    status = integer("the HTTP status")
    detail = text("what was wrong this time")
    code = text("a stable word; match this, never the sentences")
    retryable = truth("whether the same request may be sent again")
    errors = many(FieldErrorSchema, "everything that is wrong, all at once")
    instance = text("an id of this occurrence")
    current_version = integer("412: the stream's version", required=False)
    voice = uuid("409: the organisation for which it was said", required=False)
    expected_version = integer("412: the version that was relied on", required=False)
    index = integer("of a batch: the event that it was refused for, from 0", required=False)
    position = integer("503: how far the answer's ledger is; of a fact that does not fit, its own", required=False)
    fact_type = text("503: the stored name of a fact that does not fit", required=False)
    event_id = uuid("503: a fact that does not fit", required=False)


class Event(Told):
    """A fact as a CloudEvent 1.0."""

    specversion = text("1.0")
    id = uuid("the event id")
    source = text("the ledger's origin")
    type = text("the stored name")
    subject = uuid("the stream")
    time = moment("when it happened")
    recordedtime = moment("when it was recorded")
    sequence = text("the position, 20 digits")
    streamversion = integer("its version in the stream")
    authtype = text("system, user or service_account; unknown where the ledger cannot tell")
    authid = uuid("the principal that recorded it")
    voice = uuid("the organisation whose word it is", required=False)
    recordedfor = uuid("the organisation it was recorded for", required=False)
    correlationid = text("the client's", required=False)
    causationid = text("the client's", required=False)
    clientsource = text("the client's `source`; for those who have the whole fact", required=False)
    clientid = text("the client's `id`; for those who have the whole fact", required=False)
    datacontenttype = text("application/json")
    dataschema = text("the schema of `data`")
    data = value("what happened, in the newest schema")


class FactPage(Told):
    """Facts in ledger order."""

    events = many(Event, "the facts")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    position = integer("the position up to which this page is complete")


class NewEvent(ma.Schema):
    """An event as a client posts it (CloudEvents 1.0); further extensions are allowed and not stored."""

    class Meta:
        unknown = ma.INCLUDE

    specversion = text("1.0", enum=["1.0"])
    type = text("the stored name of an event")
    subject = uuid("the stream; absent on the first event of one whose id the ledger chooses", required=False)
    source = text("who says so; absent: `urn:pledger:<principal>`", required=False, minLength=1, maxLength=255)
    id = text("unique in `source`; absent: the Idempotency-Key header", required=False, minLength=1, maxLength=255)
    time = moment("when it happened, with its offset; absent: now", required=False)
    recordedfor = uuid("the organisation a coordinator or client speaks for", required=False)
    correlationid = text("any text", required=False, minLength=1, maxLength=255)
    causationid = text("any text", required=False, minLength=1, maxLength=255)
    expectedversion = integer("the stream's version relied on; 0 = must be new", required=False, minimum=0)
    datacontenttype = text("the media type of `data`: JSON", required=False, pattern=r"^[^/;\s]+/([^/;\s]+\+)?json$")
    dataschema = text("an absolute URI; not stored", required=False, format="uri")
    data = value("the members of the event")


class StreamName(Told):
    kind = text("what kind of thing")
    id = uuid("which one")


class Links(Told):
    self = text("the fact")
    record = text("its exact bytes")
    stream = text("its stream")


class Receipt(Told):
    """Where an admitted event stands."""

    event_id = uuid("the fact's id")
    position = integer("in the ledger, from 1")
    stream = nested(StreamName, "the stream")
    version = integer("in the stream, from 1")
    recorded_at = moment("when it was recorded")
    sealed = truth("whether a signed checkpoint covers it already")
    links = nested(Links, "where to read on")


class Result(Told):
    """What became of one event of a batch."""

    index = integer("its place in the batch, from 0")
    status = integer("the HTTP status it would have had alone")
    receipt = nested(Receipt, "when it was admitted", required=False)
    problem = nested(Problem, "when it was refused", required=False)


class Results(Told):
    """What became of a batch."""

    results = many(Result, "one for each event, in order")
    position = integer("the position up to which the ledger has grown")
    dry_run = truth("true: nothing was written", required=False)


class DryRun(Told):
    """One event that would be admitted."""

    dry_run = truth("true: nothing was written")


class StreamAsItStands(Told):
    """A stream and its state."""

    kind = text("what kind of thing")
    id = uuid("which one")
    version = integer("how many facts it has")
    position = integer("the ledger's position at that moment")
    state = value("its state; `shape` names which of the possible ones")


class Me(Told):
    """What the credential is and may do."""

    principal = uuid("the person or machine")
    role = text("member, client, coordinator, auditor or admin")
    voices = many(None, "the organisations it speaks for")
    scopes = many(None, "what it may do; empty: all that its role may")
    trust = uuid("the trust an auditor reads", required=False)
    whole_ledger = truth("whether an auditor reads the whole ledger")
    person_id = uuid("the person it belongs to", required=False)
    limits = value("the limits of this service, each with its unit in its name")
    zone = text("the zone that decides which day a moment falls on")
    origin = text("the ledger's origin")
    kind = text("live, test or demo")
    today = days("the day it is in the ledger's zone")
    position = integer("the last position")
