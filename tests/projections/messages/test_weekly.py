"""The weekly letter of each reader, on given days of a story."""

from __future__ import annotations

from datetime import date

from ledger.domain.fact import Speaker
from projections.messages.letter import Letter
from projections.messages.weekly import weekly
from projections.runner import Runner
from projections.views import EVERYTHING, all_views, open_read_models
from tests.projections.inbox.desks import Desks
from tests.story import person, said

ADA = "6a0c9d5e-1f43-4c55-8a3b-2f6a5f0d9e11"


class Office:
    """Letters as they would be made today; by school, those of its people who can be written to."""

    def __init__(self, desks: Desks) -> None:
        self.desks, ids = desks, desks.village.ids
        self.head, self.deputy = (person("member", ids["Ashfield"]) for _ in range(2))
        self.hub = desks.village.coordinator("Hub")
        self.colleagues: dict[str, list[Speaker]] = {
            ids["Ashfield"]: [self.head, self.deputy],
            ids["Northfield"]: [desks.village.members["Northfield"]],
            ids["Hub"]: [self.hub],
        }

    def letter(self, reader: Speaker) -> Letter | None:
        ledger = self.desks.village.ledger
        Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()
        with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
            return models.answer(weekly, EVERYTHING, reader, ledger.today(), self.colleagues)

    def told(self) -> list[str]:
        """Who has a section of deliveries in today's letter."""
        letters = {"head": self.head, "deputy": self.deputy, "hub": self.hub}
        found = {name: self.letter(one) for name, one in letters.items()}
        return [name for name, one in found.items() if one and one.sections[0].title == "To confirm"]


def lines(letter: Letter | None, title: str) -> tuple[str, ...]:
    assert letter is not None
    return next((one.lines for one in letter.sections if one.title == title), ())


def test_there_is_none_when_there_is_nothing(desks: Desks) -> None:
    office = Office(desks)
    assert [office.letter(one) for one in (office.head, office.deputy, office.hub)] == [None, None, None]


def test_a_delivery_is_told_to_who_may_confirm_it_in_the_givers_word(desks: Desks) -> None:
    office = Office(desks)
    desks.village.delivered("Northfield", "Ashfield", 3, partnership_id=desks.partnership_id)
    letter = office.letter(office.head)
    assert lines(letter, "To confirm") == (
        "Northfield recorded that it gave Ashfield 3 h on Tue 1 Sep 2026; that is not yet confirmed.",
    )
    assert letter is not None
    assert letter.subject == "Waiting for you: 1 delivery to confirm"
    assert (letter.path, letter.signs_in) == ("/waiting", True)
    assert office.letter(desks.village.members["Northfield"]) is None


def test_week_after_week_it_goes_to_one_after_the_other_and_then_to_nobody(desks: Desks) -> None:
    office = Office(desks)
    desks.pass_days(2)  # Thursday 3 September
    desks.village.delivered("Northfield", "Ashfield", 3, partnership_id=desks.partnership_id)
    desks.pass_days(4)
    mondays = []
    for _ in range(7):
        mondays.append((desks.village.ledger.today(), office.told()))
        desks.pass_days(7)
    assert mondays == [
        (date(2026, 9, 7), ["head"]),
        (date(2026, 9, 14), ["head"]),
        (date(2026, 9, 21), ["head"]),
        (date(2026, 9, 28), ["deputy"]),
        (date(2026, 10, 5), ["hub"]),
        (date(2026, 10, 12), []),
        (date(2026, 10, 19), []),
    ]


def test_a_reminder_says_for_how_long_it_has_waited(desks: Desks) -> None:
    office = Office(desks)
    desks.village.delivered("Northfield", "Ashfield", 3, partnership_id=desks.partnership_id)
    desks.pass_days(13)
    assert lines(office.letter(office.head), "To confirm")[0].endswith("It has waited for 9 school days.")


def test_who_is_named_in_a_delivery_is_passed_over(desks: Desks) -> None:
    office, ids = Office(desks), desks.village.ids
    office.head = Speaker(
        principal=office.head.principal, role="member", organisations=office.head.organisations, person_id=ADA
    )
    office.colleagues[ids["Ashfield"]][0] = office.head
    desks.village.ledger.post(
        desks.village.members["Ashfield"],
        said("person.introduced", ADA, person_id=ADA, organisation_id=ids["Ashfield"], role="head", name="Ada Byron"),
    )
    desks.village.delivered("Northfield", "Ashfield", 3, people=[ADA])
    assert office.told() == ["deputy"]


def test_what_was_confirmed_is_not_told_any_more(desks: Desks) -> None:
    office = Office(desks)
    delivery = desks.village.delivered("Northfield", "Ashfield", 3)
    assert office.told() == ["head"]
    desks.village.post("Ashfield", "support.delivery_confirmed", delivery.stream_id, delivery_id="d1")
    assert office.told() == []


def test_a_promise_is_told_of_when_its_last_day_is_near(desks: Desks) -> None:
    office = Office(desks)
    giver = desks.village.members["Northfield"]
    desks.agreed("Northfield", "Ashfield", 4, ends_in=28)
    assert office.letter(giver) is None
    desks.pass_days(14)
    letter = office.letter(giver)
    assert letter is not None
    assert letter.subject == "Waiting for you: 1 promise due"
    assert len(lines(letter, "What you promised")) == 1


def test_a_point_is_told_of_within_thirty_days_without_reasons(desks: Desks) -> None:
    office = Office(desks)
    head = office.head
    first, letter = desks.village.ledger.today(), None
    for _ in range(40):
        letter = office.letter(head)
        if letter is not None:
            break
        desks.pass_days(7)
    [line] = lines(letter, "Points at which a partner may leave")
    assert line.startswith("Ashfield may leave Harbour Cluster ")
    assert desks.village.ledger.today() > first


def test_out_of_term_there_is_none(desks: Desks) -> None:
    office, ids = Office(desks), desks.village.ids
    term = {"name": "autumn", "starts_on": "2026-09-01", "ends_on": "2026-10-23"}
    year = {"for": ids["Ashfield"], "academic_year": "2026/27", "terms": [term], "closed_days": []}
    desks.village.post("Ashfield", "calendar.terms_set", **year)
    desks.pass_days(50)  # Wednesday 21 October
    desks.village.delivered("Northfield", "Ashfield", 3)
    assert office.told() == ["head"]
    desks.pass_days(5)
    assert office.letter(office.head) is None


def test_auditors_admins_and_machines_get_none(desks: Desks) -> None:
    office, ids = Office(desks), desks.village.ids
    desks.village.delivered("Northfield", "Ashfield", 3)
    client = person("client", ids["Ashfield"])
    auditor = Speaker(principal=ADA, role="auditor", whole_ledger=True)
    assert [office.letter(one) for one in (client, auditor, person("admin"))] == [None, None, None]
