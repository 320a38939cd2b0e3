"""A letter as it goes out: plain text, and the same as simple HTML that loads nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Final
from urllib.parse import quote

from projections.messages.letter import Letter

NAME: Final = "Partnership Ledger"
STYLE: Final = "font:16px/1.5 system-ui,sans-serif;color:#111;max-width:36em"
WHY_WEEKLY: Final = "At most once a week in term time, and only when something waits for you."


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom, to whom, and where the service is. `off` is the address that ends weekly letters; None where a letter
    is no weekly one. `key` names the letter for ever: sent again, it is known to be the same."""

    key: str
    sender: str
    to: str
    site: str
    at: datetime
    off: str | None = None


def written(letter: Letter, envelope: Envelope) -> EmailMessage:
    """The message. Its id comes of the letter's key."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = envelope.sender, envelope.to, letter.subject
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = f"<{hashlib.sha256(envelope.key.encode()).hexdigest()[:40]}@{domain_of(envelope.sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    if envelope.off is not None:
        message["List-Unsubscribe"] = f"<{envelope.off}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    link = link_of(letter, envelope.site)
    message.set_content("\n".join(plain(letter, link, envelope.off)) + "\n")
    message.add_alternative("\n".join(marked_up(letter, link, envelope.off)) + "\n", subtype="html")
    return message


def domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def link_of(letter: Letter, site: str) -> str:
    """Where a letter leads: to signing in and on from there, so that opening it says nothing for anybody."""
    return f"{site}/sign-in?next={quote(letter.path, safe='')}" if letter.signs_in else f"{site}{letter.path}"


def plain(letter: Letter, link: str, off: str | None) -> Iterator[str]:
    for section in letter.sections:
        yield from (section.title, "", *(f"- {line}" for line in section.lines), "")
    yield from (f"{letter.does}:", link)
    if off is not None:
        yield from ("", WHY_WEEKLY, "No weekly letters any more:", off)


def marked_up(letter: Letter, link: str, off: str | None) -> Iterator[str]:
    yield f'<!doctype html><html lang="en-GB"><body style="{STYLE}"><p>{NAME}</p>'
    for section in letter.sections:
        yield f"<h2>{escape(section.title)}</h2><ul>"
        yield from (f"<li>{escape(line)}</li>" for line in section.lines)
        yield "</ul>"
    yield f'<p><a href="{escape(link)}">{escape(letter.does)}</a></p>'
    if off is not None:
        yield f'<p>{WHY_WEEKLY} <a href="{escape(off)}">No weekly letters any more</a></p>'
    yield "</body></html>"
