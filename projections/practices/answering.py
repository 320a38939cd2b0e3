"""From a question to a list of practices, assured ones first, or to one with its lineage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.domain.fact import AnyFact
from ledger.domain.refusals import NotThere
from projections.asking import Asking
from projections.directory.queries import aliases, names
from projections.evidence.reading import facts_with
from projections.practices.explaining import of_counts
from projections.practices.measures import RULE_VERSION, Counts, Lineage, by_author, counts_of
from projections.practices.queries import lineages
from projections.practices.rows import Step
from projections.practices.sight import PracticesReader
from projections.question import Header
from projections.shares import to_json
from projections.working import Working, workings_to_json

TEXTS = ("criteria", "comment", "improvement", "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which practices a list is about: words of title or summary, category, author, where they stand."""

    words: Sequence[str] = ()
    category: str | None = None
    author_id: str | None = None
    state: str | None = None

    def scope(self) -> dict[str, str]:
        given = {"q": " ".join(self.words) or None, "category": self.category, "state": self.state}
        given["author"] = self.author_id
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticesAnswer:
    """A page of practices, and the counts over all that were asked for; `next` is where the next page starts."""

    header: Header
    chosen: Sequence[Lineage]
    page: Sequence[Lineage]
    next: str
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        counts = counts_of(self.chosen)
        working = {} if self.working is None else {"working": workings_to_json(self.working)}
        authors = [{"author_id": one} | counts_json(each) for one, each in by_author(self.chosen).items()]
        return self.header.to_json(
            self.names,
            unknown=[] if counts.adopted else ["came_back_share"],
            **counts_json(counts),
            authors=authors,
            items=[in_short(one) for one in self.page],
            next=self.next,
            has_more=bool(self.page) and self.page[-1] is not self.chosen[-1],
            **working,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAnswer:
    """One practice with its lineage; `said` are the texts of its facts, as far as the reader may read them."""

    header: Header
    lineage: Lineage
    said: Mapping[str, AnyFact]
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        counts = counts_of([self.lineage])
        working = {} if self.working is None else {"working": workings_to_json(self.working)}
        return self.header.to_json(
            self.names,
            unknown=[] if counts.adopted else ["came_back_share"],
            **in_short(self.lineage),
            lineage=[self._step(step) for step in self.lineage.steps],
            **working,
        )

    def _step(self, step: Step) -> dict[str, Any]:
        data = self.said[step.event_id].data
        body = {
            "step": step.kind,
            "organisation_id": step.organisation_id,
            "on": step.step_on.isoformat(),
            "after_days": self.lineage.days_to(step) if step.kind == "returned" else None,
            **{name: getattr(data, name, None) for name in TEXTS},
            "event_ids": [step.event_id],
        }
        return {name: value for name, value in body.items() if value is not None}


def in_short(lineage: Lineage) -> dict[str, Any]:
    """A practice as lists show it; members without a value are left out, but for a share that cannot be told."""
    practice = lineage.practice
    body = {
        "id": practice.practice_id,
        "title": practice.title,
        "category": practice.category,
        "summary": practice.summary,
        "link": practice.link,
        "author_id": practice.author_id,
        "shared_on": practice.shared_on.isoformat(),
        "state": lineage.state,
        "assured_by_ids": lineage.assured_by,
        "adopter_ids": sorted(lineage.adoptions),
        "event_ids": [practice.event_id, *(step.event_id for step in lineage.steps)],
    }
    counts = {name: value for name, value in counts_json(counts_of([lineage])).items() if name != "shared"}
    return {name: value for name, value in body.items() if value is not None} | counts


def counts_json(counts: Counts) -> dict[str, Any]:
    """Shared, adopted and returned, and how many adoptions came back better."""
    found = counts.came_back_share
    why = {} if found is not None else {"why": {"came_back_share": "nobody has adopted anything so far"}}
    figures = {"shared": counts.shared, "adopted": counts.adopted, "returned": counts.returned}
    return figures | {"came_back": counts.came_back, "came_back_share": to_json(found)} | why


def list_practices(
    asking: Asking, reader: PracticesReader, wanted: Wanted, *, after: str = "", limit: int = 100, explain: bool = False
) -> PracticesAnswer:
    """A page of the practices that a reader sees, assured ones first, then by title and id, following `after`.

    The window is that of the day they were shared on. Raises ValueError where `after` is no place.
    """
    follows = place(after)
    chosen = sorted(_within_sight(asking, reader, wanted), key=_at)
    page = [one for one in chosen if _at(one) > follows][:limit]
    rank, title, practice_id = _at(page[-1]) if page else follows
    counts = counts_of(chosen)
    return PracticesAnswer(
        header=asking.header(RULE_VERSION, **wanted.scope()),
        chosen=chosen,
        page=page,
        next=f"{rank} {practice_id} {title}" if page else after,
        names=_names(asking, chosen, wanted.author_id),
        working=[of_counts(chosen, counts, asking.question.as_of)] if explain else None,
    )


def one_practice(asking: Asking, reader: PracticesReader, practice_id: str, *, explain: bool = False) -> PracticeAnswer:
    """One practice with who assured, adopted and returned it. Raises NotThere where there is none on that day, or none
    for this reader."""
    found = list(_within_sight(asking, reader, Wanted(), practice_id))
    if not found:
        raise NotThere(stream_kind="practice", id=practice_id)
    key = f"stream:{practice_id}"
    facts = [noted.fact for noted in facts_with(asking, [key])[key]]
    return PracticeAnswer(
        header=asking.header(RULE_VERSION, practice=practice_id),
        lineage=found[0],
        said={fact.event_id: fact for fact in reader.opened(facts)},
        names=_names(asking, found, None),
        working=[of_counts(found, counts_of(found), asking.question.as_of)] if explain else None,
    )


def place(text: str) -> tuple[int, str, str]:
    """What a page follows. Raises ValueError where it is no place of this list."""
    if not text:
        return -1, "", ""
    rank, _, rest = text.partition(" ")
    practice_id, _, title = rest.partition(" ")
    return int(rank), title, str(UUID(practice_id))


def _at(lineage: Lineage) -> tuple[int, str, str]:
    practice = lineage.practice
    return int(lineage.state != "assured"), practice.title.casefold(), practice.practice_id


def _within_sight(
    asking: Asking, reader: PracticesReader, wanted: Wanted, practice_id: str | None = None
) -> Iterable[Lineage]:
    """The practices that are wanted and that the reader sees, as they stood on the day of the question."""
    question, read_as = asking.question, aliases(asking.connection, asking.question)
    own = reader.authors(asking, read_as)
    authors = None if wanted.author_id is None else read_as.registrations(read_as.canonical(wanted.author_id))
    found = lineages(
        asking.connection,
        question.known_at,
        read_as,
        words=wanted.words,
        category=wanted.category,
        authors=authors,
        practice_id=practice_id,
    )
    for lineage in found:
        shared_on, stood = lineage.practice.shared_on, lineage.as_of(question.as_of, question.known_at)
        in_window = (question.from_ or shared_on) <= shared_on <= min(question.to or shared_on, question.as_of)
        if in_window and wanted.state in (None, stood.state) and reader.sees(lineage, own, read_as):
            yield stood


def _names(asking: Asking, several: Collection[Lineage], author_id: str | None) -> Mapping[str, str]:
    ids = {one for lineage in several for one in lineage.parties} | ({author_id} if author_id else set())
    return names(asking.connection, ids, asking.question)
