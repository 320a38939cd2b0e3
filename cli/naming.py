"""Finds the organisation or partnership somebody means: by id, by identifier, or by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import ClassVar, Final, Self

from ledger.domain.fact import Speaker
from ledger.domain.organisation.facts import DetailsChanged, Registered
from ledger.domain.partnership.facts import Formed
from ledger.errors import Kind, Refusal
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger
from projections.reader import Reader

MOST_NEAR: Final = 4


class NobodyOfThisName(Refusal):
    """No organisation or partnership is meant by this word, or more than one. Fields: `word`, `near`."""

    code = "not-found"
    kind: ClassVar[Kind] = "absent"
    title = "Nothing of this name"


class SeveralOfThisName(NobodyOfThisName):
    """More than one organisation or partnership may be meant. Fields: `word`, `near`."""

    code = "name-not-unique"
    title = "Several bear this name"

    @classmethod
    def of(cls, word: str, found: Sequence[Named]) -> Self:
        several = ", ".join(f"{one.name} ({one.kind} {one.id})" for one in found[:8])
        return cls(f"{word} may mean {several}: say which", word=word, near=tuple(one.name for one in found))


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name; `identifiers` are values such as a URN."""

    id: str
    kind: str
    name: str
    identifiers: frozenset[str] = frozenset()


class Directory:
    """Every organisation, and the partnerships that one reader may look into, as they are now.

    What is not the reader's is not in it: neither found nor suggested, and told apart from nothing that is not there.
    """

    def __init__(self, entries: Sequence[Named]) -> None:
        self._by_word: dict[str, list[Named]] = {}
        self.entries = sorted(entries, key=lambda one: (one.name.casefold(), one.id))
        self.names = {one.id: one.name for one in entries}
        for one in entries:
            for word in {one.id, one.name.casefold(), *(value.casefold() for value in one.identifiers)}:
                self._by_word.setdefault(word, []).append(one)

    @classmethod
    def of(cls, ledger: Ledger, reader: Speaker) -> Self:
        """Reads the directory out of the log, as far as it is the reader's."""
        found: dict[str, Named] = {}
        query = FactQuery(
            types=("organisation.registered", "organisation.details_changed", "partnership.formed"), limit=1000
        )
        while True:
            page = ledger.facts(query)
            for fact in page.facts:
                match fact.data:
                    case Registered(name=name, identifiers=identifiers):
                        values = frozenset(one.value for one in identifiers)
                        found[fact.stream.id] = Named(fact.stream.id, "organisation", name, values)
                    case DetailsChanged(name=changed, identifiers=identifiers):
                        before = found[fact.stream.id]
                        values = before.identifiers | {one.value for one in identifiers or ()}
                        found[fact.stream.id] = replace(before, name=changed or before.name, identifiers=values)
                    case Formed(name=name):
                        found[fact.stream.id] = Named(fact.stream.id, "partnership", name)
            if not page.has_more:
                partnerships = [one.id for one in found.values() if one.kind == "partnership"]
                opened = Reader(ledger, reader).opens(partnerships)
                return cls([one for one in found.values() if one.kind == "organisation" or one.id in opened])
            query = replace(query, after=page.last_position)

    def find(self, word: str) -> list[Named]:
        """Everything meant by an id, an identifier's value (`urn:900001` or `900001`) or a whole name."""
        word = word.strip().casefold()
        return self._by_word.get(word.partition(":")[2] if ":" in word and word not in self._by_word else word, [])

    def one(self, word: str, *kinds: str) -> Named:
        """The one thing of these kinds (of any, when none is given) that is meant; a beginning of its name is enough.

        Raises SeveralOfThisName, or NobodyOfThisName with what comes near.
        """
        found = [one for one in self.find(word) or self._beginning(word) if not kinds or one.kind in kinds]
        if len(found) == 1:
            return found[0]
        if found:
            raise SeveralOfThisName.of(word, found)
        near = self._near(word.strip().casefold(), kinds)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        what = " or ".join(kinds) or "organisation or partnership"
        raise NobodyOfThisName(f"there is no {what} called {word}{hint}", word=word, near=near)

    def containing(self, word: str) -> list[Named]:
        """Everything with the word in its name, and what it is by id or identifier, in order of names."""
        part = word.strip().casefold()
        exact = self.find(word)
        return [one for one in self.entries if part in one.name.casefold() or one in exact]

    def _near(self, word: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """A few names that hold the word, else those that look like it."""
        fitting = [one for one in self.entries if not kinds or one.kind in kinds]
        names = [one.name for one in fitting if word and word in one.name.casefold()]
        if names:
            return tuple(dict.fromkeys(names))[:MOST_NEAR]
        by_word = {one.name.casefold(): one.name for one in fitting}
        return tuple(by_word[key] for key in get_close_matches(word, by_word, n=MOST_NEAR))

    def _beginning(self, word: str) -> list[Named]:
        """Everything whose name begins with the word."""
        begin = word.strip().casefold()
        found = (one for key, entries in self._by_word.items() if begin and key.startswith(begin) for one in entries)
        return list(dict.fromkeys(found))
