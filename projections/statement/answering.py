"""From a question to a page of an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from projections.answers import StatementAnswer, place_text, read_place
from projections.confidence import CATEGORY, confidential_of
from projections.directory import queries as directory
from projections.directory.queries import Aliases, Connection
from projections.directory.succession import identities
from projections.question import Header, Question
from projections.reciprocity.measures import RULE_VERSION
from projections.statement import queries
from projections.statement.measures import Line
from projections.statement.queries import Account


def statement(
    connection: Connection,
    organisation_id: str,
    other_id: str | None,
    question: Question,
    at: int,
    zone: ZoneInfo,
    *,
    after: str,
    limit: int,
) -> StatementAnswer:
    """At most `limit` lines that follow the place `after`. Raises ValueError where `after` is no place.

    Whoever does not speak for the organisation reads of confidential support only that minutes passed.
    """
    aliases = directory.aliases(connection, question)
    others = None if other_id is None else aliases.registrations(other_id)
    account = Account(ids=aliases.registrations(organisation_id), others=others)
    page = queries.page(connection, account, question, zone, after=read_place(after), limit=limit)
    lines = page.lines if is_own(account, question, aliases) else with_confidence(connection, page.lines)
    named = {line.counterpart_id for line in lines} | {line.partnership_id for line in lines} - {None}
    about = {"organisation": organisation_id} | ({} if other_id is None else {"other": other_id})
    everybody = {organisation_id, *about.values(), *(one for one in named if one is not None)}
    return StatementAnswer(
        header=Header(scope=about, question=question, position=at, rule_version=RULE_VERSION),
        lines=lines,
        totals=page.totals,
        next=place_text(page.last),
        has_more=page.has_more,
        names=directory.names(connection, everybody, question),
        identities=identities(connection, organisation_id, question),
    )


def is_own(account: Account, question: Question, aliases: Aliases) -> bool:
    """Whether the reader speaks for the organisation whose account it is."""
    sides = frozenset[str]() if question.reader is None else question.reader.sides
    return any(not aliases.registrations(one).isdisjoint(account.ids) for one in sides)


def with_confidence(connection: Connection, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines with the categories that anybody may know."""
    kept = confidential_of(connection, {line.support_id for line in lines if line.support_id is not None})
    return [replace(line, category=CATEGORY) if line.support_id in kept else line for line in lines]
