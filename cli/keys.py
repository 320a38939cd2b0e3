"""`pledger keys`: who may speak, with which API key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from cli.naming import Directory
from cli.opening import Said, key_option, ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.saying import short_moment
from ledger.credentials import Credential, NewCredential
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.domain.values import UUID_FORM, moment
from ledger.service import Ledger

ROLES = click.Choice(["member", "client", "coordinator", "auditor", "admin"])
SCOPES = click.Choice(["events:write", "events:read", "reports:read"])
HEADER = ("id", "name", "role", "organisations", "expires", "last used", "revoked")


@click.group(short_help="Make, list and end API keys.")
def keys() -> None:
    """Make, list and end API keys (an admin's key is needed)."""


@keys.command()
@click.option("--name", required=True, help="What to call it, such as 'Northfield, school office'.")
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", "organisations", multiple=True, help="Whom it speaks for: name, URN or id.")
@click.option("--trust", help="For an auditor: the trust it reads (name or id).")
@click.option("--whole-ledger", is_flag=True, help="For an auditor: it reads the whole ledger.")
@click.option("--person", help="The id of the person who holds it.")
@click.option("--scope", "scopes", multiple=True, type=SCOPES, help="For a client: what it may do (default: all).")
@click.option("--days", type=click.IntRange(1, 3650), help="How many days it lasts (default: until it is ended).")
@key_option
@form_options
def create(said: Said, form: Form, name: str, role: Any, days: int | None, **options: Any) -> None:
    """Make a key. It is shown this once.

    \b
    Example:  pledger keys create --name "Northfield office" --role member --organisation 900001
    """
    with ledger_here() as ledger:
        admin = require_admin(said, ledger)
        new = NewCredential(
            name=name,
            role=role,
            whole_ledger=options["whole_ledger"],
            scopes=options["scopes"],
            expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
            **reach_of(ledger, admin, role, options["organisations"], options["trust"], options["person"]),
        )
        credential, key = ledger.credentials.issue(admin, new)
    if form == "json":
        print_json({"id": credential.id, "principal": credential.principal, "api_key": key})
    else:
        click.echo(f"{role} key {credential.id} for {name}, shown this once:")
        click.echo(key)


def reach_of(
    ledger: Ledger, admin: Speaker, role: str, organisations: Sequence[str], trust: str | None, person: str | None
) -> dict[str, Any]:
    """For whom a key is to speak, by id. Raises NobodyOfThisName, SeveralOfThisName, NotThere."""
    directory = Directory.of(ledger, admin)
    person_id = None if person is None else person.strip().lower()
    if person_id is not None and ledger.state("person", person_id) is None:
        raise NotThere(f"there is no person {person}", stream_kind="person", id=person_id)
    return {
        "organisations": [organisation_of(directory, role, one) for one in organisations],
        "trust": None if trust is None else directory.one(trust, "organisation").id,
        "person_id": person_id,
    }


def organisation_of(directory: Directory, role: str, word: str) -> str:
    """An organisation's id; a client may name one that it will register itself, by its id to be."""
    stream_id = word.strip().lower()
    if role == "client" and UUID_FORM.fullmatch(stream_id):
        return stream_id
    return directory.one(word, "organisation").id


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
        lines = [[*row[:4], *map(short_moment, row[4:])] for row in rows]
        print_table(f"{len(rows)} keys", HEADER, lines, frozenset(), wrap={1, 3})


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


def require_admin(said: Said, ledger: Ledger) -> Speaker:
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
