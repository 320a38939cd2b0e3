"""A ledger elsewhere answers the same commands with the same words, to the byte, as the ledger on this machine."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.settings import Settings
from tests.cli.elsewhere import serving
from tests.cli.terminal import HOUR, Ran, Terminal, event

FORMS: tuple[tuple[str, ...], ...] = ((), ("--json",), ("--csv",))
CHANGES_WITH_EVERY_LOOK = frozenset({"instance", "used_at"})


@pytest.fixture
def harbour(terminal: Terminal) -> Terminal:
    """The Harbour Cluster with an hour given, an offer, a review and a practice; everybody's keys are made."""
    terminal.ids["support"] = terminal.harbour()
    northfield, ashfield = terminal.ids["Northfield"], terminal.ids["Ashfield"]
    terminal.said("Ashfield", "support.delivery_confirmed", terminal.ids["support"], delivery_id="d1")
    terminal.said(
        "Northfield", "support.offered", giver_id=northfield, category="maths", summary="=A specialist", amount=HOUR,
        open_to={"to": "pool"}, available_from="2026-08-01",
    )  # fmt: skip
    shared = {"title": "Phonics", "category": "english", "summary": "A daily routine"}
    terminal.said("Northfield", "practice.shared", organisation_id=northfield, **shared)
    plan = {"reviewed_id": northfield, "reviewers": [{"organisation_id": ashfield}], "lead_id": ashfield}
    terminal.said("Northfield", "review.scheduled", **plan, on="2027-01-12")
    terminal.key("auditor", "auditor", "--whole-ledger")
    return terminal


