"""The settings: one table, read once at the start from the environment. `python -m ledger.settings` prints it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast
from zoneinfo import ZoneInfo

from ledger import readers
from ledger.errors import FieldError, Kind, Refusal

PREFIX = "PLEDGER_"
T = TypeVar("T")


class SettingsRefused(Refusal):
    """The environment does not make settings; `errors` names every variable that is wrong, all at once.

    Codes of the errors: `unknown-setting`, `setting-malformed`, `setting-twice`, `setting-unreadable`.
    """

    code: ClassVar[str] = "settings-refused"
    kind: ClassVar[Kind] = "claim"
    title: ClassVar[str] = "The settings are not right"


def _setting(
    read: Callable[[str], T],
    default: str | Callable[[Mapping[str, str], Mapping[str, Any]], T],
    meaning: str,
    *,
    unit: str = "",
    shown: str = "",
    secret: bool = False,
) -> T:
    """One row: a default is a text read like any other, or worked out of the environment and the rows above."""
    row = {"read": read, "default": default, "meaning": meaning, "unit": unit, "shown": shown, "secret": secret}
    return cast(T, field(metadata=row, repr=not secret))


def _home(environ: Mapping[str, str], _above: Mapping[str, Any]) -> Path:
    data = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME") or Path.home(), ".local", "share")
    return Path(data, "pledger")


def _origin(_environ: Mapping[str, str], _above: Mapping[str, Any]) -> str:
    name = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in socket.gethostname().lower())
    return f"urn:pledger:{name.encode('ascii', 'replace').decode().replace('?', '-') or 'localhost'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set. The field `pool_max` is the variable `PLEDGER_POOL_MAX`, and so on; `load` makes one."""

    home: Path = _setting(
        readers.path, _home, "The folder with the embedded database, keys and access files.",
        shown="`$XDG_DATA_HOME/pledger`, else `~/.local/share/pledger`",
    )  # fmt: skip
    keys_dir: Path = _setting(
        readers.path, lambda _, above: above["home"] / "keys", "The folder with the signing keys.",
        shown="`$PLEDGER_HOME/keys`",
    )  # fmt: skip
    database_url: str | None = _setting(
        readers.address, lambda *_: None, "The PostgreSQL database (15 or later), as a URL or a libpq string.",
        shown="the embedded database in `PLEDGER_HOME`", secret=True,
    )  # fmt: skip
    zone: ZoneInfo = _setting(readers.zone, "Europe/London", "The time zone that decides on which day a moment falls.")
    origin: str = _setting(
        readers.origin, _origin, "The name of this ledger for ever: in its checkpoints and as `source` of its facts.",
        shown="`urn:pledger:` and the machine's name",
    )  # fmt: skip
    categories: tuple[str, ...] = _setting(
        readers.names, "", "Further categories of support, separated by commas (`a-z` and `_`)."
    )
    host: str = _setting(readers.text, "127.0.0.1", "The address to listen on.")
    port: int = _setting(readers.whole(0, 65_535), "8080", "The port to listen on; 0 takes a free one.")
    public_url: str | None = _setting(
        readers.web_address, lambda *_: None, "The address by which clients know the service, without a path: the"
        " issuer of its access tokens.", shown="`http://`, then host and port",
    )  # fmt: skip
    trusted_proxies: readers.Networks = _setting(
        readers.networks, "", "Proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed: addresses or"
        " networks, separated by commas.",
    )  # fmt: skip
    cors_origins: frozenset[str] = _setting(
        readers.origins, "", "Origins of web pages that may call the service from a browser, separated by commas."
    )
    operator_address: readers.Endpoint | None = _setting(
        readers.endpoint, "127.0.0.1:9464", "Where the process that keeps the views answers `/metrics`, and `/readyz`"
        " with its reasons: `ADDRESS:PORT`, or `off`.",
    )  # fmt: skip
    threads: int = _setting(readers.whole(1, 1_024), "64", "Requests answered at the same time.", unit="threads")
    pool_max: int = _setting(readers.whole(2, 1_000), "16", "Connections to the database.", unit="connections")
    queue_events: int = _setting(
        readers.whole(1, 1_000_000), "20000", "Events that may wait to be written; beyond it 503.", unit="events"
    )
    batch_events: int = _setting(readers.whole(1, 10_000), "2000", "Events written in one commit.", unit="events")
    batch_bytes: int = _setting(readers.whole(65_536, 2**28), "4194304", "Record bytes in one commit.", unit="bytes")
    post_deadline_seconds: float = _setting(
        readers.number(0.1, 300), "10", "How long a post may wait for its commit; then 503.", unit="seconds"
    )
    max_body_bytes: int = _setting(readers.whole(1_024, 2**28), "5242880", "The largest request body.", unit="bytes")
    max_event_bytes: int = _setting(readers.whole(1_024, 65_535), "32768", "The largest event in a post.", unit="bytes")
    max_batch: int = _setting(readers.whole(1, 10_000), "1000", "Events in one post.", unit="events")
    poll_seconds: float = _setting(
        readers.number(0.01, 60), "1", "How often to look for new facts if no notice arrives.", unit="seconds"
    )
    page_events: int = _setting(
        readers.whole(1, 10_000), "1000", "Facts that the projections read at once.", unit="events"
    )
    min_position_wait_seconds: float = _setting(
        readers.number(0, 60), "5", "How long a read with `min_position` waits for it.", unit="seconds"
    )
    token_seconds: int = _setting(readers.whole(60, 900), "600", "How long an access token lives.", unit="seconds")
    reads_per_minute: int = _setting(
        readers.whole(0, 10_000_000), "60000", "Requests of one principal that post no events and ask for no report; 0:"
        " any number.", unit="requests",
    )  # fmt: skip
    events_per_minute: int = _setting(
        readers.whole(0, 100_000_000), "0", "Events that one principal may post; 0: any number. What waits to be"
        " written is bounded all the same.", unit="events",
    )  # fmt: skip
    reports_per_minute: int = _setting(
        readers.whole(0, 1_000_000), "1200", "Reports of one principal over many partnerships; 0: any number.",
        unit="requests",
    )  # fmt: skip
    failures_per_minute: int = _setting(
        readers.whole(0, 1_000_000), "6000", "Requests with a wrong credential from one address before they are"
        " answered with 429; 0: any number.", unit="requests",
    )  # fmt: skip
    token_failures_per_minute: int = _setting(
        readers.whole(0, 1_000_000), "20", "The same at `/oauth/token`.", unit="requests"
    )
    oidc_file: Path | None = _setting(
        readers.path, lambda *_: None, "A JSON file with the OpenID Connect issuers by which people may sign in"
        " (`docs/signing-in.md`).", shown="none",
    )  # fmt: skip
    leaked_passwords_file: Path | None = _setting(
        readers.path, lambda *_: None, "A sorted list of SHA-1 hashes of leaked passwords, one a line, beside the"
        " lists that come with the ledger.", shown="none",
    )  # fmt: skip
    access_log_days: int = _setting(
        readers.whole(30, 36_500), "400", "How long it is kept who read what; older entries are removed.", unit="days"
    )
    access_queue: int = _setting(
        readers.whole(1, 1_000_000), "10000", "Readings that may wait to be noted; beyond it answers wait.",
        unit="entries",
    )  # fmt: skip
    streams_max: int = _setting(
        readers.whole(1, 1_024), lambda _, above: max(1, (above["threads"] or 0) // 4),
        "Event streams open at the same time; each holds a thread. Beyond it 503.", unit="streams",
        shown="a quarter of `PLEDGER_THREADS`",
    )  # fmt: skip
    streams_per_principal: int = _setting(
        readers.whole(1, 1_024), "4", "Event streams of one principal at the same time; beyond it 503.", unit="streams"
    )
    stream_heartbeat_seconds: float = _setting(
        readers.number(0.05, 15), "15", "After how long without a fact an event stream says how far it is.",
        unit="seconds",
    )  # fmt: skip
    stream_life_seconds: float = _setting(
        readers.number(1, 86_400), "1800", "How long one event stream lasts; then its client comes back.",
        unit="seconds",
    )  # fmt: skip
    calendar_feeds_max: int = _setting(readers.whole(1, 100), "5", "Calendar feeds of one principal.", unit="feeds")
    webhook_allow: tuple[str, ...] = _setting(
        readers.networks_or_hosts, "", "Networks, addresses and hosts that webhooks may point to although they are not"
        " public, and without TLS, separated by commas.",
    )  # fmt: skip
    webhooks_per_credential: int = _setting(
        readers.whole(0, 1_000), "10", "Webhooks of one credential.", unit="webhooks"
    )
    webhook_max_bytes: int = _setting(
        readers.whole(1_024, 2**24), "131072", "The largest message that a webhook sends.", unit="bytes"
    )
    webhook_senders: int = _setting(readers.whole(1, 256), "8", "Webhooks sent for at the same time.", unit="threads")
    smtp_url: readers.MailServer | None = _setting(
        readers.mail_server, lambda *_: None, "The mail server for letters: `smtp://USER@HOST:PORT`, where STARTTLS is"
        " required unless it is this machine, or `smtps://…`.", shown="none: no letters are sent",
    )  # fmt: skip
    smtp_password: str | None = _setting(
        readers.text, lambda *_: None, "The password of the user at the mail server.", shown="none", secret=True
    )
    mail_from: str = _setting(
        readers.mailbox, readers.usual_mailbox, "From whom letters come: an address, perhaps `Name <address>`.",
        shown="`ledger@` and the host of `PLEDGER_PUBLIC_URL`, else of the mail server",
    )  # fmt: skip
    key: str | None = _setting(
        readers.text, lambda *_: None, "The API key of who speaks at this terminal (`--key`).", secret=True,
        shown="none: reading needs no key on the ledger's own machine",
    )  # fmt: skip
    url: str | None = _setting(
        readers.text, lambda *_: None, "The address of a ledger elsewhere, which commands ask in place of this"
        " machine's (`--url`).", shown="none: the ledger of this machine",
    )  # fmt: skip
    log_level: str = _setting(
        readers.one_of("debug", "info", "warning", "error"), "info", "What is logged: debug, info, warning or error."
    )
    log_format: str = _setting(
        readers.one_of("auto", "json", "text"), "auto", "How it is logged: a JSON object a line, or text for people;"
        " auto is text where standard error is a terminal.",
    )  # fmt: skip
    drain_seconds: float = _setting(
        readers.number(0, 300), "0", "How long the service, told to stop, goes on answering while `/readyz` says that"
        " it is not ready.", unit="seconds",
    )  # fmt: skip

    @property
    def embedded(self) -> bool:
        """Whether the ledger keeps its facts in the embedded database."""
        return self.database_url is None

    @property
    def address(self) -> str:
        """Where the service is reached: `public_url`, else by host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises SettingsRefused with everything that is wrong with it."""
    rows = {variable(row): row for row in fields(Settings)}
    errors = [error for name in environ if name.startswith(PREFIX) for error in _unknown(name, rows)]
    values: dict[str, Any] = {}
    for name, row in rows.items():
        try:
            values[row.name] = _value(name, row, environ, values)
        except _Wrong as wrong:
            errors.append(wrong.error)
            values[row.name] = Path() if row.name == "home" else None
    if errors:
        raise SettingsRefused("; ".join(f"{error.pointer}: {error.detail}" for error in errors), errors=tuple(errors))
    return Settings(**values)


def variable(row: Field[Any]) -> str:
    """The environment variable of a row."""
    return PREFIX + row.name.upper()


class _Wrong(Exception):
    def __init__(self, name: str, code: str, detail: str) -> None:
        self.error = FieldError(name, code, detail)


def _value(name: str, row: Field[Any], environ: Mapping[str, str], above: Mapping[str, Any]) -> Any:
    text = environ.get(name)
    if row.metadata["secret"] and f"{name}_FILE" in environ:
        if text is not None:
            raise _Wrong(name, "setting-twice", f"set {name} or {name}_FILE, not both")
        name, text = f"{name}_FILE", _content(f"{name}_FILE", Path(environ[f"{name}_FILE"]))
    default = row.metadata["default"]
    if text is None and callable(default):
        return default(environ, above)
    try:
        return row.metadata["read"](default if text is None else text)
    except ValueError as error:
        raise _Wrong(name, "setting-malformed", str(error)) from None


def _content(name: str, file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _Wrong(name, "setting-unreadable", f"{file} cannot be read ({type(error).__name__})") from None


def _unknown(name: str, rows: Mapping[str, Field[Any]]) -> Iterator[FieldError]:
    known = [*rows, *(f"{each}_FILE" for each, row in rows.items() if row.metadata["secret"])]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        yield FieldError(name, "unknown-setting", f"no such setting{f'; did you mean {near[0]}?' if near else ''}")


def document() -> str:
    """The table of settings as Markdown: the content of docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Read from the environment when the program starts. An unknown `PLEDGER_` name is refused. For a secret,",
        "`NAME_FILE` may name a file that holds the value. This page is generated: `python -m ledger.settings`.",
        "",
        "| Variable | Default | Unit | Meaning |",
        "|---|---|---|---|",
    ]
    for row in fields(Settings):
        default = row.metadata["shown"] or (f"`{row.metadata['default']}`" if row.metadata["default"] else "none")
        secret = f" A secret: also `{variable(row)}_FILE`." if row.metadata["secret"] else ""
        lines.append(f"| `{variable(row)}` | {default} | {row.metadata['unit']} | {row.metadata['meaning']}{secret} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(document(), end="")
