"""The folder of a demonstration: its owner's alone, and served by one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

from ledger.errors import Kind, Refusal

ACCESS_FILE: Final = "demo-access.json"
LOCK_FILE: Final = "demo.serving"


class AlreadyServed(Refusal):
    """Another process makes or serves the demonstration of this home. Fields: `home`, `url` (None: not told yet)."""

    code: ClassVar[str] = "already-served"
    kind: ClassVar[Kind] = "busy"
    title: ClassVar[str] = "This demonstration is being served"


def make_private(folder: Path) -> None:
    """Makes a folder, and every missing one above it, for its owner alone; an empty one that was there as well."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)
    if not any(folder.iterdir()):
        folder.chmod(0o700)  # an empty folder that somebody made for this is made private


@contextmanager
def served_alone(home: Path) -> Iterator[None]:
    """Holds the home until the block ends; the kernel lets go of it however the process ends. Raises AlreadyServed."""
    handle = os.open(home / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise already_served(home) from None
        yield
    finally:
        os.close(handle)


def already_served(home: Path) -> AlreadyServed:
    file = home / ACCESS_FILE
    made: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    url = made.get("url")
    where = f"already served at {url}" if url else "being made by another process"
    return AlreadyServed(f"the demonstration in {home} is {where}; end it there, or choose another --home",
                         home=str(home), url=url)  # fmt: skip
