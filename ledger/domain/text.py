"""What text may hold: NFC, no control characters, not blank, and no look of personal data where it is free.

Characters that turn the direction of what follows count as control characters: they make a text look like another.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LINE_BREAK: Final = re.compile(r"[\t\n]")
# Each run of characters before an @ is looked at once: a long text without one costs no more than its length.
EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
TELEPHONE: Final = re.compile(
    r"(?<![\w./-])(?!\d\d-\d\d-\d{4})(?:\+\d{1,3}[\s-]?(?:\(0\)\s?)?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?![\w/])"
)
UNIQUE_PUPIL_NUMBER: Final = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b", re.IGNORECASE)


def text_error(text: str, most: int, lines: bool) -> tuple[str, str] | None:
    """What is wrong with a text, as (code, detail); None when nothing is. `most` counts characters after NFC."""
    if CONTROL.search(text) or (not lines and LINE_BREAK.search(text)):
        return "control-character", "must not contain control characters" + ("" if lines else " or line breaks")
    if all(unicodedata.category(character)[0] in "ZC" for character in text.strip()):
        return "blank", "must not be blank"
    if len(text) > most:
        return "too-long", f"is {len(text)} characters long; at most {most} are taken"
    return None


def personal_data_error(text: str) -> tuple[str, str] | None:
    """Free text must not name a person's contact or a pupil: an address, a number or a UPN is refused."""
    for form, what in ((EMAIL, "an e-mail address"), (TELEPHONE, "a telephone number"), (UNIQUE_PUPIL_NUMBER, "a UPN")):
        if form.search(text):
            return "looks-like-personal-data", f"seems to contain {what}; leave it out"
    return None


def nfc(text: str) -> str:
    """The one form in which a text is kept: NFC, its lines ended by a line feed alone (forms send two characters)."""
    text = text.replace("\r\n", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
