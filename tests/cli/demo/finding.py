"""How each story of the demonstration is found: by which view, in which figure, resting on which facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from cli.demo.story import Story
from tests.cli.demo.doors import Doors

Find = Callable[[Doors, Story], Collection[str]]


class Row(NamedTuple):
    """`find` asserts what the view says and gives the ids of the facts it says it on."""

    story: str
    view: str
    figure: str
    facts: str
    find: Find


def fraction(share: dict[str, Any]) -> Fraction:
    return Fraction(share["fraction"])


def point(doors: Doors, story: Story, kind: str, organisation: str, state: str = "open") -> dict[str, Any]:
    """The one point of a kind that a partner of the story's partnership has in a state."""
    [found] = [
        one for one in doors.points(story.partnership)
        if (one["kind"], one["organisation_id"], one["state"]) == (kind, organisation, state)
    ]  # fmt: skip
    return found


def has_point(kind: str, part: str, state: str = "open") -> Find:
    return lambda doors, story: point(doors, story, kind, story.organisations[part], state)["because"][1]


def whole_partnership(kind: str) -> Find:
    """Every partner of the day has the point."""

    def find(doors: Doors, story: Story) -> set[str]:
        partners = doors.get(f"/v1/partnerships/{story.partnership}")["partners"]
        return {each for one in partners for each in point(doors, story, kind, one)["because"][1]}

    return find


def without_one_sided(doors: Doors, story: Story) -> list[str]:
    assert [one for one in doors.points(story.partnership) if one["kind"] == "one_sided"] == []
    return []


def lopsided(doors: Doors, story: Story) -> list[str]:
    body = doors.partnership(story.partnership, "reciprocity")
    assert fraction(body["concentration"]["largest_share"]) >= Fraction(story.expected["concentration_least"])
    assert body["without_largest_giver"]["giver_id"] == story.organisations["giver"]
    return []


def on_purpose(doors: Doors, story: Story) -> list[str]:
    without_one_sided(doors, story)
    dimension = doors.partnership(story.partnership, "health")["dimensions"]["reciprocity"]
    assert (dimension["f"], dimension["why"]) == (None, "one way by agreement")
    return list(dimension["event_ids"])


def comes_round(doors: Doors, story: Story) -> list[str]:
    body = doors.partnership(story.partnership, "reciprocity")
    assert fraction(body["comes_round"]) >= Fraction(story.expected["comes_round_least"])
    assert set(story.organisations.values()) in [set(ring) for ring in body["rings"]]
    return without_one_sided(doors, story)


def mirrored(doors: Doors, story: Story) -> list[str]:
    [question] = doors.get("/v1/audit/questions")["items"]
    assert set(question["organisation_ids"]) == set(story.organisations.values())
    assert question["times"] == 3
    return [each for couple in question["couples"] for each in couple["event_ids"]]


def chain(part: str = "support", **figures: int) -> Find:
    """The figures of a support's chain."""

    def find(doors: Doors, story: Story) -> list[str]:
        body = doors.get(f"/v1/support/{story.expected['streams'][part]}")
        assert {name: body[name] for name in figures} == figures
        return [one["event_id"] for one in body["elements"]]

    return find


def silent(doors: Doors, story: Story) -> list[str]:
    receiver = story.expected["silent"]
    answers = doors.partnership(story.partnership, "health")["confirmation_by_receiver"][receiver]
    assert answers["unanswered"] >= 3
    assert fraction(answers["f"]) < 1
    return chain(unanswered_minutes=story.expected["claimed_minutes"])(doors, story)  # type: ignore[return-value]  # a list


def attested(doors: Doors, story: Story) -> list[str]:
    body = doors.get(f"/v1/organisations/{story.organisations['giver']}/balance")
    assert body["attested_minutes"] == story.expected["attested_minutes"]
    return chain(attested_minutes=195)(doors, story)  # type: ignore[return-value]  # a list


