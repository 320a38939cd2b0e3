"""A framework is published by its owner, and again in a new version."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import ClaimUnsound, RoleForbidden, UnknownOrganisation, WrongVoice
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, AUDITOR, Scenario, client, coordinator, member, ref, refused

SAFEGUARDING = {"component_id": "safeguarding", "statement": "One policy for all", "stance": "required"}
UNIFORM = {"component_id": "uniform", "statement": "A uniform of the school's own", "stance": "free"}


def eight(*components: dict[str, str], owner: str = "harbour") -> dict[str, Any]:
    return {"owner_id": ref(owner), "name": "What we insist on", "components": list(components)}


def published() -> Scenario:
    story = Scenario().schools("northfield", trust="harbour")
    return story.given(coordinator("harbour"), "framework.published", "eight", **eight(SAFEGUARDING, UNIFORM))


def test_its_owner_publishes_a_framework() -> None:
    state = published().states["framework", ref("eight")]
    assert state.owner_id == ref("harbour")
    assert [one.stance for one in state.components.values()] == ["required", "free"]


def test_a_new_version_replaces_the_former_whole() -> None:
    story = published()
    story.when(client("harbour"), "framework.published", "eight", **eight(UNIFORM | {"stance": "expected"}))
    state = story.states["framework", ref("eight")]
    assert {key: one.stance for key, one in state.components.items()} == {"uniform": "expected"}


def test_nobody_publishes_for_another() -> None:
    story = Scenario().schools("northfield", "oakwood")
    with refused(WrongVoice, voice=ref("oakwood")):
        story.when(member("oakwood"), "framework.published", "eight", **eight(UNIFORM, owner="northfield"))


def test_nobody_takes_a_framework_over() -> None:
    with refused(WrongVoice, voice=ref("northfield")):
        published().when(member("northfield"), "framework.published", "eight", **eight(UNIFORM, owner="northfield"))


def test_an_owner_does_not_give_its_framework_away() -> None:
    with refused(ClaimUnsound) as unsound:
        published().when(member("harbour"), "framework.published", "eight", **eight(UNIFORM, owner="northfield"))
    assert [error.code for error in unsound.value.errors] == ["owner-changed"]


def test_a_component_is_named_once() -> None:
    with refused(ClaimUnsound) as unsound:
        published().when(member("harbour"), "framework.published", "eight", **eight(UNIFORM, SAFEGUARDING, UNIFORM))
    assert [error.pointer for error in unsound.value.errors] == ["/data/components/2/component_id"]


def test_a_framework_has_a_component() -> None:
    with refused(ClaimMalformed):
        published().when(member("harbour"), "framework.published", "eight", **eight())


def test_the_owner_is_registered() -> None:
    with refused(UnknownOrganisation, ids=(ref("nowhere"),)):
        Scenario().when(member("nowhere"), "framework.published", "eight", **eight(UNIFORM, owner="nowhere"))


@pytest.mark.parametrize("who", [ADMIN, AUDITOR])
def test_admins_and_auditors_publish_nothing(who: Any) -> None:
    with refused(RoleForbidden, role=who.role):
        published().when(who, "framework.published", "eight", **eight(UNIFORM))
