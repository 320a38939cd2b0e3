"""`python -m tests.api.serving`: a served ledger by the environment's settings, which says where it is."""

from __future__ import annotations

import json
import os

from api.server import serve
from ledger.settings import load


def say(url: str, origin: str) -> None:
    print(json.dumps({"url": url, "origin": origin}), flush=True)


if __name__ == "__main__":
    serve(load(os.environ), announce=say)
