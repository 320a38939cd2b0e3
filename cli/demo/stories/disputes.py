"""What was recorded and not simply confirmed: queried, settled, left open, unanswered, attested, taken back."""

from __future__ import annotations

from cli.demo.deals import amount
from cli.demo.diary import EventIdOf
from cli.demo.stage import Stage
from cli.demo.stories.steps import agreed
from cli.demo.story import Story


def settled(stage: Stage) -> Story:
    """Two days were recorded, one was held; both sides agree on one."""
    cluster = stage.clusters["quayside"]
    bond = agreed(stage, "ropewalk", "anchor-street", cluster, "early_years", asked=290, quantity=4, unit="day")
    bond.delivered("d1", 275, 272, 2, "day", role="specialist")
    bond.confirmed("d1", 268)
    bond.delivered("d2", 262, 259, 2, "day", role="specialist")
    bond.say(
        255, bond.receiver.voice, "support.delivery_disputed", delivery_id="d2",
        reason="The second day was called off in the morning", amount_accepted=amount(1, "day"),
    )  # fmt: skip
    settlement = {"settlement_id": "s1", "delivery_id": "d2", "amount": amount(1, "day")}
    bond.say(
        248, bond.giver.voice, "support.settlement_proposed",
        reason="We had prepared the day; one day is what was held", **settlement,
    )  # fmt: skip
    bond.say(243, bond.receiver.voice, "support.dispute_settled", settlement_id="s1")
    bond.completed(236)
    bond.outcome(200, 2, "Adults in the nursery wait longer and children answer in sentences")
    return Story(
        name="dispute-settled",
        what="Anchor Street queried two days from Ropewalk; both settled on one.",
        organisations={"giver": bond.giver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={"streams": {"support": bond.support}, "settled_minutes": 390, "confirmed_minutes": 1170},
    )


def still_open(stage: Stage) -> Story:
    """A query that nobody has settled for seven weeks."""
    cluster = stage.clusters["quayside"]
    bond = agreed(stage, "coopers-row", "chandlers-green", cluster, "send", asked=95, quantity=3, unit="half_day")
    bond.delivered("d1", 70, 67, 1, "half_day", role="specialist")
    bond.confirmed("d1", 62)
    bond.delivered("d2", 58, 56, 2, "half_day", role="specialist")
    reason = "Nobody here remembers the second half day; our visitors' book has no entry"
    bond.say(50, bond.receiver.voice, "support.delivery_disputed", delivery_id="d2", reason=reason)
    proposal = {"settlement_id": "s1", "delivery_id": "d2", "amount": amount(1, "half_day")}
    bond.say(41, bond.receiver.voice, "support.settlement_proposed", reason="One half day we do remember", **proposal)
    return Story(
        name="dispute-open",
        what="Chandler's Green queried two half days from Cooper's Row; a proposal has waited for an answer since.",
        organisations={"giver": bond.giver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={"points": ["disputes_open"], "streams": {"support": bond.support}, "disputed_minutes": 390},
    )


def unanswered(stage: Stage) -> Story:
    """Dunes does not answer; what Samphire gave stays visible as not yet confirmed."""
    cluster = stage.clusters["coast-road"]
    bond = agreed(stage, "samphire", "dunes", cluster, "data", asked=140, quantity=4, unit="session", lasts=200)
    for number, on in enumerate((118, 111, 104), 1):
        bond.delivered(f"d{number}", on, on - 2, 1, "session", role="senior_leader")
    return Story(
        name="unanswered",
        what="Samphire recorded three sessions for Dunes; Dunes has answered none of them.",
        organisations={"giver": bond.giver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={"streams": {"support": bond.support}, "claimed_minutes": 585, "silent": bond.receiver.id},
    )


def attested(stage: Stage) -> Story:
    """The hub was there and says so; it counts in no balance."""
    cluster = stage.clusters["coast-road"]
    bond = agreed(stage, "dunes", "lighthouse-lane", cluster, "behaviour", asked=240, quantity=2, unit="half_day")
    bond.delivered("d1", 222, 219, 1, "half_day", role="senior_leader")
    bond.confirmed("d1", 211)
    bond.delivered("d2", 205, 202, 1, "half_day", role="senior_leader")
    evidence = "I took part in the second half day and saw the routines taught"
    bond.say(70, cluster.coordinator.voice, "support.delivery_attested", delivery_id="d2", evidence=evidence)
    return Story(
        name="attested",
        what="Lighthouse Lane misses every meeting and never answered a half day from Dunes; the hub attests it.",
        organisations={"giver": bond.giver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={"points": ["quiet"], "streams": {"support": bond.support}, "attested_minutes": 195},
    )


def taken_back(stage: Stage) -> Story:
    """Recorded twice, confirmed twice, reversed once; and one taken back before anybody answered."""
    cluster = stage.clusters["moorland"]
    bond = agreed(stage, "blackthorn", "gorse-hill", cluster, "curriculum", asked=200, quantity=4, unit="day")
    bond.delivered("d1", 188, 185, 1, "day", role="specialist")
    bond.delivered("d2", 188, 183, 1, "day", role="specialist")
    bond.confirmed("d1", 180)
    bond.confirmed("d2", 180)
    bond.say(
        171, bond.giver.voice, "support.delivery_reversed", delivery_id="d2",
        reason="The same day entered twice", effective_on=stage.weekday(stage.back(172)),
    )  # fmt: skip
    bond.delivered("d3", 160, 158, 2, "day", role="specialist")
    bond.say(
        157, bond.giver.voice, "support.delivery_reversed", delivery_id="d3",
        reason="Two days were typed where one was held", effective_on=stage.weekday(stage.back(160)),
    )  # fmt: skip
    bond.delivered("d4", 160, 156, 1, "day", role="specialist")
    bond.confirmed("d4", 150)
    bond.completed(145)
    return Story(
        name="reversed",
        what="Blackthorn Lane entered a day twice, Gorse Hill confirmed both; one was taken back later.",
        organisations={"giver": bond.giver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={"streams": {"support": bond.support}, "confirmed_minutes": 720, "reversed": ["d2", "d3"]},
    )


def second_thoughts(stage: Stage) -> Story:
    """A confirmation is withdrawn in time, an outcome stood on the wrong support."""
    cluster = stage.clusters["moorland"]
    bond = agreed(stage, "tarn-view", "peat-lane", cluster, "maths", asked=130, quantity=2, unit="half_day")
    bond.delivered("d1", 115, 113, 1, "half_day", role="specialist")
    bond.confirmed("d1", 110)
    bond.say(
        107, bond.receiver.voice, "support.confirmation_withdrawn", delivery_id="d1",
        reason="We confirmed the visit of another school by mistake",
    )  # fmt: skip
    bond.confirmed("d1", 100)
    wrong = bond.outcome(92, 0, "Meant for another piece of support")
    bond.say(
        90, bond.receiver.voice, "support.entry_withdrawn", event_id=EventIdOf(wrong),
        reason="Recorded on the wrong support",
    )  # fmt: skip
    bond.outcome(85, 2, "Children explain their method without being asked")
    return Story(
        name="second-thoughts",
        what="Peat Lane withdrew a confirmation, gave it again, and took back an outcome that belonged elsewhere.",
        organisations={"giver": bond.giver.id, "receiver": bond.receiver.id},
        partnership=cluster.id,
        expected={"streams": {"support": bond.support}, "confirmed_minutes": 180, "outcome": 2},
    )
