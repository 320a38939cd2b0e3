"""What no source of the product does, and what every page that takes a secret does."""

from __future__ import annotations

import ast
import re
from typing import Final

from tests.architecture.sources import FLOORS, ROOT, python_files, shown, tree

RUNS: Final = {"eval", "exec", "compile", "__import__", "system", "popen"}
READS_CODE: Final = {"pickle", "marshal", "shelve", "dill", "yaml", "xml"}
FINE: Final = {"re.compile"}


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def runs_text(node: ast.AST) -> bool:
    """Whether a call runs a text as a program, or gives one to a shell."""
    if not isinstance(node, ast.Call):
        return False
    by_shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords)
    return by_shell or (called(node).rpartition(".")[2] in RUNS and called(node) not in FINE)


def imported(node: ast.AST) -> set[str]:
    match node:
        case ast.Import(names=names):
            return {one.name.partition(".")[0] for one in names}
        case ast.ImportFrom(module=str() as module):
            return {module.partition(".")[0]}
    return set()


def test_nothing_is_run_that_somebody_wrote() -> None:
    """No text becomes code, no shell is asked, and nothing is read that could bring code with it."""
    nodes = [(file, node) for file in python_files(*FLOORS) for node in ast.walk(tree(file))]
    assert [f"{shown(file)} {ast.unparse(node)}" for file, node in nodes if runs_text(node)] == []
    assert [shown(file) for file, node in nodes if not READS_CODE.isdisjoint(imported(node))] == []


def test_passwords_are_typed_unseen() -> None:
    pages = (ROOT / "api" / "templates").glob("*.html")
    fields = [
        field for page in pages for field in re.findall(r'field\("(?:password|again)"[^}]*', page.read_text("utf-8"))
    ]
    assert len(fields) > 3
    assert [field for field in fields if 'type="password"' not in field or "autocomplete=" not in field] == []
