"""The programme report: what was set out, what was given, what came of it, and how it was reckoned.

No figure in it is one school's: schools are counted, never listed, ordered or compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, Final

from projections.asking import Asking
from projections.directory.queries import names, schools_of
from projections.evidence.gathering import Evidence, evidence_of
from projections.health.bands import WORDS
from projections.health.follow_through import BENCHMARK
from projections.programme.explaining import workings_of
from projections.programme.giving import Rate, Totals, Window, by_kind, exchanged, totals
from projections.programme.partnerships import NO_EXCHANGE, Line, Row, line_of
from projections.programme.results import Results, endings
from projections.programme.words import LIMITS, METHOD
from projections.question import Header, Question
from projections.reciprocity.flow import Ways, ways
from projections.shares import to_json
from projections.working import Working, workings_to_json

RULE_VERSION: Final = "programme/1"
USUAL_SCHOOLS: Final = (4, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which partnerships: of the `partnerships` within sight those of a coordinator, or with a school of a trust."""

    partnerships: Collection[str]
    coordinator_id: str | None = None
    trust_id: str | None = None

    @property
    def scope(self) -> dict[str, str]:
        """What the answer says it is about."""
        if self.coordinator_id is not None:
            return {"programme": "coordinator", "coordinator": self.coordinator_id}
        return (
            {"programme": "partnerships"} if self.trust_id is None else {"programme": "trust", "trust": self.trust_id}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeAnswer:
    """The report. `lines` are the partnerships by name."""

    header: Header
    window: Window
    rate: Rate
    lines: Sequence[Line]
    names: Mapping[str, str]
    working: Sequence[Working] | None = None

    @property
    def totals(self) -> Totals:
        return totals(one for line in self.lines for one in line.given)

    @property
    def results(self) -> Results:
        return Results(engagements=[one for line in self.lines for one in line.results.engagements])

    @property
    def ways(self) -> Ways:
        """D, C and U of all that was exchanged in these partnerships together."""
        return ways(exchanged(one for line in self.lines for one in line.given))

    def to_json(self) -> dict[str, Any]:
        whole, results = self.totals, self.results
        body: dict[str, Any] = {
            "partnerships": [Row(line, self.rate, self.window).to_json() for line in self.lines],
            "counts": self._counts(),
            "set_out": [_set_out(line.evidence, self.window) for line in self.lines],
            "support": [
                {"category": category, "basis": basis, **each.to_json()}
                for category, basis, each in by_kind(one for line in self.lines for one in line.given)
            ],
            "totals": whole.to_json(),
            "value": self.rate.to_json(whole.confirmed, sum(whole.unconfirmed.values())),
            "savings": results.savings(),
            "outcomes": results.to_json(),
            "reciprocity": _ways(self.ways),
            "health": self._health(),
            "endings": asdict(endings((line.evidence for line in self.lines), self.window)),
            "benchmarks": self._benchmarks(),
            "method": list(METHOD),
            "limits": list(LIMITS),
        }
        if self.working is not None:
            body["working"] = workings_to_json(self.working)
        return self.header.to_json(self.names, unknown=self._unknown(), **body)

    def _counts(self) -> dict[str, int]:
        schools = frozenset[str]().union(*(line.schools for line in self.lines))
        return {"partnerships": len(self.lines), "schools": len(schools)}

    def _health(self) -> dict[str, Any]:
        bands = Counter(str(line.health.band) for line in self.lines)
        return {
            "bands": [{"band": band, "says": says, "partnerships": bands[band]} for band, says in WORDS.items()],
            "coverage": {
                "known": sum(len(line.health.known) for line in self.lines),
                "of": sum(len(line.health.dimensions) for line in self.lines),
            },
        }

    def _benchmarks(self) -> list[dict[str, Any]]:
        low, high = USUAL_SCHOOLS
        inside = sum(low <= len(line.schools) <= high for line in self.lines)
        followed = follow_through(self.lines)
        unknown = {} if followed is not None else {"why": "no agreement came to its end in the last 365 days"}
        none = {} if self.lines else {"why": "there is no partnership"}
        return [
            {
                "name": "follow_through",
                "ours": to_json(followed),
                **unknown,
                "line": to_json(BENCHMARK),
                "says": "368 of 412 planned reviews of a published reciprocal review pool were carried out",
            },
            {
                "name": "schools_in_a_partnership",
                "ours": to_json(Fraction(inside, len(self.lines)) if self.lines else None),
                **none,
                "line": list(USUAL_SCHOOLS),
                "says": f"{inside} of {len(self.lines)} had four to seven schools, as is usual",
            },
        ]

    def _unknown(self) -> list[str]:
        found = [] if self.ways.minutes else ["reciprocity"]
        found += [] if self.results.engagements else ["outcomes"]
        return found + ([] if follow_through(self.lines) is not None else ["follow_through"])


def programme(asking: Asking, choice: Choice, rate: Rate, *, explain: bool = False) -> ProgrammeAnswer:
    """The report over the partnerships chosen, as of the question's day, over its window. Raises FactDoesNotFit."""
    question = asking.question
    window = Window(first=question.from_, last=question.to, day=question.as_of)
    lines = [line_of(asking, one, window) for one in chosen(asking, choice)]
    ids = {one for one in (choice.coordinator_id, choice.trust_id) if one is not None}
    for line in lines:
        ids |= {_id(line), line.evidence.partnership.coordinator_on(window.day)}
    known = names(asking.connection, ids, question)
    lines.sort(key=lambda line: (known.get(_id(line), ""), _id(line)))
    answer = ProgrammeAnswer(
        header=asking.header(RULE_VERSION, **choice.scope), window=window, rate=rate, lines=lines, names=known
    )
    if not explain:
        return answer
    return replace(answer, working=workings_of(RULE_VERSION, lines, answer.totals, answer.ways, rate, window, known))


def chosen(asking: Asking, choice: Choice) -> list[Evidence]:
    """The evidence of the partnerships that are meant and were known and formed by then."""
    question = asking.question
    rows = asking.connection.execute(
        "SELECT DISTINCT partnership_id FROM directory_partnership"
        " WHERE partnership_id = ANY (%(ids)s::uuid[]) AND known_from <= %(known_at)s ORDER BY 1",
        question.parameters | {"ids": sorted(choice.partnerships)},
    )
    found = [evidence_of(asking, row[0]) for row in rows]
    found = [one for one in found if one.partnership.formed[0] <= question.as_of]
    if choice.coordinator_id is not None:
        wanted = choice.coordinator_id
        found = [one for one in found if one.partnership.coordinator_on(question.as_of) == one.canonical(wanted)]
    if choice.trust_id is not None:
        schools = schools_of(asking.connection, choice.trust_id, question)
        found = [one for one in found if not {*map(one.canonical, schools)}.isdisjoint(partners_of(one, question))]
    return found


def partners_of(evidence: Evidence, question: Question) -> list[str]:
    """Its partners of the question's day."""
    return evidence.partnership.partners_on(question.as_of)


def follow_through(lines: Iterable[Line]) -> Fraction | None:
    """The mean over the agreements of all partnerships that came to their end in the year before each was looked at."""
    each = [line.health.dimensions["follow_through"] for line in lines]
    known = [(one.f, one.counted["agreements"]) for one in each if one.f is not None]
    count = sum(agreements for _, agreements in known)
    return sum((f * agreements for f, agreements in known), Fraction(0)) / count if count else None


def _set_out(evidence: Evidence, window: Window) -> dict[str, Any]:
    partnership = evidence.partnership
    aims = [(aim, aim.state_on(window.day)) for aim in partnership.aims.values()]
    return {
        "partnership_id": partnership.partnership_id,
        "purpose": partnership.purpose,
        "aims": [
            {
                "aim_id": aim.aim_id,
                "statement": aim.statement,
                "success_measure": aim.success_measure,
                "due_on": aim.due_on.isoformat(),
                "state": state,
            }
            for aim, state in aims
            if state != "absent"
        ],
    }


def _ways(found: Ways) -> dict[str, Any]:
    shares = {"two_way": found.two_way, "comes_round": found.comes_round, "one_way": found.one_way}
    body: dict[str, Any] = {"minutes": found.minutes, **{name: to_json(share) for name, share in shares.items()}}
    return body if found.minutes else body | {"why": NO_EXCHANGE}


def _id(line: Line) -> str:
    return line.evidence.partnership.partnership_id
