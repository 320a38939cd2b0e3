"""What the operator is told exists: exit codes, roles and codes of refusals."""

from __future__ import annotations

import re

from cli.failures import EXIT_CODES
from tests.architecture.sources import FLOORS, ROOT, python_files

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")


def test_every_exit_code_of_a_refusal_is_explained() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)}
    assert told >= {0, *EXIT_CODES.values()}


def test_every_code_explained_is_raised_somewhere() -> None:
    table = PAGE.partition("| It says |")[2].partition("## ")[0]
    told = {
        code for row in table.splitlines() for code in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row.partition(" | ")[0])
    }
    raised = {code for file in python_files(*FLOORS) for code in re.findall(r'"([a-z-]+)"', file.read_text("utf-8"))}
    assert told
    assert told - raised == set()


def test_the_roles_are_those_that_the_migrations_make() -> None:
    migrations = (ROOT / "ledger" / "eventstore" / "sql").glob("*.sql")
    grants = [line for file in migrations for line in file.read_text("utf-8").splitlines() if line.startswith("GRANT")]
    made = {role for line in grants for role in re.findall(r"\bpledger_[a-z]+\b", line.partition(" TO ")[2])}
    assert set(re.findall(r"^\| `(pledger_[a-z]+)` \|", PAGE, re.MULTILINE)) == made
