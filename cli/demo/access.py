"""Who may enter the demonstration: one key for each role, made once for a home and kept there (0600)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from cli.demo.history import write_private
from cli.demo.home import ACCESS_FILE
from cli.demo.run import Programme
from ledger.credentials import NewCredential
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from ledger.setting_up import ADMIN_FILE

COORDINATOR: Final = "harrowmere-hub"
MEMBER: Final = "northfield"
CLIENT: Final = "ashfield"


def access(ledger: Ledger, programme: Programme) -> dict[str, Any]:
    """What opens this demonstration: `{"url", "origin", "api_keys", "users", "organisations"}`; `url` is told later."""
    file = ledger.settings.home / ACCESS_FILE
    if file.exists():
        known: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return known
    by = ledger.credentials.authenticate((ledger.settings.home / ADMIN_FILE).read_text("utf-8").strip())
    keys = {role: ledger.credentials.issue(by, new)[1] for role, new in credentials(programme).items()}
    made: dict[str, Any] = {
        "url": None,
        "origin": ledger.origin,
        "api_keys": keys,
        "users": [],
        "organisations": organisations(programme),
    }
    keep(file, made)
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
