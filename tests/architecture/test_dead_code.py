"""Nothing is kept that nobody calls. What is decorated is called by its decorator; a method may serve a base."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.sources import FLOORS, python_files, shown, text_files, tree

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def named() -> Counter[str]:
    """How often each word stands in the sources, the templates and the project's file."""
    texts = (file.read_text("utf-8") for file in text_files() if file.suffix in {".py", ".html", ".toml"})
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


def definitions(node: ast.AST, *, serves: bool = False) -> Iterator[Definition]:
    """What is defined in `node`, but for the methods by which a class serves its base."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, Definition) and not inner.decorator_list and not serves:
            yield inner
        yield from definitions(inner, serves=isinstance(inner, ast.ClassDef) and bool(inner.bases))


def test_everything_defined_is_named_somewhere_else() -> None:
    words = named()
    dead = [
        f"{shown(file)}:{node.lineno} {node.name}"
        for file in python_files(*FLOORS, "bench")
        for node in definitions(tree(file))
        if words[node.name] == 1 and not node.name.startswith("__")
    ]
    assert dead == []
