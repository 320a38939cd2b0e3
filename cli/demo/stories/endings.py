"""Endings and changes of identity: a purpose met, a school that becomes an academy."""

from __future__ import annotations

from datetime import timedelta

from cli.demo.beginnings import introduce, issue
from cli.demo.stage import Cluster, Stage
from cli.demo.stories.steps import agreed, alone, office_day
from cli.demo.story import Story


def purpose_met(stage: Stage) -> Story:
    """Old Town meets its aims, drops one, closes with lessons, and deals with what is still open."""
    cluster = stage.clusters["old-town"]
    open_positions(stage, cluster)
    hub = cluster.coordinator.voice
    add_and_drop_aims(stage, cluster)
    for aim, key, back in (("behaviour", "market-cross", 172), ("leadership", "castle-view", 166)):
        stage.note(
            office_day(stage, back), stage[key].voice, "partnership.aim_met", cluster.id, aim_id=aim,
            evidence="Measured twice, a term apart, in all four schools", on=office_day(stage, back),
        )  # fmt: skip
    closed_on = cluster.closed_on or office_day(stage, 140)
    stage.note(
        closed_on, hub, "partnership.closed", cluster.id, reason="purpose_met", on=closed_on,
        lessons="Begin with one routine; let every school lead one part; stop when it is done",
    )  # fmt: skip
    returned = give_back(stage, cluster)
    carry_over(stage, cluster)
    return Story(
        name="purpose-met",
        what="The Old Town Cluster met its aims and closed; two residuals were returned and carried on.",
        organisations={key: stage[key].id for key, _ in cluster.plan.schools},
        partnership=cluster.id,
        expected={
            "closed_on": closed_on.isoformat(),
            "disposals": {"returned": 390, "carried": 195},
            "streams": {"returned": returned},
            "brought_forward_minutes": 780,
        },
    )


def open_positions(stage: Stage, cluster: Cluster) -> None:
    """What Market Cross had given St Edda's before there was a ledger."""
    giver, receiver = stage["market-cross"], stage["st-eddas"]
    proposed_on = max(cluster.begins["market-cross"], cluster.begins["st-eddas"]) + timedelta(days=1)
    stage.note(
        proposed_on, giver.voice, "partnership.opening_position_proposed", cluster.id, proposal_id="before",
        giver_id=giver.id, receiver_id=receiver.id, minutes=780, since=proposed_on - timedelta(days=200),
        evidence="Two days of training in spring, in both schools' diaries",
    )  # fmt: skip
    agreed_on = proposed_on + timedelta(days=1)
    stage.note(agreed_on, receiver.voice, "partnership.opening_position_agreed", cluster.id, proposal_id="before")


def add_and_drop_aims(stage: Stage, cluster: Cluster) -> None:
    added_on, dropped_on = office_day(stage, 420), office_day(stage, 260)
    stage.note(
        added_on, cluster.coordinator.voice, "partnership.aim_added", cluster.id, aim_id="playtime",
        statement="One set of playground games for all four schools", success_measure="Incidents at play each week",
        due_on=stage.back(200), on=added_on,
    )  # fmt: skip
    for aim, back in (("playtime", 260), ("staff-development", 258)):
        stage.note(
            office_day(stage, back), stage["priory-park"].voice, "partnership.aim_dropped", cluster.id, aim_id=aim,
            evidence="The schools' own plans now hold this; nothing is left to do together", on=dropped_on,
        )  # fmt: skip


def give_back(stage: Stage, cluster: Cluster) -> str:
    """Castle View returns a day to Priory Park outside the partnership."""
    bond = agreed(stage, "castle-view", "priory-park", None, "behaviour", asked=135, quantity=1, unit="day")
    debtor, creditor = stage["castle-view"], stage["priory-park"]
    stage.note(
        office_day(stage, 128), debtor.voice, "partnership.residual_proposed", cluster.id, proposal_id="back",
        debtor_id=debtor.id, creditor_id=creditor.id, minutes=390, disposal="returned", support_id=bond.support,
        reason="One day is still owed and will be given this term",
    )  # fmt: skip
    stage.note(office_day(stage, 124), creditor.voice, "partnership.residual_agreed", cluster.id, proposal_id="back")
    bond.delivered("d1", 116, 114, 1, "day", role="senior_leader")
    bond.confirmed("d1", 109)
    bond.completed(105)
    return bond.support


