"""`pledger import confirm`: the receiver's word on what an import said it got."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import click

from cli.naming import Directory
from cli.opening import Said, key_option, ledger_here
from cli.output import print_table
from ledger.domain.fact import Speaker
from ledger.domain.support.deliveries import Delivery
from ledger.eventstore.searching import FactQuery
from ledger.posted import Posted
from ledger.service import Ledger
from ledger.voice import require_role
from projections.wording import amount

HEADER = ("giver", "day", "amount", "category", "delivery")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An imported delivery that its receiver has not answered."""

    support_id: str
    giver_id: str
    category: str
    delivery: Delivery

    def confirmation(self) -> Posted:
        delivery_id = self.delivery.delivery_id
        return Posted(
            type="support.delivery_confirmed",
            subject=self.support_id,
            data={"delivery_id": delivery_id},
            source="urn:pledger:import:confirm",
            id=f"{self.support_id}/{delivery_id}",
        )


@click.command(short_help="Confirm imported deliveries that you received.")
@click.option("--from", "giver", metavar="GIVER", help="Only what this organisation gave (name, URN or id).")
@click.option("--yes", is_flag=True, help="Confirm without asking.")
@key_option
def confirm(said: Said, giver: str | None, yes: bool) -> None:
    """Confirm the imported deliveries that your organisation received, all in one go.

    \b
    Example:  pledger import confirm --key RECEIVER_KEY
              pledger import confirm --from "Northfield Primary" --yes --key RECEIVER_KEY
    """
    with ledger_here() as ledger:
        speaker = said.writer(ledger)
        require_role("support.delivery_confirmed", speaker)
        directory = Directory.of(ledger, speaker)
        giver_id = None if giver is None else directory.one(giver, "organisation").id
        found = [one for one in waiting(ledger, speaker) if giver_id in (None, one.giver_id)]
        if not found:
            click.echo("No imported delivery is waiting for you.")
            return
        show(found, directory)
        if not (yes or agreed()):
            click.echo("Nothing was confirmed.")
            return
        events = [one.confirmation() for one in found]
        for begin in range(0, len(events), ledger.settings.max_batch):
            ledger.post_batch(speaker, events[begin : begin + ledger.settings.max_batch])
    click.echo(f"{len(events)} deliveries are confirmed.")


def show(found: list[Waiting], directory: Directory) -> None:
    rows = [
        (
            directory.names.get(one.giver_id, one.giver_id),
            one.delivery.delivered_on,
            amount(one.delivery.minutes),
            one.category.replace("_", " "),
            one.delivery.delivery_id,
        )
        for one in found
    ]
    print_table(f"{len(found)} imported deliveries", HEADER, rows, frozenset({2}), wrap={0})


def agreed() -> bool:
    """Whether the person at the terminal says yes. Raises UsageError where there is none."""
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is at the terminal to say yes; --yes confirms without asking")
    return click.confirm("Did your organisation receive all of this?")


def waiting(ledger: Ledger, speaker: Speaker) -> Iterator[Waiting]:
    """The imported deliveries that the speaker's organisations may confirm."""
    for organisation_id in sorted(speaker.organisations):
        query = FactQuery(types=("support.delivered",), organisation=organisation_id, limit=1000)
        while True:
            page = ledger.facts(query)
            for fact in page.facts:
                if not fact.data.imported:
                    continue
                state = ledger.state("support", fact.stream.id)
                delivery = state.deliveries[fact.data.delivery_id]
                if delivery.status == "claimed" and state.receiver_id == organisation_id:
                    yield Waiting(fact.stream.id, state.giver_id, state.category, delivery)
            if not page.has_more:
                break
            query = replace(query, after=page.last_position)
