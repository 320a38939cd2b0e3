"""A served ledger with schools, and clients that call it over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from api.client import Client, Patience, event
from ledger.settings import Settings
from tests.api.process import Remote, served

BRISK = Patience(tries=4, first_seconds=0.01, most_seconds=0.05)


@pytest.fixture
def remote(settings: Settings) -> Iterator[Remote]:
    with served(settings) as remote:
        yield remote


@pytest.fixture
def client_of(remote: Remote) -> Iterator[Callable[..., Client]]:
    """Makes clients of the served ledger, by API key or by client credentials."""
    with ExitStack() as opened:
        yield lambda *key, **more: opened.enter_context(Client(remote.url, *key, patience=BRISK, **more))


def credential(remote: Remote, role: str, **more: Any) -> dict[str, Any]:
    """A new credential, its API key among its members."""
    answer = remote.call(remote.admin_key, "POST", "/v1/credentials", {"name": role, "role": role, **more})
    assert answer.status == 201, answer
    return dict(answer.body)


def school(name: str, **more: Any) -> Any:
    return event("organisation.registered", {"name": name, "kind": "school", "identifiers": []}, **more)
