"""Access tokens, as they are asked for and handed over (RFC 6749, 7517 and 8414)."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.words import Told, integer, many, text


class TokenForm(ma.Schema):
    """What is sent as a form; who asks is said in it, or by Basic authentication."""

    grant_type = text("how it is asked for", enum=["client_credentials"])
    scope = text("what the token is to do, words separated by spaces; absent: all that the client may", required=False)
    client_id = text("the id of the client's credential", required=False)
    client_secret = text("its API key", required=False)


class Token(Told):
    """An access token."""

    access_token = text("what is sent as Authorization: Bearer …")
    token_type = text("Bearer")
    expires_in = integer("how long it lives, in seconds")
    scope = text("what it may do, words separated by spaces")


class TokenError(Told):
    """Why there is none (RFC 6749, 5.2)."""

    error = text("the word of RFC 6749")
    error_description = text("a sentence for developers")


class KeySet(Told):
    """The keys that verify access tokens (RFC 7517)."""

    keys = ma.fields.List(ma.fields.Raw(metadata={"type": "object"}), required=True)


class Issuer(Told):
    """What a client needs to know about this issuer (RFC 8414)."""

    issuer = text("what stands in `iss`")
    token_endpoint = text("where tokens are asked for")
    jwks_uri = text("where the keys are that verify them")
    grant_types_supported = many(None, "client_credentials")
    response_types_supported = many(None, "none: nobody is sent anywhere")
    scopes_supported = many(None, "what a token may do")
    token_endpoint_auth_methods_supported = many(None, "how a client says who it is")
