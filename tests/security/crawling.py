"""Every address that answers a GET, filled with what a reader has and with what it has not, and each question."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from api.answers import CSV, NDJSON, XLSX
from api.app import DOORS
from api.door import Endpoint
from api.schemas.fields import Id
from tests.security.cluster import Cluster
from tests.security.world import World

ENDLESS: Final = "/v1/stream"
FORMS: Final = (CSV, XLSX, NDJSON, "text/html", "text/calendar")
PLACES: Final = re.compile(r"<(?:\w+:)?(\w+)>")
GIVEN: Final = {
    "code": ["not-found"], "type_name": ["support.offered"], "version": ["1"], "name": ["directory"],
    "token": ["a" * 43], "filename": ["pledger.css"], "feed": ["a" * 43],
}  # fmt: skip
ORGANISATIONS: Final = ("organisation", "voice", "with", "author", "owner", "coordinator", "for")


def rules(world: World) -> list[str]:
    """The address of every GET, but for the stream that has no end."""
    found = (rule for rule in world.town.app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted(rule.rule for rule in found if rule.rule != ENDLESS)


def endpoints() -> dict[str, Endpoint]:
    return {one.rule: one for door in DOORS for one in door.endpoints if one.method == "GET"}


def candidates(cluster: Cluster, place: str) -> list[str]:
    """What may stand for a place of an address: the ids of its kind in a cluster, and one of another kind."""
    ids = cluster.ids
    if place in GIVEN:
        return GIVEN[place]
    if place == "event_id":
        return [id_ for name, id_ in ids.items() if " " in name and "." in name]
    if place == "stream_id":
        return [id_ for name, id_ in ids.items() if "." not in name and name != "feed"] + [cluster.of("Giver")]
    if place == "credential_id":
        return [ids["key of Giver"], ids["account"], ids["principal of Giver"]]
    if place in ("organisation_id", "trust_id"):
        return [cluster.of("Trust" if place == "trust_id" else "Giver"), cluster.of("Hub"), ids["partnership_id"]]
    return [ids[place], ids["support_id" if place != "support_id" else "kept"]]


def addresses(rule: str, cluster: Cluster) -> Iterator[str]:
    """The rule with what a cluster has; where it has two places, both are filled together."""
    places = PLACES.findall(rule)
    if not places:
        yield rule
        return
    columns = [candidates(cluster, place) for place in places]
    for number in range(max(map(len, columns))):
        values = {place: column[min(number, len(column) - 1)] for place, column in zip(places, columns, strict=True)}
        yield PLACES.sub(lambda found, values=values: values[found[1]], rule)  # type: ignore[misc]  # bound at once


def questions(rule: str, cluster: Cluster) -> Iterator[str]:
    """Queries about what a cluster has: none, the longest page, and each parameter that names something."""
    yield ""
    one = endpoints().get(rule)
    fields = {} if one is None else {field.data_key or name: field for name, field in one.query().fields.items()}
    ids = cluster.ids
    if "explain" in fields:
        yield "?explain=true"
    if "limit" in fields:
        yield "?limit=1"
        yield "?limit=1000"
    for name, field in fields.items():
        if isinstance(field, Id) or name == "partnership":
            yield f"?{name}={named(name, cluster)}"
    for name in ("q", "correlationid", "identifier"):
        if name in fields:
            yield f"?{name}={quote(cluster.word[:-1])}"
    if "correlationid" in fields:
        yield f"?correlationid={cluster.word}-{len(ids)}"


def named(name: str, cluster: Cluster) -> str:
    if name in ORGANISATIONS:
        return cluster.of("Giver")
    known = {"trust": cluster.of("Trust"), "partnership": cluster.ids["partnership_id"]}
    known |= {"stream": cluster.ids["support_id"], "support": cluster.ids["request"]}
    known |= {"actor": cluster.ids["principal of Giver"], "principal": cluster.ids["principal of Giver"]}
    return known[name]


def cursors_in(text: str) -> str:
    """What the cursors of an answer hold, which is not written plainly there."""
    return " ".join(opened(one) for one in re.findall(r"[A-Za-z0-9_-]{40,}", text))


def opened(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_").decode("utf-8", "replace").lower()
    except ValueError:
        return ""


def asked_of(rule: str, own: Cluster, other: Cluster) -> Iterator[tuple[str, str]]:
    """(address, Accept) of all that is asked of a rule: about what is one's own and what is another's, in each form."""
    found = dict[tuple[str, str], None]()
    for about in (own, other):
        paths = list(addresses(rule, about))
        found |= {(path + question, "*/*"): None for path in paths for question in questions(rule, other)}
        found |= {(path, form): None for path in paths[:1] for form in FORMS}
    yield from found
