"""`pledger keys`: who may speak, with which API key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from cli.opening import Said, key_option, ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table
from ledger.credentials import Credential, NewCredential
from ledger.domain.values import moment

ROLES = click.Choice(["member", "client", "coordinator", "auditor", "admin"])
SCOPES = click.Choice(["events:write", "events:read", "reports:read"])
HEADER = ("id", "name", "role", "organisations", "expires", "last used", "revoked")


@click.group()
def keys() -> None:
    """Make, list and end API keys (an admin's key is needed)."""


@keys.command()
@click.option("--name", required=True, help="What to call it, such as 'Northfield, school office'.")
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", "organisations", multiple=True, help="An organisation it speaks for (its id).")
@click.option("--trust", help="For an auditor: the trust whose facts it reads (its id).")
@click.option("--whole-ledger", is_flag=True, help="For an auditor: it reads the whole ledger.")
@click.option("--person", help="The id of the person who holds it.")
@click.option("--scope", "scopes", multiple=True, type=SCOPES, help="For a client: what it may do (default: all).")
@click.option("--days", type=click.IntRange(1, 3650), help="How many days it lasts (default: until it is ended).")
@key_option
@form_options
def create(said: Said, form: Form, name: str, role: Any, days: int | None, **options: Any) -> None:
    """Make a key. It is shown this once.

    \b
    Example:  pledger keys create --name "Northfield office" --role member --organisation ID --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        new = NewCredential(
            name=name,
            role=role,
            organisations=tuple(one.lower() for one in options["organisations"]),
            trust=options["trust"],
            whole_ledger=options["whole_ledger"],
            person_id=options["person"],
            scopes=options["scopes"],
            expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
        )
        credential, key = ledger.credentials.issue(said.admin(ledger), new)
    if form == "json":
        print_json({"id": credential.id, "principal": credential.principal, "api_key": key})
    else:
        click.echo(f"{role} key {credential.id} for {name}, shown this once:")
        click.echo(key)


@keys.command("list")
@key_option
@form_options
def list_(said: Said, form: Form) -> None:
    """List the keys, never the secrets.

    \b
    Example:  pledger keys list --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        require_admin(said, ledger)
        found = ledger.credentials.list()
    rows = [row_of(one) for one in found]
    if form == "json":
        print_json([dict(zip(HEADER, row, strict=True)) for row in rows])
    elif form == "csv":
        print_csv(HEADER, rows)
    else:
        print_table(f"{len(rows)} keys", HEADER, rows, frozenset())


@keys.command()
@click.argument("credential_id")
@key_option
def revoke(said: Said, credential_id: str) -> None:
    """End a key at once.

    \b
    Example:  pledger keys revoke 6f0c… --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        speaker = require_admin(said, ledger)
        ledger.credentials.revoke(speaker, credential_id.lower())
    click.echo(f"{credential_id} is ended.")


def require_admin(said: Said, ledger: Any) -> Any:
    """The admin who asks. Raises RoleForbidden for any other role."""
    from ledger.voice import require_role

    speaker = said.admin(ledger)
    require_role("credential.revoked", speaker)
    return speaker


def row_of(one: Credential) -> list[str]:
    def said_at(at: datetime | None) -> str:
        return "" if at is None else moment(at)[:16].replace("T", " ")

    reach = ", ".join(one.organisations) or one.trust or ("whole ledger" if one.whole_ledger else "")
    return [one.id, one.name, one.role, reach, said_at(one.expires_at), said_at(one.used_at), said_at(one.revoked_at)]
