"""The README's Python runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT


def test_the_python_of_the_readme_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [snippet] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    exec(compile(snippet, "README.md", "exec"), {"home": str(tmp_path / "h")})  # our own page
    position, name = capsys.readouterr().out.split()
    assert (int(position), name) == (3, "Northfield")
