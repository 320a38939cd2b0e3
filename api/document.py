"""The OpenAPI document: problems as they are really sent, and who may call."""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

from flask import Flask
from flask_smorest import Api

from api.completing import completed
from api.door import Doors
from api.problems import MEDIA_TYPE
from api.schemas.events import NewEvent, Problem

ABOUT: Final = """Keeps what schools give each other, and shows whether it goes both ways.

Facts are posted as CloudEvents and read in ledger order; figures are worked out from them, as of any day and as known
at any position. Every refusal is a problem (RFC 9457) with a stable code."""

SCOPES: Final = {
    "events:write": "post events",
    "events:read": "read facts and what they are about",
    "reports:read": "read figures, reports and what needs somebody",
}
CONFIGURATION: Final = {
    "API_TITLE": "Partnership Ledger",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {"description": ABOUT},
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "an API key, pl_live_… or pl_test_…"},
                "accessToken": {
                    "type": "oauth2",
                    "description": "a client's access token, got with its credential's id and API key",
                    "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}},
                },
            }
        },
        "security": [{"apiKey": []}, {"accessToken": []}],
    },
}


class DocumentedApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """The library's Api with errors documented in the media type they are sent in, and handled by `problems`.

    Routes are documented when somebody first asks for it: that takes longer than all the rest of a start.
    """

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask) -> None:
        self._undocumented: list[Doors] = []
        self._written: dict[str, Any] | None = None
        self._writing = Lock()
        super().__init__(app)

    def register_blueprint(self, blp: Doors, **options: Any) -> None:
        """Make the routes of a blueprint known to the application, and keep it for the document."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undocumented.append(blp)

    def document(self) -> dict[str, Any]:
        """The document as JSON; do not change it."""
        with self._writing:
            if self._written is None:
                for blueprint in self._undocumented:
                    blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
                    self.spec.tag({"name": blueprint.name, "description": blueprint.description})
                self.spec.components.schema("NewEvent", schema=NewEvent)
                self._written = completed(self.spec.to_dict(), [blueprint.door for blueprint in self._undocumented])
        return self._written

    def _register_responses(self) -> None:
        # The library documents errors in the media type of all other answers and has no setting for it.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def _register_error_handlers(self) -> None:
        """None of its own: `answer_with_problems` sees to every error."""
