"""All stories of the demonstration, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cli.demo.stage import Stage
from cli.demo.stories import balance, disputes, endings, leaving, people, records, reviewers
from cli.demo.story import Story

STORIES: Final[tuple[Callable[[Stage], Story], ...]] = (
    balance.gives_most,
    balance.gets_most,
    balance.one_way_on_purpose,
    balance.ring,
    balance.mirror,
    disputes.settled,
    disputes.still_open,
    disputes.unanswered,
    disputes.attested,
    disputes.taken_back,
    disputes.second_thoughts,
    leaving.leaves_well,
    leaving.leaves_late,
    leaving.thinks_again,
    leaving.removed,
    endings.purpose_met,
    endings.becomes_academy,
    people.key_person_leaves,
    people.one_head_two_schools,
    people.office_changes,
    people.moves_trust,
    reviewers.cosy_pair,
    reviewers.finding_to_outcome,
    records.recorded_late,
    records.periods,
    records.imported,
    records.registered_twice,
    records.takes_back,
    records.one_occasion,
    records.terms_change,
)


def tell(stage: Stage) -> tuple[Story, ...]:
    """Puts every story into the diary."""
    return tuple(story(stage) for story in STORIES)
