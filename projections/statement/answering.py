"""From a question to a page of an account."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from projections.answers import StatementAnswer, place_text, read_place
from projections.directory import queries as directory
from projections.directory.queries import Connection
from projections.directory.succession import identities
from projections.question import Header, Question
from projections.reciprocity.measures import RULE_VERSION
from projections.statement import queries
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
    """At most `limit` lines that follow the place `after`. Raises ValueError where `after` is no place."""
    aliases = directory.aliases(connection, question)
    others = None if other_id is None else aliases.registrations(other_id)
    account = Account(ids=aliases.registrations(organisation_id), others=others)
    page = queries.page(connection, account, question, zone, after=read_place(after), limit=limit)
    named = {line.counterpart_id for line in page.lines} | {line.partnership_id for line in page.lines} - {None}
    about = {"organisation": organisation_id} | ({} if other_id is None else {"other": other_id})
    everybody = {organisation_id, *about.values(), *(one for one in named if one is not None)}
    return StatementAnswer(
        header=Header(scope=about, question=question, position=at, rule_version=RULE_VERSION),
        lines=page.lines,
        totals=page.totals,
        next=place_text(page.last),
        has_more=page.has_more,
        names=directory.names(connection, everybody, question.known_at),
        identities=identities(connection, organisation_id, question),
    )
