"""/v1/projections: an admin sees how the views are doing, and has one built anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.eventstore.embedded import Embedded
from projections.views import all_views
from tests.api.calls import Town
from tests.api.process import within
from tests.conftest import fresh


@pytest.fixture
def database_url(postgres: Embedded, template: str) -> Iterator[str]:
    """A fresh database whose views nobody has made yet."""
    yield from fresh(postgres, template)


def test_an_admin_sees_every_view(served: Town) -> None:
    served.school("Northfield")
    head = served.ledger.head()
    within(10, lambda: {one["position"] for one in items(served)}, {head})
    names = [view.name for view in all_views(served.ledger.zone)]
    assert [one["view"] for one in items(served)] == names
    assert {(one["state"], one["answers"], one["lag"], "failed" in one) for one in items(served)} == {
        ("working", True, 0, False)
    }


def items(town: Town) -> list[dict[str, object]]:
    answer = town.get("admin", "/v1/projections")
    assert answer.status_code == 200
    return list(answer.get_json()["items"])


def test_an_admin_has_a_view_built_anew(served: Town) -> None:
    served.school("Northfield")
    within(10, lambda: {one["state"] for one in items(served)}, {"working"})
    answer = served.post("admin", None, "/v1/projections/directory/rebuild")
    assert (answer.status_code, answer.headers["Location"]) == (202, "/v1/projections")
    assert answer.get_json()["view"] == "directory"
    within(10, lambda: [(one["rebuild_asked"], "rebuild" in one) for one in items(served)][:1], [(False, False)])
    path = f"/v1/organisations/{served.ids['Northfield']}"
    assert served.get("Northfield", path).get_json()["name"] == "Northfield"


def test_what_is_asked_for_stands_until_a_worker_comes(town: Town) -> None:
    town.school("Northfield")
    assert {one["state"] for one in items(town)} == {"waiting"}
    assert town.post("admin", None, "/v1/projections/directory/rebuild").get_json()["rebuild_asked"]


def test_a_view_that_nobody_keeps_is_not_rebuilt(town: Town) -> None:
    town.school("Northfield")
    answer = town.post("admin", None, "/v1/projections/directroy/rebuild")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no-such-view")


def test_nobody_else_sees_to_the_views(town: Town) -> None:
    town.school("Northfield")
    for answer in (
        town.get("Northfield", "/v1/projections"),
        town.post("Northfield", None, "/v1/projections/directory/rebuild"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (403, "role-forbidden")
