"""All stories of the demonstration, in the order in which they are told."""

from __future__ import annotations

from cli.demo.stage import Stage
from cli.demo.story import Story


def tell(stage: Stage) -> tuple[Story, ...]:
    return ()
