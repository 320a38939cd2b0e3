"""/oauth: access tokens for clients (RFC 6749, 4.4), and what others need to verify them."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Response

from api.asking import Asked
from api.clients import FORM, TokenRefused, client_of, read_form
from api.door import Answer, Door
from api.headers import LIMITS
from api.limits import the_limits
from api.refusals import RateLimited
from api.schemas.oauth import Issuer, KeySet, Token, TokenError, TokenForm
from api.schemas.queries import AnyQuery
from api.speaking import the_ledger
from ledger.access.tokens import SCOPES, NotAClient, ScopeBeyond

DOOR: Final = Door("oauth", "Access tokens for clients (OAuth 2.0)", public=True)
GRANT: Final = "client_credentials"
TOKEN: Final = "/oauth/token"
KEYS: Final = "/oauth/jwks"
HEADERS: Final = ("Pragma", *LIMITS)
NOT_KEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
KEPT: Final = {"Cache-Control": "public, max-age=300"}


@DOOR.post(
    TOKEN,
    Answer(200, Token, headers=HEADERS),
    Answer(400, TokenError, about="what was asked cannot be read, or cannot be had", headers=HEADERS),
    Answer(401, TokenError, about="there is no such client", headers=(*HEADERS, "WWW-Authenticate")),
    query=AnyQuery,
    requestBody={"required": True, "content": {FORM: {"schema": TokenForm}}},
    refuses=(RateLimited,),
)
def issue_token(asked: Asked) -> Response:
    """Gives a client a short-lived access token

    `client_id` is the id of a credential of the role client, `client_secret` its API key: in the form, or by Basic
    authentication. The token ends with the credential. Parameters of the query are not read (RFC 6749, 3.2).
    """
    try:
        form = read_form()
        known = client_of(form)
        require_grant(form.get("grant_type"))
        the_limits().take("reads", known.credential.principal)
        token = the_ledger().tokens.issue(known, form.get("scope", "").split())
    except TokenRefused as refused:
        return no_token(refused)
    except NotAClient as refusal:
        return no_token(TokenRefused("unauthorized_client", refusal.detail))
    except ScopeBeyond:
        return no_token(TokenRefused("invalid_scope", "this scope is beyond the credential"))
    body = {"access_token": token.text, "token_type": "Bearer", "expires_in": token.seconds}
    return told(body | {"scope": " ".join(token.scopes)}, NOT_KEPT)


def require_grant(grant_type: str | None) -> None:
    if grant_type is None:
        raise TokenRefused("invalid_request", "grant_type is missing")
    if grant_type != GRANT:
        raise TokenRefused("unsupported_grant_type", f"only {GRANT} is answered here")


def no_token(refused: TokenRefused) -> Response:
    response = told({"error": refused.error, "error_description": refused.description}, NOT_KEPT)
    response.status_code = refused.status
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="pledger"'
    return response


@DOOR.get(KEYS, Answer(200, KeySet))
def token_keys(asked: Asked) -> Response:
    """The public keys that verify access tokens; those replaced lately are among them"""
    return told({"keys": the_ledger().tokens.keys.public()}, KEPT)


@DOOR.get("/.well-known/oauth-authorization-server", Answer(200, Issuer))
def authorization_server(asked: Asked) -> Response:
    """Where tokens are issued, and how (RFC 8414)"""
    issuer = the_ledger().tokens.issuer
    body = {
        "issuer": issuer,
        "token_endpoint": issuer + TOKEN,
        "jwks_uri": issuer + KEYS,
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "scopes_supported": list(SCOPES),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    return told(body, KEPT)


def told(body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), headers=headers, content_type="application/json")
