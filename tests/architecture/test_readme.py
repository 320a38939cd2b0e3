"""The README's Python runs as it stands, and its links and commands lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys

from cli.main import COMMANDS
from tests.architecture.sources import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_python_of_the_readme_runs() -> None:
    [snippet] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    command = [sys.executable, "-c", snippet]
    said = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60)
    assert said.stdout == "3 Northfield\n"


def test_every_command_in_the_docs_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {word for page in pages for word in re.findall(r"\bpledger ([a-z]+)\b", page.read_text("utf-8"))}
    assert named - set(COMMANDS) == set()
    assert named >= {"init", "serve", "find", "partnerships", "keys", "import"}


def test_every_link_in_the_docs_leads_to_a_file() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    links = {(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)", page.read_text("utf-8"))}
    assert {f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()} == set()
