"""`pledger serve` and `pledger worker`: the service, and the projections on their own."""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import replace

import click

from api import server
from cli.opening import ledger_here, settings_here


@click.command(short_help="Serve HTTP, and keep the views.")
@click.option("--host", help="The address to listen on (PLEDGER_HOST).")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port to listen on, 0 for a free one (PLEDGER_PORT).")
@click.option("--web-only", is_flag=True, help="Without the projections; they run in `pledger worker`.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON when ready, which is the only form there is.")
def serve(host: str | None, port: int | None, web_only: bool, as_json: bool) -> None:
    """Serve HTTP until SIGTERM or Ctrl-C, and keep the views. Prints {"url", "origin"} when it answers.

    \b
    Example:  pledger serve --port 8080
    """
    settings = settings_here()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    server.serve(settings, web_only=web_only, announce=announce)


def announce(url: str, origin: str) -> None:
    """One line on standard output: never a secret."""
    print(json.dumps({"url": url, "origin": origin}), flush=True)


@click.command(short_help="Keep the views only.")
def worker() -> None:
    """Keep the views until SIGTERM or Ctrl-C, beside `pledger serve --web-only`. Any number may stand by.

    \b
    Example:  pledger worker
    """
    from api.keeping import Keeping
    from api.logs import log_to_stderr
    from projections.views import open_read_models

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ledger_here() as ledger, open_read_models(ledger.dsn, ledger.zone, ledger.today) as read_models:
        log_to_stderr(ledger.settings.log_level, ledger.settings.log_format)
        keeping = Keeping(ledger, read_models, stop.is_set)
        keeping.watch(None)
        keeping.start()
        stop.wait()
        keeping.end()
