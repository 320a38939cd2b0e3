"""`pledger users`: the people who sign in, invited and ended by an admin."""

from __future__ import annotations

from typing import Any

import click

from cli.keys import reach_of, require_admin
from cli.opening import Said, key_option, ledger_here
from cli.output import Form, form_options, print_csv, print_json, print_table
from cli.saying import short_moment
from ledger.access.accounts import Account, NoSuchAccount, login_of
from ledger.access.invitations import Invitation
from ledger.credentials import NewCredential
from ledger.domain.values import moment
from ledger.service import Ledger

ROLES = click.Choice(["member", "coordinator", "auditor", "admin"])
HEADER = ("id", "name", "login", "role", "organisations", "state", "last signed in")


@click.group(short_help="Invite, list and end people who sign in.")
def users() -> None:
    """Invite, list and end people who sign in (an admin's key is needed)."""


@users.command(short_help="Invite a person.")
@click.option("--name", required=True, help="What to call the account, such as 'Northfield, head'.")
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", "organisations", multiple=True, help="Whom they speak for: name, URN or id.")
@click.option("--trust", help="For an auditor: the trust they read (name or id).")
@click.option("--whole-ledger", is_flag=True, help="For an auditor: they read the whole ledger.")
@click.option("--person", help="The id of the person it is for.")
@click.option("--principal", help="A principal who has a key already, and is to sign in as well.")
@key_option
@form_options
def invite(said: Said, form: Form, name: str, role: Any, **options: Any) -> None:
    """Invite a person. The link is shown this once; it works once, for seven days.

    \b
    Example:  pledger users invite --name "Northfield, head" --role member --organisation 900001
    """
    with ledger_here() as ledger:
        admin = require_admin(said, ledger)
        reach = reach_of(ledger, admin, role, options["organisations"], options["trust"], options["person"])
        new = NewCredential(
            name=name, role=role, whole_ledger=options["whole_ledger"], principal=options["principal"], **reach
        )
        told(ledger, form, *ledger.people.invite(admin, new))


def told(ledger: Ledger, form: Form, invitation: Invitation, token: str) -> None:
    """The link, for a person or a program."""
    link = link_of(ledger, token)
    if form == "json":
        shown = {"id": invitation.id, "principal": invitation.principal, "link": link}
        print_json(shown | {"expires_at": moment(invitation.expires_at)})
    else:
        until = short_moment(moment(invitation.expires_at)[:16].replace("T", " "))
        click.echo(f"Hand this link to {invitation.name}; it works once, until {until} UTC:")
        click.echo(link)


def link_of(ledger: Ledger, token: str) -> str:
    """The address at which an invitation is taken up."""
    return f"{ledger.settings.address}/join/{token}"


@users.command("list", short_help="List the people, and who was invited.")
@key_option
@form_options
def list_(said: Said, form: Form) -> None:
    """List the people, and the invitations that wait to be taken up; never a link.

    \b
    Example:  pledger users list --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        require_admin(said, ledger)
        now = ledger.clock.now()
        waiting = [one for one in ledger.people.invitations.every() if one.state(now) == "open"]
        known: list[Account | Invitation] = [*ledger.people.accounts.every(), *waiting]
        rows = [row_of(one) for one in known]
    if form == "json":
        print_json([dict(zip(HEADER, row, strict=True)) for row in rows])
    elif form == "csv":
        print_csv(HEADER, rows)
    else:
        lines = [[*row[:6], short_moment(row[6])] for row in rows]
        print_table(f"{len(rows)} people", HEADER, lines, frozenset(), wrap={1, 4})


def row_of(one: Account | Invitation) -> list[str]:
    reach = ", ".join(one.organisations) or one.trust or ("whole ledger" if one.whole_ledger else "")
    if isinstance(one, Invitation):
        return [one.id, one.name, "", one.role, reach, "invited", ""]
    state = "ended" if one.ended_at else "in force"
    seen = "" if one.signed_in_at is None else moment(one.signed_in_at)[:16].replace("T", " ")
    return [one.id, one.name, one.login or "", one.role, reach, state, seen]


@users.command(short_help="End an account or an invitation.")
@click.argument("who")
@key_option
def end(said: Said, who: str) -> None:
    """End an account, or an invitation that waits, at once. WHO is a login or an id.

    \b
    Example:  pledger users end ann@northfield.example --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        admin = require_admin(said, ledger)
        try:
            ledger.people.end(admin, account_of(ledger, who).id)
        except NoSuchAccount:
            ledger.people.invitations.end(who.strip().lower())
    click.echo(f"{who} is ended.")


@users.command("reset-factor", short_help="Let somebody choose new factors.")
@click.argument("who")
@key_option
@form_options
def reset_factor(said: Said, form: Form, who: str) -> None:
    """Take somebody's password, codes and sessions away, and print a link by which they choose new ones (one use, 24
    hours). WHO is a login or an id. Be sure that it is them who ask.

    \b
    Example:  pledger users reset-factor ann@northfield.example --key ADMIN_KEY
    """
    with ledger_here() as ledger:
        admin = require_admin(said, ledger)
        told(ledger, form, *ledger.people.reset(admin, account_of(ledger, who).id))


def account_of(ledger: Ledger, who: str) -> Account:
    """The account of a login or an id. Raises NoSuchAccount."""
    found = ledger.people.accounts.by_login(login_of(who))
    return ledger.people.accounts.find(who.strip().lower()) if found is None else found[0]
