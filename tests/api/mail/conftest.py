"""A service that sends letters by a real mail server on this machine, and people who can be written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from threading import Event
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ledger.clock import SetClock
    from ledger.settings import Settings
    from tests.api.browser import Person
    from tests.api.calls import Town
    from tests.api.mail.post_office import Office


@pytest.fixture
def office() -> Iterator[Office]:
    from tests.api.mail.post_office import open_office

    with open_office() as opened:
        yield opened


@pytest.fixture
def settings(settings: Settings, office: Office) -> Settings:
    """The settings of a ledger that writes letters."""
    given = {"smtp_url": office.server(), "mail_from": "Harbour <ledger@harbour.example>"}
    return replace(settings, **given, public_url="https://ledger.harbour.example")  # type: ignore[arg-type]  # its own fields


@dataclass
class Post:
    """The sender of letters, looked over the shoulder: one look at a time. `now` is the machine's time."""

    town: Town
    office: Office
    clock: SetClock
    now: datetime = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    people: dict[str, Person] = field(default_factory=dict)

    def look(self) -> str | None:
        """One look; answers what is waited out."""
        from api.mail.content import Content
        from api.mail.mailing import Mailing
        from api.mail.outbox import Outbox
        from api.mail.sender import Sender
        from ledger.eventstore.pool import RolePool

        ledger, models = self.town.ledger, self.town.app.extensions["pledger.read_models"]
        assert ledger.settings.smtp_url is not None
        mailing = Mailing(ledger, models, Sender(ledger.settings.smtp_url, None), lambda: self.now)
        pool = RolePool(ledger.dsn, "pledger_access", 1)
        outbox = Outbox(pool)
        self.keep_views()
        outbox.recover(self.now)
        mailing.look(outbox, Content(ledger, models, outbox), Event())
        pool.close()
        return mailing.trouble

    def keep_views(self) -> None:
        from projections.runner import Runner
        from projections.views import all_views

        ledger = self.town.ledger
        Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()

    def pass_time(self, **lapse: float) -> None:
        self.clock.advance(timedelta(**lapse))
        self.now += timedelta(**lapse)

    def joins(self, name: str, school: str, role: str = "member", *, written_to: bool = True) -> Person:
        """Somebody with an account at a school."""
        from ledger.credentials import NewCredential
        from tests.api.browser import person_with_account

        ledger = self.town.ledger
        organisations = [self.town.ids[school]] if role in ("member", "coordinator") else []
        new = NewCredential(name=name, role=role, organisations=organisations)  # type: ignore[arg-type]  # a role
        admin = ledger.credentials.authenticate(self.town.keys["admin"])
        person = self.people[name] = person_with_account(ledger, admin, new, name)
        if written_to:
            self.write_to(person, f"{name}@{school.lower()}.example")
        return person

    def write_to(self, person: Person, address: str) -> None:
        """They ask for letters at an address, and show that it is theirs, as the letter's link does."""
        import re

        letters, principal = self.town.ledger.letters, person.joined.account.principal
        letters.ask(principal, address)
        self.look()
        text = self.last(address).get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
        letters.prove(principal, re.findall(r"proof%2F([\w-]{43})", text)[0])

    def last(self, address: str) -> EmailMessage:
        return self.office.to(address)[-1]

    def subjects(self, address: str) -> list[str]:
        """Of all letters but that by which the address was shown."""
        return [str(one["Subject"]) for one in self.office.to(address)][1:]

    def states(self) -> dict[str, str]:
        """The state by kind of what was told at once, but not of those by which addresses were shown."""
        import psycopg

        with psycopg.connect(self.town.ledger.dsn) as connection:
            rows = connection.execute(
                "SELECT kind, state FROM pledger.letter WHERE kind NOT IN ('address', 'weekly')"
            ).fetchall()
        return dict(rows)


@pytest.fixture
def post(town: Town, office: Office, clock: SetClock) -> Post:
    """Northfield and Ashfield; ann may confirm for Ashfield, ned speaks for Northfield. Wednesday 2 September 2026."""
    found = Post(town, office, clock)
    found.pass_time(days=1)
    found.keep_views()
    for school in ("Northfield", "Ashfield"):
        town.school(school)
    found.look()
    found.joins("ned", "Northfield")
    found.joins("ann", "Ashfield")
    return found
