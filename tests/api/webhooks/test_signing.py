"""Signatures, judged by another implementation of Standard Webhooks, and secrets at rest."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.webhooks.signing import SecretUnreadable, Strongbox, new_secret, shown, signed
from ledger.integrity.vault import KeysUnreadable, write_key

BODY = '{"type": "support.delivered", "note": "naïve"}'.encode()


def test_another_implementation_agrees() -> None:
    secret = new_secret()
    headers = signed("msg_1", int(time.time()), BODY, [secret])
    assert Webhook(shown(secret)).verify(BODY, headers)["type"] == "support.delivered"
    for changed in (headers | {"webhook-id": "msg_2"}, headers | {"webhook-timestamp": str(int(time.time()) - 1)}):
        with pytest.raises(WebhookVerificationError):
            Webhook(shown(secret)).verify(BODY, changed)
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(new_secret())).verify(BODY, headers)


def test_while_two_secrets_hold_either_opens_it() -> None:
    new, old = new_secret(), new_secret()
    headers = signed("msg_1", int(time.time()), BODY, [new, old])
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (new, old):
        Webhook(shown(secret)).verify(BODY, headers)


def test_a_secret_is_sealed_for_one_webhook_under_the_key_folder(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        write_key(tmp_path / folder / "content.key", os.urandom(32))
    box, secret = Strongbox(tmp_path / "one"), new_secret()
    sealed = box.seal("a", secret)
    assert secret not in sealed
    assert Strongbox(tmp_path / "one").open("a", sealed) == secret
    for other, webhook_id, text in (
        (box, "b", sealed), (Strongbox(tmp_path / "other"), "a", sealed), (box, "a", b""), (box, "a", sealed[:-1]),
    ):  # fmt: skip
        with pytest.raises(SecretUnreadable):
            other.open(webhook_id, text)
    with pytest.raises(KeysUnreadable):
        Strongbox(tmp_path / "nowhere")
