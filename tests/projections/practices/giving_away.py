"""A practice that was given away, looked at, adopted, and came back better."""

from __future__ import annotations

from tests.scenario import Scenario, member, ref

PHONICS = {"title": "Phonics in ten minutes", "category": "english", "summary": "A daily routine for early reading"}


def told(story: Scenario | None = None) -> Scenario:
    """Northfield's practice: Elmwood first wants work done, then assures it; Oakwood adopts and returns it."""
    story = (story or Scenario()).schools("northfield", "oakwood", "ashfield", "elmwood")
    story.given(member("northfield"), "practice.shared", "phonics", organisation_id=ref("northfield"), **PHONICS)
    criteria = {"assured_by": ref("elmwood"), "criteria": "Our own reading standard"}
    story.at("2026-09-02").given(member("elmwood"), "practice.assured", "phonics", verdict="needs_work", **criteria)
    story.at("2026-09-04").given(
        member("oakwood"), "practice.adopted", "phonics", organisation_id=ref("oakwood"), on="2026-09-03"
    )
    story.at("2026-09-10").given(member("elmwood"), "practice.assured", "phonics", verdict="assured", **criteria)
    story.at("2026-10-01").given(
        member("oakwood"), "practice.returned", "phonics", improvement="Pictures for each sound"
    )
    return story.given(
        member("ashfield"), "practice.adopted", "phonics", organisation_id=ref("ashfield"), on="2026-10-01"
    )
