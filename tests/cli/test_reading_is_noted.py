"""What is read at the ledger's own machine is in the access log too: with a key as its principal, without one as
nobody's.
"""

from __future__ import annotations

from ledger.access.entries import AccessQuery
from ledger.domain.values import NIL
from ledger.service import open_ledger
from ledger.settings import Settings
from tests.cli.terminal import Terminal

BALANCE = "/v1/organisations/{organisation_id}/balance"


def test_a_command_leaves_who_read_what(terminal: Terminal, settings: Settings) -> None:
    northfield = terminal.school("Northfield")
    terminal.done("balance", "Northfield")
    terminal.done("balance", "Northfield", "--key", terminal.keys["Northfield"])
    with open_ledger(settings) as ledger:
        found, _ = ledger.access_log.find(AccessQuery(route=BALANCE), None)
    assert [one.thing for one in found] == [northfield, northfield]
    assert [(one.role, one.principal == NIL) for one in found] == [("auditor", True), ("member", False)]
