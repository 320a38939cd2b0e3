"""A mail server on this machine, as real as others: it speaks SMTP, seals with STARTTLS, asks who is there, refuses."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from ledger.readers import MailServer

PASSWORD = "a password of the office"


@dataclass
class Office:
    """What was handed in. `says` answers an address instead of taking a letter; `sealed` tells how each came."""

    host: str = "127.0.0.1"
    port: int = 0
    says: dict[str, str] = field(default_factory=dict)
    busy: str | None = None
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    sealed: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's own name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.busy is not None:
            return self.busy
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's own
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.letters.append((envelope.rcpt_tos[0], message))
        self.sealed.append(session.ssl is not None)
        return "250 taken"

    def server(self, user: str | None = None, *, tls: bool = False) -> MailServer:
        return MailServer(self.host, self.port, user, tls)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for one, message in self.letters if one == address]


def free_port() -> int:
    """A port that nobody had a moment ago: the server wants to know it before it begins."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def let_in(server: Any, session: Session, envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)


@contextmanager
def open_office(
    context: ssl.SSLContext | None = None, *, asks: bool = False, host: str = "127.0.0.1"
) -> Iterator[Office]:
    """An open office; with a `context` it seals, and then it takes nothing before; `asks` for who is there."""
    office = Office(host=host)
    options: dict[str, Any] = {"require_starttls": context is not None, "tls_context": context}
    if asks:
        options |= {"auth_required": True, "authenticator": let_in, "auth_require_tls": context is not None}
    office.port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
