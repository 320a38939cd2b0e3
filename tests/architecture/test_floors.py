"""Arrows are imports: none points up, none makes a circle, and the domain leans on the standard library alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx

from tests.architecture.sources import FLOORS, module_name, python_files, tree

MODULES = {module_name(file): file for file in python_files(*FLOORS)}


def imports(file: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it: `from ledger import clock` is `ledger.clock`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


def floor(module: str) -> str:
    return module.partition(".")[0]


def test_the_four_floors_are_there() -> None:
    assert {floor(module) for module in MODULES} == set(FLOORS)


def test_no_arrow_points_up() -> None:
    up = [
        f"{module} imports {other}"
        for module, file in MODULES.items()
        for other in imports(file)
        if floor(other) in FLOORS and FLOORS.index(floor(other)) > FLOORS.index(floor(module))
    ]
    assert up == []


def test_no_floor_leans_on_tests_or_measurements() -> None:
    sideways = [
        f"{module} imports {other}"
        for module, file in MODULES.items()
        for other in imports(file)
        if floor(other) in {"tests", "bench"}
    ]
    assert sideways == []


def test_no_arrows_make_a_circle() -> None:
    house = networkx.DiGraph((module, other) for module, file in MODULES.items() for other in imports(file))
    assert list(networkx.simple_cycles(house)) == []


def test_the_domain_leans_on_the_standard_library_alone() -> None:
    own = ("ledger.domain", "ledger.errors")
    foreign = [
        f"{module} imports {other}"
        for module, file in MODULES.items()
        if module.startswith("ledger.domain")
        for other in imports(file)
        if floor(other) not in sys.stdlib_module_names and not other.startswith(own)
    ]
    assert foreign == []
