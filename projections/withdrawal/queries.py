"""What stands between organisations, read from the entries of the reciprocity view as known at a position."""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger.domain.calendar.facts import Term
from ledger.domain.calendar.state import CalendarState, academic_year_of, calendar_stream_id
from ledger.domain.calendar.state import evolve as evolve_calendar
from projections.asking import Asking
from projections.directory.queries import Aliases, aliases
from projections.evidence.reading import facts_with
from projections.withdrawal.accounts import Account, Accounts, Entry, Move, accounts_of

# Days leave the database as ordinals, and ids as one text: there are two thousand of them, and few are looked at.
# What stands: confirmed exchange, what was brought forward and what was disposed of. `+ 0` as in the other sums.
_COUNTS: Final = """
    known_from + 0 <= %(known_at)s AND known_until > %(known_at)s AND effective_from < effective_until
    AND (kind <> 'delivery' OR (basis = 'exchange' AND status IN ('confirmed', 'settled')))
"""
_WITHIN: Final = f"""
    SELECT giver_id, receiver_id, minutes, kind = 'delivery',
        effective_from - DATE '0001-01-01' + 1, effective_until - DATE '0001-01-01' + 1, array_to_string(events, ' ')
    FROM reciprocity_entry WHERE partnership_id = %(partnership)s AND {_COUNTS} ORDER BY position, part
"""
_OVERALL: Final = f"""
    SELECT effective_from - DATE '0001-01-01' + 1, effective_until - DATE '0001-01-01' + 1,
        sum(CASE WHEN giver_id = ANY (%(ids)s::uuid[]) THEN minutes ELSE -minutes END)::bigint,
        sum(CASE WHEN kind = 'delivery' THEN minutes ELSE 0 END)::bigint
    FROM reciprocity_entry
    WHERE (giver_id = ANY (%(ids)s::uuid[]) OR receiver_id = ANY (%(ids)s::uuid[]))
        AND NOT (giver_id = ANY (%(ids)s::uuid[]) AND receiver_id = ANY (%(ids)s::uuid[])) AND {_COUNTS}
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def accounts_within(asking: Asking, partnership_id: str) -> Accounts:
    """The accounts of a partnership's organisations; what one has over all its support is read when it is asked for."""
    read_as = aliases(asking.connection, asking.question)
    parameters = {"partnership": partnership_id, "known_at": asking.question.known_at}
    rows = asking.connection.execute(_WITHIN.encode(), parameters)
    entries = (Entry(read_as.canonical(row[0]), read_as.canonical(row[1]), *row[2:]) for row in rows)
    found: dict[str, Account] = {}

    def overall(organisation_id: str) -> Account:
        if organisation_id not in found:
            found[organisation_id] = account_of(asking, organisation_id, read_as)
        return found[organisation_id]

    return Accounts(inside=accounts_of(entries), overall=overall)


def account_of(asking: Asking, organisation_id: str, read_as: Aliases) -> Account:
    """What one organisation passed with anybody, over all its support."""
    ids = sorted(read_as.registrations(organisation_id))
    rows = asking.connection.execute(_OVERALL.encode(), {"ids": ids, "known_at": asking.question.known_at})
    return Account(tuple(Move(since, until, standing, turnover, "", "") for since, until, standing, turnover in rows))


def terms_around(asking: Asking, organisation_id: str, day: date) -> tuple[Term, ...] | None:
    """The terms of the academic year of a day, by the calendar nearest to an organisation; None where none is set."""
    own = f"stream:{organisation_id}"
    authorities = [getattr(noted.fact.data, "local_authority", None) for noted in facts_with(asking, [own])[own]]
    authority = next((one for one in reversed(authorities) if one is not None), None)
    scopes = [f"stream:{calendar_stream_id(one)}" for one in (organisation_id, authority, "ledger") if one is not None]
    facts = facts_with(asking, scopes)
    for scope in scopes:
        calendar: CalendarState | None = None
        for noted in facts[scope]:
            calendar = evolve_calendar(calendar, noted.fact)
        year = None if calendar is None else calendar.years.get(academic_year_of(day))
        if year is not None:
            return year.terms
    return None
