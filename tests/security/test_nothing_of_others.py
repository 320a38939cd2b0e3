"""Two clusters in one ledger: whatever anybody asks, in whichever form, no answer holds a thing of the other one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest

from tests.api.listening import Ear
from tests.security.cluster import Cluster
from tests.security.crawling import asked_of, cursors_in, endpoints, rules
from tests.security.test_access_log import WHY
from tests.security.world import World, told

DIRECTORY: Final = {"/v1/organisations", "/v1/frameworks", "/v1/calendars"}
"""Where organisations stand that were not asked about: they are everybody's."""
FOR_ADMINS: Final = {
    "/v1/credentials", "/v1/credentials/<uuid:credential_id>", "/v1/invitations",
    "/v1/invitations/<uuid:invitation_id>", "/v1/webhooks", "/v1/webhooks/<uuid:webhook_id>",
}  # fmt: skip
"""What an admin sees to; no fact, statement or text stands there."""
RECORDED_IT: Final = "/v1/streams/<uuid:stream_id>/events"
"""Facts of the directory are everybody's, and each says by an opaque id who recorded it."""
ASKED: Final = "/v1/access-log"
"""Who asks about an organisation is shown to it, and who asks what it asked: `test_access_log` looks at the rest."""
READERS: Final = ("Giver", "hub", "trust", "auditor", "token", "Ann")


def crawled(world: World, who: str, own: Cluster, other: Cluster) -> Iterator[tuple[str, str, str]]:
    """(rule, address, what is told) of everything that somebody may ask."""
    headers = {"Read_Reason": WHY} if who.endswith("auditor") else {}
    for rule in rules(world):
        for path, form in asked_of(rule, own, other):
            with closing(world.get(who, path, Accept=form, **headers)) as answer:
                text = told(answer)
            yield rule, path, text if "\x00" in text else text + cursors_in(text)


def found_of(cluster: Cluster, rule: str, path: str, text: str) -> set[str]:
    """The names of what an answer tells of a cluster: its ids, its word, and its organisations where nobody asked
    about one of them. What stands in the question itself may stand in the answer."""
    sought = {**cluster.ids, "word": cluster.word}
    found = {name for name, value in sought.items() if value in text and value not in path}
    if rule == ASKED:
        return found & {"word"}
    named = any(one in path for one in cluster.organisations.values())
    if rule not in DIRECTORY and not named:
        found |= {name for name, id_ in cluster.organisations.items() if id_ in text or name.lower() in text}
    return found - {"principal of Giver"} if rule == RECORDED_IT and named else found


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("reader", [*READERS, "Lone", ""])
def test_no_answer_holds_a_thing_of_the_other_cluster(world: World, reader: str) -> None:
    tamar, lune = world.clusters
    who = lune.who(reader) if reader in READERS else reader
    asked = 0
    for rule, path, text in crawled(world, who, lune, tamar):
        asked += 1
        assert found_of(tamar, rule, path, text) == set(), (who, path)
    assert asked > 1000


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_admin_reads_of_neither_what_it_does_not_see_to(world: World) -> None:
    for own, other in (world.clusters, world.clusters[::-1]):
        for rule, path, text in crawled(world, "admin", own, other):
            found = found_of(other, rule, path, text)
            assert found == set() or rule in FOR_ADMINS, path
            assert not any("." in one and " " in one for one in found), path  # no fact's id


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_same_questions_find_everything_for_those_whose_it_is(world: World) -> None:
    """Else the questions above would find nothing because they ask for nothing."""
    tamar, lune = world.clusters
    found = set[str]()
    for who in ("Giver", "Receiver", "Third", "hub"):
        for rule, path, text in crawled(world, tamar.who(who), lune, tamar):
            found |= found_of(tamar, rule, path, text)
    unseen = {"feed", "account", "invitation_id"}  # an address that is a key; what admins alone are told of
    unseen |= {f"{what} of {who}" for what in ("key", "principal") for who in ("machine", "auditor", "Ann")}
    assert found - unseen >= {*tamar.ids, "word"} - unseen - {"key of hub"}


def test_a_cursor_of_somebody_else_opens_no_more_than_ones_own(world: World) -> None:
    tamar, lune = world.clusters
    lists = [rule for rule, one in endpoints().items() if "cursor" in one.query().fields and "<" not in rule]
    handed = 0
    for rule in sorted(lists):
        answer = world.get(tamar.who("Giver"), f"{rule}?limit=1")
        if answer.status_code != 200 or not (body := answer.get_json())["has_more"]:
            continue
        handed += 1
        for who in (lune.who("Giver"), lune.who("auditor"), "Lone"):
            path = f"{rule}?cursor={body['next']}&limit=1000"
            assert found_of(tamar, rule, path, told(world.get(who, path))) <= found_in(body["next"], tamar), path
    assert handed > 5


def found_in(cursor: str, cluster: Cluster) -> set[str]:
    """What whoever hands on a cursor tells by it."""
    held = cursors_in(cursor)
    return {name for name, id_ in cluster.ids.items() if id_ in held}


@pytest.mark.parametrize("reader", [*READERS, "Lone"])
def test_the_stream_sends_nothing_of_the_other_cluster(world: World, reader: str) -> None:
    tamar, lune = world.clusters
    who = lune.who(reader) if reader in READERS else reader
    if who in world.sessions:
        world.town.keys[who] = world.town.keys[lune.who("Giver")]
    head = world.town.ledger.head()
    for query in ("?after=0", f"?after=0&partnership={tamar.ids['partnership_id']}"):
        sent: list[Any] = []
        with Ear(world.town, who, query) as ear:
            while not sent or sent[-1].id < head:
                sent.append(ear.next())
        assert found_of(tamar, "/v1/stream", "", str([one.data for one in sent]).lower()) == set()
        assert [one for one in sent if one.name == "message"] or "partnership" in query
