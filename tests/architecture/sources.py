"""The sources of the house, as the tests of its rules see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("ledger", "projections", "api", "cli")
PYTHON = (*FLOORS, "bench", "tests")
_NOT_OURS = {"node_modules", "build", "dist"}
_TEXT = {".py", ".sql", ".html", ".css", ".js", ".md", ".toml", ".txt", ".yml", ".yaml", ".json", ".sh", ""}


def python_files(*folders: str) -> Iterator[Path]:
    """Every module below these folders of the root."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def text_files() -> Iterator[Path]:
    """Every text of ours: no environment, no cache, nothing vendored."""
    for file in sorted(ROOT.rglob("*")):
        parts = file.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        left_out = hidden or not _NOT_OURS.isdisjoint(parts) or "__pycache__" in parts or "vendor" in parts
        if not left_out and file.suffix in _TEXT and file.is_file():
            yield file


@cache
def tree(file: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(file.read_text("utf-8"), str(file))


def module_name(file: Path) -> str:
    """`ledger/domain/__init__.py` is `ledger.domain`."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def shown(file: Path) -> str:
    """The name of a file in a message."""
    return file.relative_to(ROOT).as_posix()
