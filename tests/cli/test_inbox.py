"""`pledger inbox`: what needs whoever asks, the same as over HTTP."""

from __future__ import annotations

from projections.inbox.steps import STEPS
from tests.cli.terminal import HOUR, Terminal


def given(terminal: Terminal) -> str:
    """Northfield recorded that it gave Ashfield an hour; answers the id of the support."""
    for name in ("Northfield", "Ashfield"):
        terminal.school(name)
    receipt = terminal.said(
        "Northfield", "support.delivered", delivery_id="d1", amount=HOUR, delivered_on="2025-10-01",
        giver_id=terminal.ids["Northfield"], receiver_id=terminal.ids["Ashfield"], category="maths",
    )  # fmt: skip
    return str(receipt["stream"]["id"])


def test_what_waits_is_told_with_its_step_until_that_is_taken(terminal: Terminal) -> None:
    support_id = given(terminal)
    key = terminal.keys["Ashfield"]
    [item] = terminal.done("inbox", "--key", key)["items"]
    assert (item["kind"], item["minutes"], item["action"]["subject"]) == ("delivery", 60, support_id)
    table = terminal.run("inbox", "--key", key, "--explain")
    assert (table.code, "1 Oct 2025" in table.out) == (0, True)
    assert STEPS[item["action"]["type"]] in table.out.splitlines()[2]
    assert support_id not in table.out
    assert "support." not in table.out
    terminal.said("Ashfield", item["action"]["type"], support_id, **item["action"]["data"])
    assert terminal.done("inbox", "--key", key)["items"] == []


def test_filters_by_name_and_as_csv(terminal: Terminal) -> None:
    support_id = given(terminal)
    key = terminal.keys["Ashfield"]
    assert terminal.done("inbox", "--key", key, "--kind", "promise")["items"] == []
    assert len(terminal.done("inbox", "--key", key, "--organisation", "Ashfield")["items"]) == 1
    header, row = terminal.run("inbox", "--key", key, "--csv").out.splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=False))["kind"] == "delivery"
    assert support_id in row


def test_a_window_is_refused_and_without_a_key_it_is_an_auditors(terminal: Terminal) -> None:
    given(terminal)
    assert terminal.run("inbox", "--from", "2026-09-01").code == 2
    assert terminal.done("inbox")["scope"] == {"reader": "auditor"}


def test_an_admin_reads_no_inbox(terminal: Terminal) -> None:
    given(terminal)
    refused = terminal.run("inbox", "--key", terminal.keys["admin"])
    assert refused.code == 3
    assert "(role-forbidden)" in refused.err
