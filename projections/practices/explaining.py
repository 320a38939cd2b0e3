"""How shared : adopted : returned comes about, step by step."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from projections.practices.measures import RULE_VERSION, Counts, Lineage
from projections.wording import day, several
from projections.working import Step, Working


def of_counts(lineages: Collection[Lineage], counts: Counts, as_of: date) -> Working:
    """Practices, adoptions, returns, and the three beside each other."""
    steps = [
        Step(
            says=f"By {day(as_of)} {several(counts.shared, 'practice')} in sight had been shared",
            comes_to=several(counts.shared, "practice"),
            event_ids=[one.practice.event_id for one in lineages],
        ),
        Step(
            says="Schools other than the author adopted them, each school counted once for a practice",
            comes_to=several(counts.adopted, "adoption"),
            event_ids=[step.event_id for one in lineages for step in one.adoptions.values()],
        ),
        Step(
            says=f"They came back better: {several(counts.came_back, 'adoption')} led to at least one return",
            comes_to=several(counts.returned, "return"),
            event_ids=[step.event_id for one in lineages for step in one.returns],
        ),
        Step(says="The three beside each other", comes_to=beside(counts.shared, counts.adopted, counts.returned)),
    ]
    title = "what was shared, adopted, and came back better"
    return Working(figure="shared_adopted_returned", about=title, rule_version=RULE_VERSION, steps=steps)


def beside(shared: int, adopted: int, returned: int) -> str:
    """`12 shared, 32 adoptions, came back better 15 times`."""
    return f"{shared} shared, {several(adopted, 'adoption')}, came back better {several(returned, 'time')}"
