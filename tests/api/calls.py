"""Short words for calling the service in tests: who calls, and what an event looks like on the wire."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.credentials import NewCredential
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from tests.story import person

SOURCE = "urn:test"


def event(type_name: str, subject: str | None = None, /, **data: Any) -> dict[str, Any]:
    """A CloudEvent with a fresh id. Names that Python keeps to itself lose their trailing underscore."""
    members = {name.rstrip("_"): value for name, value in data.items()}
    given = {"specversion": "1.0", "type": type_name, "source": SOURCE, "id": str(uuid.uuid4()), "data": members}
    return given if subject is None else given | {"subject": subject}


def hours(quantity: str) -> dict[str, str]:
    return {"quantity": quantity, "unit": "hour"}


@dataclass
class Town:
    """A service with schools, each with a member whose key is known."""

    app: Flask
    ledger: Ledger
    admin: Speaker = field(default_factory=lambda: person("admin"))
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def http(self) -> FlaskClient:
        return self.app.test_client()

    def key(self, name: str, role: Any, *organisations: str, **more: Any) -> str:
        """An API key by the name it gets in this test."""
        new = NewCredential(name=name, role=role, organisations=[self.ids[one] for one in organisations], **more)
        self.keys[name] = self.ledger.credentials.issue(self.admin, new)[1]
        return self.keys[name]

    def school(self, name: str, kind: str = "school") -> str:
        """Registers an organisation; its name is also the name of its member's key."""
        if "admin" not in self.keys:
            self.key("admin", "admin")
        registered = event("organisation.registered", name=name, kind=kind, identifiers=[])
        self.ids[name] = self.post("admin", registered).get_json()["stream"]["id"]
        self.key(name, "member", name)
        return self.ids[name]

    def as_(self, name: str) -> dict[str, str]:
        """The header by which somebody calls."""
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def post(self, name: str, body: Any, path: str = "/v1/events", **headers: str) -> TestResponse:
        """Posts JSON; a header's underscores become dashes."""
        given = {header.replace("_", "-"): value for header, value in headers.items()}
        return self.http.post(path, json=body, headers=self.as_(name) | given)

    def get(self, name: str, path: str, **headers: str) -> TestResponse:
        given = {header.replace("_", "-"): value for header, value in headers.items()}
        return self.http.get(path, headers=self.as_(name) | given)

    def said(self, name: str, type_name: str, subject: str | None = None, /, **data: Any) -> dict[str, Any]:
        """Posts an event that must be admitted; answers its receipt."""
        answer = self.post(name, event(type_name, subject, **data))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()  # type: ignore[no-any-return]  # JSON has no type

    def cluster(self, key: str, hub: str, *partners: str, invited: tuple[str, ...] = (), **formed: Any) -> str:
        """A partnership that a hub runs since 1 September 2026, with a coordinator's key; its partners are in it."""
        self.school(hub, "hub")
        self.key("coordinator", "coordinator", hub)
        aim = {"aim_id": "maths", "statement": "Raise attainment", "due_on": "2027-07-01"}
        asked = [{"organisation_id": self.ids[one], "role": "partner"} for one in (*partners, *invited)]
        said = {"name": key, "purpose": "Better mathematics", "aims": [aim], "starts_on": "2026-09-01", "terms": {}}
        said |= {"partners": asked, "coordinator_id": self.ids[hub]} | formed
        self.ids[key] = self.said("coordinator", "partnership.formed", **said)["stream"]["id"]
        for one in partners:
            accepted = {"organisation_id": self.ids[one], "on": "2026-09-01"}
            self.said(one, "partnership.partner_accepted", self.ids[key], **accepted)
        return self.ids[key]

    def delivered(self, giver: str, receiver: str, quantity: str = "1", **more: Any) -> dict[str, Any]:
        """The giver's word of a delivery that nobody agreed beforehand; the delivery is called `d1`."""
        data: dict[str, Any] = {
            "delivery_id": "d1",
            "amount": hours(quantity),
            "delivered_on": self.ledger.today().isoformat(),
            "giver_id": self.ids[giver],
            "receiver_id": self.ids[receiver],
            "category": "maths",
        }
        return self.said(giver, "support.delivered", **data | more)
