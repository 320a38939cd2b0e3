"""Practices as their readers find them: assured ones for everybody, the others for those they concern."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.refusals import NotThere, RoleForbidden
from ledger.visibility import WITHHELD
from projections.practices.explaining import beside
from projections.views import Asked
from tests.projections.reviews.harbour import AUDITOR, Harbour
from tests.scenario import refused
from tests.story import person


@pytest.fixture
def phonics(harbour: Harbour) -> str:
    """Northfield's practice, not assured yet."""
    return shared(harbour, "Northfield", "Phonics in ten minutes", "A daily routine for early reading")


def shared(harbour: Harbour, author: str, title: str, summary: str, category: str = "english") -> str:
    data = {"organisation_id": harbour.ids[author], "title": title, "summary": summary, "category": category}
    return harbour.said(author, "practice.shared", **data).stream_id


def assured(harbour: Harbour, practice_id: str, by: str = "Elmwood", verdict: str = "assured") -> None:
    look = {"assured_by": harbour.ids[by], "verdict": verdict, "criteria": "Our reading standard"}
    harbour.said(by, "practice.assured", practice_id, **look)


def adopted(harbour: Harbour, practice_id: str, by: str, on: str) -> None:
    harbour.at(on).said(by, "practice.adopted", practice_id, organisation_id=harbour.ids[by], on=on)


def returned(harbour: Harbour, practice_id: str, by: str, on: str) -> None:
    harbour.at(on).said(by, "practice.returned", practice_id, improvement="Pictures for each sound")


def titles(answer: dict[str, Any]) -> list[str]:
    return [item["title"] for item in answer["items"]]


def test_shared_adopted_returned(harbour: Harbour, phonics: str) -> None:
    assured(harbour, phonics)
    adopted(harbour, phonics, "Oakwood", "2026-09-10")
    adopted(harbour, phonics, "Ashfield", "2026-09-11")
    returned(harbour, phonics, "Oakwood", "2026-10-10")
    shared(harbour, "Ashfield", "Times tables", "Five games", "maths")
    answer = harbour.practices(AUDITOR, explain=True)
    assert (answer["shared"], answer["adopted"], answer["returned"]) == (2, 2, 1)
    assert answer["came_back_share"] == {"fraction": "1/2", "value": 0.5}
    assert {one["author_id"]: (one["shared"], one["adopted"], one["returned"]) for one in answer["authors"]} == {
        harbour.ids["Northfield"]: (1, 2, 1),
        harbour.ids["Ashfield"]: (1, 0, 0),
    }
    [working] = answer["working"]
    assert [step["comes_to"] for step in working["steps"]] == [
        "2 practices",
        "2 adoptions",
        "1 return",
        beside(2, 2, 1),
    ]
    assert [len(step["event_ids"]) for step in working["steps"]] == [2, 2, 1, 0]
    assert titles(answer) == ["Phonics in ten minutes", "Times tables"]


def test_assured_ones_come_first(harbour: Harbour) -> None:
    shared(harbour, "Northfield", "A first book", "For reading")
    late = shared(harbour, "Oakwood", "Zebra crossings", "For safety")
    assert titles(harbour.practices(AUDITOR)) == ["A first book", "Zebra crossings"]
    assured(harbour, late)
    answer = harbour.practices(AUDITOR)
    assert titles(answer) == ["Zebra crossings", "A first book"]
    assert [item["state"] for item in answer["items"]] == ["assured", "shared"]
    assert answer["items"][0]["assured_by_ids"] == [harbour.ids["Elmwood"]]


def test_search(harbour: Harbour, phonics: str) -> None:
    maths = shared(harbour, "Oakwood", "Tables 100%", "Daily games", "maths")
    assured(harbour, maths)

    def found(**wanted: Any) -> list[str]:
        return [item["id"] for item in harbour.practices(AUDITOR, **wanted)["items"]]

    assert found(words=("EARLY", "phonics")) == [phonics]
    assert found(words=("daily",)) == [maths, phonics]
    assert found(words=("100%",)) == [maths]
    assert found(words=("1_0",)) == []
    assert found(category="maths") == [maths]
    assert found(author_id=harbour.ids["Northfield"]) == [phonics]
    assert found(state="shared") == [phonics]


