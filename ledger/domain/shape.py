"""Reads and writes the frozen dataclasses of the domain from their annotations: one declaration, no second schema.

`read` is for claims: it checks everything and reports all that is wrong at once, with JSON pointers. `restore` is for
facts: what was admitted once is never refused again. `write` gives what goes into a record.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from ledger.domain.reading import BAD, MARKED, SIMPLE, Reader, choice_reader, suggestion, wrong, wrong_type
from ledger.domain.values import DERIVED, Items, Sealed, Secret, moment, read_moment
from ledger.errors import ClaimMalformed, FieldError

T = TypeVar("T")
Convert = Callable[[Any], Any]


MOST_ERRORS: Final = 100


class LooksLikePersonalData(ClaimMalformed):
    """Free text holds an e-mail address, a telephone number or a UPN."""

    code = "looks-like-personal-data"
    title = "Free text seems to hold personal data"


@dataclass(frozen=True, slots=True)
class Member:
    """One field as the outside sees it; `restore` and `write` are None where the value stands for itself."""

    name: str
    attribute: str  # the name with an underscore behind where Python keeps the word to itself (`for_`, `from_`)
    annotation: Any  # without `| None`
    required: bool
    derived: bool  # worked out by the ledger: a claim must not bring it
    read: Reader
    restore: Convert | None
    write: Convert | None


@dataclass(frozen=True, slots=True)
class Shape:
    """`places` say how an instance is filled: name, what sets the member, what restores it, what it is when absent."""

    cls: type[Any]
    members: Mapping[str, Member]
    required: tuple[str, ...]
    places: tuple[tuple[str, Callable[[Any, Any], None], Convert | None, Any], ...]


def read(cls: type[T], value: Any, pointer: str = "/data") -> T:
    """The instance that a JSON value describes. Raises ClaimMalformed naming every member that is wrong."""
    errors: list[FieldError] = []
    instance = read_object(shape(cls), value, pointer, errors)
    if errors:
        raise refusal_for(errors)(f"{errors[0].pointer} {errors[0].detail}", errors=tuple(errors[:MOST_ERRORS]))
    return instance  # type: ignore[no-any-return]  # read_object builds an instance of shape.cls


def refusal_for(errors: list[FieldError]) -> type[ClaimMalformed]:
    """The refusal that these errors make."""
    personal = any(error.code == LooksLikePersonalData.code for error in errors)
    return LooksLikePersonalData if personal else ClaimMalformed


def read_object(form: Shape, value: Any, pointer: str, errors: list[FieldError]) -> Any:
    if type(value) is not dict:
        return wrong_type(errors, pointer, "an object", value)
    before, members, given = len(errors), form.members, {}
    for name, part in value.items():
        member = members.get(name)
        if member is None:
            wrong(errors, f"{pointer}/{escape(name)}", "unknown-member", unknown(name, members))
            continue
        if member.derived:
            wrong(errors, f"{pointer}/{name}", "derived-member", "is worked out by the ledger; leave it out")
            continue
        given[member.attribute] = member.read(part, f"{pointer}/{name}", errors)
    for name in form.required:
        if name not in value:
            wrong(errors, f"{pointer}/{name}", "missing", "is missing")
    if len(errors) > before:
        return BAD
    instance = form.cls(**given)
    check = getattr(instance, "check", None)
    if check is not None:
        errors.extend(FieldError(pointer + error.pointer, error.code, error.detail) for error in check())
    return instance


def unknown(name: str, members: Mapping[str, Member]) -> str:
    hint = suggestion(name, list(members)) or f"; known here: {', '.join(members)}"
    return f"is not known here{hint}"


def escape(name: str) -> str:
    return name[:80].replace("~", "~0").replace("/", "~1")


def restore(cls: type[T], value: Mapping[str, Any]) -> T:
    """The instance a record holds. Never refuses what was once admitted; members this version knows not are passed.

    Its slots are filled directly, past `__init__`: views restore every fact of the log, and half the time went there.
    """
    instance, get = cls.__new__(cls), value.get
    for name, put, convert, default in shape(cls).places:
        part = get(name)
        if part is None:
            part = default
        elif convert is not None:
            part = convert(part)
        put(instance, part)
    return instance


def write(instance: Any) -> dict[str, Any]:
    """The JSON object of an instance: members without a value are absent."""
    out = {}
    for name, member in shape(type(instance)).members.items():
        part = getattr(instance, member.attribute)
        if part is not None:
            out[name] = part if member.write is None else member.write(part)
    return out


_SHAPES: dict[Any, Shape] = {}


def shape(cls: type[Any]) -> Shape:
    """The shape of a dataclass, worked out once from its annotations."""
    known = _SHAPES.get(cls)
    if known is None:
        known = _SHAPES[cls] = work_out(cls)
    return known


def work_out(cls: type[Any]) -> Shape:
    hints = typing.get_type_hints(cls, include_extras=True)
    members, places = {}, []
    for each in fields(cls):
        annotation = without_none(hints[each.name])
        required = each.default is MISSING and each.default_factory is MISSING
        name, by_ledger = each.name.rstrip("_"), bool(each.metadata.get(DERIVED))
        member = members[name] = Member(name, each.name, annotation, required, by_ledger, *converters(annotation))
        default = None if each.default is MISSING else each.default
        places.append((name, cls.__dict__[each.name].__set__, member.restore, default))
    required_names = tuple(name for name, member in members.items() if member.required)
    return Shape(cls, members, required_names, tuple(places))


def without_items(annotation: Any) -> Any:
    """What a list is a list of."""
    if typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    return typing.get_args(annotation)[0]


def without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not types.NoneType]
        if len(parts) == 1:
            return parts[0]
    return annotation


def converters(annotation: Any) -> tuple[Reader, Convert | None, Convert | None]:
    """How a value of this annotation is read from a claim, restored from a record and written into one."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *marks = typing.get_args(annotation)
        if isinstance(marks[0], Items):
            return list_converters(inner, marks[0])
        if isinstance(marks[0], Secret):
            return MARKED[Secret](marks[0]), restore_secret, write_secret
        return MARKED[type(marks[0])](marks[0]), None, None
    if origin is Literal:
        return choice_reader(typing.get_args(annotation)), None, None
    if origin is tuple:
        return list_converters(annotation, Items())
    if annotation is date:
        return SIMPLE[date], date.fromisoformat, date.isoformat
    if annotation is datetime:
        return SIMPLE[datetime], read_moment, moment
    if is_dataclass(annotation):
        return object_converters(annotation)
    return SIMPLE[annotation], None, None


