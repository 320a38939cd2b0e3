"""What the demonstration says when it is ready: where it is, whose key is which, and what to try first."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Any, Final

WHOSE: Final = {
    "coordinator": "Harrowmere Learning Hub, which runs clusters",
    "auditor": "reads the whole ledger",
    "member": "Northfield's office",
    "client": "Ashfield's information system",
    "admin": "registers organisations, makes keys",
}


def banner(made: dict[str, Any], file: Path) -> str:
    """The text for a person. Its commands can be pasted as they stand."""
    keys, organisations, url = made["api_keys"], made["organisations"], made["url"]
    variables = {
        "URL": url,
        "KEY": keys["member"],
        "SCHOOL": organisations["member"],
        "OTHER": organisations["client"],
        "OTHER_KEY": keys["client"],
    }
    export = " ".join(f"{name}={value}" for name, value in variables.items())
    lines = [
        "",
        f"Partnership Ledger, a demonstration: {url}",
        "67 invented schools, 13 clusters, eighteen months. On this machine only; Ctrl-C ends it, what is in it stays.",
        "",
        *(f"  {role:12} {key}  {WHOSE[role]}" for role, key in keys.items()),
        "",
        f"To sign in with a browser: {url}/sign-in",
        *(f"  {one['role']:12} {one['login']:26} {one['password']}" for one in made["users"]),
        "",
        "For another terminal (KEY and SCHOOL are Northfield's, OTHER_KEY and OTHER Ashfield's):",
        f"  export {export}",
        "",
        "What did Northfield give, and what did it get?",
        '  curl -H "Authorization: Bearer $KEY" $URL/v1/organisations/$SCHOOL/balance',
        f"  {executable()} --home {shlex.quote(str(file.parent))} balance Northfield",
        f"Keys and ids are kept in {file}.",
        "",
    ]
    return "\n".join(lines)


def executable() -> str:
    """This program as a shell finds it: beside the interpreter that runs it, or wherever it was called from."""
    beside = Path(sys.executable).with_name("pledger")
    if beside.exists():
        return shlex.quote(str(beside))
    return shutil.which("pledger") or f"{shlex.quote(sys.executable)} -m cli.main"
