"""One PostgreSQL cluster in a folder: made, started, looked at and stopped. Who may do so when: `embedded`."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from ledger.errors import Kind, Refusal
from ledger.eventstore.binaries import MAJOR, EmbeddedUnavailable, Runner, programs, run, runner

SUPERUSER = "pledger"
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_BYTES = 103  # the shortest limit of the systems we run on (macOS; Linux has 107)
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_ANSWER_SECONDS = 5
_INITDB_SECONDS = 120.0
_LAUNCHES = 8
_LOG_BYTES = 10 * 1024 * 1024
_STATUS_LINE = 7  # of postmaster.pid: starting, ready, standby or stopping

_CONFIGURATION = """\
# Written by pledger at every start: changes belong into postgresql.conf, below its include line.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] '
"""


class DataOfAnotherVersion(Refusal):
    """The data folder was made by another major version: `found` and `needed` name both."""

    code: ClassVar[str] = "embedded-version"
    kind: ClassVar[Kind] = "busy"
    title: ClassVar[str] = "The embedded database was made by another version of PostgreSQL"


class EmbeddedFailed(Refusal):
    """PostgreSQL could not be made, started or stopped; `detail` ends with its own last words."""

    code: ClassVar[str] = "embedded-failed"
    kind: ClassVar[Kind] = "busy"
    title: ClassVar[str] = "The embedded database did not start"


class Condition(Enum):
    """What the data folder tells about its server."""

    READY = "ready"
    MOVING = "moving"  # starting, recovering or stopping
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster in `home`/postgres; its socket lies in `socket`, which only its owner may enter."""

    home: Path
    data: Path
    socket: Path
    runner: Runner

    @classmethod
    def at(cls, home: Path) -> Cluster:
        """The cluster of this home (which exists), made or not."""
        home = home.resolve()
        data = home / "postgres"
        who = runner(data if data.exists() else home)
        short = Path("/tmp") / f"pledger-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
        fits = len(os.fsencode(data / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES
        return cls(home, data, data if fits else short, who)

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def ensure_made(self) -> None:
        """Make the cluster unless it is there. It appears under its name whole or not at all.

        Raises DataOfAnotherVersion, EmbeddedFailed.
        """
        for unfinished in self.home.glob("postgres.new-*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        if self.data.exists() and any(self.data.iterdir()):
            self._refuse_another_version()
        else:
            self._make()

    def ensure_ready(self) -> None:
        """Return when the server answers: started, awaited, or found. Raises EmbeddedFailed."""
        deadline = time.monotonic() + _START_SECONDS
        launches = 0
        while (condition := self.condition()) is not Condition.READY or not self._answers():
            if launches == _LAUNCHES or time.monotonic() > deadline:
                raise EmbeddedFailed(f"PostgreSQL did not start. The end of {self.log}:\n{self._last_words()}")
            if condition is Condition.GONE:
                launches += 1
                self._launch()
            # A killed server's children hold its shared memory a moment longer: until then the next one refuses.
            time.sleep(0 if self.condition() is Condition.READY else 0.2)

    def stop(self) -> None:
        """Stop the server if it runs; first with a checkpoint, then without. Raises EmbeddedFailed."""
        for mode in ("fast", "immediate"):
            if self._process() is None:
                break
            run(self.stop_command(mode), self.home, _STOP_SECONDS + 10)
        if self._process() is not None:
            raise EmbeddedFailed(f"PostgreSQL did not stop. The end of {self.log}:\n{self._last_words()}")
        if self.socket != self.data:
            shutil.rmtree(self.socket, ignore_errors=True)

    def stop_command(self, mode: str = "fast") -> list[str]:
        """The words that stop the server when run in `home`."""
        return self._program("pg_ctl", "-D", self.data.name, "-m", mode, "-w", "-t", f"{_STOP_SECONDS:.0f}", "stop")

    def condition(self) -> Condition:
        """Whether the server runs, read from postmaster.pid and the process that it names."""
        if self._process() is None:
            return Condition.GONE
        lines = self._pid_lines()
        ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"
        return Condition.READY if ready else Condition.MOVING

    def _make(self) -> None:
        # a name of its own: the initdb of a killed process may still be writing into the last one
        new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.home))
        self._give(new)
        self._initdb(new)
        configuration = new / "postgresql.conf"
        configuration.write_text(configuration.read_text("utf-8") + "\ninclude 'pledger.conf'\n", "utf-8")
        new.replace(self.data)
        _sync(self.home)

    def address(self, dbname: str, user: str) -> str:
        """Where to connect: a libpq string."""
        return make_conninfo("", host=str(self.socket), dbname=dbname, user=user)

    def _answers(self) -> bool:
        """Whether it lets somebody in: a server that was just killed may for a moment still look as if it ran."""
        try:
            psycopg.connect(self.address("postgres", SUPERUSER), connect_timeout=_ANSWER_SECONDS).close()
        except psycopg.OperationalError:
            return False
        return True

    def _process(self) -> int | None:
        """The number of the running postmaster; None when the file is stale or its number went to somebody else."""
        try:
            number = int(self._pid_lines()[0])
            process = psutil.Process(number)
            alive = process.status() != psutil.STATUS_ZOMBIE and self._works_here(process)
        except (IndexError, ValueError, psutil.Error, OSError):
            return None
        return number if alive else None

    def _works_here(self, process: psutil.Process) -> bool:
        """A postmaster works in its data folder. One that root started for us does not show where: its name must do."""
        try:
            return Path(process.cwd()) == self.data
        except psutil.AccessDenied:
            return bool(process.name() == "postgres")

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _launch(self) -> None:
        self._clear_remains()
        self._open_socket_folder()
        configuration = _CONFIGURATION.format(socket=str(self.socket).replace("'", "''"))
        (self.data / "pledger.conf").write_text(configuration, "utf-8")
        self._give(self.data / "pledger.conf")
        self._open_log()
        # pg_ctl hands these two names to a shell: relative, so that no odd character of the home's path gets there
        names = ("-D", self.data.name, "-l", self.log.name)
        command = self._program("pg_ctl", *names, "-w", "-t", f"{_START_SECONDS:.0f}", "start")
        run(command, self.home, _START_SECONDS + 10)

    def _clear_remains(self) -> None:
        """Clear what a killed server left, keeping PostgreSQL's own guard against two servers on one folder.

        postmaster.pid also names the shared memory, which the next server examines for survivors: so it stays. Only
        its first line may now be the number of a stranger; ours is put there, which PostgreSQL knows as its parent's.
        """
        file = self.data / "postmaster.pid"
        lines = self._pid_lines()
        if lines and lines[0].strip():
            file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", "utf-8")
        else:
            file.unlink(missing_ok=True)
        for name in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
            (self.socket / name).unlink(missing_ok=True)

    def _open_socket_folder(self) -> None:
        if self.socket == self.data:
            return
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self._give(self.socket)
        found = self.socket.lstat()
        owner = self.runner.owner[0] if self.runner.owner else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
            raise EmbeddedUnavailable(
                f"{self.socket} is not a folder of ours alone: remove it, or shorten PLEDGER_HOME"
            )

    def _open_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        self._give(self.log)

    def _initdb(self, folder: Path) -> None:
        options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--data-checksums", "--no-instructions"]
        # the built-in locale is the same on every system, also where the C library has no C.UTF-8
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = run(self._program("initdb", "-D", folder.name, *options), self.home, _INITDB_SECONDS)
        if done.returncode:
            raise EmbeddedFailed(f"initdb did not succeed in {self.home}:\n{done.stdout[-2000:]}")

    def _refuse_another_version(self) -> None:
        file = self.data / "PG_VERSION"
        found = file.read_text("ascii").strip() if file.is_file() else "none"
        if found != MAJOR:
            raise DataOfAnotherVersion(
                f"{self.data} holds data of PostgreSQL {found}; this release runs PostgreSQL {MAJOR}. Back it up with "
                "the release that made it (`pledger backup`), then restore it into a new home (`pledger restore`).",
                found=found,
                needed=MAJOR,
            )

    def _program(self, name: str, *arguments: str) -> list[str]:
        return [*self.runner.prefix, str(programs() / name), *arguments]

    def _give(self, path: Path) -> None:
        if self.runner.owner:
            os.chown(path, *self.runner.owner, follow_symlinks=False)

    def _last_words(self) -> str:
        try:
            return self.log.read_text("utf-8", errors="replace")[-2000:]
        except FileNotFoundError:
            return "(nothing was written)"


def _sync(folder: Path) -> None:
    """Make the folder's names durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
