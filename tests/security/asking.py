"""One call of the matrix: the address filled, a body that could be taken, and what the answer amounts to."""

from __future__ import annotations

import re
import uuid
from typing import Any, Final

from werkzeug.test import TestResponse

from api.signing_in import CSRF_HEADER
from tests.api.browser import ORIGIN, Browser
from tests.security.cluster import Cluster
from tests.security.crawling import GIVEN, PLACES
from tests.security.world import World

LETTERS: Final = {401: "s", 403: "f", 404: "a", 400: "w", 409: "w", 422: "w", 303: "p"}
OWN: Final = {"hub": "Hub", "trust": "Trust", "auditor": "Trust"}
NOBODY_OF_THEIRS: Final = ("", "admin", "ledger auditor")
QUERY: Final = {"/redeliver": "?position=1", "/skip": "?position=1"}
SAME: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_THE_MOMENT: Final = {"RateLimit", "Retry-After", "Set-Cookie"}


def address(rule: str, cluster: Cluster, caller: str, *, inside: bool) -> str:
    """The rule about a cluster: inside about the caller's own organisation."""
    ids = cluster.ids
    own = cluster.of(OWN.get(caller, "Giver") if inside else "Giver")
    values = {place: ones[0] for place, ones in GIVEN.items()} | ids
    values |= {
        "name": "nothing",
        "event_id": next(id_ for name, id_ in ids.items() if name.startswith("partnership.formed")),
        "stream_id": ids["support_id"],
        "organisation_id": own,
        "trust_id": cluster.of("Trust"),
        "credential_id": ids["key of Giver"],
        "feed": "a" * 43,
    }
    asked = f"?organisation={cluster.of('Giver')}" if rule.endswith("/way-out") else ""
    asked = next((query for end, query in QUERY.items() if rule.endswith(end)), asked)
    return PLACES.sub(lambda place: values[place[1]], rule) + asked


def absent(path: str) -> str:
    """The same address about what nobody has."""
    return (
        SAME.sub(lambda _: str(uuid.uuid4()), path.partition("?")[0]) + path.partition("?")[1] + path.partition("?")[2]
    )


def body(world: World, rule: str) -> dict[str, Any]:
    """What could be taken there, so that authority alone decides."""
    new: dict[str, Any] = {"name": "another", "role": "member", "organisations": [world.town.ids["Lone"]]}
    hook: dict[str, Any] = {"url": "http://127.0.0.1:9/"}
    return {"/v1/credentials": new, "/v1/invitations": new, "/v1/webhooks": hook}.get(rule, {})


def called(world: World, method: str, rule: str, caller: str, path: str) -> TestResponse:
    """The answer to a caller, by the name of the key, token or session; a session proves that a page of ours asks."""
    headers = {}
    if caller in world.sessions and method != "GET" and rule.startswith("/v1/"):
        headers = {CSRF_HEADER: Browser(world.sessions[caller]).token(), "Origin": ORIGIN}
    more = {"json": body(world, rule)} if method == "POST" else {}
    return world.ask(method, caller, path, headers=headers, **more)


def letter(answer: TestResponse) -> str:
    return "o" if answer.status_code in (200, 201, 202, 204) else LETTERS[answer.status_code]


def likeness(answer: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    """What an answer is, but for ids and what is counted by the moment."""
    headers = [(name, SAME.sub("id", value)) for name, value in answer.headers if name not in OF_THE_MOMENT]
    return answer.status_code, headers, SAME.sub("id", answer.get_data(as_text=True))
