"""Names say what is inside; package doors are empty; no machine's paths, no registry's hosts, nothing put off."""

from __future__ import annotations

import ast
import re

from tests.architecture.sources import PYTHON, module_name, python_files, shown, text_files, tree

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core"}
PUT_OFF = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w.~-])/(root|work|home/\w+|Users/\w+)/")
REGISTRY = re.compile("|".join((r"pypi\.o" + "rg", "python" + "hosted", r"registry\.np" + "mjs", r"deb\.deb" + "ian")))


def findings(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{shown(file)}:{number} {found.group()}"
        for file in text_files()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if (found := pattern.search(line))
    ]


def test_every_module_has_a_name_that_says_something() -> None:
    names = [module_name(file) for file in python_files(*PYTHON)]
    assert [name for name in names if not SAYS_NOTHING.isdisjoint(name.split("."))] == []


def test_package_doors_hold_one_docstring() -> None:
    doors = [file for file in python_files(*PYTHON) if file.name == "__init__.py"]
    closed = [file for file in doors if len(tree(file).body) == 1 and ast.get_docstring(tree(file))]
    assert doors == closed


def test_nothing_is_put_off() -> None:
    assert findings(PUT_OFF) == []


def test_no_path_of_a_machine_is_written_down() -> None:
    assert findings(MACHINE) == []


def test_no_registry_is_written_down() -> None:
    assert findings(REGISTRY) == []
