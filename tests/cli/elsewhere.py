"""The test's own ledger, served over a real socket beside the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.settings import Settings
from tests.cli.terminal import environment


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serves a ledger that was set up, on a free port, until the block ends; gives its address."""
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(settings.home),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PLEDGER_PORT": "0",
        **environment(settings),
    }
    command = [sys.executable, "-m", "tests.api.serving"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
            assert process.wait(20) == 0