def object_converters(cls: Any) -> tuple[Reader, Convert, Convert]:
    form = shape(cls)

    def read_nested(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        return read_object(form, value, pointer, errors)

    return read_nested, lambda value: restore(cls, value), write


def list_converters(annotation: Any, items: Items) -> tuple[Reader, Convert, Convert]:
    read_one, restore_one, write_one = converters(typing.get_args(annotation)[0])

    def read_list(value: Any, pointer: str, errors: list[FieldError]) -> Any:
        if type(value) is not list:
            return wrong_type(errors, pointer, "a list", value)
        if not items.least <= len(value) <= items.most:
            detail = f"has {len(value)} items; from {items.least} to {items.most} are taken"
            return wrong(errors, pointer, "wrong-number-of-items", detail)
        return tuple(read_one(part, f"{pointer}/{index}", errors) for index, part in enumerate(value))

    def restore_list(value: Any) -> Any:
        return tuple(value) if restore_one is None else tuple(map(restore_one, value))

    def write_list(value: Any) -> Any:
        return list(value) if write_one is None else list(map(write_one, value))

    return read_list, restore_list, write_list


def restore_secret(value: Any) -> Any:
    return Sealed(value["key"], value["nonce"], value["text"]) if isinstance(value, Mapping) else value


def write_secret(value: Any) -> Any:
    if isinstance(value, Sealed):
        return {"key": value.key, "nonce": value.nonce, "sealed": 1, "text": value.text}
    return value
