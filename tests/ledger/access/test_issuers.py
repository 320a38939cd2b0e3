"""The file of issuers: what is wrong with it is told at the start, all at once; a secret may lie beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.access.issuers import read_issuers
from ledger.settings import SettingsRefused
from tests.scenario import refused


def test_an_issuer_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("between us\n")
    file = tmp_path / "issuers.json"
    file.write_text(
        '[{"name": "harbour", "label": "Harbour Trust", "issuer": "https://login.example/t", "client_id": "x",'
        ' "client_secret_file": "secret", "tenant": {"claim": "tid", "value": "t"},'
        ' "second_factor": {"amr": ["mfa"], "acr": ["2"]}}]'
    )
    [issuer] = read_issuers(file)
    assert (issuer.client_secret, issuer.tenant) == ("between us", ("tid", "t"))
    assert "between us" not in repr(issuer)
    shown: list[dict[str, object]] = [
        {"amr": ["pwd", "mfa"]},
        {"acr": "2"},
        {"amr": ["pwd"]},
        {"amr": "mfa"},
        {"acr": ["2"]},
        {},
    ]
    assert [issuer.showed_second_factor(claims) for claims in shown] == [True, True, False, False, False, False]


def test_without_a_file_there_is_none() -> None:
    assert read_issuers(None) == ()


@pytest.mark.parametrize(
    "given",
    [
        "{}",
        "[]",
        "no JSON",
        '[{"name": "a", "label": "A", "issuer": "http://login.example", "client_id": "x"}]',
        '[{"name": "A b", "label": "A", "issuer": "https://login.example", "client_id": "x"}]',
        '[{"name": "a", "label": "A", "issuer": "https://login.example"}]',
        '[{"name": "a", "label": "A", "issuer": "https://login.example", "client_id": "x", "secret": "y"}]',
        '[{"name": "a", "label": "A", "issuer": "https://login.example", "client_id": "x", "client_secret_file": "z"}]',
    ],
)
def test_a_file_of_issuers_that_is_wrong_is_refused_at_the_start(tmp_path: Path, given: str) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(given)
    with refused(SettingsRefused) as caught:
        read_issuers(file)
    assert {error.pointer for error in caught.value.errors} == {"PLEDGER_OIDC_FILE"}
