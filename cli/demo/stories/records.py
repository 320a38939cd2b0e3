"""The keeping of the books: late entries, closed periods, imports, duplicates, corrections, withdrawn offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cli.demo.deals import amount
from cli.demo.diary import EventIdOf, LastPosition
from cli.demo.gatherings import meet
from cli.demo.stage import Stage
from cli.demo.stories.steps import alone, office_day
from cli.demo.story import Story


def recorded_late(stage: Stage) -> Story:
    """Reedmere enters a winter's support months later, after the auditor had closed the period."""
    cluster, streams = stage.clusters["fenside"], {}
    for number, on in enumerate((345, 331, 317), 1):
        bond = alone(
            stage, "reedmere", "sluice-road", cluster, "resources", on=on, noted=160, quantity=1, unit="half_day",
            delivered_from=stage.weekday(stage.back(on + 4)),
        )  # fmt: skip
        bond.confirmed("d1", 151)
        streams[f"d{number}"] = bond.support
    return Story(
        name="recorded-late",
        what="Reedmere recorded three half days five months after they were held, in a period already closed.",
        organisations={"giver": stage["reedmere"].id, "receiver": stage["sluice-road"].id},
        partnership=cluster.id,
        expected={"streams": streams, "confirmed_minutes": 585, "after_closing": True, "late": True},
    )


def periods(stage: Stage) -> Story:
    """The auditor closes a period, opens it again for a mistake, closes it, and closes the next."""
    until, then = office_day(stage, 400), office_day(stage, 220)
    say = ((380, "closed", until), (372, "reopened", until), (365, "closed", until), (200, "closed", then))
    for back, step, day in say:
        more: dict[str, Any] = {"reason": "A hub's entries had been left out"} if step == "reopened" else {}
        figures: dict[str, Any] = {"figures_position": LastPosition()} if step == "closed" else {}
        data: dict[str, Any] = {"scope": "ledger", "until": day} | figures | more
        stage.note(office_day(stage, back), stage.auditor, f"log.period_{step}", None, **data)
    return Story(
        name="periods",
        what="The auditor closed two periods and reopened one of them for a week.",
        organisations={},
        expected={"closed_until": then.isoformat()},
    )


def imported(stage: Stage) -> Story:
    """Machines bring in what stood in spreadsheets before the programme; the receivers confirm it by themselves."""
    machine = stage.machine("machine:kestrel-vale", "kestrel-rise", "merlin", "osprey")
    ashfield = stage.machine("machine:ashfield", "ashfield")
    day, streams = stage.week(8) + timedelta(days=2), {}
    rows = (
        ("kestrel-rise", "harrier-lane", machine, "leadership"), ("merlin", "hobby-hill", machine, "early_years"),
        ("osprey", "harrier-lane", machine, "maths"), ("ashfield", "elm-park", ashfield, "maths"),
        ("ashfield", "fairmead", ashfield, "curriculum"),
    )  # fmt: skip
    for number, (giver, receiver, who, category) in enumerate(rows):
        support, one, other = stage.new_id("support"), stage[giver], stage[receiver]
        stage.note(
            day, who, "support.delivered", support, for_=one.id if who is machine else None, delivery_id="d1",
            amount=amount(number % 3 + 1, "half_day"), delivered_on=stage.first - timedelta(days=70 - 7 * number),
            giver_id=one.id, receiver_id=other.id, category=category, imported=True,
        )  # fmt: skip
        stage.note(stage.desk(other, day), other.voice, "support.delivery_confirmed", support, delivery_id="d1")
        streams[f"{giver}-{receiver}"] = support
    return Story(
        name="imported",
        what="Five entries from before the programme were brought in by machines and confirmed by the receivers.",
        organisations={"client": stage["ashfield"].id, "trust": stage["kestrel-vale"].id},
        expected={"streams": streams, "independence": "imported"},
    )


def registered_twice(stage: Stage) -> Story:
    """A coordinator registers Oakwood a second time without its identifiers; an administrator says so later."""
    twin, one = stage.id("organisation", "oakwood-again"), stage["oakwood"]
    stage.note(
        office_day(stage, 310), stage["harrowmere-hub"].voice, "organisation.registered", twin,
        name="Oakwood Junior", kind="school", identifiers=[],
    )  # fmt: skip
    stage.note(
        office_day(stage, 280), stage.admin, "organisation.duplicate_declared", twin, duplicate_of=one.id,
        reason="The same school, entered for a meeting without its number",
    )  # fmt: skip
    for key, pupils, back in (("oakwood", 251, 275), ("tarn-view", 89, 272), ("millgate", 215, 90)):
        stage.note(
            office_day(stage, back), stage.admin, "organisation.details_changed", stage[key].id, pupils=pupils,
            reason="The autumn census",
        )  # fmt: skip
    return Story(
        name="registered-twice",
        what="Oakwood was registered twice; the second entry was declared a duplicate.",
        organisations={"school": one.id, "duplicate": twin},
        expected={"duplicate_of": one.id},
    )


