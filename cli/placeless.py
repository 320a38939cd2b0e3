"""Answers without the address they were asked for under: the same from here as from afar."""

from __future__ import annotations

from typing import Any


def without_place(answer: Any) -> Any:
    """The answer without the address under which it was asked for, which leads those of its schemas."""
    match answer:
        case {"dataschema": str() as schema}:
            rest = {name: without_place(value) for name, value in answer.items()}
            return rest | {"dataschema": schema[schema.find("/v1/") :]}
        case dict():
            return {name: without_place(value) for name, value in answer.items()}
        case list():
            return [without_place(one) for one in answer]
    return answer
