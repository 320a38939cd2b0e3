"""What was looked up is remembered for a while, in bounded number, and not beyond the word that it may be wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.access.remembered import Remembered


@dataclass
class Shelf:
    """Something that is looked up, and how often it was."""

    content: dict[str, str]
    now: float = 0.0
    looks: list[str] = field(default_factory=list)

    def look_up(self, key: str) -> str | None:
        self.looks.append(key)
        return self.content.get(key)


def of(shelf: Shelf, most: int = 10) -> Remembered[str]:
    return Remembered(2.0, most, lambda: shelf.now)


def test_it_is_looked_up_again_when_its_time_is_over() -> None:
    shelf = Shelf({"a": "first"})
    remembered = of(shelf)
    assert [remembered.get("a", lambda: shelf.look_up("a")) for _ in range(3)] == ["first"] * 3
    assert shelf.looks == ["a"]
    shelf.content["a"] = "second"
    shelf.now = 1.99
    assert remembered.get("a", lambda: shelf.look_up("a")) == "first"
    shelf.now = 2.0
    assert remembered.get("a", lambda: shelf.look_up("a")) == "second"


def test_what_is_not_there_is_not_remembered() -> None:
    shelf = Shelf({})
    remembered = of(shelf)
    assert remembered.get("a", lambda: shelf.look_up("a")) is None
    shelf.content["a"] = "now there"
    assert remembered.get("a", lambda: shelf.look_up("a")) == "now there"


def test_what_forgetting_overtook_is_not_remembered() -> None:
    shelf = Shelf({"a": "old", "b": "kept"})
    remembered = of(shelf)

    def overtaken() -> str | None:
        found = shelf.look_up("a")
        shelf.content["a"] = "new"
        remembered.forget()
        return found

    assert remembered.get("a", overtaken) == "old"
    assert remembered.get("a", lambda: shelf.look_up("a")) == "new"


def test_it_never_holds_more_than_it_may() -> None:
    shelf = Shelf({str(number): str(number) for number in range(100)})
    remembered = of(shelf, most=3)
    for number in range(100):
        name = str(number)
        assert remembered.get(name, lambda name=name: shelf.look_up(name)) == name  # type: ignore[misc]  # mypy infers no lambda with a default
    before = len(shelf.looks)
    for number in range(100):
        name = str(number)
        remembered.get(name, lambda name=name: shelf.look_up(name))  # type: ignore[misc]  # as above
    assert len(shelf.looks) - before >= 97
