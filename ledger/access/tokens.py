"""Access tokens: what a client gets for its key (RFC 6749, 4.4), signed and short-lived (RFC 9068), ended with the key.

The credential behind a token is asked for at every request: when it ends, its tokens end.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, get_args

from ledger.access.token_keys import ALGORITHM, TokenKeys
from ledger.clock import Clock
from ledger.credentials import Credential, Credentials, Known, Unauthorised
from ledger.domain.credential.facts import Scope
from ledger.domain.fact import Speaker
from ledger.errors import Kind, Refusal
from ledger.settings import Settings

if TYPE_CHECKING:  # see token_keys
    from joserfc.jwk import ECKey

TYPE: Final = "at+jwt"
TYPES: Final = (TYPE, f"application/{TYPE}")
MOST_BYTES: Final = 8192
MOST_SKEW_SECONDS: Final = 5
"""How far the clock of another process of this ledger may be ahead."""
MOST_REMEMBERED: Final = 10_000
SCOPES: Final[tuple[str, ...]] = get_args(Scope)


class NotAClient(Refusal):
    """Only a credential of the role client gets access tokens. Fields: `role`."""

    code = "not-a-client"
    kind: ClassVar[Kind] = "forbidden"
    title = "Only a client's credential gets access tokens"


class ScopeBeyond(Refusal):
    """A token may do what its credential may, or less. Fields: `scope`, what is beyond it."""

    code = "scope-beyond"
    kind: ClassVar[Kind] = "claim"
    title = "This scope is beyond the credential"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token as it is handed over; `seconds` is how long it lives."""

    text: str
    seconds: int
    scopes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token says whose signature was verified; moments in seconds since 1970."""

    kid: str
    credential_id: str
    principal: str
    scopes: frozenset[str]
    issued_at: int
    expires_at: int


class Tokens:
    """Issues and recognises access tokens. Safe for many threads."""

    def __init__(
        self, keys: TokenKeys, credentials: Credentials, clock: Clock, *, issuer: str, audience: str, seconds: int
    ) -> None:
        """`issuer` is the service's address, `audience` the ledger's origin, `seconds` how long a token lives."""
        self.keys, self.issuer = keys, issuer
        self._credentials, self._clock = credentials, clock
        self._audience, self._seconds = audience, seconds
        self._lock = threading.Lock()
        self._verified: dict[bytes, Verified] = {}

    def issue(self, known: Known, scopes: Collection[str] = ()) -> AccessToken:
        """A token for who showed a key, for `scopes` or for all that its credential may do; it lives no longer than
        they do. Raises NotAClient, ScopeBeyond, KeysUnreadable."""
        from joserfc import jwt

        client = known.credential
        if client.role != "client":
            raise NotAClient(role=client.role)
        granted = client.scopes or SCOPES
        beyond = sorted(set(scopes) - set(granted))
        if beyond:
            raise ScopeBeyond(f"this credential lacks {', '.join(beyond)}", scope=beyond)
        given = [one for one in SCOPES if one in (scopes or granted)]
        key, now = self.keys.signing(), max(int(self._clock.now().timestamp()), ended_by(client) + 1)
        ends = [int(end.timestamp()) for end in (client.expires_at, known.key_ends_at) if end is not None]
        expires_at = min([now + self._seconds, *ends])
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self._audience,
            "sub": client.principal,
            "client_id": client.id,
            "scope": " ".join(given),
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": expires_at,
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
        return AccessToken(jwt.encode(header, claims, key, [ALGORITHM]), expires_at - now, given)

    def authenticate(self, token: str) -> Speaker:
        """Who speaks with this token. Raises Unauthorised, told apart in nothing; KeysUnreadable."""
        if len(token) > MOST_BYTES or not token.isascii():
            raise Unauthorised
        token_hash = hashlib.sha256(token.encode()).digest()
        found = self._verified.get(token_hash) or self._remember(token_hash, self._verify(token))
        if found.expires_at <= self._clock.now().timestamp() or self.keys.find(found.kid) is None:
            raise Unauthorised
        credential = self._credentials.current(found.credential_id)
        if credential.principal != found.principal or found.issued_at <= ended_by(credential):
            raise Unauthorised
        return replace(credential.speaker(), scopes=found.scopes)

    def _verify(self, token: str) -> Verified:
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            read = jwt.decode(token, self._key_of, [ALGORITHM])
            self._require(read.claims)
            said = read.claims
            return Verified(
                str(read.header["kid"]),
                str(said["client_id"]),
                str(said["sub"]),
                frozenset(str(said["scope"]).split()),
                int(said["iat"]),
                int(said["exp"]),
            )
        except (JoseError, ValueError, TypeError, RecursionError):
            raise Unauthorised from None

    def _key_of(self, token: Any) -> ECKey:
        """The key that a token names, if it is a token of this kind: no header but `kid` has a say in it."""
        header = token.headers()
        key = self.keys.find(header.get("kid"))
        if header.get("typ") not in TYPES or key is None:
            raise Unauthorised
        return key

    def _require(self, claims: dict[str, Any]) -> None:
        """Raises JoseError unless this ledger issued it, for itself, by now, and for a while."""
        from joserfc.jwt import JWTClaimsRegistry

        essential: Any = {name: {"essential": True} for name in ("sub", "client_id", "scope", "jti", "iat", "exp")}
        told: Any = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._audience},
        }
        now = int(self._clock.now().timestamp())
        JWTClaimsRegistry(now, MOST_SKEW_SECONDS, **essential, **told).validate(claims)

    def _remember(self, token_hash: bytes, verified: Verified) -> Verified:
        now = self._clock.now().timestamp()
        with self._lock:
            if len(self._verified) >= MOST_REMEMBERED:
                self._verified = {one: held for one, held in self._verified.items() if held.expires_at > now}
            if len(self._verified) < MOST_REMEMBERED:
                self._verified[token_hash] = verified
        return verified


def tokens_of(settings: Settings, origin: str, credentials: Credentials, clock: Clock) -> Tokens:
    """Those of a ledger."""
    issued = {"issuer": settings.address, "audience": origin}
    return Tokens(TokenKeys(settings.keys_dir), credentials, clock, seconds=settings.token_seconds, **issued)


def ended_by(credential: Credential) -> int:
    """The second until which tokens of a credential were ended by a rotation; 0 for never."""
    return 0 if credential.tokens_since is None else int(credential.tokens_since.timestamp())