def carry_over(stage: Stage, cluster: Cluster) -> None:
    """Market Cross and St Edda's join Riverside and take what is open with them."""
    riverside = stage.clusters["riverside"]
    pair = stage["market-cross"], stage["st-eddas"]
    invited_on = office_day(stage, 136)
    for one in pair:
        stage.note(
            invited_on, riverside.coordinator.voice, "partnership.partner_invited", riverside.id,
            organisation_id=one.id, role="supporting", on=invited_on,
        )  # fmt: skip
        accepted_on = office_day(stage, 131)
        stage.note(
            accepted_on, one.voice, "partnership.partner_accepted", riverside.id, organisation_id=one.id,
            on=accepted_on,
        )  # fmt: skip
    stage.note(
        office_day(stage, 126), pair[1].voice, "partnership.residual_proposed", cluster.id, proposal_id="on",
        debtor_id=pair[1].id, creditor_id=pair[0].id, minutes=195, disposal="carried", to=riverside.id,
        reason="We meet again in Riverside and go on from there",
    )  # fmt: skip
    stage.note(office_day(stage, 121), pair[0].voice, "partnership.residual_agreed", cluster.id, proposal_id="on")


def becomes_academy(stage: Stage) -> Story:
    """Foundry Lane converts: closed, succeeded, and the successor answers what was left open."""
    cluster, old, new = stage.clusters["foundry"], stage["foundry-lane"], stage["foundry-academy"]
    bond = agreed(
        stage, "bellows-street", "foundry-lane", cluster, "business_management", asked=270, quantity=2, unit="day"
    )
    bond.delivered("d1", 240, 238, 1, "day", role="head")
    bond.confirmed("d1", 232)
    bond.delivered("d2", 218, 215, 1, "day", role="head")
    converted_on = office_day(stage, 200)
    convert(stage)
    bond.confirmed("d2", 190, by=new.voice)
    bond.say(185, new.voice, "support.completed", reason="Begun by the school we go on from, ended by us")
    bond.say(
        170, new.voice, "support.outcome_recorded", impact=2, assessed_on=office_day(stage, 170),
        evidence="The budget of the new academy was ready in its first week", saving_pence=410_000,
    )  # fmt: skip
    change_partners(stage, cluster)
    alone(stage, "foundry-academy", "anvil-road", cluster, "data", on=120, noted=117, quantity=1, unit="session")
    return Story(
        name="becomes-academy",
        what="Foundry Lane became an academy; the academy confirmed, ended and left what the school had open.",
        organisations={"predecessor": old.id, "successor": new.id, "giver": bond.giver.id},
        partnership=cluster.id,
        expected={
            "streams": {"support": bond.support},
            "converted_on": converted_on.isoformat(),
            "confirmed_minutes": 780,
            "passed_points": ["structural"],
        },
    )


def convert(stage: Stage) -> None:
    old, new, trust = stage["foundry-lane"], stage["foundry-academy"], stage["hollowbridge"]
    day, converted_on = office_day(stage, 209), office_day(stage, 200)
    stage.note(
        day, stage.admin, "organisation.registered", new.id, name=new.name, kind="school", phase="primary",
        identifiers=[{"scheme": "urn", "value": "900900"}, {"scheme": "ukprn", "value": "19900900"}],
        local_authority="992", pupils=311, region="Northern Marches", opened_on=converted_on,
    )  # fmt: skip
    issue(stage, day, new.voice)
    recorded_on = office_day(stage, 198)
    stage.note(
        recorded_on, stage.admin, "organisation.closed", old.id, on=converted_on, reason="Converted to an academy"
    )
    stage.note(recorded_on, stage.admin, "organisation.succeeded", old.id, successor_id=new.id, on=converted_on)
    stage.note(recorded_on, stage.admin, "organisation.joined_trust", new.id, trust_id=trust.id, on=converted_on)
    stage.note(recorded_on, stage.admin, "credential.revoked", old.voice.principal, principal=old.voice.principal)
    rng = stage.rng("conversion")
    for role, person in new.people.items():
        introduce(stage, office_day(stage, 194), new, role, person, rng)


def change_partners(stage: Stage, cluster: Cluster) -> None:
    """The successor leaves for the school it goes on from and becomes a partner itself."""
    old, new = stage["foundry-lane"], stage["foundry-academy"]
    leaves_on = office_day(stage, 148)
    stage.note(
        office_day(stage, 183), new.voice, "partnership.notice_given", cluster.id, leaves_on=leaves_on,
        reason="The school has become an academy and takes its own place",
    )  # fmt: skip
    stage.note(leaves_on, new.voice, "partnership.partner_left", cluster.id, organisation_id=old.id, on=leaves_on)
    invited_on, accepted_on = office_day(stage, 145), office_day(stage, 141)
    stage.note(
        invited_on, cluster.coordinator.voice, "partnership.partner_invited", cluster.id, organisation_id=new.id,
        role="partner", on=invited_on,
    )  # fmt: skip
    stage.note(
        accepted_on, new.voice, "partnership.partner_accepted", cluster.id, organisation_id=new.id, on=accepted_on
    )
