"""What text may hold, and what looks like personal data in free text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.text import nfc, personal_data_error, text_error


@pytest.mark.parametrize("text", ["Ada", "Zoë Müller-Ó Briain", "数学", "½ day", "a\u200db", "שלום", "🎒"])
def test_any_script_is_text(text: str) -> None:
    assert text_error(text, 200, lines=False) is None


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x07", "\x08", "\x0b", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\ud800"],
)
@pytest.mark.parametrize("lines", [True, False])
def test_control_characters_are_refused_anywhere(character: str, lines: bool) -> None:
    for text in (character, f"a{character}b", f"a{character}"):
        found = text_error(text, 200, lines)
        assert found is not None
        assert found[0] == "control-character"


@pytest.mark.parametrize("character", ["\n", "\t"])
def test_lines_and_tabs_are_for_texts_of_several_lines(character: str) -> None:
    text = f"one{character}two"
    assert text_error(text, 200, lines=True) is None
    found = text_error(text, 200, lines=False)
    assert found is not None
    assert found[0] == "control-character"


@pytest.mark.parametrize("text", ["", " ", "  \t\n ", "\u00a0", "\u3000", "\u200b", "\ufeff \u200d"])
def test_what_shows_nothing_is_blank(text: str) -> None:
    found = text_error(text, 200, lines=True)
    assert found is not None
    assert found[0] == "blank"


@pytest.mark.parametrize(("length", "error"), [(200, None), (201, "too-long")])
def test_length_is_counted_in_characters(length: int, error: str | None) -> None:
    found = text_error("é" * length, 200, lines=False)
    assert (found and found[0]) == error


def test_composed_and_decomposed_letters_become_the_same() -> None:
    assert nfc("Zoe\u0308") == nfc("Zo\u00eb") == "Zo\u00eb"


@given(st.text())
def test_nfc_is_reached_in_one_step(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text) == nfc(nfc(text))


@pytest.mark.parametrize(
    "text",
    [
        "write to ada@northfield.example",
        "ada.king+work@mail.northfield.sch.uk.",
        "<a_b-c@d-e.fr>",
        "zoë@schule.de",
        "e-mail:ada@northfield.example,please",
        "ring 07700 900123",
        "ring 07700900123 after four",
        "+44 7700 900123",
        "+44 (0)20 7946 0018",
        "+447700900123",
        "(020) 7946 0018",
        "020-7946-0018",
        "01632 960 001",
        "tel:01632960001",
        "+49 30 1234567 8",
        "UPN A123456789012",
        "upn: a12345678901b",
        "(H801200001001)",
    ],
)
def test_what_looks_like_personal_data(text: str) -> None:
    found = personal_data_error(text)
    assert found is not None
    assert found[0] == "looks-like-personal-data"


@pytest.mark.parametrize(
    "text",
    [
        "Two days of mathematics in Year 4",
        "meet @ Northfield at 8.30",
        "see @northfield and #maths",
        "from 2026-09-20 to 2026-12-18",
        "2026-09-20T15:00:00.000000Z",
        "01-09-2026, 18-12-2026",
        "01/09/2026 and 02/09/2026",
        "20.09.2026 10:30-11:15",
        "URN 136363, UKPRN 10032987, LAESTAB 201/3614, company 07654321",
        "£1,250.00 for 0.5 days",
        "rates rose from 0.1234567890 to 0.2",
        "1,265 hours over 195 days",
        "pupils 0 1 2 3 4 5 6 7 8 9 10",
        "ISBN 9780141036144",
        "call 0800 1111",
        "reference c9f0f895-fb98-4b91-b5e5-5a3a1d6e2c3b",
        "A1234567890123",
        "AB12345678901",
        "https://northfield.example/a/0123456789/b",
    ],
)
def test_what_does_not_look_like_personal_data(text: str) -> None:
    assert personal_data_error(text) is None


@pytest.mark.parametrize("part", ["a", "a.", "0 ", "(0", "+1", "a@", "@.", "A1", "00", "0-"])
def test_looking_takes_a_time_that_grows_with_the_length_only(part: str) -> None:
    text = (part * 100_000)[:100_000]
    begin = time.perf_counter()
    personal_data_error(text)
    assert time.perf_counter() - begin < 2.0  # a look that backtracks takes minutes
