"""The access log shows each organisation who read about it, and nothing of others that the same reading was about."""

from __future__ import annotations

import pytest

from tests.security.cluster import Cluster
from tests.security.world import World

WHY = "Complaint of 3 September"


@pytest.fixture
def read(world: World) -> World:
    """An auditor opened everything at once; Tamar's hub asked about Lune beside what is its own."""
    tamar, lune = world.clusters
    assert world.get("ledger auditor", "/v1/events?limit=1000", Read_Reason=WHY).status_code == 200
    ids, stranger = tamar.ids, f"organisation={lune.of('Giver')}"
    for path in (
        f"/v1/partnerships/{ids['partnership_id']}/way-out?{stranger}",
        f"/v1/events?{stranger}&stream={ids['support_id'].upper()}",
        f"/v1/events?{stranger}&actor={ids['principal of Giver']}",
        f"/v1/reviews?{stranger}&partnership={ids['partnership_id']}",
    ):
        world.get(tamar.who("hub"), path)
    return world


def entries(world: World, cluster: Cluster, who: str) -> str:
    """What is told of the newest thousand questions of others."""
    own = world.get(cluster.who(who), "/v1/me").get_json()["principal"]
    answer = world.get(cluster.who(who), "/v1/access-log?limit=1000&order=newest").get_json()
    return str([one for one in answer["items"] if one["principal"] != own]).lower()


@pytest.mark.parametrize("who", ["Giver", "Receiver", "hub", "trust", "auditor", "token", "Ann"])
def test_what_belongs_to_others_is_not_told(read: World, who: str) -> None:
    tamar, lune = read.clusters
    log = entries(read, lune, who)
    found = {name for name, id_ in tamar.ids.items() if id_ in log}
    assert not {one for one in found if not one.startswith("principal of")}  # who asked about Lune is told
    assert tamar.word not in log


def test_whose_texts_were_opened_is_told_so_and_which(read: World) -> None:
    for cluster in read.clusters:
        log = read.get(cluster.who("Receiver"), "/v1/access-log?order=newest").get_json()["items"]
        [one, *_] = [one for one in log if one.get("reason") == WHY]
        assert cluster.of("Receiver") in one["organisation_ids"]
        assert set(one["organisation_ids"]) <= set(cluster.organisations.values())
        assert one["partnership_ids"] == [cluster.ids["partnership_id"]]
        assert cluster.ids["kept"] in one["opened"]


def test_who_asked_reads_its_own_question(read: World) -> None:
    """The hub asked about a partnership of its own and an organisation that is not there for it."""
    tamar, lune = read.clusters
    route = "/v1/partnerships/{partnership_id}/way-out"
    asked = read.get(lune.who("Giver"), f"/v1/access-log?route={route}&order=newest").get_json()["items"]
    assert [(one.get("id"), one["partnership_ids"], one["asked"]) for one in asked if one["status"] == 404][:1] == [
        (None, [], {"organisation": lune.of("Giver")})
    ]
    assert tamar.ids["partnership_id"] not in str(asked)
