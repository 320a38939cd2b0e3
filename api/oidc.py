"""OpenID Connect as the relying party: the authorization code flow with PKCE (S256), state and nonce.

What an issuer says is believed only after its ID token was verified: signature, issuer, audience, times, nonce, tenant.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, urlencode

from ledger.access.issuers import Issuer, is_encrypted
from ledger.errors import Busy, Kind, Refusal

if TYPE_CHECKING:  # eight megabytes, for ledgers that name issuers
    from joserfc.jwk import KeySet

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "EdDSA"]
TIMEOUT_SECONDS: Final = (5, 10)
MOST_BYTES: Final = 1_048_576
KNOWN_SECONDS: Final = 3_600.0
ASKED_AGAIN_SECONDS: Final = 30.0
"""A signature by a key that is not known has the keys fetched again, not more often than this."""
SKEW_SECONDS: Final = 60
MOST_SUBJECT: Final = 255


class IssuerUnreachable(Busy):
    """An issuer does not answer, or not as OpenID Connect asks. Fields: `issuer`, its name here."""

    code: ClassVar[str] = "issuer-unreachable"
    title: ClassVar[str] = "The organisation's sign-in does not answer"


class IssuerRefused(Refusal):
    """What came back from an issuer shows nobody to us. Fields: `issuer`, its name here, and `why`: `denied`, `code`,
    `signature`, `issuer`, `audience`, `time`, `nonce`, `tenant` or `subject`."""

    code: ClassVar[str] = "issuer-refused"
    kind: ClassVar[Kind] = "unauthorised"
    title: ClassVar[str] = "The organisation's sign-in did not show who you are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A sign-in on its way to an issuer: where to send the browser, and what must come back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whom an issuer showed. `at` is when they last proved it there (seconds since 1970), None where it did not say."""

    issuer: str
    subject: str
    second_factor: bool
    at: int | None


class RelyingParty:
    """Sends people to one issuer and reads whom it showed. Safe for many threads."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self._lock = threading.Lock()
        self._document: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def start(self, back: str, *, again: bool) -> Start:
        """`back` is our address to which the issuer sends the browser; `again` asks it to take no earlier sign-in."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "scope": "openid", "client_id": self.issuer.client_id, "redirect_uri": back,
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        if again:
            asked |= {"prompt": "login", "max_age": "0"}
        endpoint = self._endpoint("authorization_endpoint")
        address = f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"
        return Start(address=address, state=state, nonce=nonce, verifier=verifier)

    def finish(self, code: str, back: str, *, nonce: str, verifier: str) -> Shown:
        """Whom the issuer showed. Raises IssuerRefused, IssuerUnreachable."""
        claims = self._verified(self._exchange(code, back, verifier))
        require(self.issuer, claims, nonce)
        at = claims.get("auth_time")
        return Shown(
            issuer=self.issuer.issuer,
            subject=str(claims["sub"]),
            second_factor=self.issuer.showed_second_factor(claims),
            at=at if type(at) is int else None,
        )

    def _exchange(self, code: str, back: str, verifier: str) -> str:
        """The ID token for a code. The secret goes in the header unless the issuer takes it in the body only."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        client, secret = self.issuer.client_id, self.issuer.client_secret
        ways = self._discovered().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = secret is not None and "client_secret_basic" in ways
        if not basic:
            form |= {"client_id": client} if secret is None else {"client_id": client, "client_secret": secret}
        auth = (quote(client, ""), quote(secret or "", "")) if basic else None
        status, answer = self._fetch("POST", self._endpoint("token_endpoint"), data=form, auth=auth)
        token = answer.get("id_token")
        if status >= 500:
            raise self._unreachable(f"it answers with {status}")
        if status != 200 or not isinstance(token, str):
            raise refused(self.issuer, "code")
        return token

    def _verified(self, token: str) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError

        for fetch_again in (False, True):
            try:
                return jwt.decode(token, self._key_set(again=fetch_again), algorithms=ALGORITHMS).claims
            except (JoseError, ValueError):
                continue
        raise refused(self.issuer, "signature")

    def _key_set(self, *, again: bool) -> KeySet:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        with self._lock:
            age = None if self._keys is None else time.monotonic() - self._keys[0]
            if self._keys is not None and age is not None and age < (ASKED_AGAIN_SECONDS if again else KNOWN_SECONDS):
                return self._keys[1]
        status, found = self._fetch("GET", self._endpoint("jwks_uri"))
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]  # JSON of somebody else: it refuses what is none
        except (JoseError, ValueError, KeyError, TypeError):
            raise self._unreachable(f"its keys cannot be read ({status})") from None
        with self._lock:
            self._keys = time.monotonic(), keys
        return keys

    def _endpoint(self, name: str) -> str:
        found = self._discovered().get(name)
        if not isinstance(found, str) or not is_encrypted(found):
            raise self._unreachable(f"it names no {name} that can be used")
        return found

    def _discovered(self) -> dict[str, Any]:
        with self._lock:
            if self._document is not None and time.monotonic() - self._document[0] < KNOWN_SECONDS:
                return self._document[1]
        address = self.issuer.issuer.rstrip("/") + "/.well-known/openid-configuration"
        status, found = self._fetch("GET", address)
        if status != 200 or found.get("issuer") != self.issuer.issuer:
            raise self._unreachable(f"it says that it is {str(found.get('issuer'))[:200]}")
        with self._lock:
            self._document = time.monotonic(), found
        return found

    def _fetch(self, method: str, address: str, **given: Any) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object of an answer of at most a mebibyte; redirections are not followed."""
        import requests
        from urllib3.exceptions import HTTPError

        try:
            with requests.request(
                method, address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True,
                headers={"Accept": "application/json"}, **given,
            ) as reply:  # fmt: skip
                content = reply.raw.read(MOST_BYTES + 1, decode_content=True)
                status = reply.status_code
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._unreachable(type(error).__name__) from None
        return status, json_object(content)

    def _unreachable(self, why: str) -> IssuerUnreachable:
        return IssuerUnreachable(f"{self.issuer.label} does not answer as it should: {why}", issuer=self.issuer.name)


def require(issuer: Issuer, claims: Mapping[str, Any], nonce: str) -> None:
    """Passes for claims that this issuer made, for us, now, for this sign-in and of the right tenant."""
    subject = claims.get("sub")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", issuer.client_id if len(audiences) == 1 else None)
    checks = {
        "issuer": claims.get("iss") == issuer.issuer,
        "audience": issuer.client_id in audiences and party == issuer.client_id,
        "time": is_now(claims.get("iat"), claims.get("exp")),
        "nonce": hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()),
        "tenant": issuer.tenant is None or claims.get(issuer.tenant[0]) == issuer.tenant[1],
        "subject": isinstance(subject, str) and 0 < len(subject) <= MOST_SUBJECT,
    }
    for why, holds in checks.items():
        if not holds:
            raise refused(issuer, why)


def is_now(made: Any, expires: Any) -> bool:
    """Whether a token that says when it was made and ends holds now; a minute's difference between clocks is let."""
    if type(made) not in (int, float) or type(expires) not in (int, float):
        return False
    return bool(made < time.time() + SKEW_SECONDS and time.time() - SKEW_SECONDS < expires)


def json_object(content: bytes) -> dict[str, Any]:
    """The object of an answer, an empty one where it is none or too large."""
    try:
        found = json.loads(content) if len(content) <= MOST_BYTES else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refused(issuer: Issuer, why: str) -> IssuerRefused:
    return IssuerRefused(f"{issuer.label} did not show who you are ({why}). Try again.", issuer=issuer.name, why=why)
