"""Every route and method for every kind of caller, inside and outside; and outside is as if there was nothing."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import pytest

from tests.security.asking import NOBODY_OF_THEIRS, absent, address, called, letter, likeness
from tests.security.matrix import CALLERS, ROUTES
from tests.security.world import World

EVERY: Final = {"HEAD", "OPTIONS"}
BY_ID: Final = [route for route, cells in ROUTES.items() if cells.outside]
THINGS: Final = [route for route in BY_ID if "a" in ROUTES[route].outside]


def who(world: World, caller: str) -> str:
    return caller if caller in NOBODY_OF_THEIRS else world.clusters[0].who(caller)


def answered(world: World, route: str, *, inside: bool) -> str:
    """The letters of all callers; those that are not asked have a dash."""
    (method, rule), cells = route.split(" "), ROUTES[route]
    expected, about, found = cells.inside if inside else cells.outside, world.clusters[0 if inside else 1], ""
    for caller, cell in zip(CALLERS, expected, strict=True):
        path = address(rule, about, caller, inside=inside)
        if cell == "-":
            found += cell
        else:
            with closing(called(world, method, rule, who(world, caller), path)) as answer:
                found += letter(answer)
    return found


def test_every_route_has_its_row_and_every_row_its_route(world: World) -> None:
    rules = [
        (method, rule) for rule in world.town.app.url_map.iter_rules() for method in (rule.methods or set()) - EVERY
    ]
    assert sorted(f"{method} {rule.rule}" for method, rule in rules) == sorted(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_inside_each_caller_is_answered_what_the_table_says(world: World, route: str) -> None:
    assert answered(world, route, inside=True) == ROUTES[route].inside


@pytest.mark.parametrize("route", BY_ID)
def test_outside_each_caller_is_answered_what_the_table_says(world: World, route: str) -> None:
    assert answered(world, route, inside=False) == ROUTES[route].outside


def test_every_address_with_an_id_is_asked_from_outside() -> None:
    assert {route for route in ROUTES if "<uuid:" in route} == set(BY_ID)


@pytest.mark.parametrize("route", THINGS)
def test_what_is_outside_is_told_from_what_is_not_there_in_nothing(world: World, route: str) -> None:
    """The same status, headers and body, but for ids; by HEAD, OPTIONS and a method that is not answered as well."""
    method, rule = route.split(" ")
    for caller, cell in zip(CALLERS, ROUTES[route].outside, strict=True):
        if cell in "o-":
            continue
        path = address(rule, world.clusters[1], caller, inside=False)
        for asked in (method, "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE" if method == "GET" else "GET"):
            there, not_there = (called(world, asked, rule, who(world, caller), one) for one in (path, absent(path)))
            assert likeness(there) == likeness(not_there), (asked, caller)
            there.close()
            not_there.close()


def test_nobody_learns_which_methods_an_address_has(world: World) -> None:
    for route in THINGS:
        rule = route.split(" ")[1]
        path = address(rule, world.clusters[1], "", inside=False)
        for method in ("HEAD", "OPTIONS", "PUT", "TRACE"):
            assert world.ask(method, "", path).status_code in (401, 405), (method, path)


def test_an_id_of_another_hidden_among_ones_own_finds_nothing(world: World) -> None:
    tamar, lune = world.clusters
    ids, stranger, foreign = tamar.ids, lune.of("Giver"), lune.ids["partnership_id"]
    own = f"/v1/partnerships/{ids['partnership_id']}"
    not_there = {
        f"/v1/programmes/report?partnership={ids['partnership_id']},{foreign}",
        f"{own}/way-out?organisation={stranger}",
        f"/v1/board/matches?support={lune.ids['request']}",
        f"/v1/access-log?organisation={stranger}",
        f"/v1/access-log?partnership={foreign}",
    }
    empty = {
        f"/v1/inbox?partnership={foreign}": "items",
        f"/v1/inbox?organisation={stranger}": "items",
        f"/v1/reviews?partnership={foreign}": "items",
        f"/v1/board/offers?partnership={foreign}": "items",
        f"/v1/events?partnership={foreign}": "events",
    }
    giver = tamar.who("Giver")
    assert {path: world.get(giver, path).status_code for path in not_there} == dict.fromkeys(not_there, 404)
    assert {path: world.get(giver, path).get_json()[rows] for path, rows in empty.items()} == {
        path: [] for path in empty
    }
