"""What a sentence about a fact may draw on: the fact, its stream up to it, and the names of what it touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.fact import LEDGER, AnyFact
from ledger.domain.support.deliveries import Delivery
from ledger.voice import AUDITOR, TABLE
from projections.wording import amount, day, listing

SOMEBODY: Final = "an organisation"
SPOKEN: Final = {"send": "SEND", "english": "English", "other": "other"}
PHRASES: Final = {"peer_review": "peer review", "early_years": "early years"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """`state` is that of the fact's stream with it, `earlier` are the facts of that stream before it, by id.

    `names` are those of organisations, partnerships and frameworks. `recorder` is the organisation of whoever recorded
    it for another. `masked` says that its support is confidential and its reader is no side of it.
    """

    fact: AnyFact
    state: Any
    names: Mapping[str, str]
    earlier: Mapping[str, AnyFact] = field(default_factory=dict)
    recorder: str | None = None
    masked: bool = False

    @property
    def data(self) -> Any:
        return self.fact.data

    def name(self, one: str | None) -> str:
        """The name of an organisation, partnership or framework; never its id."""
        return SOMEBODY if one is None else self.names.get(one, SOMEBODY)

    @property
    def who(self) -> str:
        """Whose word it is."""
        if self.fact.voice is not None:
            return self.name(self.fact.voice)
        if self.fact.actor == LEDGER.principal:
            return "The ledger"
        return "An auditor" if TABLE[self.fact.type].free == AUDITOR else "An admin"

    def all_of(self, ids: Collection[str]) -> str:
        """Organisations by name: `Ashfield, Elm and Northfield`; those without a known name are counted."""
        known = sorted(self.names[one] for one in ids if one in self.names)
        unknown = len(ids) - len(known)
        return listing([*known, *([f"{unknown} more"] if unknown else [])])

    @property
    def support(self) -> str:
        """`maths support`; of confidential support no more is said than that it is support."""
        category = "other" if self.masked else self.state.category
        return f"{words_of(category)} support"

    @property
    def receiver(self) -> str:
        return self.name(self.state.receiver_id)

    @property
    def sides(self) -> str:
        """`from Northfield to Ashfield`, as far as the two are known; whoever speaks is not named again."""
        ends = (("from", self.state.giver_id), ("to", self.state.receiver_id))
        return " ".join(f"{word} {self.name(one)}" for word, one in ends if one not in (None, self.fact.voice))

    @property
    def delivery(self) -> Delivery | None:
        """The delivery that the fact names."""
        found: Delivery | None = self.state.deliveries.get(getattr(self.data, "delivery_id", None))
        return found

    @property
    def given(self) -> str:
        """`6 h of maths support from Northfield given on Mon 14 Sep 2026`: the delivery it names."""
        delivery = self.delivery
        if delivery is None:
            return f"{self.support} {self.sides}"
        return f"{amount(delivery.minutes)} of {self.support} {self.sides} given on {day(delivery.delivered_on)}"


def words_of(choice: str) -> str:
    """A choice of a list as people say it: `SEND`, `business management`."""
    return SPOKEN.get(choice) or PHRASES.get(choice) or choice.replace("_", " ")
