"""What a demonstration's home holds: for which seed and day its history is made, and whether it is complete."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

from cli.demo.diary import ZONE
from cli.demo.run import Programme, Progress, make_programme, plan_programme
from ledger.clock import SetClock
from ledger.errors import Kind, Refusal
from ledger.service import open_ledger
from ledger.setting_up import AlreadySetUp, set_up
from ledger.settings import Settings

FILE: Final = "demo.json"


class NoDemonstration(Refusal):
    """The home holds a ledger that is no demonstration. Fields: `home`."""

    code: ClassVar[str] = "no-demonstration"
    kind: ClassVar[Kind] = "rule"
    title: ClassVar[str] = "This home holds another ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """`day_chosen` says that `today` was asked for: the demonstration's clock then starts on that day each time."""

    seed: int
    today: date
    day_chosen: bool
    made: bool = False

    def clock_at(self, now: datetime) -> datetime | None:
        """At what the clock of the demonstration starts; None for the machine's own time."""
        if not self.day_chosen:
            return None
        return datetime.combine(self.today, now.astimezone(ZONE).timetz())


def read(home: Path) -> History | None:
    """The history of a home, None where there is none yet."""
    try:
        members: dict[str, Any] = json.loads((home / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return History(**members | {"today": date.fromisoformat(members["today"])})


def write(home: Path, history: History) -> None:
    members = {
        "seed": history.seed,
        "today": history.today.isoformat(),
        "day_chosen": history.day_chosen,
        "made": history.made,
    }
    write_private(home / FILE, json.dumps(members) + "\n")


def write_private(file: Path, text: str) -> None:
    """Writes a file that its owner alone may read, whole or not at all."""
    beside = file.with_name(f"{file.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def make(settings: Settings, history: History, progress: Progress | None) -> Programme:
    """The programme in the home's ledger, made if it is not there, taken up again where it was interrupted.

    Raises NoDemonstration before anything is written into another ledger.
    """
    programme = plan_programme(history.seed, history.today)
    if history.made:
        return programme
    clock = SetClock(datetime.combine(programme.stage.first - timedelta(days=1), datetime.min.time(), UTC))
    with suppress(AlreadySetUp):  # by an attempt that was interrupted, if it is a demonstration at all
        set_up(settings, kind="demo", clock=clock)
    require_demonstration(settings)
    write(settings.home, history)
    with open_ledger(settings, clock=clock) as ledger:
        make_programme(ledger, clock, seed=history.seed, today=history.today, progress=progress)
    write(settings.home, replace(history, made=True))
    return programme


def require_demonstration(settings: Settings) -> None:
    with open_ledger(settings) as ledger:
        if ledger.kind != "demo":
            raise NoDemonstration(f"{settings.home} holds a {ledger.kind} ledger", home=str(settings.home))
