"""One screen for a function, a sitting for a file."""

from __future__ import annotations

import ast

from tests.architecture.sources import PYTHON, python_files, shown, text_files, tree

FILE_LINES = 300
FUNCTION_LINES = 40


def test_files_are_shorter_than_300_lines() -> None:
    sources = [file for file in text_files() if file.suffix in {".py", ".sql", ".html", ".css", ".js", ".sh"}]
    lengths = {shown(file): len(file.read_text("utf-8").splitlines()) for file in sources}
    assert {file: lines for file, lines in lengths.items() if lines >= FILE_LINES} == {}


def test_functions_are_at_most_40_lines_long() -> None:
    lengths = {
        f"{shown(file)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file in python_files(*PYTHON)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: lines for function, lines in lengths.items() if lines > FUNCTION_LINES} == {}
