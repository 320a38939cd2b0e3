"""Access tokens over HTTP: how a client gets one, what it may do with it, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.clock import SetClock
from tests.api.calls import Town, event
from tests.api.machines import AUDIENCE, FORM, ISSUER, Machine, parts


@pytest.fixture
def village(town: Town) -> Town:
    town.school("Northfield")
    return town


@pytest.fixture
def machine(village: Town) -> Machine:
    return Machine(village, "Northfield")


def test_a_client_gets_a_token_and_is_known_by_it(machine: Machine) -> None:
    answer = machine.ask()
    body = answer.get_json()
    assert (answer.status_code, answer.headers["Cache-Control"], answer.headers["Pragma"]) == (
        200,
        "no-store",
        "no-cache",
    )
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert body["scope"] == "events:write events:read reports:read"
    me = machine.call(body["access_token"]).get_json()
    assert (me["principal"], me["role"]) == (machine.credential.principal, "client")
    assert me["voices"] == [machine.town.ids["Northfield"]]


def test_the_token_has_the_profile_of_an_access_token(machine: Machine, clock: SetClock) -> None:
    header, claims = parts(machine.token())
    now = int(clock.now().timestamp())
    [key] = machine.town.http.get("/oauth/jwks").get_json()["keys"]
    assert header == {"alg": "ES256", "typ": "at+jwt", "kid": key["kid"]}
    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": machine.credential.principal,
        "client_id": machine.id,
        "scope": "events:write events:read reports:read",
        "iat": now,
        "exp": now + 600,
    }
    assert machine.token() != machine.token()


def test_anybody_verifies_a_token_by_the_published_keys(machine: Machine) -> None:
    from joserfc import jwt
    from joserfc.jwk import KeySet

    keys = KeySet.import_key_set(machine.town.http.get("/oauth/jwks").get_json())
    assert jwt.decode(machine.token(), keys, ["ES256"]).claims["client_id"] == machine.id


def test_what_is_told_of_the_issuer_is_so(machine: Machine) -> None:
    told = machine.town.http.get("/.well-known/oauth-authorization-server").get_json()
    assert told["issuer"] == parts(machine.token())[1]["iss"] == ISSUER
    assert told["token_endpoint"] == f"{ISSUER}/oauth/token"
    assert told["jwks_uri"] == f"{ISSUER}/oauth/jwks"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert told["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]


def test_a_client_may_say_who_it_is_by_basic_authentication(machine: Machine) -> None:
    answer = machine.ask(machine.basic(), client_id=None, client_secret=None)
    assert machine.call(answer.get_json()["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "events:read everything"}, 400, "invalid_scope"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"client_secret": "pl_test_" + "a" * 43}, 401, "invalid_client"),
        ({"client_secret": "hunter2"}, 401, "invalid_client"),
        ({"client_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}, 401, "invalid_client"),
        ({"client_id": "\x00"}, 401, "invalid_client"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_protocol(
    machine: Machine, form: dict[str, str | None], status: int, error: str
) -> None:
    answer = machine.ask(**form)
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)
    assert (answer.headers["Cache-Control"], answer.mimetype) == ("no-store", "application/json")
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize(
    ("headers", "body", "error"),
    [
        ({"Content-Type": "application/json"}, b"{}", "invalid_request"),
        ({"Content-Type": FORM}, b"grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ({"Content-Type": FORM}, b"grant_type=%ff", "invalid_request"),
        ({"Content-Type": FORM}, b"a=" + b"a" * 8192, "invalid_request"),
        ({"Content-Type": FORM}, b"&".join(b"a%d=1" % one for one in range(100)), "invalid_request"),
        ({"Content-Type": FORM, "Authorization": "Basic"}, b"grant_type=client_credentials", "invalid_client"),
        ({"Content-Type": FORM, "Authorization": "Basic ???"}, b"grant_type=client_credentials", "invalid_client"),
        ({"Content-Type": FORM, "Authorization": "Basic /w=="}, b"grant_type=client_credentials", "invalid_client"),
        ({"Content-Type": FORM, "Authorization": "Bearer x"}, b"grant_type=client_credentials", "invalid_client"),
    ],
)
def test_what_is_no_form_or_no_client_is_refused(
    village: Town, headers: dict[str, str], body: bytes, error: str
) -> None:
    answer = village.http.post("/oauth/token", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]) == (401 if error == "invalid_client" else 400, error)


def test_nothing_is_read_out_of_the_address(machine: Machine) -> None:
    address = f"/oauth/token?client_id={machine.id}&client_secret={machine.secret}&grant_type=client_credentials"
    answer = machine.town.http.post(address, data="x=1", headers={"Content-Type": FORM})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_who_asks_is_said_in_one_way(machine: Machine) -> None:
    assert machine.ask(machine.basic()).get_json()["error"] == "invalid_request"
    other = machine.ask(machine.basic(), client_id="7c9e6679-7425-40de-944b-e07fc1f90ae7", client_secret=None)
    assert other.get_json()["error"] == "invalid_request"
    assert machine.ask(machine.basic("x"), client_id=None, client_secret=None).get_json()["error"] == "invalid_client"


@pytest.mark.parametrize(("role", "organisations"), [("member", ["Northfield"]), ("admin", [])])
def test_only_clients_get_tokens(village: Town, role: str, organisations: list[str]) -> None:
    answer = Machine(village, *organisations, role=role).ask()
    assert (answer.status_code, answer.get_json()["error"]) == (400, "unauthorized_client")


def test_a_token_may_do_less_than_its_client(machine: Machine) -> None:
    answer = machine.ask(scope="events:read")
    token = answer.get_json()["access_token"]
    assert answer.get_json()["scope"] == "events:read"
    assert machine.call(token).get_json()["scopes"] == ["events:read"]
    assert machine.call(token, "/v1/events").status_code == 200
    refused = machine.town.http.post(
        "/v1/events", json=event("support.delivered"), headers={"Authorization": f"Bearer {token}"}
    )
    assert (refused.status_code, refused.get_json()["code"]) == (403, "scope-missing")
    assert refused.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="events:write"')


def test_a_token_may_do_no_more_than_its_client(village: Town) -> None:
    reader = Machine(village, "Northfield", scopes=["events:read"])
    assert reader.ask(scope="events:read events:write").get_json()["error"] == "invalid_scope"
    assert reader.ask().get_json()["scope"] == "events:read"


def test_a_token_ends_after_its_time(machine: Machine, clock: SetClock) -> None:
    token = machine.token()
    clock.advance(timedelta(seconds=599))
    assert machine.call(token).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert machine.call(token).status_code == 401


def test_a_token_ends_with_its_credential(machine: Machine) -> None:
    token = machine.token()
    assert machine.call(token).status_code == 200
    machine.town.ledger.credentials.revoke(machine.town.admin, machine.id)
    assert machine.call(token).status_code == 401
    assert machine.ask().get_json()["error"] == "invalid_client"


def test_a_token_lives_no_longer_than_its_credential(village: Town, clock: SetClock) -> None:
    brief = Machine(village, "Northfield", expires_at=clock.now() + timedelta(seconds=90))
    assert brief.ask().get_json()["expires_in"] == 90
    token = brief.token()
    clock.advance(timedelta(seconds=90))
    assert brief.call(token).status_code == 401


def test_a_token_lives_no_longer_than_the_key_it_was_asked_for_with(machine: Machine, clock: SetClock) -> None:
    credentials = machine.town.ledger.credentials
    credentials.rotate(machine.town.admin, machine.id, timedelta(seconds=100))
    assert machine.ask().get_json()["expires_in"] == 100
    clock.advance(timedelta(seconds=100))
    assert machine.ask().get_json()["error"] == "invalid_client"


def test_replacing_a_leaked_key_ends_what_was_got_with_it(machine: Machine, clock: SetClock) -> None:
    """Also within the second in which it was got: a moment in a token has no fraction."""
    stolen = machine.token()
    credentials = machine.town.ledger.credentials
    machine.secret = credentials.rotate(machine.town.admin, machine.id, timedelta())[1]
    assert machine.call(stolen).status_code == 401
    assert machine.call(machine.token()).status_code == 200
    later = machine.token()
    clock.advance(timedelta(seconds=5))
    assert [machine.call(one).status_code for one in (stolen, later, machine.token())] == [401, 200, 200]


def test_with_overlap_tokens_go_on(machine: Machine) -> None:
    token = machine.token()
    machine.town.ledger.credentials.rotate(machine.town.admin, machine.id, timedelta(hours=1))
    assert machine.call(token).status_code == 200


def test_the_use_of_a_token_is_the_use_of_its_credential(machine: Machine, clock: SetClock) -> None:
    machine.call(machine.token())
    assert machine.town.ledger.credentials.find(machine.id).used_at == clock.now()
