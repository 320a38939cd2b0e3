"""Facts as a reader may have them: a page at a time, with a few questions to the log whatever its length."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.support.facts import InterestShown
from ledger.eventstore.searching import FactPage, FactQuery, search
from ledger.eventstore.store import Store
from ledger.integrity.vault import Vault
from ledger.reducing import reduced
from ledger.sealing import opened
from ledger.states import StateCache, decode_all, folded, load
from ledger.visibility import (
    CONFIDENTIAL,
    ORGANISATION,
    SEALED,
    WHOLE,
    Sight,
    View,
    is_public,
    keys_for,
    report_of,
    view_of,
    withheld,
)

MOST_LOOKS: Final = 10
"""Further looks at the log for one page of what is seen, each at `LOOK` facts or more."""
LOOK: Final = 100


class Seen(NamedTuple):
    """A fact within sight: how much of it, and what decided that (the state of its support, the Report of its review).

    `confided` says that it is confidential, and that an auditor's reason opened it.
    """

    fact: AnyFact
    view: View
    about: Any
    confided: bool = False


class Told(NamedTuple):
    """A fact as a sentence may tell it, and whether its support is confidential to who hears it."""

    fact: AnyFact
    masked: bool


@dataclass(frozen=True, slots=True)
class Seeing:
    """What readers see of facts. Everything that prints one asks here."""

    store: Store
    vault: Vault
    states: StateCache
    sight: Callable[[Speaker], Sight]

    def views(self, facts: Iterable[AnyFact], speaker: Speaker, beside: Collection[str] = ()) -> list[Seen]:
        """Those within a speaker's sight, in their order, each with what it is to the speaker, who is about to read it.

        `beside` are organisations whose facts are read as the speaker's own (a school's earlier identities in its one
        history).
        """
        found = self._views(facts, speaker, beside)
        mark(speaker, [one.fact for one in found if one.confided])
        return found

    def _views(self, facts: Iterable[AnyFact], speaker: Speaker, beside: Collection[str] = ()) -> list[Seen]:
        """The same, of what is only looked at. This is the only place that decides, also what an auditor's reason
        opens."""
        facts, sight = list(facts), widened(self.sight(speaker), beside)
        if not facts:
            return []
        touched = self._touched(facts, sight)
        about = self._about(facts, touched, sight)
        found = []
        for fact in facts:
            subject = about.get(fact.stream.id)
            plain = view_of(fact, touched.get(fact.position, frozenset()), sight, subject)
            view = plain if speaker.reason is None or not sight.audits else with_reason(plain)
            if view is not None and reduced(fact, view, subject, self._own(sight)) is not None:
                found.append(Seen(fact, view, subject, confided=view != plain == CONFIDENTIAL))
        return found

    def seen(self, facts: Iterable[AnyFact], speaker: Speaker) -> list[AnyFact]:
        """Those of the facts that are within a speaker's sight, in whatever part, as they were recorded."""
        return [one.fact for one in self._views(facts, speaker)]

    def told(self, facts: Iterable[AnyFact], speaker: Speaker, beside: Collection[str] = ()) -> list[Told]:
        """Those within sight, reduced to what the speaker may know, their texts still sealed: for sentences."""
        own = self._own(widened(self.sight(speaker), beside))
        views = self.views(facts, speaker, beside)
        found = [(one.view, reduced(one.fact, one.view, one.about, own)) for one in views]
        return [Told(fact, view.how == "confidential") for view, fact in found if fact is not None]

    def shown(self, facts: Iterable[AnyFact], speaker: Speaker) -> list[AnyFact]:
        """Those within sight as they may be printed: texts opened or `[withheld]` or `[erased]`, the rest reduced.

        A reduced fact has no `source` and no `client_event_id` (both empty): by that it is known.
        """
        views, own = self.views(facts, speaker), self._own(self.sight(speaker))
        clear = self._clear(views, speaker)
        found = []
        for one in views:
            fact = clear.get(one.fact.position) or withheld(one.fact, speaker.role)
            found.append(reduced(fact, one.view, one.about, own))
        return [fact for fact in found if fact is not None]

    def opened(self, facts: Iterable[AnyFact], speaker: Speaker) -> list[AnyFact]:
        """The facts, seen or not, with their texts in clear where the speaker reads the whole of them, else
        `[withheld]` or `[erased]`: for views, which say themselves what else is shown."""
        facts = list(facts)
        clear = self._clear([one for one in self.views(facts, speaker) if one.view.is_whole], speaker)
        return [clear.get(fact.position) or withheld(fact, speaker.role) for fact in facts]

    def read_whole(self, facts: Iterable[AnyFact], speaker: Speaker) -> set[int]:
        """The positions of those facts that a speaker may have as they were recorded, byte for byte."""
        return {one.fact.position for one in self.views(facts, speaker) if one.view.is_whole}

    def page(self, query: FactQuery, speaker: Speaker) -> FactPage:
        """A page of the facts within sight that touch the speaker's organisations or partnerships, as recorded.

        What a client called a fact is looked for among those alone that the speaker reads the whole of. Where little
        of a long stretch is seen the page is short, and `has_more` says that the log goes on.
        """
        keys = self.sight(speaker).touching
        asked = replace(query, visible=None if keys is None else tuple(sorted(keys)))
        log = self.store.seen_by(keys)
        found = search(log, asked)
        facts = self._among(found.facts, query, speaker)
        for _ in range(MOST_LOOKS):
            if not found.has_more or len(facts) >= query.limit:
                break
            found = search(log, replace(asked, after=found.last_position, limit=max(query.limit, LOOK)))
            facts += self._among(found.facts, query, speaker)
        if len(facts) <= query.limit:
            return replace(found, facts=facts)
        return replace(found, facts=facts[: query.limit], last_position=facts[query.limit - 1].position, has_more=True)

    def _among(self, facts: list[AnyFact], query: FactQuery, speaker: Speaker) -> list[AnyFact]:
        views = self._views(facts, speaker)
        return [one.fact for one in views if one.view.is_whole or query.correlation_id is None]

    def may_see(self, speaker: Speaker, facts: list[AnyFact]) -> bool:
        """Whether a stream of these facts is within sight: by the first of them, or by what was agreed in it. Who only
        showed interest sees no more of it than that."""
        known = [fact for fact in facts if not isinstance(fact.data, InterestShown)]
        return bool(known) and (is_public(known[0]) or bool(self._views(known, speaker)))

    def _touched(self, facts: list[AnyFact], sight: Sight) -> Mapping[int, frozenset[str]]:
        """By position, the keys within reach that a fact touches."""
        if sight.touching is None:
            return {}
        log = self.store.seen_by(sight.touching)
        return log.touched([fact.position for fact in facts], sorted(sight.touching))

    def _about(self, facts: list[AnyFact], touched: Mapping[int, frozenset[str]], sight: Sight) -> dict[str, Any]:
        """By id, the states of supports that are seen through a partnership or by an auditor, and the reviews."""
        if sight.keys is None and not sight.audits:
            return {}
        mine = frozenset() if sight.audits else sight.own
        near = [fact for fact in facts if sight.keys is None or fact.position in touched]
        apart = (one for one in near if mine.isdisjoint(touched.get(one.position, frozenset())))
        supports = {fact.stream.id for fact in apart if fact.stream.kind == "support"}
        found = {one: known.state for one, known in load(self.store, supports, self.states).items()} if supports else {}
        reviews = sorted({fact.stream.id for fact in near if fact.stream.kind == "review"})
        if reviews and sight.keys is not None:
            for one, stored in self.store.read_streams(reviews, {})[0].items():
                own = decode_all(stored)
                found[one] = report_of(folded(own, 0).state, own)
        return found

    def _clear(self, views: Iterable[Seen], speaker: Speaker) -> dict[int, AnyFact]:
        sealed = {one.fact.position: one.fact for one in views if one.view.texts}
        clear = {fact.position: fact for fact in opened(sealed.values(), self.vault)}
        mark(speaker, [fact for position, fact in sealed.items() if clear[position] != fact])
        return clear

    def _own(self, sight: Sight) -> frozenset[str]:
        return frozenset(key.removeprefix(ORGANISATION) for key in sight.own)


def with_reason(view: View | None) -> View | None:
    """What a fact is to an auditor who says why: all of what is in scope, its texts in clear."""
    if view in (SEALED, CONFIDENTIAL):
        return WHOLE
    return replace(view, texts=True) if view is not None and view.how == "report" else view


def mark(speaker: Speaker, facts: Iterable[AnyFact]) -> None:
    """Remembers what a speaker's reason opened."""
    if speaker.reason is not None:
        speaker.reason.opened.update(fact.stream.id for fact in facts)


def widened(sight: Sight, beside: Collection[str]) -> Sight:
    """The same sight with the facts of other organisations read as its own."""
    if not beside or sight.keys is None:
        return sight
    more = keys_for(ORGANISATION, beside)
    texts = sight.text_keys if sight.audits else sight.text_keys | more
    return replace(sight, keys=sight.keys | more, own=sight.own | more, text_keys=texts)
