"""Docs that can fail: what is generated is up to date, and what is named exists."""

from __future__ import annotations

import re
from dataclasses import fields

from ledger import catalogue, settings
from ledger.settings import Settings
from tests.architecture.sources import ROOT, shown, text_files


def test_the_table_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings.document()


def test_the_catalogue_of_events_is_up_to_date() -> None:
    assert (ROOT / "docs" / "events.md").read_text("utf-8") == catalogue.document()


def test_every_setting_named_in_the_docs_exists() -> None:
    known = {settings.variable(row) + ending for row in fields(Settings) for ending in ("", "_FILE")}
    named = {
        f"{shown(file)} {name}"
        for file in text_files()
        if file.suffix == ".md"
        for name in re.findall(r"\bPLEDGER_[A-Z_]*[A-Z]\b", file.read_text("utf-8"))
        if name not in known
    }
    assert named == set()


def test_the_pinned_versions_name_no_place() -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin)] == []
