"""Makes the programme: plans the diary, then posts it sitting by sitting with the clock set to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cli.demo.beginnings import begin
from cli.demo.casting import cast
from cli.demo.diary import Diary, EventIdOf, LastPosition
from cli.demo.forming import form
from cli.demo.gatherings import gather
from cli.demo.peers import review_each_other
from cli.demo.practices import assess, share_practices
from cli.demo.stage import Stage
from cli.demo.story import Story
from cli.demo.telling import tell
from cli.demo.weeks import live
from ledger.clock import SetClock
from ledger.domain.fact import Speaker
from ledger.posted import Receipt
from ledger.service import Ledger

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The demonstration as it was made: its stage, its stories, and how many events its diary holds."""

    stage: Stage
    stories: tuple[Story, ...]
    events: int

    def organisation(self, key: str) -> str:
        """The id of an organisation by its key, such as `northfield`."""
        return self.stage[key].id

    def voice(self, key: str) -> Speaker:
        """Who first speaks for an organisation."""
        return self.stage[key].voice


def plan_programme(seed: int, today: date) -> Programme:
    """The whole programme on paper; the same seed and day give the same diary."""
    stage = cast(seed, today)
    begin(stage)
    form(stage)
    stories = tell(stage)  # first: what is ordinary balances what is told, unless a pattern says otherwise
    review_each_other(stage)
    live(stage)
    gather(stage)
    share_practices(stage)
    assess(stage)
    return Programme(stage=stage, stories=stories, events=len(stage.diary.entries()))


def make_programme(
    ledger: Ledger, clock: SetClock, *, seed: int, today: date, progress: Progress | None = None
) -> Programme:
    """Posts the programme into a ledger that was opened with `clock`. Called again, it takes up where it stopped.

    Raises BatchRefused when the ledger refuses anything: a demonstration records nothing that a rule forbids.
    """
    programme = plan_programme(seed, today)
    record(ledger, clock, programme.stage.diary, progress)
    return programme


def record(ledger: Ledger, clock: SetClock, diary: Diary, progress: Progress | None = None) -> None:
    entries, done = len(diary.entries()), 0
    receipts: dict[str, Receipt] = {}
    last = 1
    for at, speaker, sitting in diary.sittings():
        clock.set(at)
        posted = [replace(one, data=filled(one.data, receipts, last)) for one in sitting]
        answers = ledger.post_batch(speaker, posted)
        for one, receipt in zip(sitting, answers, strict=True):
            receipts[one.id or ""] = receipt
        last = max(receipt.position for receipt in answers)
        done += len(sitting)
        if progress is not None:
            progress(done, entries)


def filled(data: Any, receipts: Mapping[str, Receipt], last: int) -> Any:
    """The data with what only the ledger could say."""
    match data:
        case EventIdOf(entry=entry):
            return receipts[entry].event_id
        case LastPosition():
            return last
        case dict():
            return {key: filled(value, receipts, last) for key, value in data.items()}
        case list():
            return [filled(value, receipts, last) for value in data]
    return data
