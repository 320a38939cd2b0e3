"""Who may enter the demonstration: a key for each role and logins for people, made once for a home and kept (0600)."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any, Final

from cli.demo.history import write_private
from cli.demo.home import ACCESS_FILE
from cli.demo.run import Programme
from ledger.access.people import FOR_PEOPLE
from ledger.credentials import NewCredential
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from ledger.setting_up import ADMIN_FILE

COORDINATOR: Final = "harrowmere-hub"
MEMBER: Final = "northfield"
CLIENT: Final = "ashfield"
PASSWORD_BYTES: Final = 12


def access(ledger: Ledger, programme: Programme) -> dict[str, Any]:
    """What opens this demonstration: `{"url", "origin", "api_keys", "users", "organisations"}`; `url` is told later."""
    file = ledger.settings.home / ACCESS_FILE
    if file.exists():
        known: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if not known["users"]:  # a home from before people could sign in
            known["users"] = users(ledger, programme, terminal(ledger))
            keep(file, known)
        return known
    by = terminal(ledger)
    keys = {role: ledger.credentials.issue(by, new)[1] for role, new in credentials(programme).items()}
    made: dict[str, Any] = {
        "url": None,
        "origin": ledger.origin,
        "api_keys": keys,
        "users": users(ledger, programme, by),
        "organisations": organisations(programme),
    }
    keep(file, made)
    return made


def terminal(ledger: Ledger) -> Speaker:
    """The first admin, whose key lies in the ledger's home."""
    return ledger.credentials.authenticate((ledger.settings.home / ADMIN_FILE).read_text("utf-8").strip())


def users(ledger: Ledger, programme: Programme, by: Speaker) -> list[dict[str, str]]:
    """A login for each principal who is a person, by its role; it speaks as that principal's key does."""
    made = []
    for role, new in credentials(programme).items():
        if role in FOR_PEOPLE:
            login, password = f"{role}@demo.example", secrets.token_urlsafe(PASSWORD_BYTES)
            if (before := ledger.people.accounts.by_login(login)) is not None:  # by a start that was interrupted
                ledger.people.end(by, before[0].id)
            _, token = ledger.people.invite(by, new)
            ledger.people.join(token, ledger.people.entry(login, password))
            made.append({"login": login, "password": password, "role": role})
    return made


def keep(file: Path, made: dict[str, Any]) -> None:
    write_private(file, json.dumps(made, indent=2) + "\n")


def organisations(programme: Programme) -> dict[str, str]:
    """For whom each key speaks, and a partner and a trust to look at."""
    return {
        "coordinator": programme.organisation(COORDINATOR),
        "member": programme.organisation(MEMBER),
        "client": programme.organisation(CLIENT),
        "partner": programme.organisation("oakwood"),
        "trust": programme.organisation("kestrel-vale"),
    }


def credentials(programme: Programme) -> dict[str, NewCredential]:
    """A further key for five principals of the history."""
    stage = programme.stage
    speakers = {
        "coordinator": stage[COORDINATOR].voice,
        "auditor": stage.auditor,
        "member": stage[MEMBER].voice,
        "client": stage.machine("machine:ashfield", CLIENT),
        "admin": stage.admin,
    }
    return {role: credential(f"demonstration: {role}", speaker) for role, speaker in speakers.items()}


def credential(name: str, speaker: Speaker) -> NewCredential:
    return NewCredential(
        name=name,
        role=speaker.role,
        organisations=sorted(speaker.organisations),
        whole_ledger=speaker.whole_ledger,
        person_id=speaker.person_id,
        scopes=sorted(speaker.scopes),
        principal=speaker.principal,
    )
