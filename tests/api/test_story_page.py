"""The story in the docs is true: its bodies are posted in its order, and answered as the page says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from string import Template
from typing import Any, Final

from tests.api.calls import Town
from tests.architecture.sources import ROOT

POST: Final = re.compile(
    r'^post "\$(?P<key>\w+)" (?P<path>\S+) <<END  # (?P<status>\d{3})(?: (?P<code>\S+))?\n(?P<body>.*?)\nEND\n'
    r"(?:(?P<name>\w+)=\$\(got (?P<member>\S+)\)$)?",
    re.DOTALL | re.MULTILINE,
)
GET: Final = re.compile(
    r'^get "\$(?P<key>\w+)" "(?P<path>[^"]+)"\n```\n\n```json\n(?P<answer>.*?)```', re.DOTALL | re.MULTILINE
)


@dataclass
class Reader:
    """Somebody who follows the page; `variables` are those of their shell."""

    town: Town
    variables: dict[str, str] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """The text as the shell would send it. Raises KeyError for a variable that the page has not set."""
        return Template(text).substitute(self.variables)

    def bearer(self, step: re.Match[str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.variables[step['key']]}"}

    def follow(self, step: re.Match[str]) -> None:
        if step.re is POST:
            self.post(step)
        else:
            self.get(step)

    def post(self, step: re.Match[str]) -> None:
        answer = self.town.http.post(
            step["path"], json=json.loads(self.filled(step["body"])), headers=self.bearer(step)
        )
        body = answer.get_json()
        assert (answer.status_code, body.get("code")) == (int(step["status"]), step["code"]), (step["body"], body)
        if step["name"] is not None:
            self.variables[step["name"]] = str(member(body, step["member"]))

    def get(self, step: re.Match[str]) -> None:
        answer = self.town.http.get(self.filled(step["path"]), headers=self.bearer(step)).get_json()
        expected = json.loads(self.filled(step["answer"]))
        assert like(answer, expected) == expected


def like(answer: Any, expected: Any) -> Any:
    """The answer with those members only that the page shows."""
    if isinstance(expected, dict):
        return {name: like(answer[name], value) for name, value in expected.items()}
    return answer


def member(body: Any, path: str) -> Any:
    for name in path.split("."):
        body = body[name]
    return body


def test_the_story_in_the_docs_happens_as_it_is_told(served: Town) -> None:
    page = (ROOT / "docs" / "story.md").read_text("utf-8")
    posts, gets = list(POST.finditer(page)), list(GET.finditer(page))
    assert (len(posts), len(gets)) == (page.count("<<END"), page.count("```json"))

    today = served.ledger.today()
    days = {"TODAY": today.isoformat(), "LATER": (today + timedelta(days=30)).isoformat()}
    reader = Reader(served, {"ADMIN_KEY": served.key("admin", "admin")} | days)
    for step in sorted([*posts, *gets], key=re.Match.start):
        reader.follow(step)
    refusals = {step["code"] for step in posts if step["code"]}
    assert {"only-the-receiver-confirms", "open-to-several", "wrong-voice"} <= refusals
