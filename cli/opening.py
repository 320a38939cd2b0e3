"""Opens the ledger and its read models for a command, and works out who speaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

import click

from api.refusals import ScopeMissing
from cli.failures import with_voice
from ledger.domain.fact import Speaker
from ledger.domain.refusals import RoleForbidden
from ledger.domain.values import NIL
from ledger.errors import Refusal
from ledger.guard import guard
from ledger.service import Ledger, open_ledger
from ledger.setting_up import ADMIN_FILE
from ledger.settings import Settings, load

F = TypeVar("F", bound=Callable[..., Any])

KEY_VARIABLE: Final = "PLEDGER_KEY"
# Who can open the database reads all of it but the sealed texts: so does the terminal on the ledger's own machine.
LOCAL_READER: Final = Speaker(principal=NIL, role="auditor", whole_ledger=True)


def settings_here() -> Settings:
    """The settings of this environment, guarded. Raises SettingsRefused, SettingsUnsafe."""
    settings = load(os.environ)
    guard(settings, os.environ)
    return settings


@contextmanager
def ledger_here() -> Iterator[Ledger]:
    """The ledger that the environment names, open until the block ends. Raises UsageError where that is elsewhere."""
    settings = settings_here()
    if settings.url is not None:
        raise click.UsageError(
            f"this works on the ledger's own machine only: leave out --url {settings.url}, and unset PLEDGER_URL"
        )
    with open_ledger(settings) as ledger:
        try:
            yield ledger
        except Refusal as refusal:
            refusal.detail = with_voice(ledger, refusal)
            raise


@dataclass(frozen=True, slots=True)
class Said:
    """The options that say who speaks, and to which ledger; `url` None: the one on this machine."""

    key: str | None
    url: str | None = None

    def speaker(self, ledger: Ledger) -> Speaker:
        """Who speaks. Raises Unauthorised; UsageError when nobody does."""
        if self.key is None:
            raise click.UsageError(f"say who speaks: --key KEY, or {KEY_VARIABLE} in the environment")
        return ledger.credentials.authenticate(self.key)

    def writer(self, ledger: Ledger) -> Speaker:
        """Who speaks, with a credential that was issued for posting. Raises ScopeMissing."""
        return allowed(self.speaker(ledger), "events:write")

    def admin(self, ledger: Ledger) -> Speaker:
        """An admin: the credential's speaker, else the first admin, whose key `init` left in the ledger's home."""
        return self.as_admin().speaker(ledger)

    def as_admin(self) -> Said:
        """The same, with the first admin's key on the ledger's own machine where no other is given."""
        if self.key is not None or self.url is not None:
            return self
        file = settings_here().home / ADMIN_FILE
        return Said(file.read_text("utf-8").strip()) if file.exists() else self

    def reader(self, ledger: Ledger, scope: str = "events:read") -> Speaker:
        """Who reads: the credential's speaker, else whoever sits at this machine (free text stays withheld).
        Raises ScopeMissing; RoleForbidden for an admin, who reads no facts."""
        found = self.finder(ledger, scope)
        if found.role == "admin":
            raise RoleForbidden("an admin reads no facts, statements or texts", role="admin", type="")
        return found

    def finder(self, ledger: Ledger, scope: str = "events:read") -> Speaker:
        """Who looks for what there is: the same, and an admin too. Raises ScopeMissing."""
        return allowed(self.anybody(ledger), scope)

    def anybody(self, ledger: Ledger) -> Speaker:
        """Who asks, whatever its credential was issued for: without one whoever sits at this machine."""
        return LOCAL_READER if self.key is None else ledger.credentials.authenticate(self.key)


def allowed(speaker: Speaker, scope: str) -> Speaker:
    """The same speaker. Raises ScopeMissing when its credential was issued for other things only."""
    if speaker.scopes and scope not in speaker.scopes:
        raise ScopeMissing(f"this credential lacks the scope {scope}", scope=scope)
    return speaker


def key_option(command: F) -> F:
    """Adds `--key`; the command gets it as `said`."""

    @click.option("--key", help=f"The API key of who speaks or reads (else {KEY_VARIABLE}).")
    @wraps(command)
    def with_key(*args: Any, key: str | None, **kwargs: Any) -> Any:
        settings = load(os.environ)
        return command(*args, said=Said(key or settings.key, settings.url), **kwargs)

    return with_key  # type: ignore[return-value]  # click wraps any callable
