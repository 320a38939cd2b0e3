"""No token opens anything but one that this ledger issued, for itself, to a credential that is in force."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from ledger.access.tokens import MOST_BYTES
from tests.api.calls import Town
from tests.api.machines import Machine, parts, written

Forge = Callable[[Machine, str], str]
HOUR = 3600


@pytest.fixture
def machine(town: Town) -> Machine:
    town.school("Northfield")
    return Machine(town, "Northfield")


def signed(header: dict[str, Any], claims: dict[str, Any], key: ECKey) -> str:
    """By hand: a library would refuse to write most of this."""
    said = f"{written(header)}.{written(claims)}"
    assert key.private_key is not None
    r, s = decode_dss_signature(key.private_key.sign(said.encode(), ECDSA(SHA256())))
    return f"{said}.{urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b'=').decode()}"


def changed(in_header: dict[str, Any] | None = None, /, **in_claims: Any) -> Forge:
    """Signed with the ledger's own key, as an insider might; None leaves a member out."""

    def forge(machine: Machine, token: str) -> str:
        header, claims = (old | new for old, new in zip(parts(token), (in_header or {}, in_claims), strict=True))
        return signed(without_none(header), without_none(claims), machine.keys().signing())

    return forge


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def unsigned(machine: Machine, token: str) -> str:
    header, claims = parts(token)
    return f"{written(header | {'alg': 'none'})}.{written(claims)}."


def signed_with_the_public_key(machine: Machine, token: str) -> str:
    """HS256 with the bytes of the public key as the secret: what a careless reader would take for its own."""
    header, claims = parts(token)
    pem = machine.keys().signing().public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = f"{written(header | {'alg': 'HS256'})}.{written(claims)}"
    mac = hmac.new(pem, said.encode(), hashlib.sha256).digest()
    return f"{said}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def signed_with_another_key(machine: Machine, token: str) -> str:
    header, claims = parts(token)
    return signed(header, claims, ECKey.generate_key())


def bringing_its_own_key(machine: Machine, token: str) -> str:
    header, claims = parts(token)
    key = ECKey.generate_key()
    return signed(header | {"jwk": key.as_dict(private=False)}, claims, key)


def under_another_kid(machine: Machine, token: str) -> str:
    header, claims = parts(token)
    key = ECKey.generate_key()
    return signed(header | {"kid": key.thumbprint()}, claims, key)


def with_more_scope(machine: Machine, token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{written(parts(token)[1] | {'scope': 'events:write'})}.{signature}"


def oversized(machine: Machine, token: str) -> str:
    header, claims = parts(token)
    return signed(header, claims | {"more": "x" * MOST_BYTES}, machine.keys().signing())


def reordered(machine: Machine, token: str) -> str:
    header, payload, signature = token.split(".")
    return f"{payload}.{header}.{signature}"


def at(machine: Machine, seconds: int) -> int:
    return int(machine.town.ledger.clock.now().timestamp()) + seconds


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        signed_with_the_public_key,
        signed_with_another_key,
        bringing_its_own_key,
        under_another_kid,
        with_more_scope,
        oversized,
        reordered,
        changed({"kid": None}),
        changed({"kid": 1}),
        changed({"kid": "../checkpoint"}),
        changed({"typ": None}),
        changed({"typ": "JWT"}),
        changed({"typ": 1}),
        changed({"crit": ["exp"]}),
        changed({"b64": False, "crit": ["b64"]}),
        changed(iss="https://elsewhere.example"),
        changed(iss=None),
        changed(aud="elsewhere.example"),
        changed(aud=None),
        changed(aud=[]),
        changed(aud={"test.example": True}),
        changed(exp=None),
        changed(exp="9999999999"),
        changed(exp=1e400),
        changed(iat=None),
        changed(jti=None),
        changed(sub=None),
        changed(sub="00000000-0000-0000-0000-000000000000"),
        changed(client_id=None),
        changed(client_id="7c9e6679-7425-40de-944b-e07fc1f90ae7"),
        changed(client_id="x'; --"),
        changed(scope=None),
        changed(nbf=99999999999),
    ],
)
def test_what_is_forged_opens_nothing(machine: Machine, forge: Forge) -> None:
    token = machine.token()
    answer = machine.call(forge(machine, token))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorised")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="pledger", error="invalid_token"'
    assert machine.call(token).status_code == 200


def test_a_moment_in_the_wrong_place_opens_nothing(machine: Machine) -> None:
    now = at(machine, 0)
    for forge in (changed(exp=now), changed(exp=now - HOUR), changed(iat=now + HOUR)):
        assert machine.call(forge(machine, machine.token())).status_code == 401
    assert machine.call(changed(iat=now + 4)(machine, machine.token())).status_code == 200


def test_the_names_of_a_type_that_mean_the_same_are_taken(machine: Machine) -> None:
    assert machine.call(changed({"typ": "application/at+jwt"})(machine, machine.token())).status_code == 200


def test_without_any_credential_no_error_is_named(machine: Machine) -> None:
    answer = machine.town.http.get("/v1/me")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="pledger"')


def test_a_token_ends_with_the_key_that_signed_it(machine: Machine) -> None:
    import time

    from ledger.access.token_keys import REREAD_SECONDS, rotate

    folder = machine.town.ledger.settings.keys_dir
    before = machine.token()
    rotate(folder, time.time())
    time.sleep(REREAD_SECONDS)
    assert [machine.call(one).status_code for one in (before, machine.token())] == [200, 200]
    rotate(folder, time.time(), at_once=True)
    time.sleep(REREAD_SECONDS)
    assert [machine.call(one).status_code for one in (before, machine.token())] == [401, 200]


def test_a_token_of_another_ledger_opens_nothing(machine: Machine) -> None:
    """The same keys and the same address: only its own origin stands in `aud`."""
    from ledger.access.tokens import Tokens

    ledger = machine.town.ledger
    other = Tokens(
        machine.keys(), ledger.credentials, ledger.clock,
        issuer=ledger.tokens.issuer, audience="other.example", seconds=600,
    )  # fmt: skip
    token = other.issue(ledger.credentials.shown(machine.secret)).text
    assert machine.call(token).status_code == 401


TEXTS = st.one_of(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300),
    st.lists(st.binary(max_size=60).map(lambda part: urlsafe_b64encode(part).decode()), min_size=3, max_size=5).map(
        ".".join
    ),
    st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "x"]), st.sampled_from(["ES256", "at+jwt", None, 1]))
    .map(lambda header: f"{urlsafe_b64encode(json.dumps(header).encode()).decode()}.e30.AAAA"),
)  # fmt: skip


@given(TEXTS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_more_than_a_wrong_credential(machine: Machine, text: str) -> None:
    assert machine.call(text).status_code == 401
