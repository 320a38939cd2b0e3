"""Hands one letter to the mail server, over TLS wherever it leaves this machine."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from ledger.access.issuers import is_loopback
from ledger.readers import MailServer

PATIENCE_SECONDS: Final = 30.0
FOR_GOOD: Final = 500
"""Reply codes from here on are for good (RFC 5321, 4.2.1)."""


class NotTaken(Exception):
    """The server did not take a letter. `reply` is its code, None where it gave none; `for_good` says that it will not
    take it later either; `whole` that it takes no letter at all at the moment, whoever it is for."""

    def __init__(self, why: str, reply: int | None = None, *, for_good: bool = False, whole: bool = False) -> None:
        super().__init__(why)
        self.reply, self.for_good, self.whole = reply, for_good, whole


class Sender:
    """Sends by one mail server. A password goes out only after the connection is sealed, or to this machine.

    On this machine nobody looks over one's shoulder: STARTTLS is used there where the server offers it, and its
    certificate is not asked whose it is. Everywhere else both are required.
    """

    def __init__(self, server: MailServer, password: str | None, context: ssl.SSLContext | None = None) -> None:
        """`context` says whom a server has to be certified by; by default whom this machine believes."""
        self._server, self._password = server, password
        self._here = is_loopback(server.host)
        self._strict = context is not None or not self._here
        self._context = context or ssl.create_default_context()
        if not self._strict:
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE

    def send(self, message: EmailMessage, to: str) -> None:
        """Returns when the server has taken the letter over. Raises NotTaken."""
        try:
            with self._connected() as connection:
                self._hand_over(connection, message, to)
        except smtplib.SMTPAuthenticationError as error:
            raise NotTaken("the mail server does not let us in", error.smtp_code, whole=True) from error
        except smtplib.SMTPResponseException as error:
            raise NotTaken("the mail server is not ready", error.smtp_code, whole=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(f"the mail server cannot be used ({type(error).__name__})", whole=True) from error

    def _connected(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.tls:
            return smtplib.SMTP_SSL(host, port, timeout=PATIENCE_SECONDS, context=self._context)
        connection = smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS)
        try:
            connection.ehlo()
            if self._strict or connection.has_extn("starttls"):
                connection.starttls(context=self._context)
                connection.ehlo()
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, message: EmailMessage, to: str) -> None:
        if self._server.user is not None:
            connection.login(self._server.user, self._password or "")
        try:
            connection.send_message(message, from_addr=parseaddr(str(message["From"]))[1], to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            reply = int(next(iter(error.recipients.values()))[0])
            raise NotTaken("nobody is reached there", reply, for_good=reply >= FOR_GOOD) from error
        except smtplib.SMTPDataError as error:
            raise NotTaken("the letter was not taken", error.smtp_code, for_good=error.smtp_code >= FOR_GOOD) from error
