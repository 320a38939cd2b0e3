"""People, as the OpenAPI document tells of them: by role, and by name to few."""

from __future__ import annotations

from api.schemas.words import Told, days, integer, moment, text, uuid, value


class PersonAnswer(Told):
    """A person in a role."""

    id = uuid("its id")
    organisation_id = uuid("the organisation it has or had the role in")
    role = text("head, specialist, governor …")
    state = text("in_role, role_over or erased_person")
    since = moment("since when it had the role")
    ended_on = days("the last day of the role", required=False)
    name = text("to its organisation and to a coordinator in scope; else `[withheld]`; `[erased]` once that was done")
    position = integer("of the ledger")
    names = value("the name of the organisation")
