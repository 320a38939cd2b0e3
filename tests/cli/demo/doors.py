"""The demonstration's ledger behind its doors, asked as an auditor of the whole and as the coordinators are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from api.app import create_app
from ledger.credentials import NewCredential
from projections.views import ReadModels
from tests.cli.demo.conftest import TODAY, Made
from tests.story import person

LONGEST = {"limit": "1000"}


@dataclass
class Doors:
    """`get` answers the JSON of a route as of the last day of the programme; it must answer with 200."""

    made: Made
    models: ReadModels
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = create_app(self.made.ledger, self.models).test_client()
        self.types = {fact.event_id: fact.type for fact in self.made.facts}
        self.keys["auditor"] = self._key("auditor", whole_ledger=True)

    def get(self, path: str, *, as_: str = "auditor", **query: str) -> Any:
        if as_ not in self.keys:  # a coordinator, by the key of its organisation
            self.keys[as_] = self._key("coordinator", organisations=[self.made.programme.organisation(as_)])
        answer = self.http.get(path, query_string=query, headers={"Authorization": f"Bearer {self.keys[as_]}"})
        assert answer.status_code == 200, (path, answer.get_data(as_text=True))
        return answer.get_json()

    def partnership(self, partnership_id: str | None, view: str, **query: str) -> Any:
        """A view of a partnership as of the last day."""
        return self.get(f"/v1/partnerships/{partnership_id}/{view}", as_of=TODAY.isoformat(), **query)

    def points(self, partnership_id: str | None) -> list[dict[str, Any]]:
        """All points as the coordinator of the partnership sees them."""
        cluster = next(one for one in self.made.programme.stage.clusters.values() if one.id == partnership_id)
        key = cluster.coordinator_on(TODAY).key
        found: list[dict[str, Any]] = self.partnership(partnership_id, "withdrawal-points", as_=key, **LONGEST)["items"]
        return found

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page."""
        body = self.get(path, **LONGEST)
        while True:
            yield from body["items"]
            if not body["has_more"]:
                return
            body = self.get(path, **LONGEST, cursor=body["next"])

    def kinds_of(self, event_ids: Collection[str]) -> set[str]:
        """The types of the facts that bear these ids."""
        return {self.types[one] for one in event_ids}

    def _key(self, role: Any, **scope: Any) -> str:
        new = NewCredential(name=f"{role} {scope}"[:60], role=role, **scope)
        return self.made.ledger.credentials.issue(person("admin"), new)[1]
