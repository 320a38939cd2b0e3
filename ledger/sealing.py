"""Seals the free text of a fact before it is stored, and opens it again for a door that may print it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal, TypeVar

from ledger.domain.fact import AnyFact
from ledger.domain.marks import Change, each_secret
from ledger.domain.values import Sealed, Secret
from ledger.eventstore.append import VaultKey
from ledger.integrity.vault import Vault, seal, unseal

ERASED: Final = "[erased]"
T = TypeVar("T")


class Sealer:
    """Seals one fact's texts; `new_keys` are the vault rows that belong into its transaction."""

    def __init__(self, vault: Vault, event_id: str, person_id: str | None) -> None:
        self._vault = vault
        self._event_id = event_id
        self._ids: dict[Literal["fact", "person"], str | None] = {"fact": event_id, "person": person_id}
        self._keys: dict[str, bytes] = {}
        self.new_keys: list[VaultKey] = []

    def sealed(self, data: T) -> T:
        """`data` without any clear free text."""
        return each_secret(data, self._seal)

    def _seal(self, text: Any, mark: Secret, pointer: str) -> Sealed:
        key_id = self._ids[mark.key]
        if key_id is None or not isinstance(text, str):
            raise TypeError(f"{pointer} cannot be sealed")
        return seal(self._key(key_id), key_id, self._event_id, pointer, text)

    def _key(self, key_id: str) -> bytes:
        key = self._keys.get(key_id)
        if key is None:
            if key_id != self._event_id:
                key = self._vault.find([key_id]).get(key_id)
            if key is None:
                key, row = self._vault.new_key(key_id)
                self.new_keys.append(row)
            self._keys[key_id] = key
        return key


def opened(facts: Iterable[AnyFact], vault: Vault) -> list[AnyFact]:
    """The facts with their texts in clear; `[erased]` where the key is gone."""
    facts = list(facts)
    wanted: set[str] = set()

    def note(value: Any, _mark: Secret, _pointer: str) -> Any:
        if isinstance(value, Sealed):
            wanted.add(value.key)
        return value

    for fact in facts:
        each_secret(fact.data, note)
    keys = vault.find(wanted)
    return [replace(fact, data=each_secret(fact.data, opener(fact.event_id, keys))) for fact in facts]


def opener(event_id: str, keys: Mapping[str, bytes]) -> Change:
    def open_one(value: Any, _mark: Secret, pointer: str) -> Any:
        if not isinstance(value, Sealed):
            return value
        key = keys.get(value.key)
        text = None if key is None else unseal(key, event_id, pointer, value)
        return ERASED if text is None else text

    return open_one
