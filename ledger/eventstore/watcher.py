"""Stops the embedded database when all its users are gone without a word: killed, or lost with their terminal.

Run as a script of its own, with the standard library alone, so that it stays small:
`watcher.py WATCH-LOCK TURN-LOCK USERS-LOCK STOP-COMMAND…`; the locks are explained in `embedded`.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time

_LOOK_EVERY_SECONDS = 2.0


def main(watch_file: str, turn_file: str, users_file: str, stop: list[str]) -> None:
    """Detach, then look until nobody uses the server; the stop command takes this process's place and its locks."""
    watch = os.open(watch_file, os.O_RDWR | os.O_CREAT, 0o600)
    if not _locked(watch) or os.fork():
        os._exit(0)
    os.set_inheritable(watch, True)
    _let_go_of_output()
    while not _last(turn_file, users_file):
        time.sleep(_LOOK_EVERY_SECONDS)
    os.execvp(stop[0], stop)


def _last(turn_file: str, users_file: str) -> bool:
    """Whether nobody starts, stops or uses the server. If so, both locks stay held over the stop command."""
    turn, users = (os.open(file, os.O_RDWR | os.O_CREAT, 0o600) for file in (turn_file, users_file))
    if _locked(turn) and _locked(users):
        os.set_inheritable(turn, True)
        os.set_inheritable(users, True)
        return True
    os.close(users)
    os.close(turn)
    return False


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _let_go_of_output() -> None:
    """Whoever reads our output waits for its end: it must not wait for the watcher's."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nowhere, handle)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
