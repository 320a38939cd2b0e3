"""A real OpenID Connect provider in a process of its own; run by `issuer()`. It insists on PKCE, unlike the library."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import requests

PORT_LINE = "listening "


class Provider:
    """Where it listens. What it will say of a subject is set by `says`; `shows` is somebody signing in there."""

    def __init__(self, url: str) -> None:
        self.url = url

    def says(self, subject: str, **claims: object) -> None:
        """Claims of a subject's ID token; those of the protocol are written over the provider's own."""
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def shows(self, subject: str, address: str) -> str:
        """Somebody signs in at the address they were sent to; answers where the provider sends them then."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@contextmanager
def issuer() -> Iterator[Provider]:
    """A provider on loopback, until the block ends."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "AUTHLIB_INSECURE_TRANSPORT": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.api.provider"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().decode().removeprefix(PORT_LINE))
        try:
            yield Provider(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(10)


def main() -> None:
    """Serves until it is ended."""
    import oidc_provider_mock
    from flask import Response, request
    from werkzeug.serving import make_server

    app = oidc_provider_mock.app(require_nonce=True)
    challenges: dict[str, str] = {}

    def demand() -> Response | None:
        """Refuses a sign-in without a challenge, and a code without the word that answers it."""
        if request.path == "/oauth2/authorize" and request.args.get("code_challenge_method") != "S256":
            return Response("PKCE is required", 400)
        if request.path == "/oauth2/token":
            digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
            answered = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if challenges.pop(request.form.get("code", ""), None) != answered:
                return Response('{"error": "invalid_grant"}', 400, content_type="application/json")
        return None

    def remember(response: Response) -> Response:
        code = parse_qs(urlsplit(response.headers.get("Location", "")).query).get("code")
        if request.path == "/oauth2/authorize" and code:
            challenges[code[0]] = request.args["code_challenge"]
        return response

    app.before_request(demand)
    app.after_request(remember)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"{PORT_LINE}{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
