"""The reference page and the pages of problems: complete, offline, and readable without a script."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest

from api.problems import PLAIN
from api.refusing import every
from tests.api.calls import Town

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """A page as it is read: its elements with their attributes, and whether each that was opened was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, attribute: str) -> list[str]:
        return [str(found[attribute]) for _, found in self.elements if attribute in found]


def page(town: Town, path: str) -> Page:
    answer = town.http.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'self'" in policy
    assert "unsafe" not in policy
    return Page(answer.get_data(as_text=True))


@pytest.fixture
def reference(town: Town) -> Page:
    return page(town, "/docs")


@pytest.mark.parametrize("path", ["/docs", "/v1/problems", "/v1/problems/not-found"])
def test_a_page_is_whole_and_loads_nothing_from_elsewhere(town: Town, path: str) -> None:
    found = page(town, path)
    assert found.open == []
    tags = Counter(tag for tag, _ in found.elements)
    assert (tags["h1"], tags["main"], tags["title"], tags["script"], tags["style"]) == (1, 1, 1, 0, 0)
    assert dict(found.elements)["html"] == {"lang": "en-GB"}
    assert [one for one in (*found.values("href"), *found.values("src")) if not one.startswith(("/", "#"))] == []
    assert found.values("style") == []
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    ids = found.values("id")
    assert len(ids) == len(set(ids))


def test_its_stylesheet_is_served_here(town: Town, reference: Page) -> None:
    [address] = [str(found["href"]) for tag, found in reference.elements if tag == "link"]
    answer = town.http.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "@import" not in answer.get_data(as_text=True)
    assert "url(" not in answer.get_data(as_text=True)


def test_it_shows_every_route_with_its_call(town: Town, reference: Page) -> None:
    document: dict[str, Any] = town.http.get("/openapi.json").get_json()
    ids = set(reference.values("id"))
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            assert item[method]["operationId"] in ids
            assert f'"$LEDGER{path}' in reference.words
    assert ids >= {f"schema-data.{one['type']}" for one in town.http.get("/v1/schemas").get_json()["items"]}


def test_every_link_leads_to_a_place_on_the_page_or_to_what_is_served(town: Town, reference: Page) -> None:
    ids, links = set(reference.values("id")), set(reference.values("href"))
    assert {one for one in links if one.startswith("#") and one[1:] not in ids} == set()
    assert {one for one in links if one.startswith("/") and town.http.get(one).status_code != 200} == set()


def test_every_refusal_has_a_page_under_its_type(town: Town) -> None:
    codes = {kind.code for kind in every()} | PLAIN.keys()
    kinds = {one["code"]: one for one in town.http.get("/v1/problems").get_json()["items"]}
    assert kinds.keys() == codes
    assert len(codes) > 80
    for code, kind in kinds.items():
        assert town.http.get(kind["type"]).get_json() == kind
        assert code in page(town, kind["type"]).words
        assert kind["meaning"].endswith((".", "?")) or " " in kind["meaning"], code


def test_a_problem_leads_to_its_description(town: Town) -> None:
    problem = town.http.get("/v1/me").get_json()
    assert town.http.get(problem["type"]).get_json()["code"] == problem["code"]


def test_machines_are_told_in_json_unless_they_prefer_a_page(town: Town) -> None:
    for accept in ("", "*/*", "application/json", "application/problem+json, */*;q=0.1"):
        assert town.http.get("/v1/problems/not-found", headers={"Accept": accept}).mimetype == "application/json"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert town.http.get("/v1/problems/not-found", headers={"Accept": browser}).mimetype == "text/html"
