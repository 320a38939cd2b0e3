"""What a process that serves this ledger says of itself at the operator's address."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

import orjson
from prometheus_client.parser import text_string_to_metric_families

from ledger.readers import Endpoint

PATIENCE_SECONDS: Final = 5.0
MOST_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Served:
    """`troubles` are why it is not ready, in its own words; `measured` its metrics without labels, by name."""

    troubles: tuple[str, ...]
    measured: dict[str, float]


def served(address: Endpoint | None) -> Served | None:
    """What answers at an address; None where nobody does, or somebody else."""
    if address is None:
        return None
    try:
        checks = orjson.loads(got(address, "/readyz"))["checks"]
        families = text_string_to_metric_families(got(address, "/metrics").decode())
        samples = [sample for family in families for sample in family.samples if not sample.labels]
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return None
    troubles = [f"{name}: {why(check)}" for name, check in checks.items() if not check["ok"]]
    return Served(tuple(troubles), {sample.name: sample.value for sample in samples})


def why(check: dict[str, Any]) -> str:
    """A check's reason, the names of the views that do not answer, or only that it fails."""
    views = [one["view"] for one in check.get("views", ()) if not one["answers"]]
    return check.get("why") or (f"{', '.join(views)} not answering" if views else "not in order")


def got(address: Endpoint, path: str) -> bytes:
    """The body of an answer, whatever its status. Raises OSError, HTTPException."""
    host, port = address
    connection = HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().read(MOST_BYTES)
    finally:
        connection.close()
