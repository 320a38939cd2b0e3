"""The two-party rule against whoever holds many credentials: no delivery counts that another has not confirmed.

Ada is a head of both schools, with a key for each, a session and machines that speak for both; Bo is of the receiver.
What was admitted is looked up in the stored facts, not asked of the rules.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import orjson
import pytest

from api.signing_in import CSRF_HEADER
from ledger.credentials import NewCredential
from tests.api.browser import ORIGIN, Browser, person_with_account, signed_in
from tests.api.calls import SOURCE, Town, hours
from tests.ledger.witness import whole_log

TODAY = "2026-09-01"
BINARY: Final = {"ce-specversion": "1.0", "ce-source": SOURCE, "Content-Type": "application/json"}


class Crowd:
    """Two people and all their credentials: `voices` are the ways in which somebody may speak, by name."""

    def __init__(self, town: Town) -> None:
        self.town = town
        for name in ("Northfield", "Ashfield"):
            town.school(name)
        self.giver, self.receiver = town.ids["Northfield"], town.ids["Ashfield"]
        self.ada, self.bo = (self.introduced(one) for one in ("Northfield", "Ashfield"))
        both = ("Northfield", "Ashfield")
        town.key("ada gives", "member", "Northfield", person_id=self.ada)
        town.key("ada receives", "member", "Ashfield", person_id=self.ada)
        town.key("ada receives again", "member", "Ashfield", person_id=self.ada)
        town.key("machine", "client", *both)
        town.key("ada's machine", "client", *both, person_id=self.ada)
        town.key("ada coordinates", "coordinator", "Northfield", person_id=self.ada)
        token = town.ledger.tokens.issue(town.ledger.credentials.shown(town.keys["machine"]))
        town.keys["token"] = token.text
        town.key("bo", "member", "Ashfield", person_id=self.bo)
        self.session = self.signed_in()
        self.keys = [one for one in town.keys if one.startswith(("ada", "machine", "token"))] + ["admin", "bo"]

    def introduced(self, school: str) -> str:
        id_ = str(uuid.uuid4())
        said = {"person_id": id_, "organisation_id": self.town.ids[school], "role": "head", "name": "Somebody"}
        self.town.said(school, "person.introduced", id_, **said)
        return id_

    def signed_in(self) -> Browser:
        """Ada's account at the receiver: the same person again."""
        admin = self.town.ledger.credentials.authenticate(self.town.keys["admin"])
        new = NewCredential(name="Ada", role="member", organisations=(self.receiver,), person_id=self.ada)
        account = person_with_account(self.town.ledger, admin, new, "ada")
        self.town.ledger.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the test's can be moved
        return signed_in(Browser(self.town.http), account)

    def post(self, dice: random.Random, type_name: str, subject: str | None, data: dict[str, Any]) -> str | None:
        """Says it by any credential and in any form, with and without `recordedfor`; the stream, where it was taken."""
        given: dict[str, Any] = {"type": f"support.{type_name}", "id": str(uuid.uuid4()), "source": SOURCE}
        given |= {} if subject is None else {"subject": subject}
        given |= {"recordedfor": dice.choice((self.giver, self.receiver))} if dice.random() < 0.5 else {}
        send: Callable[..., Any] = dice.choice((self.structured, self.batch, self.binary))
        who = dice.choice([*self.keys, "ada's session"])
        answer = send(given, data, who)
        assert answer.status_code < 500
        if answer.status_code != 201:
            return None
        body = answer.get_json()
        return str((body["results"][0]["receipt"] if "results" in body else body)["stream"]["id"])

    def structured(self, given: dict[str, Any], data: dict[str, Any], who: str) -> Any:
        return self.sent(who, json={"specversion": "1.0", **given, "data": data})

    def batch(self, given: dict[str, Any], data: dict[str, Any], who: str) -> Any:
        return self.sent(who, json=[{"specversion": "1.0", **given, "data": data}])

    def binary(self, given: dict[str, Any], data: dict[str, Any], who: str) -> Any:
        return self.sent(who, data=orjson.dumps(data), headers=BINARY | {f"ce-{k}": v for k, v in given.items()})

    def sent(self, who: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        if who == "ada's session":
            proof = {CSRF_HEADER: self.session.token(), "Origin": ORIGIN}
            return self.session.http.post("/v1/events", headers=proof | (headers or {}), **body)
        return self.town.http.post("/v1/events", headers=self.town.as_(who) | (headers or {}), **body)


def claims(crowd: Crowd, dice: random.Random) -> tuple[str, dict[str, Any]]:
    """Anything that might make a delivery count."""
    sides = {"giver_id": crowd.giver, "receiver_id": crowd.receiver, "category": "maths"}
    given: dict[str, Any] = {"delivery_id": "d1", "amount": hours("1"), "delivered_on": TODAY}
    people = {"people": [dice.choice((crowd.ada, crowd.bo))]} if dice.random() < 0.4 else {}
    settle = {"settlement_id": "s1", "delivery_id": "d1", "amount": hours("1"), "reason": "Let us agree"}
    return dice.choice(
        [
            ("delivered", {**given, **sides, **people}),
            ("delivered", {**given, **sides, **people, "imported": True}),
            ("delivery_confirmed", {"delivery_id": "d1"}),
            ("delivery_confirmed", {"delivery_id": "d1"}),
            ("delivery_confirmed", {"delivery_id": "d1"}),
            ("delivery_disputed", {"delivery_id": "d1", "reason": "Shorter"}),
            ("settlement_proposed", settle),
            ("dispute_settled", {"settlement_id": "s1"}),
            ("delivery_attested", {"delivery_id": "d1", "evidence": "Seen"}),
        ]
    )


def counted(town: Town) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each confirmation or settlement in the log with the delivery or the proposal that it is the second half of."""
    first: dict[tuple[str, str], dict[str, Any]] = {}
    pairs = []
    for fact in whole_log(town.ledger):
        record = orjson.loads(fact.record)
        data, stream = record["data"], record["stream"]["id"]
        match record["type"]:
            case "support.delivered":
                first[stream, data["delivery_id"]] = record
            case "support.settlement_proposed":
                first[stream, data["settlement_id"]] = record
            case "support.delivery_confirmed":
                pairs.append((first[stream, data["delivery_id"]], record))
            case "support.dispute_settled":
                pairs.append((first[stream, data["settlement_id"]], record))
    return pairs


@pytest.mark.parametrize("seed", range(3))
def test_no_delivery_counts_that_another_person_has_not_confirmed(
    town: Town, times: Callable[[int, int], int], seed: int
) -> None:
    crowd, dice, streams = Crowd(town), random.Random(seed), list[str]()
    for _ in range(times(400, 200)):
        name, data = claims(crowd, dice)
        subject = None if name == "delivered" or not streams else dice.choice(streams[-4:])
        if (stream := crowd.post(dice, name, subject, data)) is not None and name == "delivered":
            streams.append(stream)
    person_of = {town.ledger.credentials.authenticate(town.keys[one]).principal: one for one in ("ada gives", "bo")}
    pairs = counted(town)
    for first, second in pairs:
        assert first["actor"] != second["actor"]
        if second["type"] == "support.delivery_confirmed":
            assert second["voice"] == crowd.receiver
            assert "recorded_for" not in second or second["recorded_for"] == crowd.receiver
            named = {"ada gives": crowd.ada, "bo": crowd.bo}.get(person_of.get(second["actor"], ""))
            assert named not in first["data"].get("people", [])
        else:
            assert {first["voice"], second["voice"]} == {crowd.giver, crowd.receiver}
    assert pairs  # the rest of it would hold of nothing as well


def test_a_person_is_one_however_they_come_in(town: Town) -> None:
    """Whichever key, machine or session of Ada's delivered, none of hers confirms; Bo does."""
    crowd = Crowd(town)
    sides = {"giver_id": crowd.giver, "receiver_id": crowd.receiver, "category": "maths"}
    given = {"delivery_id": "d1", "amount": hours("1"), "delivered_on": TODAY, **sides}
    said = {"specversion": "1.0", "source": SOURCE, "type": "support.delivered", "data": given}
    answer = crowd.sent("ada gives", json=said | {"id": "1"})
    subject = answer.get_json()["stream"]["id"]
    yes: dict[str, Any] = {
        "specversion": "1.0",
        "source": SOURCE,
        "type": "support.delivery_confirmed",
        "subject": subject,
    }
    yes |= {"data": {"delivery_id": "d1"}}
    refused = {}
    for who in ("ada receives", "ada receives again", "ada's machine", "ada's session"):
        more = {"recordedfor": crowd.receiver} if "machine" in who else {}
        refused[who] = crowd.sent(who, json=yes | more | {"id": who}).get_json()["code"]
    assert set(refused.values()) == {"needs-another-voice"}, refused
    assert crowd.sent("ada coordinates", json=yes | {"id": "c"}).get_json()["code"] == "only-the-receiver-confirms"
    assert crowd.sent("bo", json=yes | {"id": "bo"}).status_code == 201


def test_one_machine_of_both_schools_says_one_half(town: Town) -> None:
    """By key and by token it is one principal; so it is in one batch, and when it says that it imports."""
    crowd = Crowd(town)
    sides = {"giver_id": crowd.giver, "receiver_id": crowd.receiver, "category": "maths"}
    given = {"delivery_id": "d1", "amount": hours("1"), "delivered_on": TODAY, "imported": True, **sides}
    subject = str(uuid.uuid4())
    first = {"specversion": "1.0", "source": SOURCE, "type": "support.delivered", "subject": subject, "data": given}
    first |= {"recordedfor": crowd.giver}
    yes: dict[str, Any] = {"specversion": "1.0", "source": SOURCE, "subject": subject}
    yes |= {"type": "support.delivery_confirmed"}
    yes |= {"data": {"delivery_id": "d1"}, "recordedfor": crowd.receiver}
    both = crowd.sent("machine", json=[first | {"id": "1"}, yes | {"id": "2"}])
    assert (both.status_code, both.get_json()["code"], both.get_json()["index"]) == (409, "needs-another-voice", 1)
    assert crowd.sent("machine", json=first | {"id": "1"}).status_code == 201
    for who in ("machine", "token"):
        assert crowd.sent(who, json=yes | {"id": who}).get_json()["code"] == "needs-another-voice"
    for query in ("?dry_run=true", "?atomic=false"):
        answer = town.http.post(f"/v1/events{query}", json=[yes | {"id": query}], headers=town.as_("token"))
        assert "needs-another-voice" in answer.get_data(as_text=True)
