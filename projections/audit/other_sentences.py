"""One sentence for each event of an organisation, framework, calendar, review, practice, person, credential and log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ledger.domain.values import UUID_FORM
from projections.audit.telling import SOMEBODY, Telling, words_of
from projections.wording import day, several


# Organisations.
def registered(t: Telling) -> str:
    return f"{t.who} registered {t.data.name}, {_KINDS[t.data.kind]}"


def details_changed(t: Telling) -> str:
    named = f": it is called {t.data.name}" if t.data.name is not None else ""
    return f"{t.who} put right what the directory says of {own(t)}{named}"


def joined_trust(t: Telling) -> str:
    return f"{own(t)} joined {t.name(t.data.trust_id)} on {day(t.data.on)}"


def left_trust(t: Telling) -> str:
    return f"{own(t)} left {t.name(t.data.trust_id)} on {day(t.data.on)}"


def organisation_closed(t: Telling) -> str:
    return f"{own(t)} closed on {day(t.data.on)}"


def succeeded(t: Telling) -> str:
    return f"{t.name(t.data.successor_id)} goes on from {own(t)} since {day(t.data.on)}"


def duplicate_declared(t: Telling) -> str:
    return f"{own(t)} was registered twice and is read as {t.name(t.data.duplicate_of)}"


def assessed(t: Telling) -> str:
    data = t.data
    where = "" if data.assessed_by == t.fact.stream.id else f" at {own(t)}"
    return (
        f"{t.name(data.assessed_by)} said on {day(data.assessed_on)} that one part of"
        f" {framework(t)}{where} is {words_of(data.status)}"
    )


def departed(t: Telling) -> str:
    again = day(t.data.review_on)
    return f"{own(t)} does one part of {framework(t)} otherwise and said why; it looks at this again on {again}"


def own(t: Telling) -> str:
    """The organisation, person's organisation or whatever the stream is of."""
    return t.names.get(t.fact.stream.id) or getattr(t.state, "name", None) or SOMEBODY


def framework(t: Telling) -> str:
    return t.names.get(t.data.framework_id, "a framework")


# Frameworks and calendars.
def published(t: Telling) -> str:
    parts = several(len(t.data.components), "part")
    return f"{t.who} published {t.data.name} with {parts}, version {t.fact.version}"


def terms_set(t: Telling) -> str:
    data = t.data
    terms = several(len(data.terms), "term")
    return f"{t.who} set {terms} of {data.academic_year} for {whom(t, data.for_)}"


def whom(t: Telling, for_: str) -> str:
    if for_ == "ledger":
        return "everybody"
    return t.name(for_) if UUID_FORM.fullmatch(for_) else f"the local authority {for_}"


# Peer reviews.
def review_planned(t: Telling) -> str:
    data = t.data
    reviewers = t.all_of({one.organisation_id for one in data.reviewers} | {data.lead_id})
    return f"{t.who} planned a peer review of {t.name(data.reviewed_id)} by {reviewers} on {day(data.on)}"


def review_completed(t: Telling) -> str:
    findings = several(len(t.data.findings), "finding")
    return f"{t.who} completed {the_review(t)} on {day(t.data.on)} with {findings}"


def review_answered(t: Telling) -> str:
    taken = sum(one.accepted for one in t.data.findings)
    return f"{t.who} answered {the_review(t)} and accepted {several(taken, 'finding')}"


def review_moderated(t: Telling) -> str:
    return f"{t.who} moderated {the_review(t)}: {words_of(t.data.verdict)}"


def review_shared(t: Telling) -> str:
    parts = {"all": "all of it", "summary": "its summary", "strengths": "its strengths"}[t.data.parts]
    return f"{t.who} opened {the_review(t)} to {t.all_of(t.data.with_)}: {parts}"


def review_entry_withdrawn(t: Telling) -> str:
    entry = t.earlier.get(t.data.event_id)
    what = "that it is completed" if entry is not None and entry.type == "review.completed" else "that it is planned"
    return f"{t.who} took back what it said of {the_review(t)}: {what}"


def the_review(t: Telling) -> str:
    return f"the peer review of {t.name(t.state.plan.reviewed_id)}"


# Practices.
def practice_shared(t: Telling) -> str:
    return f"{t.who} shared the practice “{t.data.title}”"


