"""A served process on a town's ledger, for whoever calls it over real sockets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.settings import Settings


@contextmanager
def living(settings: Settings, **more: str) -> Iterator[str]:
    """Serves a ledger that is set up, in a process of its own until the block ends; answers its address."""
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(settings.home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PLEDGER_DATABASE_URL": settings.database_url or "",
        "PLEDGER_HOME": str(settings.home),
        "PLEDGER_ORIGIN": settings.origin,
        "PLEDGER_PORT": "0",
        **more,
    }
    command = [sys.executable, "-m", "tests.api.serving"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
            assert process.wait(20) == 0
