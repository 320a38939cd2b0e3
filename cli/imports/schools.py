"""Brings a register of schools into the ledger: what is new is registered, what changed put right, the rest stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from cli.imports.register import Entry, reader_for
from cli.imports.report import Outcome, Remark, Report
from cli.imports.table import Table
from ledger.domain import shape
from ledger.domain.fact import Speaker
from ledger.domain.organisation.state import OrganisationState
from ledger.errors import Refusal
from ledger.posted import BatchRefused, Posted
from ledger.service import Ledger

CHUNK_ROWS: Final = 200
SOURCE: Final = "urn:pledger:register-of-schools"
# An import sets these members alone: what somebody else recorded beside them stays.
DETAILS: Final = ("name", "phase", "region", "local_authority", "pupils", "opened_on")


@dataclass(slots=True)
class Plan:
    """The events that one row leads to, and what to call that."""

    entry: Entry
    events: list[Posted] = field(default_factory=list)
    outcome: Outcome = "unchanged"


class SchoolImport:
    """One run over one file."""

    def __init__(self, ledger: Ledger, admin: Speaker, progress: Callable[[int, int], None]) -> None:
        self._ledger = ledger
        self._admin = admin
        self._progress = progress
        self._today = ledger.today()
        self._names: dict[tuple[str, str], tuple[str, int]] = {}
        self._coming: dict[str, str] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.remarks: list[Remark] = []

    def run(self, table: Table) -> Report:
        """Goes through the rows in order. Safe to interrupt: what was done is found done the next time."""
        read, total = reader_for(table), len(table.rows)
        sound = [one for row in table.rows if isinstance(one := self._sound(read(row)), Entry)]
        for begin in range(0, len(sound), CHUNK_ROWS):
            plans = [self._plan(entry) for entry in sound[begin : begin + CHUNK_ROWS]]
            self._post(plans)
            self._progress(len(self.outcomes), total)
        return Report(dict(sorted(self.outcomes.items())), sorted(self.remarks, key=lambda one: one.line))

    def _sound(self, read: Entry | Remark) -> Entry | None:
        """An entry that contradicts no earlier one; a trust's own warnings are told once, where it first stands."""
        if isinstance(read, Remark):
            self._refuse(read)
            return None
        pairs = [("urn", read.urn, read.school["name"])]
        if read.trust is not None and read.trust_uid is not None:
            pairs.append(("trust_uid", read.trust_uid, read.trust["name"]))
        for scheme, value, name in pairs:
            first, line = self._names.get((scheme, value), (name, read.line))
            if first != name:
                reason = f"{value} stands in line {line} already, as {first}"
                self._refuse(Remark(read.line, scheme, "refused", reason))
                return None
        for scheme, value, name in pairs:
            if scheme == "trust_uid" and (scheme, value) in self._names:
                read.warnings = [
                    one for one in read.warnings if not (one.column or "").startswith(("trust_", "compan"))
                ]
            self._names.setdefault((scheme, value), (name, read.line))
        return read

    def _refuse(self, remark: Remark) -> None:
        self.outcomes[remark.line] = "refused"
        self.remarks.append(remark)

    def _plan(self, entry: Entry) -> Plan:
        plan = Plan(entry)
        school_id, school = self._registered(plan, "urn", entry.urn, entry.school)
        if entry.trust is not None and entry.trust_uid is not None:
            trust_id, _ = self._registered(plan, "trust_uid", entry.trust_uid, entry.trust, keep=True)
            self._join(plan, school_id, school, trust_id)
        if entry.closed_on is not None and (school is None or school.closed_on is None):
            if entry.closed_on > self._today:
                entry.warn("CloseDate", f"closes on {entry.closed_on}; registered as open until then")
            else:
                closed = {"on": entry.closed_on.isoformat(), "reason": "Closed in the public register"}
                plan.events.append(self._event("organisation.closed", school_id, closed))
        return plan

    def _registered(
        self, plan: Plan, scheme: str, value: str, data: dict[str, Any], *, keep: bool = False
    ) -> tuple[str, OrganisationState | None]:
        """The organisation with an identifier, its registration or change added to the plan."""
        found = self._find(scheme, value)
        if found is None:
            key = f"{scheme}:{value}"
            organisation_id = self._coming.get(key)
            if organisation_id is None:
                organisation_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._ledger.origin}/{key}"))
                self._coming[key] = organisation_id
                plan.events.append(self._event("organisation.registered", organisation_id, data))
                plan.outcome = "registered" if not keep else plan.outcome
            return organisation_id, None
        changes = {} if keep else dict(changes_to(found, data))
        if changes:
            plan.events.append(self._event("organisation.details_changed", found.id, changes))
            plan.outcome = "changed"
        return found.id, found

    def _find(self, scheme: str, value: str) -> OrganisationState | None:
        for kind, stream_id in self._ledger.store.streams_with_key(f"identifier:{scheme}:{value}"):
            state = self._ledger.organisation(stream_id) if kind == "organisation" else None
            if state is not None and state.holds(scheme, value):
                return state
        return None

    def _join(self, plan: Plan, school_id: str, school: OrganisationState | None, trust_id: str) -> None:
        entry, current = plan.entry, None if school is None else school.trust_on(self._today)
        if current == trust_id or (school is not None and school.ended_on(self._today)):
            return
        if entry.joined_on is None:
            entry.warn("Trusts (code)", f"the register gives no day of joining; joined from {self._today} on")
        on = (entry.joined_on or self._today).isoformat()
        if current is not None:
            on = self._today.isoformat()
            plan.events.append(self._event("organisation.left_trust", school_id, {"trust_id": current, "on": on}))
        plan.events.append(self._event("organisation.joined_trust", school_id, {"trust_id": trust_id, "on": on}))
        if plan.outcome == "unchanged":
            plan.outcome = "changed"

    def _event(self, type_name: str, subject: str, data: dict[str, Any]) -> Posted:
        return Posted(type=type_name, subject=subject, data=data, source=SOURCE, id=str(uuid.uuid4()))

    def _post(self, plans: list[Plan]) -> None:
        """Posts the chunk as one; a row that the ledger refuses is taken out, with all its events, and named."""
        left = list(plans)
        while left:
            events = [event for plan in left for event in plan.events]
            try:
                if events:
                    self._ledger.post_batch(self._admin, events)
                break
            except BatchRefused as refused:
                plan = owner_of(left, refused.fields["index"])
                self._refuse(Remark(plan.entry.line, None, "refused", reason_of(refused.fields["refusal"])))
                left.remove(plan)
        for plan in left:
            self.remarks += plan.entry.warnings
            self.outcomes[plan.entry.line] = "warned" if plan.entry.warnings else plan.outcome


def owner_of(plans: Iterable[Plan], index: int) -> Plan:
    """The plan that the event at an index of the batch belongs to."""
    for plan in plans:
        if index < len(plan.events):
            return plan
        index -= len(plan.events)
    raise IndexError(index)


def reason_of(refusal: Refusal) -> str:
    details = "; ".join(f"{error.pointer} {error.detail}" for error in refusal.errors)
    return f"{refusal.code}: {details or refusal.detail}"


def changes_to(state: OrganisationState, data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members in which a row differs from what the directory says."""
    held = shape.write(state.details)
    for name in DETAILS:
        if name in data and data[name] != held.get(name):
            yield name, data[name]
    known = {(one["scheme"], one["value"]) for one in held["identifiers"]}
    given = [(one["scheme"], one["value"]) for one in data["identifiers"]]
    if not known.issuperset(given):
        schemes = {scheme for scheme, _ in given}
        kept = [one for one in held["identifiers"] if one["scheme"] not in schemes]
        yield "identifiers", [*data["identifiers"], *kept]
