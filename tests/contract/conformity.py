"""Whether answers are what the document says: statuses, media types, headers, bodies; nothing that it does not name."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import jsonschema_rs
import orjson
from flask import Flask, Response, request

Document = dict[str, Any]
NOT_MODIFIED = 304  # its body is left out as it leaves
PAGES = "pages"  # the blueprint of what is for people
EVERYWHERE = frozenset(
    {
        "content-type", "content-length", "x-content-type-options", "x-frame-options", "content-security-policy",
        "referrer-policy", "cross-origin-resource-policy", "strict-transport-security", "vary",
        "cache-control", "date", "server",
    }
)  # fmt: skip


def closed(schema: Any) -> Any:
    """The schema with every object closed: a member that it does not name is wrong."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        found["unevaluatedProperties"] = False
    return found


def bodies_of(response: Response) -> list[bytes]:
    """The JSON values of an answer: one, or one on each line."""
    if response.is_streamed or not str(response.mimetype).endswith("json"):
        return []
    body = response.get_data()
    return body.splitlines() if response.mimetype == "application/x-ndjson" else [body]


@dataclass
class Contract:
    """The document, and what answers broke it; it may be asked by many applications at once."""

    document: Document
    broken: list[str] = field(default_factory=list)
    seen: set[tuple[str, str, int, str]] = field(default_factory=set)

    @cached_property
    def components(self) -> Document:
        """The components, closed; a code's schema closes its problem itself."""
        found: Document = closed(copy.deepcopy(self.document["components"]))
        found["schemas"]["Problem"].pop("unevaluatedProperties")
        return found

    @cached_property
    def validators(self) -> dict[str, jsonschema_rs.Validator]:
        return {}

    def watch(self, app: Flask) -> None:
        """Look at every answer of an application, as it leaves; it may have answered before."""
        app.after_request_funcs.setdefault(None, []).insert(0, self.look)  # the first of them is called last

    def look(self, response: Response) -> Response:
        """Notes what is wrong with an answer to this request."""
        rule = request.url_rule
        if rule is not None and request.blueprint != PAGES and response.status_code != 405:
            path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule)
            if request.method not in ("HEAD", "OPTIONS"):
                where = f"{request.method} {path} {response.status_code}"
                self.broken.extend(f"{where}: {one}" for one in self.wrong_with(path, request.method, response))
        return response

    def resolved(self, part: Document) -> Document:
        while "$ref" in part:
            section, name = part["$ref"].removeprefix("#/components/").split("/", 1)
            part = self.document["components"][section][name]
        return part

    def wrong_with(self, path: str, method: str, response: Response) -> list[str]:
        operation = self.document["paths"].get(path, {}).get(method.lower())
        if operation is None:
            return ["the document has no such route"]
        said = operation["responses"].get(str(response.status_code))
        if said is None:
            body = "" if response.is_streamed else response.get_data(as_text=True)[:300]
            return [f"the document has no such status: {body}"]
        said = self.resolved(said)
        self.seen.add((method, path, response.status_code, str(response.mimetype)))
        known = {name.lower() for name in said.get("headers", {})} | EVERYWHERE
        wrong = [f"header {name} is not documented" for name, _ in response.headers if name.lower() not in known]
        content = said.get("content", {})
        if not content:
            return (
                wrong
                if response.status_code == NOT_MODIFIED or not response.get_data()
                else [*wrong, "a body where none is documented"]
            )
        if response.mimetype not in content:
            return [*wrong, f"{response.mimetype} is not documented"]
        schema = content[response.mimetype].get("schema", {})
        for value in bodies_of(response):
            wrong += self.wrong_in(schema, value)
        return wrong

    def wrong_in(self, schema: Document, body: bytes) -> list[str]:
        key = orjson.dumps(schema).decode()
        if key not in self.validators:
            whole = {**closed(schema), "components": self.components}
            self.validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        found = self.validators[key].iter_errors(orjson.loads(body))
        return [f"/{'/'.join(map(str, error.instance_path))} {error.message[:300]}" for error in found]


@cache
def the_contract() -> Contract:
    """One for all applications of a test run: they have the same document, and its schemas are read once."""
    return Contract({})


@contextmanager
def watched(app: Flask) -> Iterator[None]:
    """Fails in the end for what the application answered otherwise than its document says."""
    contract = the_contract()
    contract.document = contract.document or app.extensions["pledger.document"].document()
    contract.watch(app)
    yield
    broken, contract.broken = sorted(set(contract.broken)), []
    assert not broken, "\n".join(broken)
