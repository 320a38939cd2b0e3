"""How the programme begins: the register, the credentials, the people, the school years and the frameworks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from cli.demo.casting import DIOCESE, NETWORK
from cli.demo.names import AUTHORITIES, FIRST_NAMES, HUBS, LAST_NAMES, TRUSTS
from cli.demo.school_year import school_year, year_of
from cli.demo.stage import Organisation, Stage
from ledger.domain.fact import Speaker

PUPILS: Final = {"primary": (90, 420), "junior": (180, 360), "infant": (120, 270), "special": (60, 140),
                 "secondary": (700, 1480)}  # fmt: skip
COMPONENTS: Final = {
    "purpose": ("Our partnership has a purpose that staff can say in a sentence", "expected"),
    "giving": ("We know what we can give and offer it without being asked", "expected"),
    "challenge": ("We ask for hard questions and answer them", "expected"),
    "leaving": ("We know when and how we may leave", "free"),
}
TRUST_COMPONENTS: Final = {
    "safeguarding": ("One safeguarding policy and one record system", "required"),
    "finance": ("One scheme of delegation for finance", "required"),
    "data": ("Attendance and assessment data are shared every half-term", "required"),
    "assessment": ("Common assessments in years two, four and six", "expected"),
    "curriculum": ("The trust's sequence in mathematics and English", "expected"),
    "coaching": ("Every teacher has a coach", "expected"),
    "uniform": ("A uniform that parents can buy anywhere", "free"),
    "clubs": ("Clubs on three days a week", "free"),
}


def begin(stage: Stage) -> None:
    """The first week, but for the partnerships."""
    register(stage)
    set_terms(stage)
    issue_credentials(stage)
    introduce_people(stage)
    publish_frameworks(stage)


def register(stage: Stage) -> None:
    """An administrator loads the public register; a coordinator and a machine add what is in none."""
    rng = stage.rng("register")
    day = stage.first
    for number, plan in enumerate(AUTHORITIES, 1):
        said(stage, day, f"la-{plan.code}", plan.name, "local_authority", local_authority=plan.code, number=number)
    for number, (key, (name, code)) in enumerate(HUBS.items(), 1):
        said(stage, day, key, name, "hub", local_authority=code, number=number)
    for number, trust in enumerate(TRUSTS, 1):
        said(stage, day, trust.key, trust.name, "trust", identifiers=of_trust(number), number=number)
    schools = [one for cluster in stage.clusters.values() for one in cluster.schools]
    for number, one in enumerate(schools, 1):
        said(stage, day, one.key, one.name, "school", number=number, **details(one, number, rng))
    for trust in TRUSTS:
        for key in trust.schools:
            joined = date(2015 + rng.randrange(8), rng.choice((1, 4, 9)), 1)
            stage.note(
                day, stage.admin, "organisation.joined_trust", stage[key].id, trust_id=stage[trust.key].id, on=joined
            )
    add_others(stage)


def add_others(stage: Stage) -> None:
    day = stage.first + timedelta(days=1)
    coordinator = stage["calderwick-hub"].voice
    diocese = stage.id("organisation", "diocese")
    stage.note(day, coordinator, "organisation.registered", diocese, name=DIOCESE, kind="diocese", identifiers=[])
    network = stage.id("organisation", "pennant")
    machine = stage.speaker("client", "pennant:system", organisations=frozenset({network}))
    stage.note(day, machine, "organisation.registered", network, name=NETWORK, kind="other", identifiers=[])


def said(stage: Stage, day: date, key: str, name: str, kind: str, *, number: int, **more: Any) -> None:
    subject = stage.id("organisation", key)
    members = {"identifiers": [], "region": "Northern Marches"} | more
    stage.note(day, stage.admin, "organisation.registered", subject, name=name, kind=kind, **members)


def of_trust(number: int) -> list[dict[str, str]]:
    return [
        {"scheme": "trust_uid", "value": str(99_000 + number)},
        {"scheme": "trust_ref", "value": f"TR{99_000 + number}"},
        {"scheme": "companies_house", "value": f"99{number:06d}"},
    ]


def details(one: Organisation, number: int, rng: Random) -> dict[str, Any]:
    """What the register says of a school; its URN lies in a range that is not in use."""
    identifiers = [
        {"scheme": "urn", "value": str(900_000 + number)},
        {"scheme": "ukprn", "value": str(19_900_000 + number)},
        {"scheme": "laestab", "value": f"{one.authority}/{2000 + number}"},
    ]
    return {
        "identifiers": identifiers,
        "phase": one.phase,
        "local_authority": one.authority,
        "pupils": rng.randrange(*PUPILS[one.phase], 2),
        "opened_on": date(1900 + rng.randrange(110), 9, 1),
    }


def set_terms(stage: Stage) -> None:
    """Term dates of the ledger, of each authority, and of one school that decides for itself."""
    years = range(year_of(stage.first), year_of(stage.today) + 2)
    for year in years:
        scopes = [("ledger", 0), *((plan.code, plan.shift_days) for plan in AUTHORITIES)]
        for scope, shift in scopes:
            data = school_year(year, shift).as_data(scope)
            stage.note(stage.first, stage.admin, "calendar.terms_set", None, **data)
    one = stage["longmead"]
    own = school_year(year_of(stage.today), one.shift_days).as_data(one.id)
    stage.note(stage.first + timedelta(days=1), one.voice, "calendar.terms_set", None, **own)


COMES_LATER: Final = "foundry-academy"  # a school converts into it; it gets its voice and its people then


def voices(stage: Stage) -> Iterator[Speaker]:
    yield stage.auditor
    for one in stage.organisations.values():
        if one.key == COMES_LATER:
            continue
        yield one.voice
        if one.second is not None:
            yield one.second
    yield stage.machine("machine:ashfield", "ashfield")
    yield stage.machine("machine:kestrel-vale", "kestrel-rise", "merlin", "osprey")


def issue_credentials(stage: Stage) -> None:
    for speaker in voices(stage):
        issue(stage, stage.first, speaker)


def issue(stage: Stage, day: date, speaker: Speaker) -> None:
    """The fact that a principal may speak; keys are handed out by the service, not by the diary."""
    stage.note(
        day,
        stage.admin,
        "credential.issued",
        speaker.principal,
        principal=speaker.principal,
        role=speaker.role,
        organisations=speaker.organisations or None,
        ledger=speaker.whole_ledger or None,
        person_id=speaker.person_id,
        scopes=speaker.scopes or None,
    )


def introduce_people(stage: Stage) -> None:
    rng = stage.rng("people")
    for one in stage.organisations.values():
        for role, person in one.people.items():
            if one.key == COMES_LATER:
                continue
            introduce(stage, stage.first + timedelta(days=1), one, role, person, rng)


def introduce(stage: Stage, day: date, one: Organisation, role: str, person: str, rng: Random) -> None:
    name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
    stage.note(
        day, one.voice, "person.introduced", person, person_id=person, organisation_id=one.id, role=role, name=name
    )


def publish_frameworks(stage: Stage) -> None:
    """Each hub says what it expects of partners; a trust insists on eight components."""
    for key in HUBS:
        publish(stage, stage.first + timedelta(days=1), key, "What partners owe each other", COMPONENTS)
    publish(stage, stage.first + timedelta(days=1), "kestrel-vale", "The common banner", TRUST_COMPONENTS)
    revised = COMPONENTS | {"evidence": ("We can show what came of what we gave", "free")}
    publish(stage, stage.week(30), "harrowmere-hub", "What partners owe each other", revised)


def publish(stage: Stage, day: date, owner: str, name: str, components: dict[str, tuple[str, str]]) -> None:
    framework = stage.frameworks.setdefault(owner, stage.id("framework", owner))
    stage.note(
        day,
        stage[owner].voice,
        "framework.published",
        framework,
        owner_id=stage[owner].id,
        name=name,
        components=[
            {"component_id": key, "statement": statement, "stance": stance}
            for key, (statement, stance) in components.items()
        ],
    )
