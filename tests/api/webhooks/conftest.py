"""A town that allows webhooks to loopback, and an endpoint there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ledger.settings import Settings
from tests.api.webhooks.receiver import Receiver, receiving

if TYPE_CHECKING:
    from tests.api.calls import Town
    from tests.api.webhooks.sending import Hooks


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, webhook_allow=("127.0.0.0/8", "localhost"), poll_seconds=0.1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hooks(town: Town) -> Hooks:
    """Northfield and Ashfield, and Oakwood which has nothing to do with them."""
    from tests.api.webhooks.sending import Hooks

    for name in ("Northfield", "Ashfield", "Oakwood"):
        town.school(name)
    return Hooks(town)