@pytest.fixture
def url(harbour: Terminal, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the same ledger, served. What the global options set is unset after the test."""
    for name in ("PLEDGER_URL", "PLEDGER_KEY"):
        monkeypatch.setenv(name, "set")
        monkeypatch.delenv(name)
    with serving(settings) as url:
        yield url


def here(harbour: Terminal, who: str, *words: str) -> Ran:
    for name in ("PLEDGER_URL", "PLEDGER_KEY"):
        harbour.patch.delenv(name, raising=False)
    return harbour.run(*words, "--key", harbour.keys[who])


def there(harbour: Terminal, url: str, who: str, *words: str) -> Ran:
    return harbour.run("--url", url, "--key", harbour.keys[who], *words)


def told(ran: Ran) -> Any:
    """What was printed; of JSON without what is another with every look."""
    try:
        return settled(json.loads(ran.out))
    except ValueError:
        return ran.out.splitlines()


def settled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: settled(inner) for name, inner in value.items() if name not in CHANGES_WITH_EVERY_LOOK}
    return [settled(one) for one in value] if isinstance(value, list) else value


QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Northfield", ("balance", "Northfield", "--explain")),
    ("Northfield", ("balance", "Harbour Cluster", "--as-of", "2026-12-31")),
    ("Northfield", ("statement", "Northfield", "--from", "2026-08-01", "--limit", "1", "--explain")),
    ("Northfield", ("health", "Harbour Cluster", "--explain")),
    ("auditor", ("health", "Harbour", "--history", "--from", "2026-08-01", "--to", "2026-09-30")),
    ("Northfield", ("withdrawal", "Harbour Cluster", "--organisation", "Northfield", "--explain")),
    ("Ashfield", ("reciprocity", "Harbour Cluster", "--explain")),
    ("auditor", ("reciprocity", "--known-at", "position:6")),
    ("Ashfield", ("board", "offers", "--category", "maths")),
    ("Ashfield", ("board", "requests")),
    ("Northfield", ("board", "matches", "--explain")),
    ("Northfield", ("reviews", "--organisation", "Northfield")),
    ("Ashfield", ("practices", "--search", "phonics")),
    ("Ashfield", ("history", "Harbour Cluster", "--newest")),
    ("auditor", ("history", "--questions", "--explain")),
    ("Northfield", ("inbox", "--partnership", "Harbour Cluster", "--explain")),
    ("Northfield", ("landscape", "Northfield", "--explain")),
    ("coordinator", ("report", "programme", "Harbour Cluster", "--explain")),
    ("Northfield", ("report", "governors", "Northfield")),
    ("Ashfield", ("partnerships",)),
    ("Ashfield", ("find", "field")),
    ("admin", ("find", "hub")),
)


def test_every_command_says_the_same_here_and_there(harbour: Terminal, url: str) -> None:
    support = ("support", harbour.ids["support"], "--explain")
    for who, words in (*QUESTIONS, ("Ashfield", support)):
        for form in FORMS:
            near, far = here(harbour, who, *words, *form), there(harbour, url, who, *words, *form)
            assert (near.code, far.code) == (0, 0), (words, near.err, far.err)
            assert told(far) == told(near), words
            assert told(far) != [], words
    keys = ("keys", "list", "--json")
    listed = [told(ran) for ran in (here(harbour, "admin", *keys), there(harbour, url, "admin", *keys))]
    assert listed[0] == listed[1]
    assert len(listed[0]["items"]) == 7


REFUSALS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("Northfield", ("balance", "Nowhere School"), 3),
    ("admin", ("balance", "Northfield"), 3),
    ("Ashfield", ("landscape", "Northfield"), 3),
    ("Northfield", ("report", "trust", "Northfield"), 3),
    ("Northfield", ("keys", "list"), 3),
    ("Northfield", ("history", "--questions"), 3),
    ("Northfield", ("board", "offers", "--after", "x"), 2),
    ("Northfield", ("withdrawal", "Harbour", "--on", "2026-09-01"), 2),
    ("Northfield", ("health", "Harbour", "--from", "2026-09-01"), 2),
)


def test_what_is_refused_here_is_refused_there_with_the_same_code(harbour: Terminal, url: str) -> None:
    for who, words, code in REFUSALS:
        near, far = here(harbour, who, *words), there(harbour, url, who, *words)
        assert (near.code, far.code) == (code, code), (words, near.err, far.err)
        assert near.err == far.err, words


def test_files_are_posted_with_an_answer_for_each_row(harbour: Terminal, url: str) -> None:
    sides = {"giver_id": harbour.ids["Northfield"], "receiver_id": harbour.ids["Ashfield"], "category": "maths"}
    given = {"delivered_on": "2026-09-01", "amount": HOUR, **sides}
    first, second = (event("support.delivered", delivery_id=one, **given) for one in ("d2", "d3"))
    wrong = event("support.deliverd", delivery_id="d4", **given)
    unread = {"specversion": "1.0", "type": 7}
    file = harbour.file(first, wrong, unread, second)
    ran = there(harbour, url, "Northfield", "post", file, "--no-atomic", "--json")
    assert ran.code == 1
    statuses = [one["status"] for one in ran.json()["results"]]
    assert statuses == ["recorded", "refused", "refused", "recorded"]
    again = there(harbour, url, "Northfield", "post", file, "--no-atomic", "--json")
    near = here(harbour, "Northfield", "post", file, "--no-atomic", "--json")
    assert [one["status"] for one in again.json()["results"]] == ["repeated", "refused", "refused", "repeated"]
    assert told(again) == told(near)


def test_a_batch_is_taken_whole_or_not_at_all(harbour: Terminal, url: str) -> None:
    sides = {"giver_id": harbour.ids["Northfield"], "receiver_id": harbour.ids["Ashfield"], "category": "maths"}
    given = {"delivered_on": "2026-09-01", "amount": HOUR, **sides}
    good = [event("support.delivered", delivery_id=f"e{number}", **given) for number in range(5)]
    bad = event("support.delivery_confirmed", harbour.ids["support"], delivery_id="d1")
    words = ("post", harbour.file(*good[:3], bad, *good[3:]), "--batch", "2")
    ran = there(harbour, url, "Northfield", *words, "--json")
    statuses = [one["status"] for one in ran.json()["results"]]
    assert (ran.code, statuses[:2]) == (1, ["recorded", "recorded"])
    assert statuses[2:] == ["not written", "refused", "not written", "not written"]
    for form in FORMS:
        near, far = here(harbour, "Northfield", *words, *form), there(harbour, url, "Northfield", *words, *form)
        assert told(near) == told(far)


def test_what_needs_the_ledgers_own_machine_says_so(harbour: Terminal, url: str) -> None:
    machine = [
        ("init",),
        ("migrate",),
        ("serve",),
        ("demo",),
        ("doctor",),
        ("users", "list"),
        ("projections", "status"),
    ]
    for words in (*machine, ("keys", "revoke", harbour.ids["Hub"]), ("history", "Northfield", "--facts")):
        assert there(harbour, url, "admin", *words).code == 2, words


def test_who_is_not_there_or_not_known_is_told_apart(harbour: Terminal, url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    gone = there(harbour, nobody, "Northfield", "balance", "Northfield")
    assert gone.code == 4
    assert "(unreachable)" in gone.err
    assert there(harbour, nobody, "Northfield", "post", harbour.file(), "--json").code == 4
    harbour.keys["nobody"] = "pl_test_" + "x" * 43
    assert there(harbour, url, "nobody", "balance", "Northfield").code == 3
    assert there(harbour, "ledger.example", "Northfield", "balance", "Northfield").code == 2
    harbour.patch.delenv("PLEDGER_KEY")
    assert harbour.run("--url", url, "balance", "Northfield").code == 2
