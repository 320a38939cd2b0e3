"""Calls the command line in this process, as `pledger` would run it, on the test's own ledger."""

from __future__ import annotations

import json
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from cli.main import main
from ledger.settings import Settings

AIM = {"aim_id": "maths", "statement": "Raise attainment", "due_on": "2027-07-01"}
HOUR = {"quantity": "1", "unit": "hour"}


@dataclass(frozen=True)
class Ran:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Terminal:
    """A terminal on the ledger's machine; `keys` are API keys by the name of who holds them, `ids` organisations'."""

    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    folder: Path
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> Ran:
        self.patch.setattr(sys, "argv", ["pledger", *words])
        self.capture.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = self.capture.readouterr()
        return Ran(code, printed.out, printed.err)

    def done(self, *words: str) -> Any:
        """The JSON that a command prints, which must succeed."""
        ran = self.run(*words, "--json")
        assert ran.code == 0, ran.err + ran.out
        return ran.json()

    def key(self, name: str, role: str, *options: str) -> str:
        """Makes a key by the name it has in this test (the admin's key lies in the ledger's home)."""
        made = self.done("keys", "create", "--name", name, "--role", role, *options)
        self.keys[name] = made["api_key"]
        return self.keys[name]

    def file(self, *events: dict[str, Any], name: str = "events.ndjson") -> str:
        """A file with one event on each line."""
        path = self.folder / name
        path.write_bytes(b"".join(orjson.dumps(event) + b"\n" for event in events))
        return str(path)

    def post(self, who: str, *events: dict[str, Any], options: tuple[str, ...] = ()) -> Ran:
        return self.run("post", self.file(*events), "--key", self.keys[who], "--json", *options)

    def said(self, who: str, type_name: str, subject: str | None = None, /, **data: Any) -> dict[str, Any]:
        """Posts one event that must be admitted; answers its receipt."""
        ran = self.post(who, event(type_name, subject, **data))
        assert ran.code == 0, ran.err + ran.out
        [result] = ran.json()["results"]
        return dict(result["receipt"])

    def school(self, name: str, kind: str = "school") -> str:
        """Registers an organisation and makes a member's key for it."""
        if "admin" not in self.keys:
            self.key("admin", "admin")
        registered = self.said("admin", "organisation.registered", name=name, kind=kind, identifiers=[])
        self.ids[name] = registered["stream"]["id"]
        self.key(name, "member", "--organisation", self.ids[name])
        return self.ids[name]

    def harbour(self, **terms: Any) -> str:
        """Northfield and Ashfield in a cluster since August, where the first gave the second an hour; its support."""
        for name in ("Northfield", "Ashfield"):
            self.school(name)
        self.school("Hub", "hub")
        self.key("coordinator", "coordinator", "--organisation", self.ids["Hub"])
        formed = self.said(
            "coordinator", "partnership.formed", name="Harbour Cluster", purpose="Better mathematics", aims=[AIM],
            partners=[{"organisation_id": self.ids[one], "role": "partner"} for one in ("Northfield", "Ashfield")],
            coordinator_id=self.ids["Hub"], starts_on="2026-08-01", terms=terms,
        )  # fmt: skip
        partnership = self.ids["Harbour"] = formed["stream"]["id"]
        for one in ("Northfield", "Ashfield"):
            accepted = {"organisation_id": self.ids[one], "on": "2026-08-01"}
            self.said(one, "partnership.partner_accepted", partnership, **accepted)
        given = self.said(
            "Northfield", "support.delivered", delivery_id="d1", delivered_on="2026-08-21", amount=HOUR,
            category="maths", giver_id=self.ids["Northfield"], receiver_id=self.ids["Ashfield"],
            partnership_id=partnership,
        )  # fmt: skip
        return str(given["stream"]["id"])


def event(type_name: str, subject: str | None = None, /, **data: Any) -> dict[str, Any]:
    """A CloudEvent with a fresh id. Names that Python keeps to itself lose their trailing underscore."""
    members = {name.rstrip("_"): value for name, value in data.items()}
    made = {"specversion": "1.0", "type": type_name, "source": "urn:test", "id": str(uuid.uuid4()), "data": members}
    return made if subject is None else made | {"subject": subject}


def environment(settings: Settings) -> dict[str, str]:
    """The variables under which the command line finds the test's ledger."""
    return {
        "PLEDGER_DATABASE_URL": str(settings.database_url),
        "PLEDGER_HOME": str(settings.home),
        "PLEDGER_ORIGIN": settings.origin,
    }
