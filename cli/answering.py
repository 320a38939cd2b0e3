"""Whom a command asks: the ledger on this machine, or one elsewhere. Both answer what HTTP answers, to the same words.

A command names a route and its parameters; where the answer comes from is settled here, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from cli.naming import Directory
from cli.opening import Said


class Answering(Protocol):
    """A ledger that answers whoever asks."""

    def directory(self) -> Directory:
        """Who there is, as far as it is the reader's. Raises ClientError."""

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """The JSON of a route. `from_` is the parameter `from`; None is left out. Raises ClientError."""

    def items(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page. Raises ClientError."""


@contextmanager
def answering(said: Said) -> Iterator[Answering]:
    """The ledger that the options and the environment name, open until the block ends. Raises ClientError, Refusal."""
    if said.url is None:
        from cli.here import answering_here

        with answering_here(said) as here:
            yield here
    else:
        from cli.there import answering_there

        with answering_there(said, said.url) as there:
            yield there
