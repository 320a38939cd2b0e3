"""How the views are doing, as it is told to admins."""

from __future__ import annotations

from api.schemas.words import Told, integer, many, nested, of, text, truth, uuid


class FailedAt(Told):
    """The fact a view cannot apply."""

    position = integer("its position")
    event_id = uuid("its id; absent where its record cannot be read", required=False)
    type = text("its type")


class Rebuild(Told):
    """What is being built beside the tables that are read."""

    position = integer("the last position it has applied")
    progress = of({"type": "number", "minimum": 0, "maximum": 1}, "the part of the log that is done", True, {})
    failed = nested(FailedAt, "the fact at which it stopped; absent where there is none", required=False)
    reason = text("why it stopped; absent where there is none", required=False)


class OtherVersion(Told):
    """Tables of another version of the view, which stand still until the new ones take their place."""

    version = integer("their version")
    position = integer("where they stand")


class Projection(Told):
    """One view."""

    view = text("its name")
    version = integer("the version of its rules in this program")
    state = text("working, stopped, rebuilding or waiting")
    answers = truth("whether questions are answered as far as all views have come")
    position = integer("the last position it has applied")
    head = integer("the last position of the log")
    lag = integer("how many facts it has not looked at yet")
    lag_seconds = of({"type": "number"}, "for how long the first fact it lacks has been recorded", True, {})
    failed = nested(FailedAt, "the fact it cannot apply; absent where there is none", required=False)
    reason = text("why it cannot; absent where there is none", required=False)
    rebuild = nested(Rebuild, "what is being built beside; absent where there is none", required=False)
    rebuild_asked = truth("whether a rebuild was asked for and has not begun")
    standing = nested(OtherVersion, "what another version left; absent where there is none", required=False)


class Projections(Told):
    """Every view."""

    items = many(Projection, "the views this service keeps")
    position = integer("the last position of the log")
