"""A client over real sockets: it finds where tokens are, gets one, works with it, and is shut out when its key ends."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

from ledger.settings import Settings
from tests.api.calls import event
from tests.api.process import Remote, served, within


def fetched(url: str, body: bytes | None = None, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as reply:
        return json.loads(reply.read())


def client(remote: Remote) -> dict[str, Any]:
    registered = event("organisation.registered", name="Northfield", kind="school", identifiers=[])
    school = remote.post(remote.admin_key, registered)["stream"]["id"]
    body = {"name": "timetables", "role": "client", "organisations": [school], "scopes": ["events:read"]}
    issued: dict[str, Any] = remote.call(remote.admin_key, "POST", "/v1/credentials", body).body
    return issued


def test_a_client_finds_its_way_in_and_is_shut_out_again(settings: Settings) -> None:
    with served(settings) as remote:
        machine = client(remote)
        told = fetched(f"{remote.url}/.well-known/oauth-authorization-server")
        assert told["issuer"] == remote.url
        basic = base64.b64encode(f"{machine['id']}:{machine['api_key']}".encode()).decode()
        given = fetched(told["token_endpoint"], b"grant_type=client_credentials", Authorization=f"Basic {basic}")
        token = given["access_token"]
        assert given["scope"] == "events:read"
        assert remote.call(token, "GET", "/v1/events").status == 200
        refused = remote.call(token, "POST", "/v1/events", event("support.delivered"))
        assert (refused.status, refused.body["code"]) == (403, "scope-missing")
        ended = remote.call(remote.admin_key, "DELETE", f"/v1/credentials/{machine['id']}")
        assert ended.status == 204
        within(2, lambda: remote.call(token, "GET", "/v1/events").status, 401)
