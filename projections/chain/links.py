"""Which streams make the chain of one support: the review and the offer or request before it, what answers it after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.domain.refusals import NotThere
from ledger.domain.support.facts import Agreed, Requested
from projections.asking import Asking
from projections.evidence.noted import Noted
from projections.evidence.reading import facts_with

Notes = tuple[Noted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """`findings` are the reviews it arose from, each with the finding; `before` is the offer or request in another
    stream that it answers, `beside` what else answers that, `after` what answers it. `notes` are the facts of all but
    `beside`, by stream, in order."""

    findings: Mapping[str, str]
    before: str | None
    own: str
    after: Sequence[str]
    beside: Sequence[str]
    notes: Mapping[str, Notes]

    @property
    def supports(self) -> list[str]:
        """The supports, in the order in which one led to the next."""
        return [*(() if self.before is None else (self.before,)), self.own, *self.after]

    @property
    def ids(self) -> list[str]:
        """The reviews, then the supports."""
        return [*self.findings, *self.supports]


def linked(asking: Asking, support_id: str) -> Links:
    """The chain's streams as known at the question's position. Raises NotThere where it had not begun by then."""
    own, after = of_stream(asking, support_id)
    if not own:
        raise NotThere(stream_kind="support", id=support_id)
    notes = {support_id: own} | {one: of_stream(asking, one)[0] for one in after}
    before = answered_in(own, support_id)
    beside: list[str] = []
    if before is not None:
        notes[before], others = of_stream(asking, before)
        beside = [one for one in others if one != support_id]
    findings = {
        noted.fact.data.arising_from.review_id: noted.fact.data.arising_from.finding_id
        for key in (before or support_id, support_id)
        for noted in notes[key]
        if isinstance(noted.fact.data, Requested) and noted.fact.data.arising_from is not None
    }
    notes |= {review_id: of_stream(asking, review_id)[0] for review_id in findings}
    return Links(findings=findings, before=before, own=support_id, after=after, beside=beside, notes=notes)


def of_stream(asking: Asking, stream_id: str) -> tuple[Notes, list[str]]:
    """The facts of a stream, and the other streams with an agreement that answers it, in their order."""
    key = f"stream:{stream_id}"
    found = facts_with(asking, [key])[key]
    own = tuple(noted for noted in found if noted.fact.stream.id == stream_id)
    others = dict.fromkeys(noted.fact.stream.id for noted in found if noted.fact.stream.id != stream_id)
    return own, list(others)


def answered_in(own: Notes, support_id: str) -> str | None:
    """The offer or request in another stream that an agreement answers."""
    for noted in own:
        answers = noted.fact.data.answers if isinstance(noted.fact.data, Agreed) else None
        if answers is not None and answers.support_id != support_id:
            return str(answers.support_id)
    return None
