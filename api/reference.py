"""The reference for people: what the page of the OpenAPI document shows, in words and ready to print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.problems import MEDIA_TYPE

Described = Mapping[str, Any]
METHODS: Final = ("get", "post", "put", "patch", "delete")
SECRET: Final = re.compile(r"^(data|new|problem)\.")


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, a header or a member of a body: its form in words, and the schema that tells more."""

    name: str
    about: str
    form: str
    needed: bool = False
    schema: str | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: its status, media types, the schema of its body and its headers."""

    status: str
    about: str
    types: tuple[str, ...]
    schema: str | None
    headers: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    public: bool
    parameters: tuple[Member, ...]
    bodies: tuple[Member, ...]
    answers: tuple[Told, ...]
    errors: tuple[tuple[str, tuple[str, ...]], ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    about: str
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema by name, with its members."""

    name: str
    title: str
    about: str
    members: tuple[Member, ...]


class Reference:
    """Reads the document for the page."""

    def __init__(self, document: Described) -> None:
        self.document = document
        self.about = tuple(paragraphs(document["info"]["description"]))

    def resources(self) -> list[Resource]:
        """Every route, by resource, in the order of the document."""
        found = {tag["name"]: Resource(tag["name"], tag.get("description") or "") for tag in self.document["tags"]}
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    [tag, *_] = item[method].get("tags") or ["other"]
                    resource = found.setdefault(tag, Resource(tag, ""))
                    resource.operations.append(self.operation(path, method, item))
        return [one for one in found.values() if one.operations]

    def operation(self, path: str, method: str, item: Described) -> Operation:
        said = item[method]
        given = [self.resolved(one) for one in (*item.get("parameters", ()), *said.get("parameters", ()))]
        answers = {status: self.resolved(one) for status, one in said["responses"].items()}
        refused = {status: one for status, one in answers.items() if MEDIA_TYPE in one.get("content", {})}
        return Operation(
            name=said["operationId"],
            method=method.upper(),
            path=path,
            title=said.get("summary", ""),
            paragraphs=tuple(paragraphs(said.get("description", ""))),
            public=said.get("security") == [],
            parameters=tuple(parameter(one) for one in given),
            bodies=tuple(bodies(said.get("requestBody", {}))),
            answers=tuple(self.told(status, one) for status, one in answers.items() if status not in refused),
            errors=tuple((status, tuple(codes(one))) for status, one in refused.items()),
            curl=curl(path, method.upper(), said, given),
        )

    def told(self, status: str, answer: Described) -> Told:
        content = answer.get("content", {})
        [schema, *_] = [schema_name(body.get("schema", {})) for body in content.values()] or [None]
        headers = tuple(
            Member(name, self.resolved(one).get("description", ""), form_of(self.resolved(one)["schema"]))
            for name, one in answer.get("headers", {}).items()
        )
        return Told(status, answer.get("description", ""), tuple(content), schema, headers)

    def resolved(self, part: Described) -> Described:
        """The part itself, or the component that it refers to."""
        if "$ref" not in part:
            return part
        section, name = part["$ref"].removeprefix("#/components/").split("/", 1)
        found: Described = self.document["components"][section][name]
        return found

    def shapes(self, prefix: str = "") -> list[Shape]:
        """The schemas of bodies by name; with a prefix, those whose names begin with it."""
        schemas: Described = self.document["components"]["schemas"]
        wanted = [one for one in sorted(schemas) if (one.startswith(prefix) if prefix else not SECRET.match(one))]
        return [shape(name, schemas[name]) for name in wanted]


def shape(name: str, schema: Described) -> Shape:
    needed = schema.get("required", ())
    members = tuple(member(one, inner, one in needed) for one, inner in schema.get("properties", {}).items())
    return Shape(name, schema.get("title", name), schema.get("description", ""), members)


def member(name: str, schema: Described, needed: bool) -> Member:
    return Member(name, schema.get("description", ""), form_of(schema), needed, schema_name(schema))


def parameter(said: Described) -> Member:
    schema = said["schema"]
    return Member(
        said["name"], said.get("description", ""), form_of(schema), bool(said.get("required")), place=said["in"]
    )


def bodies(body: Described) -> Iterator[Member]:
    """What a request holds, for each media type."""
    for media_type, one in body.get("content", {}).items():
        schema = one.get("schema", {})
        yield Member(media_type, body.get("description", ""), form_of(schema), True, schema_name(schema))


def codes(answer: Described) -> list[str]:
    """The codes of problems that an answer may have."""
    return list(answer["content"][MEDIA_TYPE].get("examples", {}))


def schema_name(schema: Described) -> str | None:
    """The name of the schema that is meant, also of the items of a list or the first of several."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for inner in (schema.get("items"), *schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        found = schema_name(inner) if isinstance(inner, Mapping) else None
        if found is not None:
            return found
    return None


def form_of(schema: Described) -> str:
    """The form of a value in words, such as `integer, 1 to 1000, else 100`."""
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
    if kind.startswith("array"):
        kind = kind.replace("array", f"list of {form_of(schema.get('items', {'type': 'text'}))}", 1)
    words = [schema.get("format") or kind.replace("string", "text")]
    if "enum" in schema:
        words = [" | ".join(map(str, schema["enum"]))]
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None or most is not None:
        words.append(f"{'…' if least is None else least} to {'…' if most is None else most}")
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']} characters")
    if "maxItems" in schema:
        words.append(f"at most {schema['maxItems']}")
    if "default" in schema:
        words.append(f"else {orjson.dumps(schema['default']).decode()}")
    return ", ".join(words)


def curl(path: str, method: str, said: Described, given: list[Described]) -> str:
    """The call as one command; `$LEDGER` is the service's address, `$KEY` an API key."""
    words = ["curl"]
    if method != "GET":
        words += ["-X", method]
    if said.get("security") != []:
        words += ["-H", '"Authorization: Bearer $KEY"']
    for media_type, body in list(said.get("requestBody", {}).get("content", {}).items())[:1]:
        data = orjson.dumps(example_in(body)).decode()
        words += ["-H", shlex.quote(f"Content-Type: {media_type}"), "-d", shlex.quote(data)]
    query = "&".join(f"{one['name']}=…" for one in given if one["in"] == "query" and one.get("required"))
    return " ".join([*words, f'"$LEDGER{path}{"?" + query if query else ""}"'])


def example_in(body: Described) -> Any:
    """The example of a body, the first where it has several."""
    for example in body.get("examples", {}).values():
        return example["value"]
    return body.get("example")


def paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("\n\n") if one.strip()]


@cache
def templates() -> Environment:
    """The templates of this page and its neighbours."""
    return Environment(
        loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def page(name: str, **words: Any) -> str:
    """A page by its template."""
    return templates().get_template(name).render(**words)
