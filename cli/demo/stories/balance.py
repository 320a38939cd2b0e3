"""Where support goes: mostly one way, one way on purpose, round in a ring, back and forth in a mirror."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from cli.demo.diary import desk_time
from cli.demo.stage import Stage
from cli.demo.stories.steps import Bond, alone
from cli.demo.story import Story

MIRRORED: Final = ((210, 203), (168, 161), (119, 112))


def gives_most(stage: Stage) -> Story:
    """Beechcroft gives nearly everything in its cluster and hardly gets anything back."""
    return Story(
        name="gives-more-than-it-gets",
        what="Beechcroft carries the Riverside Cluster: it gives most of all support and gets little.",
        organisations={"giver": stage["beechcroft"].id},
        partnership=stage.clusters["riverside"].id,
        expected={"points": ["one_sided"], "way": "gives", "concentration_least": "1/2"},
    )


def gets_most(stage: Stage) -> Story:
    """Millgate is helped by everybody in Quayside."""
    return Story(
        name="gets-more-than-it-gives",
        what="Millgate gets most of what the Quayside Cluster gives, with a new head and a young staff.",
        organisations={"receiver": stage["millgate"].id},
        partnership=stage.clusters["quayside"].id,
        expected={"points": ["one_sided"], "way": "gets"},
    )


def one_way_on_purpose(stage: Stage) -> Story:
    """Stanmoor gives to four primary schools, as agreed."""
    return Story(
        name="one-way-by-agreement",
        what="The Hilltop Cluster is meant to be one way: a secondary school brings four primaries on.",
        organisations={"giver": stage["stanmoor"].id},
        partnership=stage.clusters["hilltop"].id,
        expected={"no_points": ["one_sided"], "points": ["intended_end"], "unknown": ["reciprocity"]},
    )


def ring(stage: Stage) -> Story:
    """A to B to C to A: no pair is even, and all three are."""
    names = ("oakwood", "elm-park", "st-annes")
    return Story(
        name="ring",
        what="Oakwood supports Elm Park, Elm Park supports St Anne's, St Anne's supports Oakwood: it comes round.",
        organisations={str(number): stage[name].id for number, name in enumerate(names, 1)},
        partnership=stage.clusters["harbour"].id,
        expected={"comes_round_least": "1/20", "no_points": ["one_sided"]},
    )


def at_once(bond: Bond) -> None:
    """The receiver confirms within a day: on the same day where it sits down later than the giver, else the next."""
    one, other = (desk_time(bond.last_on, who.voice) for who in (bond.giver, bond.receiver))
    day = bond.last_on + timedelta(days=0 if other > one else 1)
    bond.stage.note(day, bond.receiver.voice, "support.delivery_confirmed", bond.support, delivery_id="d1")


def mirror(stage: Stage) -> Story:
    """The same day of support there and back, three times, each confirmed within a day: a question, no verdict."""
    cluster = stage.clusters["minster"]
    streams = {}
    for number, (there, back) in enumerate(MIRRORED, 1):
        for giver, receiver, on in (("minster-yard", "cloister", there), ("cloister", "minster-yard", back)):
            bond = alone(stage, giver, receiver, cluster, "peer_review", on=on, noted=on - 3, quantity=1, unit="day")
            at_once(bond)
            streams[f"{giver}-{number}"] = bond.support
    return Story(
        name="mirror",
        what="Minster Yard and Cloister record the same day of support both ways, three times, confirmed at once.",
        organisations={"one": stage["minster-yard"].id, "other": stage["cloister"].id},
        partnership=cluster.id,
        expected={"audit": ["mirrored"], "streams": streams},
    )
