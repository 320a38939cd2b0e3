"""`pledger post`: every event of a file is answered, and the same file again does no harm."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.cli.terminal import HOUR, Terminal, event


def a_school(name: str, **more: Any) -> dict[str, Any]:
    return event("organisation.registered", name=name, kind="school", identifiers=[]) | more


def statuses(results: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(one["line"], one["status"]) for one in results]


@pytest.fixture
def admin(terminal: Terminal) -> Terminal:
    terminal.key("admin", "admin")
    return terminal


def test_each_row_is_answered_and_a_second_run_repeats(admin: Terminal) -> None:
    file = admin.file(a_school("Oak"), a_school("Elm"), a_school("Ash"))
    first = admin.done("post", file, "--key", admin.keys["admin"])
    assert statuses(first["results"]) == [(1, "recorded"), (2, "recorded"), (3, "recorded")]
    again = admin.done("post", file, "--key", admin.keys["admin"])
    assert statuses(again["results"]) == [(1, "repeated"), (2, "repeated"), (3, "repeated")]
    assert [one["receipt"] for one in again["results"]] == [one["receipt"] for one in first["results"]]
    assert again["position"] == first["position"]


def test_events_without_an_id_get_one_from_their_place_and_content(admin: Terminal) -> None:
    events = [{name: value for name, value in a_school(one).items() if name != "id"} for one in ("Oak", "Elm")]
    file = admin.file(*events)
    first = admin.done("post", file, "--key", admin.keys["admin"])
    again = admin.done("post", file, "--key", admin.keys["admin"])
    assert statuses(again["results"]) == [(1, "repeated"), (2, "repeated")]
    assert again["position"] == first["position"]


def test_a_batch_is_whole_or_not_at_all_and_ends_the_run(admin: Terminal) -> None:
    events = [a_school("Oak"), a_school("Elm", type="organisation.invented"), a_school("Ash"), a_school("Yew")]
    ran = admin.post("admin", *events, options=("--batch", "3"))
    results = ran.json()["results"]
    assert ran.code == 1
    assert statuses(results) == [(1, "not written"), (2, "refused"), (3, "not written"), (4, "not written")]
    assert results[1]["problem"]["errors"][0]["code"] == "unknown-type"


def test_without_atomic_each_event_stands_alone(admin: Terminal) -> None:
    events = [a_school("Oak"), a_school("Elm", type="organisation.invented"), a_school("Ash")]
    ran = admin.post("admin", *events, options=("--no-atomic",))
    assert ran.code == 1
    assert statuses(ran.json()["results"]) == [(1, "recorded"), (2, "refused"), (3, "recorded")]


@pytest.mark.parametrize(
    "content",
    [
        orjson.dumps(a_school("Oak")),
        orjson.dumps(a_school("Oak"), option=orjson.OPT_INDENT_2),
        orjson.dumps([a_school("Oak")]),
        orjson.dumps([a_school("Oak")], option=orjson.OPT_INDENT_2),
        b"\n\n" + orjson.dumps(a_school("Oak")) + b"\n\n",
    ],
)
def test_one_event_an_array_and_lines_are_read_from_standard_input(
    admin: Terminal, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert [one["status"] for one in admin.done("post", "-", "--key", admin.keys["admin"])["results"]] == ["recorded"]


def test_a_line_that_is_no_json_is_refused_where_it_stands(admin: Terminal) -> None:
    file = admin.file(a_school("Oak"), a_school("Elm"))
    with Path(file).open("ab") as stream:
        stream.write(b'{"specversion": "1.0", "type": \n')
    ran = admin.run("post", file, "--no-atomic", "--json", "--key", admin.keys["admin"])
    results = ran.json()["results"]
    assert ran.code == 1
    assert statuses(results) == [(1, "recorded"), (2, "recorded"), (3, "refused")]
    assert results[2]["problem"]["code"] == "not-readable"


def test_a_file_that_is_no_json_is_a_usage_error(admin: Terminal) -> None:
    file = admin.folder / "events.txt"
    file.write_text("name,kind\nOak,school\n")
    assert admin.run("post", str(file), "--key", admin.keys["admin"]).code == 2


def test_nobody_posts_without_a_valid_key(admin: Terminal) -> None:
    file = admin.file(a_school("Oak"))
    assert admin.run("post", file).code == 2
    assert admin.run("post", file, "--key", "pl_test_" + "x" * 43).code == 3


def test_a_key_that_only_reads_does_not_post(admin: Terminal) -> None:
    school = admin.school("Oak")
    admin.key("reader", "client", "--organisation", school, "--scope", "events:read")
    ran = admin.post("reader", event("support.completed", school))
    assert ran.code == 3


def test_the_giver_does_not_confirm(admin: Terminal) -> None:
    giver, receiver = admin.school("Northfield"), admin.school("Ashfield")
    day = "2026-09-01"
    sides = {"giver_id": giver, "receiver_id": receiver, "category": "maths"}
    delivery = admin.said("Northfield", "support.delivered", delivery_id="d1", amount=HOUR, delivered_on=day, **sides)
    support = delivery["stream"]["id"]
    ran = admin.post("Northfield", event("support.delivery_confirmed", support, delivery_id="d1"))
    assert ran.code == 1
    assert ran.json()["results"][0]["problem"]["code"] == "only-the-receiver-confirms"
    assert admin.said("Ashfield", "support.delivery_confirmed", support, delivery_id="d1")["version"] == 2


def test_the_report_is_a_table_too(admin: Terminal) -> None:
    file = admin.file(a_school("Oak"), a_school("Elm", type="organisation.invented"))
    ran = admin.run("post", file, "--no-atomic", "--csv", "--key", admin.keys["admin"])
    header, first, second = ran.out.splitlines()
    assert header == "file,line,status,position,code,detail"
    assert first.startswith("events.ndjson,1,recorded,")
    assert second.startswith("events.ndjson,2,refused,,claim-malformed,")