def test_until_it_is_assured_a_practice_is_for_those_it_concerns(harbour: Harbour, phonics: str) -> None:
    readers = {name: harbour.member(name) for name in ("Northfield", "Oakwood", "Elmwood")}
    readers |= {"Hub": harbour.hub(), "auditor": AUDITOR}

    def who() -> set[str]:
        return {name for name, reader in readers.items() if harbour.practices(reader)["items"]}

    assert who() == {"Northfield", "Hub", "auditor"}
    assured(harbour, phonics, verdict="needs_work")
    assert who() == {"Northfield", "Hub", "auditor", "Elmwood"}
    with refused(NotThere, id=phonics):
        harbour.practice(harbour.member("Oakwood"), phonics)
    assured(harbour, phonics)
    assert who() == set(readers)
    with refused(RoleForbidden):
        harbour.practices(harbour.village.admin)


def test_a_trust_sees_those_of_its_schools(harbour: Harbour, phonics: str) -> None:
    trust = harbour.village.school("Trust", "trust")
    reader = person("coordinator", trust)
    assert harbour.practices(reader)["items"] == []
    harbour.said("Northfield", "organisation.joined_trust", harbour.ids["Northfield"], trust_id=trust, on="2026-09-01")
    assert [item["id"] for item in harbour.practices(reader)["items"]] == [phonics]


def test_a_practice_with_its_lineage(harbour: Harbour, phonics: str) -> None:
    assured(harbour, phonics)
    adopted(harbour, phonics, "Oakwood", "2026-09-10")
    returned(harbour, phonics, "Oakwood", "2026-10-10")
    own = harbour.practice(harbour.member("Northfield"), phonics, explain=True)
    assert [(one["step"], one["on"], one.get("after_days")) for one in own["lineage"]] == [
        ("assured", "2026-09-01", None),
        ("adopted", "2026-09-10", None),
        ("returned", "2026-10-10", 30),
    ]
    assert [own["lineage"][0]["criteria"], own["lineage"][2]["improvement"]] == [
        "Our reading standard", "Pictures for each sound",
    ]  # fmt: skip
    assert own["working"][0]["steps"][-1]["comes_to"] == beside(1, 1, 1)
    assert (own["names"][harbour.ids["Oakwood"]], len(own["event_ids"])) == ("Oakwood", 4)
    stranger = harbour.practice(harbour.member("Ashfield"), phonics)
    assert (stranger["lineage"][2]["improvement"], stranger["adopted"]) == (WITHHELD, 1)


def test_page_by_page(harbour: Harbour) -> None:
    for title in ("Art", "Books", "Choir"):
        shared(harbour, "Northfield", title, "A summary")
    first = harbour.practices(AUDITOR, limit=2)
    rest = harbour.practices(AUDITOR, after=first["next"], limit=2)
    assert (titles(first), titles(rest)) == (["Art", "Books"], ["Choir"])
    assert (first["has_more"], rest["has_more"], rest["shared"]) == (True, False, 3)
    with pytest.raises(ValueError, match="invalid literal"):
        harbour.practices(AUDITOR, after="elsewhere")


def test_as_of_a_day_and_over_a_window(harbour: Harbour, phonics: str) -> None:
    assured(harbour, phonics)
    adopted(harbour, phonics, "Oakwood", "2026-09-10")
    before, on = (harbour.practices(AUDITOR, Asked(as_of=date(2026, 9, day))) for day in (9, 10))
    assert (before["adopted"], on["adopted"], before["came_back_share"]) == (0, 1, None)
    assert set(before["why"]) == {"came_back_share"}
    assert harbour.practices(AUDITOR, Asked(as_of=date(2026, 8, 31)))["shared"] == 0
    assert harbour.practices(AUDITOR, Asked(from_=date(2026, 9, 2)))["shared"] == 0
    assert harbour.practices(AUDITOR, Asked(to=date(2026, 9, 1)))["shared"] == 1


def test_known_at_a_position_is_what_was_known_there(harbour: Harbour, phonics: str) -> None:
    day = date(2026, 12, 31)
    then: dict[int, Any] = {}

    def note() -> None:
        answers = [harbour.practices(AUDITOR, Asked(as_of=day)), harbour.practice(AUDITOR, phonics, Asked(as_of=day))]
        then[answers[0]["known_at"]] = [
            {name: value for name, value in one.items() if name != "position"} for one in answers
        ]

    note()
    assured(harbour, phonics)
    note()
    adopted(harbour, phonics, "Oakwood", "2026-09-10")
    note()
    returned(harbour, phonics, "Oakwood", "2026-10-10")
    for position, (whole, one) in then.items():
        known = Asked(as_of=day, known_at=position)
        assert whole.items() <= harbour.practices(AUDITOR, known).items()
        assert one.items() <= harbour.practice(AUDITOR, phonics, known).items()
