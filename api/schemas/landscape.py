"""The landscape, as the OpenAPI document tells of it."""

from __future__ import annotations

from api.schemas.figures import Header, Share
from api.schemas.words import Open, Told, days, integer, many, nested, text, uuid, value


class LandscapePart(Open):
    """One part of collaboration, with what it was counted from."""

    f = nested(Share, "from 0 to 1; null with `why` where it cannot be told", required=False)
    why = text("why it cannot be told", required=False)


class LandscapeParts(Told):
    """The three parts."""

    tempo = nested(LandscapePart, "the share of its partnerships that keep their pace")
    reciprocity = nested(LandscapePart, "the part of its own turnover that was returned or came round")
    categories = nested(LandscapePart, "categories of support used, out of five, at most 1")


class Collaboration(Told):
    """How much it works with others."""

    f = nested(Share, "the mean of the parts that can be told", required=False)
    parts = nested(LandscapeParts, "what it is the mean of")
    why = text("why it cannot be told", required=False)
    coverage = value("`known` of `of` parts")


class AssuredBy(Told):
    """How far the components that one side has spoken of are in place."""

    f = nested(Share, "the mean; null with `why` where nothing was said", required=False)
    why = text("why it cannot be told", required=False)
    in_place = integer("components that are in place")
    in_part = integer("in part")
    not_yet = integer("not yet")
    departed = integer("reasoned departures")
    coverage = value("`known` of `of` components")
    event_ids = many(None, "the facts it rests on")


class LandscapeFramework(Told):
    """A framework that applies to it on the day."""

    framework_id = text("its id")
    name = text("its name")
    version = integer("its version of the day")
    owner_id = uuid("who published it")
    components = integer("how many components it has")
    spoken_of = integer("of how many it has spoken itself")
    spoken_of_by_others = integer("of how many others have")


class Autonomy(Told):
    """How far what its frameworks ask for is in place."""

    by_itself = nested(AssuredBy, "in its own word; a reasoned departure counts 1 until it is to be looked at again")
    by_others = nested(AssuredBy, "in the word of others")
    frameworks = many(LandscapeFramework, "those that apply: its own, its trust's, its coordinators'")


class LandscapeDay(Told):
    """The same on one day."""

    on = days("the day")
    collaboration = nested(Share, "as above", required=False)
    tempo = nested(Share, "as above", required=False)
    reciprocity = nested(Share, "as above", required=False)
    categories = nested(Share, "as above", required=False)
    autonomy_by_itself = nested(Share, "as above", required=False)
    autonomy_by_others = nested(Share, "as above", required=False)
    why = value("by name, why a figure is null", required=False)


class LandscapeFigures(Header):
    """Where an organisation stands, for itself and its auditor."""

    collaboration = nested(Collaboration, "how much it works with others")
    autonomy = nested(Autonomy, "how far it stands on its own")
    legend = value("how the four fields of the picture are read; no organisation is put into one")
    movement = many(LandscapeDay, "the same at the ends of earlier terms or quarters, and on the day itself")
