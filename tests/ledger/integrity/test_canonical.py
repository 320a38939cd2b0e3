"""The canonical form is RFC 8785 wherever it is defined, and refuses everything else by its place."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.integrity.canonical import INTEGER_MAX, NotCanonical, encode

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_INTEGERS = st.integers(-INTEGER_MAX, INTEGER_MAX)
_NAMES = st.text(st.characters(max_codepoint=127))
_VALUES = st.recursive(
    st.booleans() | _INTEGERS | _TEXT,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(_NAMES, inside, max_size=4),
    max_leaves=20,
)


@given(_VALUES)
def test_the_form_is_that_of_a_second_implementation(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


def test_every_control_character_and_the_far_planes_are_written_as_the_standard_says() -> None:
    text = "".join(map(chr, range(0x100))) + "€ \u2028\u2029 \ufffd \U0001f3eb \U0010ffff"

    assert encode({"text": text}) == rfc8785.dumps({"text": text})


def test_the_example_of_the_standard_without_its_fractions() -> None:
    value = {"string": '\u20ac$\u000f\u000aA\'B"\\\\"/', "literals": [True, False], "numbers": [333333333, 4, -2]}

    assert encode(value) == (
        b'{"literals":[true,false],"numbers":[333333333,4,-2],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"amount": 1.5}, "/amount"),
        ({"voice": None}, "/voice"),
        ({"a": [0, {"b": 2**53}]}, "/a/1/b"),
        ({"a": -(2**53)}, "/a"),
        ({"a": ["fine", "\ud800"]}, "/a/1"),
        ({"a": {"é": 1}}, "/a"),
        ({"a": {1: 1}}, "/a"),
        ({"a/b~c": {"d": float("nan")}}, "/a~1b~0c/d"),
        ({"a": b"bytes"}, "/a"),
        ({"a": {"set"}}, "/a"),
        (None, ""),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_its_place(value: Any, pointer: str) -> None:
    with pytest.raises(NotCanonical) as refused:
        encode(value)

    assert refused.value.pointer == pointer


def test_a_bottomless_value_is_refused() -> None:
    value: list[Any] = []
    value.append(value)

    with pytest.raises(NotCanonical):
        encode(value)
