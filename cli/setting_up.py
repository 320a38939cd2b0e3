"""`pledger init` and `pledger migrate`: a ledger's beginning and its upgrades."""

from __future__ import annotations

import click

from cli.opening import settings_here
from ledger.eventstore import migrations
from ledger.setting_up import ADMIN_FILE, AlreadySetUp, enrol, is_awaited, set_up
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
