"""Two clusters in one ledger that must not see each other, everybody who reads there, and what each holds by itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.credentials import NewCredential
from tests.api.browser import Browser, person_with_account, signed_in
from tests.api.calls import Town
from tests.security.cluster import Cluster, happened

TOKENS: Final[dict[str, frozenset[str]]] = {
    "token": frozenset(),
    "reading token": frozenset({"events:read"}),
    "writing token": frozenset({"events:write"}),
    "reporting token": frozenset({"reports:read"}),
}


@dataclass
class World:
    town: Town
    clusters: tuple[Cluster, Cluster]
    sessions: dict[str, FlaskClient] = field(default_factory=dict)

    def get(self, who: str, path: str, **headers: str) -> TestResponse:
        """What somebody is answered, by key, token or session; nobody (``""``) has none of them."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("GET", who, path, headers=given)

    def ask(self, method: str, who: str, path: str, **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if who in self.sessions:
            return self.sessions[who].open(path, method=method, headers=headers, **more)
        if who:
            headers |= self.town.as_(who)
        return self.town.http.open(path, method=method, headers=headers, **more)


def built(town: Town) -> World:
    """Makes it all; the views know it when this returns."""
    clusters = (Cluster(town, "Tamar"), Cluster(town, "Lune"))
    world = World(town, clusters)
    town.school("Lone")
    for one in clusters:
        happened(one)
        held(world, one)
    town.key("ledger auditor", "auditor", whole_ledger=True)
    town.app.extensions["pledger.read_models"].wait_for(town.ledger.head(), 20)
    return world


def held(world: World, cluster: Cluster) -> None:
    """What its readers hold by themselves: a token, a session, a feed, a webhook; and an invitation is out."""
    town, ids = world.town, cluster.ids
    machine = town.ledger.credentials.shown(town.keys[cluster.who("machine")])
    for name, scopes in TOKENS.items():
        town.keys[cluster.who(name)] = town.ledger.tokens.issue(machine, scopes).text
    made = town.post(cluster.who("Giver"), {}, "/v1/calendar-feeds")
    ids["feed_id"], ids["feed"] = made.get_json()["id"], made.get_json()["address"].rpartition("/")[2][:-4]
    hook = {"url": f"http://127.0.0.1:9/{cluster.word}", "partnership": ids["partnership_id"]}
    ids["webhook_id"] = town.post(cluster.who("Giver"), hook, "/v1/webhooks").get_json()["id"]
    admin = town.ledger.credentials.authenticate(town.keys["admin"])
    new = NewCredential(name=f"Ann {cluster.word}", role="member", organisations=(cluster.of("Giver"),))
    ann = person_with_account(town.ledger, admin, new, f"ann.{cluster.name.lower()}")
    ids["account"], ids["principal of Ann"] = ann.joined.account.id, ann.joined.account.principal
    town.ledger.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the test's clock can be moved
    world.sessions[cluster.who("Ann")] = signed_in(Browser(town.http), ann).http
    waiting = {"name": f"Bo {cluster.word}", "role": "member", "organisations": [cluster.of("Giver")]}
    ids["invitation_id"] = town.post("admin", waiting, "/v1/invitations").get_json()["id"]
    for one in ("Giver", "machine", "auditor", "hub"):
        who = town.ledger.credentials.authenticate(town.keys[cluster.who(one)])
        ids[f"principal of {one}"] = who.principal
        ids[f"key of {one}"] = town.ledger.credentials.shown(town.keys[cluster.who(one)]).credential.id


def told(answer: TestResponse) -> str:
    """Everything that an answer says, its headers with it, in small letters; a workbook is opened."""
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return (str(answer.headers) + body.decode("utf-8", "replace")).lower()
