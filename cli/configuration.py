"""`pledger config check`: the settings in force, and whether a ledger may start with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Any, Final

import click

from api.tracing import is_wanted
from cli.findings import Finding, are_in_order, asked, tell
from cli.looking import NO_DATABASE, foundations, is_made, reached, settings_in
from ledger.access.issuers import read_issuers
from ledger.errors import Refusal
from ledger.settings import Settings, variable
from ledger.whereabouts import identity_of

NOT_SHOWN: Final = "(set, not shown)"


@click.group(short_help="See whether the settings are right.")
def config() -> None:
    """The settings of this environment."""


@config.command(short_help="Print the settings, and check all that they name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(as_json: bool) -> None:
    """Print the settings in force, then look at all that they name: folders, keys, database, roles, migrations, files.
    Secrets are not shown, nothing is made or changed. Exit code 1 when the ledger would not start well.

    \b
    Examples:  pledger config check
               pledger config check --json
    """
    settings = settings_in(os.environ)
    findings = settings if isinstance(settings, list) else [*look(settings, os.environ)]
    shown = {} if isinstance(settings, list) else in_force(settings)
    if not as_json:
        for name, value in shown.items():
            click.echo(f"{name:36} {'' if value is None else value}")
    tell(findings, as_json=as_json, settings=shown)
    if not are_in_order(findings):
        sys.exit(1)


def in_force(settings: Settings) -> dict[str, str | None]:
    """Every setting by its variable, as text; of a secret only that there is one."""

    def shown(value: Any, secret: bool) -> str | None:
        if value is None or secret:
            return None if value is None else NOT_SHOWN
        return ", ".join(sorted(map(str, value))) if isinstance(value, tuple | frozenset) else str(value)

    rows = fields(Settings)
    return {variable(row): shown(getattr(settings, row.name), row.metadata["secret"]) for row in rows}


def look(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """The findings in order: first what can be seen without the database."""
    yield Finding("settings", "read, and safe")
    yield asked("issuers", lambda: issuers(settings), "put the file of PLEDGER_OIDC_FILE right")
    yield leaked(settings)
    yield allowed(settings)
    yield traces(environ)
    if not is_made(settings):
        yield Finding("database", "not set up", "run pledger init")
        return
    try:
        with reached(settings) as dsn:
            found = list(foundations(settings, dsn))
            yield from found
            if are_in_order(found):
                yield from name_and_zone(settings, dsn, environ)
    except Refusal as refusal:
        yield Finding("database", f"{refusal.code}: {refusal.detail}", NO_DATABASE)


def issuers(settings: Settings) -> str:
    """Raises SettingsRefused."""
    found = read_issuers(settings.oidc_file)
    return "none" if not found else ", ".join(one.name for one in found)


def leaked(settings: Settings) -> Finding:
    file = settings.leaked_passwords_file
    if file is None:
        return Finding("leaked passwords", "the lists that come with the ledger")
    if os.access(file, os.R_OK) and file.is_file():
        return Finding("leaked passwords", f"and {file}")
    return Finding("leaked passwords", f"{file} cannot be read", "put the file there, or unset its variable")


def allowed(settings: Settings) -> Finding:
    """Where webhooks may point beyond public addresses."""
    entries = settings.webhook_allow
    if not entries:
        return Finding("webhooks", "may point to public addresses over HTTPS")
    told = f"may also point to {', '.join(entries)}"
    if any(is_everything(one) for one in entries):
        todo = "name the few hosts that are meant: this lets a webhook reach everything inside your network"
        return Finding("webhooks", told, todo)
    return Finding("webhooks", told)


def is_everything(entry: str) -> bool:
    try:
        return ip_network(entry).prefixlen == 0
    except ValueError:
        return False  # the name of a host


def traces(environ: Mapping[str, str]) -> Finding:
    """Whether traces can be made where they are asked for."""
    if not is_wanted(environ):
        return Finding("traces", "none asked for")
    if all(map(is_there, ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"))):
        return Finding("traces", "sent as OTEL_EXPORTER_OTLP_ENDPOINT says")
    return Finding("traces", "asked for, not installed", "pip install 'partnership-ledger[otel]'", advice=True)


def is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def name_and_zone(settings: Settings, dsn: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Both are the ledger's since its beginning: where the environment says otherwise, it is not listened to."""
    identity = identity_of(dsn)
    for name, mine, its in (
        ("PLEDGER_ORIGIN", settings.origin, identity.origin),
        ("PLEDGER_ZONE", settings.zone.key, identity.zone.key),
    ):
        if name in environ and mine != its:
            todo = f"set it to {its}, or see that PLEDGER_DATABASE_URL names the ledger that you mean"
            yield Finding(name, f"{mine}, but this ledger is {its} since its beginning", todo)
        else:
            yield Finding(name, its)
