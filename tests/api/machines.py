"""A client of the service with its credential, and tokens as others would make them."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from ledger.access.token_keys import TokenKeys
from ledger.credentials import NewCredential
from tests.api.calls import Town

FORM = "application/x-www-form-urlencoded"
ISSUER = "http://127.0.0.1:8080"
AUDIENCE = "test.example"


class Machine:
    """A credential of the role client, by its id and secret."""

    def __init__(self, town: Town, *organisations: str, role: Any = "client", **more: Any) -> None:
        self.town = town
        new = NewCredential(name="machine", role=role, organisations=[town.ids[one] for one in organisations], **more)
        self.credential, self.secret = town.ledger.credentials.issue(town.admin, new)

    @property
    def id(self) -> str:
        return self.credential.id

    def ask(self, headers: dict[str, str] | None = None, /, **form: str | None) -> TestResponse:
        """Asks for a token, saying who it is in the form; None leaves a member out."""
        given = {"grant_type": "client_credentials", "client_id": self.id, "client_secret": self.secret} | form
        body = urlencode({name: value for name, value in given.items() if value is not None})
        return self.town.http.post("/oauth/token", data=body, headers={"Content-Type": FORM} | (headers or {}))

    def basic(self, secret: str | None = None) -> dict[str, str]:
        said = f"{self.id}:{self.secret if secret is None else secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(said).decode()}"}

    def token(self, **form: str) -> str:
        """A token that must be given."""
        answer = self.ask(**form)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return str(answer.get_json()["access_token"])

    def call(self, token: str, path: str = "/v1/me") -> TestResponse:
        return self.town.http.get(path, headers={"Authorization": f"Bearer {token}"})

    def keys(self) -> TokenKeys:
        """The ledger's signing keys, as a thief would hold them."""
        return TokenKeys(self.town.ledger.settings.keys_dir)


def part(text: str) -> dict[str, Any]:
    """A part of a token, read without asking whether it is true."""
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _ = token.split(".")
    return part(header), part(payload)


def written(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
