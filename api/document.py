"""The OpenAPI document: problems as they are really sent, and who may call."""

from __future__ import annotations

from typing import Any, Final

from flask_smorest import Api

from api.problems import MEDIA_TYPE
from api.schemas.events import Problem

ABOUT: Final = """Keeps what schools give each other, and shows whether it goes both ways.

Facts are posted as CloudEvents and read in ledger order; figures are worked out from them, as of any day and as known
at any position. Every refusal is a problem (RFC 9457) with a stable `code`."""

CONFIGURATION: Final = {
    "API_TITLE": "Partnership Ledger",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": ABOUT},
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "an API key, pl_live_… or pl_test_…"}
            }
        },
        "security": [{"apiKey": []}],
    },
}


class DocumentedApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """The library's Api with errors documented in the media type they are sent in, and handled by `problems`."""

    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        # The library documents errors in the media type of all other answers and has no setting for it.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def _register_error_handlers(self) -> None:
        """None of its own: `answer_with_problems` sees to every error."""

    def document(self) -> dict[str, Any]:
        """The document as JSON."""
        return self.spec.to_dict()  # type: ignore[no-any-return]  # as above
