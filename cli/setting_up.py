"""`pledger init`, `pledger migrate`, `pledger config check`: a ledger's beginning and its upgrades."""

from __future__ import annotations

import os
from dataclasses import fields

import click

from cli.opening import settings_here
from ledger.access.issuers import read_issuers
from ledger.eventstore import migrations
from ledger.guard import guard
from ledger.setting_up import ADMIN_FILE, AlreadySetUp, enrol, is_awaited, set_up
from ledger.settings import Settings, load, variable
from ledger.whereabouts import database


@click.command(short_help="Make a ledger and its first admin.")
@click.option("--test", "for_tests", is_flag=True, help="Make a test ledger, whose clock may be set.")
@click.option("--no-enrolment", is_flag=True, help="Print no link, and answer at once: nobody is to sign in for now.")
def init(for_tests: bool, no_enrolment: bool) -> None:
    """Make a ledger: its database, keys and first fact, an admin's API key for this machine, and the link by which the
    first admin comes in. Until that is used the service answers nothing else; called again, it prints a new one.

    \b
    Example:  PLEDGER_HOME=/srv/pledger pledger init
    """
    settings = settings_here()
    try:
        key = set_up(settings, kind="test" if for_tests else "live")
        click.echo(f"The ledger {settings.origin} is ready. Its keys lie in {settings.keys_dir}: back them up.")
        click.echo(f"An admin's API key (also in {settings.home / ADMIN_FILE}, for commands on this machine):")
        click.echo(key)
    except AlreadySetUp:
        if no_enrolment or not is_awaited(settings):
            raise
    if not no_enrolment:
        click.echo("The first admin opens this link, within 60 minutes and once (first: pledger serve):")
        click.echo(f"{settings.address}/join/{enrol(settings)}")


@click.command(short_help="Bring the database up to this version.")
def migrate() -> None:
    """Bring the database to the form this version of the program needs. Safe to call again.

    \b
    Example:  pledger migrate
    """
    dsn, embedded = database(settings_here())
    try:
        applied = migrations.migrate(dsn)
    finally:
        if embedded is not None:
            embedded.stop()
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("The database is up to date.")


@click.group()
def config() -> None:
    """The settings of this environment."""


@config.command(short_help="Print the settings and check them.")
def check() -> None:
    """Print the settings in force and whether the ledger may start with them; secrets are not shown.

    \b
    Example:  pledger config check
    """
    settings = load(os.environ)
    for row in fields(Settings):
        value = getattr(settings, row.name)
        shown = "(set, not shown)" if row.metadata["secret"] and value is not None else value
        click.echo(f"{variable(row):36} {'' if shown is None else shown}")
    guard(settings, os.environ)
    read_issuers(settings.oidc_file)
    click.echo("These settings are in order.")