def practice_assured(t: Telling) -> str:
    verdict = {"assured": "assured it", "needs_work": "said that it needs work"}[t.data.verdict]
    return f"{t.who} looked at the practice “{t.state.title}” of {t.name(t.state.author_id)} and {verdict}"


def practice_adopted(t: Telling) -> str:
    author = t.name(t.state.author_id)
    return f"{t.name(t.data.organisation_id)} adopted the practice “{t.state.title}” of {author} on {day(t.data.on)}"


def practice_returned(t: Telling) -> str:
    return f"{t.who} gave the practice “{t.state.title}” back to {t.name(t.state.author_id)}, improved"


# People: by role alone.
def introduced(t: Telling) -> str:
    return f"{t.who} introduced somebody as {words_of(t.data.role)} of {t.name(t.data.organisation_id)}"


def details_corrected(t: Telling) -> str:
    role = "" if t.data.role is None else f", now {words_of(t.data.role)}"
    return f"{t.who} put right what it says of somebody{role}"


def role_ended(t: Telling) -> str:
    return f"Somebody's role as {words_of(t.state.role)} of {t.name(t.state.organisation_id)} ended on {day(t.data.on)}"


def erased(t: Telling) -> str:
    return f"{t.who} erased the name of somebody who is or was {words_of(t.state.role)}"


# Credentials.
def issued(t: Telling) -> str:
    data = t.data
    reach = "for the whole ledger" if data.ledger else f"for {t.all_of((data.trust,) if data.trust else ())}"
    if data.organisations:
        reach = f"for {t.all_of(data.organisations)}"
    return f"{t.who} issued a credential as {data.role}" + ("" if data.role == "admin" else f" {reach}")


def revoked(t: Telling) -> str:
    return f"{t.who} ended a credential as {t.state.issued.role}"


# The log itself.
def log_opened(t: Telling) -> str:
    return f"The ledger was opened as {t.data.origin}"


def key_introduced(t: Telling) -> str:
    old = "signed by the one before" if t.data.signed_by_old else "which the one before did not sign"
    return f"The ledger took a new signing key, {old}"


def restored(t: Telling) -> str:
    return f"The ledger was restored; the facts from {t.data.lost_from} to {t.data.lost_to} are lost"


def period_closed(t: Telling) -> str:
    return f"{t.who} closed the period up to {day(t.data.until)} for {scope(t)}"


def period_reopened(t: Telling) -> str:
    return f"{t.who} opened the period up to {day(t.data.until)} for {scope(t)} again"


def scope(t: Telling) -> str:
    return "the whole ledger" if t.data.scope == "ledger" else t.name(t.data.scope.removeprefix("trust:"))


def text_redacted(t: Telling) -> str:
    why = {
        "pupil_named": "it named a pupil", "person_named": "it named a person",
        "special_category": "it held special category data", "error": "it was an error",
    }  # fmt: skip
    return f"{t.who} took the text out of an earlier fact: {why[t.data.reason]}"


_KINDS: Final = {
    "school": "a school", "trust": "a trust", "federation": "a federation", "local_authority": "a local authority",
    "hub": "a hub", "diocese": "a diocese", "other": "an organisation",
}  # fmt: skip

OTHERS: Final[dict[str, Callable[[Telling], str]]] = {
    "organisation.registered": registered,
    "organisation.details_changed": details_changed,
    "organisation.joined_trust": joined_trust,
    "organisation.left_trust": left_trust,
    "organisation.closed": organisation_closed,
    "organisation.succeeded": succeeded,
    "organisation.duplicate_declared": duplicate_declared,
    "organisation.assessed": assessed,
    "organisation.departed": departed,
    "framework.published": published,
    "calendar.terms_set": terms_set,
    "review.scheduled": review_planned,
    "review.completed": review_completed,
    "review.answered": review_answered,
    "review.moderated": review_moderated,
    "review.shared": review_shared,
    "review.entry_withdrawn": review_entry_withdrawn,
    "practice.shared": practice_shared,
    "practice.assured": practice_assured,
    "practice.adopted": practice_adopted,
    "practice.returned": practice_returned,
    "person.introduced": introduced,
    "person.details_corrected": details_corrected,
    "person.role_ended": role_ended,
    "person.erased": erased,
    "log.opened": log_opened,
    "log.key_introduced": key_introduced,
    "log.restored": restored,
    "log.period_closed": period_closed,
    "log.period_reopened": period_reopened,
    "text.redacted": text_redacted,
    "credential.issued": issued,
    "credential.revoked": revoked,
}
