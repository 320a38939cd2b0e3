"""Practices given away, adopted, assured and returned better; and how schools look at themselves."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from cli.demo.beginnings import COMPONENTS, TRUST_COMPONENTS
from cli.demo.stage import WEEKS, Organisation, Stage
from cli.demo.words import TOPICS

PRACTICES: Final = (
    ("northfield", "maths", "Bar models from year one, with the mistakes children make"),
    ("moorgate", "curriculum", "Local history in nine walks"),
    ("heatherfield", "resources", "A travelling science box with a page for each lesson"),
    ("beechcroft", "english", "Forty books worth reading aloud, and when"),
    ("curlew", "teaching_and_learning", "Lesson study for schools with three teachers"),
    ("market-cross", "behaviour", "Five phrases every adult uses at lunchtime"),
    ("longmead", "send", "Plans on one page that teachers keep on the desk"),
    ("furnace-hill", "business_management", "Joining the catering contracts of five schools"),
    ("minster-yard", "english", "Writing for a reader who is not the teacher"),
    ("merlin", "early_years", "The first six weeks: talk before tables"),
    ("tidemill", "data", "Attendance on a Monday: one page, three calls"),
    ("waterside", "governance", "A board paper of one page and three questions"),
)
STATUSES: Final = (("in_place", 5), ("in_part", 4), ("not_yet", 1))
EVIDENCE: Final = "Seen in minutes, plans and in what staff say when they are asked without warning"


def share_practices(stage: Stage) -> None:
    rng = stage.rng("practices")
    everybody = [one for cluster in stage.clusters.values() for one in cluster.schools if one.key not in cluster.until]
    for number, (key, category, title) in enumerate(PRACTICES):
        author = stage[key]
        practice = stage.new_id("practice")
        day = stage.desk(author, stage.week(9 + 4 * number))
        stage.note(
            day, author.voice, "practice.shared", practice, organisation_id=author.id, title=title,
            category=category, summary=TOPICS[category].offer,
            link=f"https://practice.example/{key}/{category.replace('_', '-')}" if number % 3 else None,
        )  # fmt: skip
        outside = [one for one in everybody if one is not author and (one.trust is None or one.trust != author.trust)]
        assure(stage, practice, rng.choice(outside), day, "needs_work" if number % 6 == 5 else "assured")
        for one in rng.sample(outside, rng.randrange(1, 6)):
            adopt(stage, practice, one, day, rng)


def assure(stage: Stage, practice: str, who: Organisation, day: date, verdict: str) -> None:
    said_on = stage.desk(who, day + timedelta(days=20))
    criteria = "Used for a term in two schools; what changed was written down"
    stage.note(said_on, who.voice, "practice.assured", practice, assured_by=who.id, verdict=verdict, criteria=criteria)


def adopt(stage: Stage, practice: str, who: Organisation, day: date, rng: Random) -> None:
    adopted_on = stage.desk(who, day + timedelta(days=rng.randrange(10, 120)))
    stage.note(adopted_on, who.voice, "practice.adopted", practice, organisation_id=who.id, on=adopted_on)
    if rng.random() < 0.4:
        later = stage.desk(who, adopted_on + timedelta(days=rng.randrange(40, 100)))
        improvement = "We cut it to half its length and added what children found hard"
        stage.note(later, who.voice, "practice.returned", practice, improvement=improvement)


def assess(stage: Stage) -> None:
    """Schools say how far their hub's or trust's framework is in place; trusts look as well; some depart from it."""
    rng = stage.rng("assessments")
    for key, cluster in stage.clusters.items():
        framework = stage.frameworks[cluster.coordinator.key]
        components = TRUST_COMPONENTS if key == "kestrel" else COMPONENTS
        for one in cluster.schools:
            for component in components:
                if rng.random() < 0.75:
                    assess_one(stage, one, framework, component, stage.week(rng.randrange(9, 30)), one, rng)
            if key == "kestrel":
                for component in list(components)[:5]:
                    week = stage.week(rng.randrange(34, WEEKS - 8))
                    assess_one(stage, one, framework, component, week, stage["kestrel-vale"], rng)
    depart(stage)


def assess_one(
    stage: Stage, one: Organisation, framework: str, component: str, week: date, by: Organisation, rng: Random
) -> None:
    day = stage.desk(by, week)
    statuses = [name for name, _ in STATUSES]
    stage.note(
        day, by.voice, "organisation.assessed", one.id,
        framework_id=framework, component_id=component, evidence=EVIDENCE, assessed_on=day, assessed_by=by.id,
        status=rng.choices(statuses, [weight for _, weight in STATUSES])[0],
    )  # fmt: skip


def depart(stage: Stage) -> None:
    """Comply or explain."""
    departures = (
        ("osprey", "kestrel-vale", "curriculum", "Our own sequence in mathematics is two years ahead and works"),
        ("merlin", "kestrel-vale", "uniform", "Parents voted for no uniform in the early years"),
        ("longmead", "wendlesham-hub", "giving", "A special school of sixty gives places, not days"),
    )
    for key, owner, component, reason in departures:
        day = stage.desk(stage[key], stage.week(36))
        review_on = day + timedelta(days=300)
        stage.note(
            day, stage[key].voice, "organisation.departed", stage[key].id,
            framework_id=stage.frameworks[owner], component_id=component, reason=reason, review_on=review_on,
        )  # fmt: skip
