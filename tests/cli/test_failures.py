"""What is wrong is said once, with whose word it was and what may be done."""

from __future__ import annotations

import socket

from tests.cli.terminal import HOUR, Terminal, event


def test_a_single_detail_is_said_once(terminal: Terminal) -> None:
    terminal.school("Northfield")
    ran = terminal.run("keys", "create", "--name", "x", "--role", "auditor")
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    both = terminal.run("keys", "create", "--name", "x", "--role", "admin", "--organisation", "Northfield",
                        "--whole-ledger")  # fmt: skip
    assert both.code == 2
    assert "/organisations" in both.err
    assert "/trust" in both.err


def test_a_port_that_is_taken_comes_with_a_hint(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = terminal.run("serve", "--port", str(taken.getsockname()[1]))
    assert ran.code == 4
    assert "--port" in ran.err


def test_a_wrong_voice_is_named(terminal: Terminal) -> None:
    giver, receiver = terminal.school("Northfield"), terminal.school("Ashfield")
    sides = {"giver_id": giver, "receiver_id": receiver, "category": "maths"}
    claim = event("support.delivered", delivery_id="d1", amount=HOUR, delivered_on="2025-10-05", **sides)
    ran = terminal.run("post", terminal.file(claim), "--key", terminal.keys["Ashfield"], "--csv")
    assert ran.code == 1
    assert ran.out.splitlines()[1].endswith("Ashfield")
