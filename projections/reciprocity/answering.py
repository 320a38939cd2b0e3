"""From a question to an answer: the scope's sums, the figures, the names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from projections.answers import BalanceAnswer, PartnersAnswer, ScopeAnswer
from projections.directory import queries as directory
from projections.directory.queries import Aliases, Connection, names
from projections.directory.succession import identities
from projections.following import following
from projections.question import Header, Question
from projections.reciprocity import queries
from projections.reciprocity.measures import DEFAULT_TOLERANCE, RULE_VERSION, Balance, Sum, given_matrix, tally
from projections.reciprocity.queries import Scope, evidence

__all__ = ["balance", "evidence", "names", "network", "pair", "partners", "partnership", "scope", "trust"]


def balance(connection: Connection, organisation_id: str, question: Question, at: int) -> BalanceAnswer:
    """One organisation over all its support."""
    ids = directory.aliases(connection, question).registrations(organisation_id)
    found = Balance(minutes=tally(queries.sums(connection, queries.of_organisation(ids), question), ids))
    header = _header({"organisation": organisation_id}, question, at)
    return BalanceAnswer(
        header=header,
        balance=found,
        names=names(connection, {organisation_id}, question),
        identities=identities(connection, organisation_id, question),
    )


def pair(connection: Connection, organisation_id: str, other_id: str, question: Question, at: int) -> BalanceAnswer:
    """Two organisations, as the first of them sees it."""
    aliases = directory.aliases(connection, question)
    ids, others = aliases.registrations(organisation_id), aliases.registrations(other_id)
    sums = queries.sums(connection, queries.of_pair(ids, others), question)
    return BalanceAnswer(
        header=_header({"organisation": organisation_id, "other": other_id}, question, at),
        balance=Balance(minutes=tally(sums, ids), both_ways=True),
        names=names(connection, {organisation_id, other_id}, question),
    )


def partners(
    connection: Connection, organisation_id: str, question: Question, at: int, *, after: str, limit: int
) -> PartnersAnswer:
    """One organisation with each of the others it has an entry with, a page at a time."""
    aliases = directory.aliases(connection, question)
    ids, one = aliases.registrations(organisation_id), aliases.canonical(organisation_id)
    by_other: dict[str, list[Sum]] = defaultdict(list)
    for row in _as_read(queries.sums(connection, queries.of_organisation(ids), question), aliases):
        by_other[row.receiver_id if row.giver_id == one else row.giver_id].append(row)
    page, has_more = following(sorted(by_other), str, after, limit)
    found = {other: Balance(minutes=tally(by_other[other], {one}), both_ways=True) for other in page}
    return PartnersAnswer(
        header=_header({"organisation": organisation_id}, question, at),
        partners=found,
        next=page[-1] if page else after,
        has_more=has_more,
        names=names(connection, {organisation_id, *found}, question),
    )


def partnership(connection: Connection, partnership_id: str, question: Question, at: int) -> ScopeAnswer:
    """The partners of the day and everybody with an entry, by the tolerance of the terms in force."""
    aliases = directory.aliases(connection, question)
    sums = _as_read(queries.sums(connection, queries.of_partnership(partnership_id), question), aliases)
    members = _members(directory.partners(connection, partnership_id, question), sums, aliases)
    ratio = directory.terms(connection, partnership_id, question).tolerance_ratio
    return ScopeAnswer(
        header=_header({"partnership": partnership_id}, question, at),
        members=_balances(sums, members, ratio),
        whole=Balance(minutes=tally(sums), both_ways=True, tolerance_ratio=ratio),
        given=given_matrix(sums),
        names=names(connection, {partnership_id, *members}, question),
    )


def trust(connection: Connection, trust_id: str, question: Question, at: int) -> ScopeAnswer:
    """The members of the day and everybody with an entry inside; what crosses the edge stands beside the figures."""
    aliases = directory.aliases(connection, question)
    ids = queries.ever_in(connection, trust_id, question.known_at)
    sums = _as_read(queries.sums(connection, queries.of_trust(trust_id, ids), question), aliases)
    outside = _outside(connection, trust_id, ids, question, aliases)
    members = _members([*directory.schools_of(connection, trust_id, question), *outside], sums, aliases)
    return ScopeAnswer(
        header=_header({"trust": trust_id}, question, at),
        members=_balances(sums, members, DEFAULT_TOLERANCE),
        whole=Balance(minutes=tally(sums), both_ways=True),
        given=given_matrix(sums),
        outside=outside,
        names=names(connection, {trust_id, *members}, question),
    )


def network(connection: Connection, question: Question, at: int) -> BalanceAnswer:
    """Everybody together."""
    aliases = directory.aliases(connection, question)
    sums = _as_read(queries.sums(connection, queries.of_network(), question), aliases)
    found = Balance(minutes=tally(sums), both_ways=True)
    return BalanceAnswer(header=_header({"network": "all"}, question, at), balance=found, names={})


def scope(
    connection: Connection,
    question: Question,
    organisation_id: str | None,
    other_id: str | None,
    partnership_id: str | None,
    trust_id: str | None,
) -> Scope:
    """The entries of the one thing that is named; the network's where nothing is."""
    aliases = directory.aliases(connection, question)
    if organisation_id is not None and other_id is not None:
        return queries.of_pair(aliases.registrations(organisation_id), aliases.registrations(other_id))
    if organisation_id is not None:
        return queries.of_organisation(aliases.registrations(organisation_id))
    if partnership_id is not None:
        return queries.of_partnership(partnership_id)
    if trust_id is not None:
        return queries.of_trust(trust_id, queries.ever_in(connection, trust_id, question.known_at))
    return queries.of_network()


def _header(about: Mapping[str, str], question: Question, at: int) -> Header:
    return Header(scope=about, question=question, position=at, rule_version=RULE_VERSION)


def _as_read(sums: Iterable[Sum], aliases: Aliases) -> list[Sum]:
    """The sums with every organisation under the one id it is read as; what stays inside one is left out."""
    read = (
        row._replace(giver_id=aliases.canonical(row.giver_id), receiver_id=aliases.canonical(row.receiver_id))
        for row in sums
    )
    return [row for row in read if row.giver_id != row.receiver_id]


def _members(of_the_day: Collection[str], sums: Iterable[Sum], aliases: Aliases) -> list[str]:
    found = {aliases.canonical(one) for one in of_the_day}
    return sorted(found.union(*((row.giver_id, row.receiver_id) for row in sums)))


def _balances(sums: Iterable[Sum], members: Iterable[str], ratio: Fraction) -> dict[str, Balance]:
    """Each member's balance, in one pass over the sums."""
    by_member: dict[str, list[Sum]] = {one: [] for one in members}
    for row in sums:
        by_member[row.giver_id].append(row)
        by_member[row.receiver_id].append(row)
    return {one: Balance(minutes=tally(own, {one}), tolerance_ratio=ratio) for one, own in by_member.items()}


def _outside(
    connection: Connection, trust_id: str, ids: Collection[str], question: Question, aliases: Aliases
) -> dict[str, tuple[int, int]]:
    """The confirmed exchange minutes that each member gave to and got from outside, by member."""
    gave, got = (
        given_matrix(_as_read(queries.sums(connection, crossing(trust_id, ids), question), aliases))
        for crossing in (queries.out_of_trust, queries.into_trust)
    )
    given: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for (giver, _), minutes in gave.items():
        given[giver] += minutes
    for (_, receiver), minutes in got.items():
        received[receiver] += minutes
    return {one: (given[one], received[one]) for one in sorted({*given, *received})}
