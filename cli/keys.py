"""`pledger keys`: who may speak, with which API key."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from api.credentials import told
from cli.answering import answering
from cli.naming import Directory
from cli.opening import Said, key_option, ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table, printable
from cli.saying import short_moment
from ledger.access.token_keys import rotate as replace_signing_key
from ledger.credentials import Credential, NewCredential
from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.domain.values import UUID_FORM
from ledger.service import Ledger

ROLES = click.Choice(["member", "client", "coordinator", "auditor", "admin"])
SCOPES = click.Choice(["events:write", "events:read", "reports:read"])
MOST = 1000
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
        print_json(told(credential, datetime.now(UTC)) | {"api_key": key})
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
    with answering(said.as_admin()) as ledger:
        page = ledger.get("/v1/credentials", limit=1)
        found = list(ledger.items("/v1/credentials", limit=MOST))
        names = ledger.directory().names
    if form == "json":
        known = {one: names[one] for held in found for one in whose(held) if one in names}
        print_json({"items": found, "names": known, "position": page["position"]})
    elif form == "csv":
        print_csv(HEADER, [row_of(one, names) for one in found])
    else:
        rows = [row_of(one, names) for one in found]
        lines = [[*row[:4], *map(short_moment, row[4:])] for row in rows]
        print_table(f"{len(rows)} keys", HEADER, lines, frozenset(), wrap={1, 3})


@keys.command()
@click.argument("credential_id")
@key_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(said: Said, credential_id: str, as_json: bool) -> None:
    """Show one key, never its secret.

    \b
    Example:  pledger keys show 6f0c… --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        admin = require_admin(said, ledger)
        one = ledger.credentials.find(credential_id.lower())
        names = Directory.of(ledger, admin).names
        now = ledger.clock.now()
    if as_json:
        print_json(told(one, now) | {"names": named([one], names)})
        return
    for name, value in told(one, now).items():
        click.echo(f"{name:14}{printable(worded(value, names))}")


@keys.command()
@click.argument("credential_id")
@click.option(
    "--overlap-hours", type=click.IntRange(0, 168), default=24, show_default=True,
    help="How long the key before goes on; 0 ends it at once, with its access tokens.",
)  # fmt: skip
@key_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(said: Said, credential_id: str, overlap_hours: int, as_json: bool) -> None:
    """Replace a key. The new one is shown this once.

    \b
    Example:  pledger keys rotate 6f0c… --overlap-hours 48 --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        admin = require_admin(said, ledger)
        one, key = ledger.credentials.rotate(admin, credential_id.lower(), timedelta(hours=overlap_hours))
        now = ledger.clock.now()
    if as_json:
        print_json(told(one, now) | {"api_key": key})
        return
    until = told(one, now).get("former_until")
    before = f"the one before goes on until {until[:16].replace('T', ' ')} UTC" if until else "the one before has ended"
    click.echo(f"the new key of {one.name}, shown this once ({before}):")
    click.echo(key)


@keys.command("rotate-signing")
@click.option("--at-once", is_flag=True, help="End the keys before now, and with them every access token.")
@key_option
def rotate_signing(said: Said, at_once: bool) -> None:
    """Replace the key that signs access tokens.

    The one before verifies for another hour, longer than any access token lives.

    \b
    Example:  pledger keys rotate-signing --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        require_admin(said, ledger)
        kid = replace_signing_key(ledger.settings.keys_dir, time.time(), at_once=at_once)
    click.echo(f"access tokens are signed with the key {kid} from now on.")


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


def row_of(one: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """A line of the list; organisations by name where they have one yet."""
    moments = (one.get(name, "")[:16].replace("T", " ") for name in ("expires_at", "used_at", "revoked_at"))
    whom = ", ".join(names.get(id_, id_) for id_ in whose(one)) or ("whole ledger" if one.get("ledger") else "")
    return [one["id"], one["name"], one["role"], whom, *moments]


def whose(one: Mapping[str, Any]) -> list[str]:
    """The organisations that a key speaks for or reads, by id."""
    return list(one.get("organisations") or ([one["trust"]] if "trust" in one else []))


def reach(one: Credential) -> list[str]:
    """The organisations that a key speaks for or reads, by id."""
    return one.organisations or ([] if one.trust is None else [one.trust])


def named(found: Sequence[Credential], names: Mapping[str, str]) -> dict[str, str]:
    """The names of the organisations of these keys."""
    return {id_: names[id_] for one in found for id_ in reach(one) if id_ in names}


def worded(value: Any, names: Mapping[str, str]) -> str:
    """A member of a key in words."""
    if isinstance(value, list):
        return ", ".join(names.get(one, one) for one in value) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return names.get(value, value)
