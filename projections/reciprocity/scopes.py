"""From a question about reciprocity to its answer: a partnership, a trust, or the network that somebody sees."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from ledger.domain.terms import DEFAULTS
from projections.asking import Asking
from projections.confidence import confidential_in
from projections.directory import queries as directory
from projections.directory.queries import Aliases, names
from projections.reciprocity import answering, around, queries
from projections.reciprocity.explaining import Explaining, told_one_by_one
from projections.reciprocity.felt import felt
from projections.reciprocity.flow import ways
from projections.reciprocity.measured import measured
from projections.reciprocity.measures import RULE_VERSION
from projections.reciprocity.passed import all_passed, facts_behind, of_days
from projections.reciprocity.queries import Scope
from projections.reciprocity.report import OverviewAnswer, ReciprocityAnswer, Report
from projections.reciprocity.windows import Window, within

HALF_LIFE_DAYS: Final = DEFAULTS.half_life_days
"""Where no partnership's terms say another."""


def reciprocity(
    asking: Asking, partnership_id: str, *, window: Window = "all", explain: bool = False
) -> ReciprocityAnswer:
    """Whether giving goes both ways among the partners of the day and everybody with an entry in the partnership.

    Raises what `windows.within` raises.
    """
    connection, question = asking.connection, asking.question
    calendars = around.calendars(connection, around.coordinator(connection, partnership_id, question), question)
    asking = within(asking, window, calendars)
    report = report_of(
        asking,
        queries.of_partnership(partnership_id),
        directory.partners(connection, partnership_id, question),
        directory.terms(connection, partnership_id, question).half_life_days,
        explain=explain,
    )
    return ReciprocityAnswer(
        header=asking.header(RULE_VERSION, partnership=partnership_id),
        report=report,
        names=names(connection, {partnership_id, *report.ids()}, question),
    )


def network_reciprocity(
    asking: Asking, keys: Collection[str] | None, *, window: Window = "all", explain: bool = False
) -> ReciprocityAnswer:
    """The same among all that somebody sees: `keys` are `organisation:<id>` and `partnership:<id>`, None is everything.

    Terms are those of the ledger's own calendar. Raises what `windows.within` raises.
    """
    asking = within(asking, window, ())
    connection, question = asking.connection, asking.question
    scope, partnerships = queries.of_network(), None
    if keys is not None:
        partnerships = of_kind("partnership", keys)
        scope = queries.of_sight(of_kind("organisation", keys), partnerships)
    members = around.partners_of_all(connection, partnerships, question)
    report = report_of(asking, scope, members, HALF_LIFE_DAYS, explain=explain)
    return ReciprocityAnswer(
        header=asking.header(RULE_VERSION, network="all" if keys is None else "in_sight"),
        report=report,
        names=names(connection, report.ids(), question),
    )


def trust_overview(asking: Asking, trust_id: str, *, window: Window = "all", explain: bool = False) -> OverviewAnswer:
    """A trust's balances, what crosses its edge, its reciprocity inside, and the partnerships that its members of the
    day are partners of, as far as the reader may look into them today.

    Raises what `windows.within` raises.
    """
    connection, question = asking.connection, asking.question
    asking = within(asking, window, around.calendars(connection, [trust_id], question))
    question = asking.question
    members = directory.schools_of(connection, trust_id, question)
    scope = queries.of_trust(trust_id, queries.ever_in(connection, trust_id, question.known_at))
    report = report_of(asking, scope, members, HALF_LIFE_DAYS, explain=explain)
    partnerships = around.partnerships_of_all(connection, members, question)
    if question.reader is not None:
        partnerships = sorted(question.reader.opens(partnerships))
    return OverviewAnswer(
        balances=answering.trust(connection, trust_id, question, asking.position),
        report=report,
        partnerships=partnerships,
        names=names(connection, {trust_id, *partnerships, *report.ids()}, question),
    )


def report_of(asking: Asking, scope: Scope, members: Collection[str], half_life_days: int, *, explain: bool) -> Report:
    """Everything about the entries of a scope. Raises TooMuch."""
    connection, question = asking.connection, asking.question
    aliases = directory.aliases(connection, question)
    everybody = around.read_as(members, aliases)
    passed = all_passed(connection, scope, question, aliases, confidential_in(connection, scope, question))
    whole = measured(passed.given(), everybody)
    independent = measured(passed.independent.given(), whole.sides)
    report = Report(
        whole=whole,
        independent=independent if whole.differs_from(independent) else None,
        people=passed.by_people(),
        categories={category: ways(given) for category, given in passed.by_category().items()},
        felt=felt(of_days(connection, scope, question, aliases), half_life_days, question.as_of),
        pupils=around.pupils(connection, list(whole.sides), question),
    )
    return _explained(asking, scope, aliases, report) if explain else report


def _explained(asking: Asking, scope: Scope, aliases: Aliases, report: Report) -> Report:
    told: set[str] = told_one_by_one(report.whole)
    known = names(asking.connection, told | report.ids(), asking.question)
    behind = facts_behind(asking.connection, scope, asking.question, aliases, told)
    return replace(report, workings=Explaining(report.whole, report.felt, known, behind).workings())


def of_kind(kind: str, keys: Collection[str]) -> list[str]:
    """The ids among keys such as `partnership:<id>`."""
    return sorted(key.removeprefix(f"{kind}:") for key in keys if key.startswith(f"{kind}:"))
