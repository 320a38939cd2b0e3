"""Reads what a request asks: its query by a schema, its JSON body by another, all that is wrong told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import request
from werkzeug.datastructures import MultiDict

from api.body import json_body
from api.refusals import ParametersWrong
from api.schemas.fields import Told
from ledger.domain.reading import suggestion
from ledger.domain.shape import escape
from ledger.errors import ClaimMalformed, FieldError

Asked = Mapping[str, Any]
View = Callable[..., Any]


def asking(view: View, query: type[ma.Schema], body: type[ma.Schema] | None) -> View:
    """The view as the framework calls it: handed its query, and its body where it has one, before the path."""
    of_query, of_body = query(), None if body is None else body()
    nothing: Asked | None = None

    @wraps(view)
    def asked(**path: Any) -> Any:
        nonlocal nothing
        if request.query_string:
            given = read_query(of_query)
        else:
            given = nothing = read_query(of_query) if nothing is None else nothing
        return view(given, **path) if of_body is None else view(given, read_body(of_body), **path)

    return asked


def read_query(schema: ma.Schema, sent: MultiDict[str, str] | None = None) -> Asked:
    """The query of this request, or the one that was `sent` before. Raises ParametersWrong."""
    found, errors = text_of_query(schema, request.args if sent is None else sent)
    values: Asked = {}
    try:
        values = schema.load(found, unknown=ma.EXCLUDE)
    except ma.ValidationError as invalid:
        errors += errors_in(invalid)
    if errors:
        raise ParametersWrong(f"{errors[0].pointer} {errors[0].detail}", errors=tuple(errors))
    return values


def text_of_query(schema: ma.Schema, sent: MultiDict[str, str]) -> tuple[dict[str, Any], list[FieldError]]:
    """The parameters by name, as sent, and what is wrong before any value is looked at."""
    fields = {field.data_key or name: field for name, field in schema.fields.items()}
    found: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, values in sent.lists():
        field = fields.get(name)
        if field is None and schema.unknown == ma.EXCLUDE:
            continue
        if field is None:
            hint = suggestion(name, list(fields)) or (f"; known here: {', '.join(fields)}" if fields else "")
            errors.append(FieldError(f"/{escape(name)}", "unknown-parameter", f"is not known here{hint}"))
        elif isinstance(field, Told) and field.many:
            found[name] = [part for value in values for part in value.split(",")]
        elif len(values) > 1:
            errors.append(FieldError(f"/{name}", "repeated", "stands more than once"))
        else:
            found[name] = values[0]
    return found, errors


def read_body(schema: ma.Schema) -> Asked:
    """The JSON object of this request. Raises NotReadable, MediaTypeUnknown, and ClaimMalformed for what is in it."""
    # A body all of whose members may be absent may be absent itself.
    optional = not any(field.required for field in schema.fields.values())
    value = {} if optional and is_without_body() else json_body()
    if type(value) is not dict:
        raise ClaimMalformed("the body is an object", errors=(FieldError("", "wrong-type", "must be an object"),))
    fields = {field.data_key or name for name, field in schema.fields.items()}
    errors = [
        FieldError(f"/{escape(name)}", "unknown-member", f"is not known here{suggestion(name, list(fields))}")
        for name in value
        if name not in fields
    ]
    values: Asked = {}
    try:
        values = schema.load(value, unknown=ma.EXCLUDE)
    except ma.ValidationError as invalid:
        errors += errors_in(invalid)
    if errors:
        raise ClaimMalformed(f"{errors[0].pointer} {errors[0].detail}", errors=tuple(errors))
    return values


def is_without_body() -> bool:
    """Whether nothing was sent: neither bytes, nor word of any to come."""
    return not request.content_length and not request.mimetype and "Transfer-Encoding" not in request.headers


def errors_in(invalid: ma.ValidationError) -> list[FieldError]:
    messages: Any = invalid.messages
    return [
        FieldError(f"/{name}", "missing" if detail.startswith("Missing") else "not-of-this-form", detail)
        for name, details in messages.items()
        for detail in details
    ]
