"""What the tests of the contract share: a served town, and the fixtures of the rooms below."""

from __future__ import annotations

from tests.api.conftest import database_url, served, town

__all__ = ["database_url", "served", "town"]
