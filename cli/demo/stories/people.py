"""People: one on whom much depends and who leaves, one who leads two schools, one who changes name."""

from __future__ import annotations

from cli.demo.beginnings import introduce, issue
from cli.demo.stage import Stage
from cli.demo.stories.steps import agreed, alone, office_day
from cli.demo.story import Story


def key_person_leaves(stage: Stage) -> Story:
    """Thornwick's specialist gave most of what it gave; then the post ends."""
    cluster, giver = stage.clusters["three-valleys"], stage["thornwick"]
    bond = agreed(stage, "thornwick", "deepdale", cluster, "maths", asked=310, quantity=10, unit="day", lasts=250)
    for number, on in enumerate((290, 276, 262, 248, 234), 1):
        bond.delivered(f"d{number}", on, on - 3, 2, "day", role="specialist")
        bond.confirmed(f"d{number}", on - 8)
    bond.completed(215)
    bond.outcome(170, 3, "Every class in the junior school draws before it calculates")
    person = giver.people["specialist"]
    stage.note(
        office_day(stage, 40), giver.voice, "person.role_ended", person, person_id=person, on=office_day(stage, 25)
    )
    return Story(
        name="key-person-leaves",
        what="Thornwick's specialist gave more than half of what Thornwick gave, and has left.",
        organisations={"giver": giver.id},
        partnership=cluster.id,
        expected={"points": ["key_person_left"], "person": person, "streams": {"support": bond.support}},
    )


def one_head_two_schools(stage: Stage) -> Story:
    """The head of Oakwood leads Fairmead too: she records, and Fairmead's chair of governors confirms."""
    cluster, fairmead = stage.clusters["harbour"], stage["fairmead"]
    head = stage["oakwood"].voice
    also = stage.speaker("member", "oakwood:head", organisations=frozenset({fairmead.id}), person_id=head.person_id)
    issue(stage, office_day(stage, 262), also)
    bond = alone(
        stage, "oakwood", "fairmead", cluster, "curriculum", on=250, noted=248, quantity=1, unit="half_day",
        people=[stage["oakwood"].people["head"]],
    )  # fmt: skip
    chair = fairmead.second or fairmead.voice
    bond.confirmed("d1", 243, by=chair)
    return Story(
        name="one-head-two-schools",
        what="One head leads Oakwood and Fairmead; what she records for one, the other's chair confirms.",
        organisations={"giver": bond.giver.id, "receiver": fairmead.id},
        partnership=cluster.id,
        expected={"streams": {"support": bond.support}, "recorded_by": head.principal, "confirmed_by": chair.principal},
    )


def office_changes(stage: Stage) -> Story:
    """A colleague of a trust's office leaves: the role ends, the credential too, and a successor is introduced."""
    trust = stage["hollowbridge"]
    person, voice = trust.people["central_team"], trust.second or trust.voice
    after = stage.id("person", "hollowbridge:central_team:2")
    day = office_day(stage, 112)
    stage.note(day, trust.voice, "person.role_ended", person, person_id=person, on=day)
    stage.note(day, stage.admin, "credential.revoked", voice.principal, principal=voice.principal)
    introduce(stage, office_day(stage, 108), trust, "central_team", after, stage.rng("office"))
    stage.note(
        office_day(stage, 101), trust.voice, "person.details_corrected", after, person_id=after, name="Maeve Larkham"
    )
    return Story(
        name="office-changes",
        what="Hollowbridge's office changed hands: role and credential ended, a successor's name was put right.",
        organisations={"trust": trust.id},
        expected={"revoked": voice.principal, "person": person, "successor": after},
    )


def moves_trust(stage: Stage) -> Story:
    """Withy Green goes from one trust to another in the middle of a year."""
    one, old, new = stage["withy-green"], stage["hollowbridge"], stage["three-becks"]
    day = office_day(stage, 20)
    stage.note(day, one.voice, "organisation.left_trust", one.id, trust_id=old.id, on=day)
    stage.note(office_day(stage, 17), one.voice, "organisation.joined_trust", one.id, trust_id=new.id, on=day)
    return Story(
        name="moves-trust",
        what="Withy Green left Hollowbridge and joined Three Becks.",
        organisations={"school": one.id, "from": old.id, "to": new.id},
        partnership=stage.clusters["three-valleys"].id,
        expected={"points": ["structural"], "on": day.isoformat()},
    )
