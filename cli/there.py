"""A ledger elsewhere, asked over HTTP by the client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, get_args

import click

from api.client import Client, NotAllowed, Patience
from cli.naming import Directory, Named
from cli.opening import KEY_VARIABLE, Said
from cli.placeless import without_place
from ledger.domain.organisation.facts import Scheme

PATIENCE: Final = Patience(tries=4, most_seconds=5.0)
"""Somebody sits and waits: rather say that there is no answer."""
POSTING_PATIENCE: Final = Patience(tries=12)
MOST: Final = 1000
MOST_IDENTIFIER: Final = 60


class There:
    """Answers of a ledger elsewhere, which know all that it held when the command began."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._position = int(client.get("/v1/me")["position"])

    def directory(self) -> Directory:
        return FarDirectory(self._client, [*self._organisations(), *self._partnerships()])

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        answer = self._client.get(path, min_position=self._position, **parameters)
        return without_place(answer)  # type: ignore[no-any-return]  # of an object it makes an object

    def items(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        for one in self._client.items(path, min_position=self._position, **parameters):
            yield dict(one)

    def _organisations(self) -> Iterator[Named]:
        for one in self.items("/v1/organisations", limit=MOST):
            yield Named(one["id"], "organisation", one["name"])

    def _partnerships(self) -> Iterator[Named]:
        """Those that the reader may look into: an admin reads none."""
        try:
            for one in self.items("/v1/partnerships", limit=MOST):
                yield Named(one["id"], "partnership", one["name"])
        except NotAllowed:
            return


class FarDirectory(Directory):
    """The directory of a ledger elsewhere; it is asked about identifiers when one is named."""

    def __init__(self, client: Client, entries: list[Named]) -> None:
        super().__init__(entries)
        self._client = client

    def find(self, word: str) -> list[Named]:
        return super().find(word) or list(self._identified(word.strip()))

    def _identified(self, word: str) -> Iterator[Named]:
        if not word or len(word) > MOST_IDENTIFIER or not any(letter.isdigit() for letter in word) or " " in word:
            return
        scheme, _, value = word.rpartition(":")
        schemes = get_args(Scheme) if scheme not in get_args(Scheme) else (scheme,)
        found = {
            str(one["id"])
            for each in schemes
            for one in self._client.items("/v1/organisations", identifier=f"{each}:{value}")
        }
        yield from (one for one in self.entries if one.id in found)


@contextmanager
def client_there(said: Said, url: str, patience: Patience = PATIENCE) -> Iterator[Client]:
    """A client of that ledger. Raises UsageError where nobody says who asks, or the address is none."""
    if said.key is None:
        raise click.UsageError(f"say who speaks: --key KEY, or {KEY_VARIABLE} in the environment")
    try:
        client = Client(url, said.key, patience=patience)
    except ValueError as wrong:
        raise click.UsageError(f"--url, --key: {wrong}") from None
    with client:
        yield client


@contextmanager
def answering_there(said: Said, url: str) -> Iterator[There]:
    """That ledger, once it has said who asks. Raises ClientError."""
    with client_there(said, url) as client:
        yield There(client)