def takes_back(stage: Stage) -> Story:
    """An offer and a request are withdrawn, a meeting with the wrong day too."""
    giver, receiver, cluster = stage["heatherfield"], stage["curlew"], stage.clusters["moorland"]
    offer, request = stage.new_id("support"), stage.new_id("support")
    day = office_day(stage, 84)
    stage.note(
        day, cluster.coordinator.voice, "support.offered", offer, for_=giver.id, giver_id=giver.id,
        partnership_id=cluster.id, category="resources", summary="Our minibus on Thursdays", available_from=day,
        amount=amount(6, "half_day"), open_to={"to": "trust"},
    )  # fmt: skip
    stage.note(
        office_day(stage, 71), giver.voice, "support.offer_withdrawn", offer, reason="The minibus has gone for repair"
    )
    stage.note(
        day, receiver.voice, "support.requested", request, receiver_id=receiver.id, category="governance",
        need="A clerk who has set up a new board", amount=amount(3, "hour"), open_to={"to": "pool"}, named=True,
    )  # fmt: skip
    stage.note(
        office_day(stage, 66), receiver.voice, "support.request_withdrawn", request, reason="We found one next door"
    )
    minster = stage.clusters["minster"]
    held_on = office_day(stage, 100)
    wrong = meet(stage, minster, held_on, minster.schools, [])
    stage.note(
        held_on + timedelta(days=4), minster.coordinator.voice, "partnership.entry_withdrawn", minster.id,
        event_id=EventIdOf(wrong), reason="Recorded with the wrong day; the meeting is entered again",
    )  # fmt: skip
    meet(stage, minster, held_on + timedelta(days=5), minster.schools, [])
    return Story(
        name="takes-back",
        what="Heatherfield withdrew an offer, Curlew a request, and the Minster hub a meeting with the wrong day.",
        organisations={"giver": giver.id, "receiver": receiver.id},
        partnership=cluster.id,
        expected={"streams": {"offer": offer, "request": request}},
    )


def one_occasion(stage: Stage) -> Story:
    """Moorgate trains four schools on one day: one occasion, its time split between them."""
    cluster, streams = stage.clusters["moorland"], {}
    for receiver in ("curlew", "tarn-view", "peat-lane", "gorse-hill"):
        bond = alone(
            stage, "moorgate", receiver, cluster, "staff_development", on=145, noted=143, quantity="1/4", unit="day",
            occasion_id="training-day",
        )  # fmt: skip
        bond.confirmed("d1", 136)
        streams[receiver] = bond.support
    return Story(
        name="one-occasion",
        what="Moorgate's training day counted once, a quarter of it for each of four schools.",
        organisations={"giver": stage["moorgate"].id},
        partnership=cluster.id,
        expected={"streams": streams, "confirmed_minutes": 360},
    )


def terms_change(stage: Stage) -> Story:
    """Harbour changes its terms with notice, Moorland its purpose, Fenside its coordinator; Fenside has gone quiet."""
    harbour, moorland, fenside = (stage.clusters[key] for key in ("harbour", "moorland", "fenside"))
    day = office_day(stage, 230)
    stage.note(
        day, harbour.coordinator.voice, "partnership.terms_revised", harbour.id, effective_on=day + timedelta(days=45),
        terms={"tolerance_ratio": "2/5", "confirm_within_days": 21}, reason="Visits are few and long",
    )  # fmt: skip
    stage.note(
        office_day(stage, 226), moorland.coordinator.voice, "partnership.purpose_revised", moorland.id,
        purpose="Small schools that together teach, and look after, the whole curriculum",
        effective_on=office_day(stage, 226), reason="Keeping it alive proved harder than writing it",
    )  # fmt: skip
    handed_on, after = fenside.handed_over or (day, fenside.coordinator)
    stage.note(
        handed_on, fenside.coordinator.voice, "partnership.coordinator_changed", fenside.id, coordinator_id=after.id,
        on=handed_on,
    )  # fmt: skip
    return Story(
        name="quiet-after-a-change",
        what="Fenside changed its coordinator and has gone quiet; Harbour revised its terms, Moorland its purpose.",
        organisations={"before": fenside.coordinator.id, "after": after.id},
        partnership=fenside.id,
        expected={"points": ["quiet"], "codes": []},
    )
