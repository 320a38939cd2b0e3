"""Short words for posting to a real ledger in tests: who says what, with an id of its own each time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.fact import Role, Speaker
from ledger.posted import Posted, Receipt
from ledger.service import Ledger

SOURCE = "urn:test"


def said(type_name: str, subject: str | None = None, /, **data: Any) -> Posted:
    """An event with a fresh id. Names that Python keeps to itself lose their trailing underscore."""
    members = {name.rstrip("_"): value for name, value in data.items()}
    return Posted(type=type_name, subject=subject, data=members, source=SOURCE, id=str(uuid.uuid4()))


@dataclass
class Village:
    """A real ledger with a few schools, each with a member who speaks for it, and a hub that coordinates."""

    ledger: Ledger
    admin: Speaker = field(default_factory=lambda: person("admin"))
    ids: dict[str, str] = field(default_factory=dict)
    members: dict[str, Speaker] = field(default_factory=dict)

    def school(self, name: str, kind: str = "school") -> str:
        """Registers an organisation and gives it a member; answers its id."""
        receipt = self.ledger.post(self.admin, said("organisation.registered", name=name, kind=kind, identifiers=[]))
        self.ids[name] = receipt.stream_id
        self.members[name] = person("member", receipt.stream_id)
        return receipt.stream_id

    def coordinator(self, name: str) -> Speaker:
        return person("coordinator", self.ids[name])

    def post(self, name: str, type_name: str, subject: str | None = None, /, **data: Any) -> Receipt:
        """The member of a school says something."""
        return self.ledger.post(self.members[name], said(type_name, subject, **data))

    def delivered(self, giver: str, receiver: str, hours: int = 1, **more: Any) -> Receipt:
        """The giver's word of a delivery that nobody agreed beforehand; the delivery is called `d1`."""
        data: dict[str, Any] = {
            "delivery_id": "d1",
            "amount": {"quantity": str(hours), "unit": "hour"},
            "delivered_on": self.ledger.today().isoformat(),
            "giver_id": self.ids[giver],
            "receiver_id": self.ids[receiver],
            "category": "maths",
        }
        return self.post(giver, "support.delivered", **data | more)

    def confirmed(self, giver: str, receiver: str, hours: int = 1, **more: Any) -> Receipt:
        """A delivery that its receiver confirms; answers the receipt of the confirmation."""
        delivery = self.delivered(giver, receiver, hours, **more)
        return self.post(receiver, "support.delivery_confirmed", delivery.stream_id, delivery_id="d1")


def person(role: Role, *organisations: str) -> Speaker:
    """A principal of its own with a role."""
    return Speaker(principal=str(uuid.uuid4()), role=role, organisations=frozenset(organisations))
