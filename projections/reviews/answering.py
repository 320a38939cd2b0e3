"""From a question to a list of reviews, or to one review with the chain behind each finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from ledger.domain.refusals import NotThere
from projections.asking import Asking
from projections.directory.queries import names
from projections.evidence.reading import facts_with
from projections.question import Header
from projections.reviews import explaining
from projections.reviews.chain import chains_of
from projections.reviews.gathering import Gathered, gather
from projections.reviews.measures import RULE_VERSION, Rigour, is_cosy, latest_held, mean_of
from projections.reviews.queries import reviews_in, reviews_of
from projections.reviews.records import PeerReview, fold_review
from projections.reviews.rings import Ring, rings_of
from projections.reviews.sight import ReviewsReader
from projections.reviews.telling import findings_json, in_short, said_json, state_of
from projections.shares import to_json
from projections.working import Working, workings_to_json

NO_RIGOUR: Final = "no review is in sight that was held, or is overdue, and whose report this reader may know"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reviews a list is about: those an organisation takes part in, that count for a partnership, in a state."""

    organisation_id: str | None = None
    partnership_id: str | None = None
    state: str | None = None

    def scope(self) -> dict[str, str]:
        given = {"organisation": self.organisation_id, "partnership": self.partnership_id, "state": self.state}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsAnswer:
    """A page of reviews, and figures over all that were asked for; `next` is where the next page starts."""

    header: Header
    gathered: Gathered
    chosen: Sequence[PeerReview]
    page: Sequence[PeerReview]
    rings: Sequence[Ring]
    codes: Sequence[str]
    next: str
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        rigour = mean_of([one for _, one in rigours(self.gathered, self.chosen)])
        in_rings = frozenset(one for ring in self.rings for one in ring.review_ids)
        held = [review for review in self.chosen if review.is_held]
        why = {} if rigour is not None else {"why": {"rigour": NO_RIGOUR}}
        working = {} if self.working is None else {"working": workings_to_json(self.working)}
        return self.header.to_json(
            self.names,
            unknown=[] if rigour is not None else ["rigour"],
            reviews=len(self.chosen),
            held=len(held),
            overdue=sum(map(self.gathered.is_overdue, self.chosen)),
            swaps=sum(bool(self.gathered.swaps(review)) for review in held),
            rigour=to_json(rigour),
            **why,
            codes=list(self.codes),
            pairs=pairs(held),
            rings=[{"organisation_ids": list(one[0]), "review_ids": list(one[1])} for one in self.rings],
            items=[in_short(self.gathered, review, in_rings) for review in self.page],
            next=self.next,
            has_more=bool(self.page) and self.page[-1] is not self.chosen[-1],
            **working,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswer:
    """One review, as far as its reader may have it."""

    header: Header
    body: Mapping[str, Any]
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    def to_json(self) -> dict[str, Any]:
        working = {} if self.working is None else {"working": workings_to_json(self.working)}
        unknown = ["rigour"] if self.body["rigour"] is None else []
        return self.header.to_json(self.names, unknown=unknown, **self.body, **working)


def list_reviews(
    asking: Asking, reader: ReviewsReader, wanted: Wanted, *, after: str = "", limit: int = 100, explain: bool = False
) -> ReviewsAnswer:
    """A page of the reviews that a reader sees, by the day they are planned for and by id, following `after`.

    The window is that of the day they were held, or are planned for. Raises ValueError where `after` is no place.
    """
    follows = place(after)
    gathered = gather(asking, reader, partnership_id=wanted.partnership_id)
    chosen = sorted(
        (review for review in gathered.seen.values() if _is_wanted(gathered, review, wanted, asking)), key=_at
    )
    page = [review for review in chosen if _at(review) > follows][:limit]
    ids = {review.review_id for review in chosen}
    rings = [ring for ring in rings_of(gathered.seen.values()) if not ids.isdisjoint(ring.review_ids)]
    named = {one for review in chosen for one in (*review.parties, review.partnership_id) if one is not None}
    named |= {one for ring in rings for one in ring.organisation_ids}
    named |= {one for one in (wanted.organisation_id, wanted.partnership_id) if one is not None}
    last = _at(page[-1]) if page else follows
    return ReviewsAnswer(
        header=asking.header(RULE_VERSION, **wanted.scope()),
        gathered=gathered,
        chosen=chosen,
        page=page,
        rings=rings,
        codes=_codes(asking, reader, wanted.partnership_id),
        next=f"{last[0].isoformat()} {last[1]}" if page else after,
        names=names(asking.connection, named, asking.question),
        working=[explaining.of_several(rigours(gathered, chosen), gathered.as_of)] if explain else None,
    )


def one_review(asking: Asking, reader: ReviewsReader, review_id: str, *, explain: bool = False) -> ReviewAnswer:
    """One review with what was found, answered and asked for because of it. Raises NotThere where there is none on
    that day, or none for this reader."""
    gathered = gather(asking, reader)
    review = gathered.seen.get(review_id)
    if review is None:
        raise NotThere(stream_kind="review", id=review_id)
    parts = gathered.parts[review_id]
    told = _with_texts(asking, reader, gathered, review)
    chains = chains_of(asking, told, reader, gathered.read_as)
    rings = rings_of(gathered.seen.values())
    in_rings = frozenset(one for ring in rings for one in ring.review_ids)
    body = in_short(gathered, told, in_rings) | {"findings": list(findings_json(told, parts, chains))}
    rigour, swaps = gathered.rigour_for_reader(review), gathered.swaps(review)
    seen_swaps = [one for one in swaps if one.review_id in gathered.seen]
    others = {one for opening in review.shared for one in opening.with_ids} if "full" in parts else set[str]()
    links = {link.giver_id or link.voice_id for chain in chains.values() for link in chain}
    named = {one for one in (*review.parties, review.partnership_id, *others, *links) if one is not None}
    return ReviewAnswer(
        header=asking.header(RULE_VERSION, review=review_id),
        body=body | said_json(told, parts),
        names=names(asking.connection, named, asking.question),
        working=([] if rigour is None else [explaining.of_one(review, rigour, seen_swaps)]) if explain else None,
    )


def rigours(gathered: Gathered, reviews: Collection[PeerReview]) -> list[tuple[PeerReview, Rigour]]:
    """The reviews with the four answers, where there is something to say and the reader may know all of it."""
    found = ((review, gathered.rigour_for_reader(review)) for review in reviews)
    return [(review, rigour) for review, rigour in found if rigour is not None]


def pairs(held: Collection[PeerReview]) -> list[dict[str, Any]]:
    """Who reviewed whom how often, by id."""
    counts = Counter((reviewer, review.reviewed_id) for review in held for reviewer in review.reviewer_ids)
    return [
        {"reviewer_id": reviewer, "reviewed_id": reviewed, "reviews": number}
        for (reviewer, reviewed), number in sorted(counts.items())
    ]


def place(text: str) -> tuple[date, str]:
    """What a page follows. Raises ValueError where it is no place of this list."""
    if not text:
        return date.min, ""
    day, _, review_id = text.partition(" ")
    return date.fromisoformat(day), str(UUID(review_id))


def _at(review: PeerReview) -> tuple[date, str]:
    return review.planned_on, review.review_id


def _is_wanted(gathered: Gathered, review: PeerReview, wanted: Wanted, asking: Asking) -> bool:
    first, last = asking.question.from_, asking.question.to
    organisation_id, partnership_id = wanted.organisation_id, wanted.partnership_id
    return (
        (first is None or review.day >= first)
        and (last is None or review.day <= last)
        and wanted.state in (None, state_of(review))
        and (organisation_id is None or gathered.read_as.canonical(organisation_id) in review.parties)
        and (partnership_id is None or gathered.counts_for(review, partnership_id))
    )


def _codes(asking: Asking, reader: ReviewsReader, partnership_id: str | None) -> list[str]:
    """`cosy`, told to the partners and their coordinator alone, of the latest two reviews that count for it."""
    if partnership_id is None or not reader.looks_into(partnership_id):
        return []
    members = asking.connection.execute(
        "SELECT DISTINCT organisation_id FROM directory_membership WHERE partnership_id = %s::uuid", (partnership_id,)
    )
    known_at = asking.question.known_at
    own = reviews_of(asking.connection, [row[0] for row in members], known_at)
    ids = sorted({*own, *reviews_in(asking.connection, [partnership_id], known_at)})
    gathered = gather(asking, reader, ids, partnership_id=partnership_id)
    counting = [
        one for several in gathered.near.values() for one in several if gathered.counts_for(one, partnership_id)
    ]
    latest = [gathered.rigour(one) for one in latest_held(counting, gathered.as_of)]
    return ["cosy"] if is_cosy([one for one in latest if one is not None]) else []


def _with_texts(asking: Asking, reader: ReviewsReader, gathered: Gathered, review: PeerReview) -> PeerReview:
    """The same review, folded of its facts with the texts that the reader may read in clear."""
    key = f"stream:{review.review_id}"
    noted = facts_with(asking, [key])[key]
    opened = reader.opened([one.fact for one in noted], gathered.parts[review.review_id])
    clear = [one._replace(fact=fact) for one, fact in zip(noted, opened, strict=True)]
    told = fold_review(clear, gathered.read_as.canonical)
    stood = None if told is None else told.as_of(gathered.as_of)
    return review if stood is None else stood
