"""More stories and how they are found: what was recorded late, brought in, closed, split or taken off the board."""

from __future__ import annotations

from cli.demo.story import Story
from tests.cli.demo.doors import Doors
from tests.cli.demo.finding import rows_of


def late(doors: Doors, story: Story) -> list[str]:
    streams = set(story.expected["streams"].values())
    path = f"/v1/organisations/{story.organisations['giver']}/statement"
    lines = [one for one in doors.get(path, limit="1000")["items"] if one["support_id"] in streams]
    assert [(one["late"], one["after_closing"], one["minutes"]) for one in lines] == [(True, True, 195)] * 3
    return [each for one in lines for each in one["event_ids"]]


def periods(doors: Doors, story: Story) -> list[str]:
    return [one["event_id"] for one in doors.pages("/v1/audit/trail") if one["type"].startswith("log.period_")]


def imported(doors: Doors, story: Story) -> list[str]:
    found = list(rows_of(doors, "/v1/audit/trail", "imported"))
    assert {one["stream_id"] for one in found} == set(story.expected["streams"].values())
    return [one["event_id"] for one in found]


def twice(doors: Doors, story: Story) -> list[str]:
    path = "/v1/organisations/{}/balance"
    one, other = (doors.get(path.format(story.organisations[part])) for part in ("school", "duplicate"))
    assert one["given_minutes"] == other["given_minutes"] > 0
    history = doors.pages(f"/v1/organisations/{story.organisations['school']}/history")
    return [each["event_id"] for each in history if each["type"] == "organisation.duplicate_declared"]


def off_the_board(doors: Doors, story: Story) -> list[str]:
    listed = {one["support_id"] for kind in ("offers", "requests") for one in doors.pages(f"/v1/board/{kind}")}
    streams = story.expected["streams"]
    assert listed
    assert not listed & set(streams.values())
    chains = [doors.get(f"/v1/support/{one}")["elements"] for one in streams.values()]
    return [each["event_id"] for one in chains for each in one if each["type"].endswith("withdrawn")]


def shared_out(doors: Doors, story: Story) -> list[str]:
    """One occasion is entered once for each receiver, and counts once."""
    bodies = [doors.get(f"/v1/support/{one}") for one in story.expected["streams"].values()]
    assert sum(one["confirmed_minutes"] for one in bodies) == story.expected["confirmed_minutes"]
    assert all(len(one["siblings"]) == len(bodies) - 1 for one in bodies)
    return [each["event_id"] for one in bodies for each in one["elements"] if each["type"] == "support.delivered"]


def worked_on(doors: Doors, story: Story) -> list[str]:
    body = doors.get(f"/v1/reviews/{story.expected['streams']['review']}")
    [finding] = [one for one in body["findings"] if one["finding_id"] == story.expected["finding"]]
    assert finding["reached"] == "outcome"
    return [each for step in finding["chain"] for each in step["event_ids"]]


def other_voice(doors: Doors, story: Story) -> list[str]:
    """Who confirmed is not who recorded, though one head leads both schools."""
    body = doors.get(f"/v1/support/{story.expected['streams']['support']}")
    said = {one["type"]: doors.get(f"/v1/events/{one['event_id']}")["authid"] for one in body["elements"]}
    assert said["support.delivered"] == story.expected["recorded_by"]
    assert said["support.delivery_confirmed"] == story.expected["confirmed_by"]
    return [
        one["event_id"]
        for one in body["elements"]
        if one["type"] in ("support.delivered", "support.delivery_confirmed")
    ]


def office(doors: Doors, story: Story) -> list[str]:
    person, key = story.expected["person"], story.expected["revoked"]
    items = [one for one in doors.pages("/v1/audit/trail") if one["stream_id"] in (person, key)]
    return [one["event_id"] for one in items if one["type"] in ("person.role_ended", "credential.revoked")]