def taken_back(doors: Doors, story: Story) -> list[str]:
    """The reversal of what had counted is a line of its own; what never counted leaves the account as it was."""
    body = doors.get(f"/v1/organisations/{story.organisations['giver']}/statement", limit="1000")
    lines = [
        one for one in body["items"]
        if one["support_id"] == story.expected["streams"]["support"] and one["what"] == "reversal"
    ]  # fmt: skip
    assert [(one["delivery_id"], one["gave_minutes"]) for one in lines] == [("d2", -360), ("d3", 0)]
    return [each for one in lines for each in one["event_ids"]]


def second_thoughts(doors: Doors, story: Story) -> list[str]:
    found = chain(confirmed_minutes=story.expected["confirmed_minutes"])(doors, story)
    marks = {one["event_id"]: one["marks"] for one in doors.pages(f"/v1/partnerships/{story.partnership}/history")}
    assert [mark for each in found for mark in marks[each]] == ["withdrawn", "correction"] * 2
    return [each for each in found if marks[each]]


def settled_up(doors: Doors, story: Story) -> list[str]:
    """What was still open is agreed on: forgiven, passed on, returned or carried."""
    body = doors.get(f"/v1/partnerships/{story.partnership}")
    residuals = body["state"]["residuals"].values()
    disposals = {one["said"]["disposal"]: one["said"]["minutes"] for one in residuals}
    assert disposals == story.expected["disposals"]
    history = list(doors.pages(f"/v1/partnerships/{story.partnership}/history"))
    return [one["event_id"] for one in history if one["type"].startswith("partnership.residual")]


def left_late(doors: Doors, story: Story) -> list[str]:
    leaver = story.organisations["leaver"]
    body = doors.partnership(story.partnership, "way-out", organisation=leaver)
    notice = body["leaving"]["notice"]
    assert (notice["leaves_on"], notice["point_was_open"]) == (story.expected["leaves_on"], True)
    [support] = [one for one in body["open"]["supports"] if one["support_id"] == story.expected["streams"]["open"]]
    assert point(doors, story, "review_due", leaver, "taken")["point_id"] == notice["point_id"]
    return [notice["event_id"], *support["event_ids"]]


def stays(doors: Doors, story: Story) -> list[str]:
    body = doors.partnership(story.partnership, "way-out", organisation=story.organisations["partner"])
    assert "notice" not in body["leaving"]
    history = doors.pages(f"/v1/partnerships/{story.partnership}/history")
    return [one["event_id"] for one in history if one["type"] == "partnership.notice_rescinded"]


def told_in_history(*types: str) -> Find:
    """The partnership's history tells it, of the organisations of the story."""

    def find(doors: Doors, story: Story) -> list[str]:
        concerned = set(story.organisations.values())
        found = [one for one in doors.pages(f"/v1/partnerships/{story.partnership}/history") if one["type"] in types]
        names = {doors.get(f"/v1/organisations/{one}")["name"] for one in concerned}
        mine = [one for one in found if any(name in one["says"] for name in names)]
        assert {one["type"] for one in mine} == set(types)
        return [one["event_id"] for one in mine]

    return find


def good_ending(doors: Doors, story: Story) -> set[str]:
    found = [one for one in doors.points(story.partnership) if one["kind"] == "purpose_met"]
    assert {one["organisation_id"] for one in found} == set(story.organisations.values())
    assert {one["state"] for one in found} == {"passed"}
    report = doors.get("/v1/programmes/report")
    [closed] = [one for one in report["partnerships"] if one["partnership_id"] == story.partnership]
    assert (closed["ending"], closed["closed_on"]) == ("completed", story.expected["closed_on"])
    return {each for one in found for each in one["because"][1]}


def one_history(doors: Doors, story: Story) -> list[str]:
    """The academy's history holds the school's, and each fact says whose it is."""
    successor, before = story.organisations["successor"], story.organisations["predecessor"]
    items = list(doors.pages(f"/v1/organisations/{successor}/history"))
    assert {before, successor} <= {identity for one in items for identity in one["identity_ids"]}
    found = point(doors, story, "structural", before, "passed")
    return list(found["because"][1])


def rows_of(doors: Doors, path: str, mark: str) -> Iterator[dict[str, Any]]:
    return (one for one in doors.pages(path) if mark in one["marks"])
