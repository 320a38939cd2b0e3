"""How far the components of a framework are in place in an organisation, and where it departs from one."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.domain.context import Context
from ledger.domain.framework.facts import Component
from ledger.domain.framework.state import FrameworkState
from ledger.domain.organisation.facts import Assessed, Departed
from ledger.domain.organisation.state import OrganisationState
from ledger.domain.refusals import DayOutOfRange, NotThere, UnknownReference
from ledger.errors import FieldError, Refusal


class FrameworkDoesNotApply(Refusal):
    """The owner is not the organisation, its trust, or a coordinator of its partnerships. Fields: `owner_id`."""

    code = "framework-does-not-apply"
    title = "This framework does not apply to the organisation"


class ComponentRequired(Refusal):
    """Comply or explain is for what is expected or free. Fields: `framework_id`, `component_id`."""

    code = "component-required"
    title = "A required component is not departed from"


def admit_assessed(state: OrganisationState, data: Assessed, context: Context) -> Assessed:
    context.happened(data.assessed_on, "/data/assessed_on")
    framework = framework_of(data.framework_id, context)
    component_of(framework, data.component_id)
    if not applies(framework, state, data.assessed_on, context):
        raise FrameworkDoesNotApply(owner_id=framework.owner_id)
    return data


def admit_departed(data: Departed, context: Context) -> Departed:
    context.planned(data.review_on, "/data/review_on")
    if data.review_on < context.today + timedelta(days=1):
        detail = "must lie after today: a departure is looked at again"
        errors = (FieldError("/data/review_on", "day-out-of-range", detail),)
        raise DayOutOfRange(f"/data/review_on {detail}", errors=errors, day=data.review_on)
    component = component_of(framework_of(data.framework_id, context), data.component_id)
    if component.stance == "required":
        raise ComponentRequired(framework_id=data.framework_id, component_id=data.component_id)
    return data


def framework_of(framework_id: str, context: Context) -> FrameworkState:
    framework = context.framework(framework_id)
    if framework is None:
        raise NotThere(stream_kind="framework", id=framework_id)
    return framework


def component_of(framework: FrameworkState, component_id: str) -> Component:
    component = framework.components.get(component_id)
    if component is None:
        raise UnknownReference("the framework has no such component", id=component_id)
    return component


def applies(framework: FrameworkState, state: OrganisationState, day: date, context: Context) -> bool:
    """Whether the owner is the organisation, its trust on that day, or coordinates a partnership it is then in."""
    if framework.owner_id in (state.id, state.trust_on(day)):
        return True
    return any(
        one.coordinator_id == framework.owner_id and one.active_on(state.id, day)
        for one in context.partnerships_of(state.id).values()
    )
