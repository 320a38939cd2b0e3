"""Who could speak for whom, when: credentials are issued, replaced and revoked."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.credential.state import CredentialInForce, CredentialRevoked
from ledger.domain.fact import LEDGER, Speaker
from ledger.domain.refusals import AlreadySaid, ClaimUnsound, NotThere, RoleForbidden, WrongStream
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, AUDITOR, Scenario, coordinator, member, ref, refused


def issued(role: str, *organisations: str, **more: Any) -> dict[str, Any]:
    listed = {"organisations": [ref(one) for one in organisations]} if organisations else {}
    return {"principal": ref("pat"), "role": role} | listed | more


def issue(said: dict[str, Any], who: Speaker = ADMIN) -> Scenario:
    return Scenario().schools("northfield", trust="harbour").given(who, "credential.issued", "pat", **said)


@pytest.mark.parametrize(
    "said",
    [
        issued("member", "northfield", person_id=ref("ada")),
        issued("coordinator", "harbour", expires_at="2027-09-01T00:00:00+01:00"),
        issued("client", "northfield", "not yet registered", scopes=["events:write", "reports:read"]),
        issued("auditor", trust=ref("harbour")),
        issued("auditor", ledger=True),
        issued("admin"),
    ],
)
def test_an_admin_issues_a_credential(said: dict[str, Any]) -> None:
    state = issue(said).states["credential", ref("pat")]
    assert isinstance(state, CredentialInForce)
    assert state.issued.role == said["role"]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        (issued("member"), "/data/organisations"),
        (issued("member", "northfield", "oakwood"), "/data/organisations"),
        (issued("coordinator", "northfield", "oakwood"), "/data/organisations"),
        (issued("client"), "/data/organisations"),
        (issued("auditor", "northfield", ledger=True), "/data/organisations"),
        (issued("admin", "northfield"), "/data/organisations"),
        (issued("auditor"), "/data/trust"),
        (issued("auditor", trust=ref("harbour"), ledger=True), "/data/trust"),
        (issued("member", "northfield", trust=ref("harbour")), "/data/trust"),
        (issued("admin", ledger=True), "/data/trust"),
        (issued("client", "northfield", scopes=["events:delete"]), "/data/scopes/0"),
        (issued("member", "northfield", secret="x"), "/data/secret"),
    ],
)
def test_a_credential_fits_its_role(said: dict[str, Any], pointer: str) -> None:
    with refused(ClaimMalformed) as malformed:
        issue(said)
    assert [error.pointer for error in malformed.value.errors] == [pointer]


@pytest.mark.parametrize("role", ["member", "coordinator"])
def test_who_speaks_for_a_school_speaks_for_a_registered_one(role: str) -> None:
    with refused(ClaimUnsound) as unsound:
        issue(issued(role, "not yet registered"))
    assert [(one.pointer, one.code) for one in unsound.value.errors] == [
        ("/data/organisations/0", "unknown-organisation")
    ]


@pytest.mark.parametrize("trust", ["northfield", "nowhere"])
def test_an_auditors_trust_is_a_registered_trust(trust: str) -> None:
    with refused(ClaimUnsound) as unsound:
        issue(issued("auditor", trust=ref(trust)))
    assert [error.code for error in unsound.value.errors] == ["not-a-trust"]


@pytest.mark.parametrize("expires_at", ["2026-09-01T08:59:59Z", "2026-09-01T10:00:00+01:00"])
def test_a_credential_ends_in_the_future(expires_at: str) -> None:
    with refused(ClaimUnsound) as unsound:
        issue(issued("member", "northfield", expires_at=expires_at))
    assert [error.pointer for error in unsound.value.errors] == ["/data/expires_at"]


def test_a_client_lists_each_organisation_once() -> None:
    with refused(ClaimUnsound):
        issue(issued("client", "northfield", "northfield"))


def test_the_stream_is_the_principals_own() -> None:
    with refused(WrongStream, id=ref("pat")):
        Scenario().when(ADMIN, "credential.issued", "sam", **issued("admin"))


def test_issuing_again_replaces() -> None:
    story = issue(issued("member", "northfield"))
    story.when(ADMIN, "credential.issued", "pat", **issued("coordinator", "harbour"))
    assert story.states["credential", ref("pat")].issued.role == "coordinator"


def test_a_credential_is_revoked_once_until_it_is_issued_again() -> None:
    story = issue(issued("member", "northfield"))
    story.given(ADMIN, "credential.revoked", "pat", principal=ref("pat"))
    assert isinstance(story.states["credential", ref("pat")], CredentialRevoked)
    with refused(AlreadySaid, id=ref("pat")):
        story.when(ADMIN, "credential.revoked", "pat", principal=ref("pat"))
    story.given(ADMIN, "credential.issued", "pat", **issued("member", "northfield"))
    story.when(ADMIN, "credential.revoked", "pat", principal=ref("pat"))


def test_only_what_was_issued_is_revoked() -> None:
    with refused(NotThere, id=ref("pat")):
        Scenario().when(ADMIN, "credential.revoked", "pat", principal=ref("pat"))


def test_the_ledger_issues_its_first_admin() -> None:
    assert issue(issued("admin"), LEDGER).facts[-1].voice is None


@pytest.mark.parametrize("who", [AUDITOR, member("northfield"), coordinator("harbour")])
def test_nobody_else_issues_or_revokes(who: Speaker) -> None:
    story = issue(issued("member", "northfield"))
    with refused(RoleForbidden, role=who.role):
        story.when(who, "credential.issued", "pat", **issued("admin"))
    with refused(RoleForbidden, role=who.role):
        story.when(who, "credential.revoked", "pat", principal=ref("pat"))


def test_the_facts_of_a_credential_name_its_organisations() -> None:
    story = issue(issued("client", "northfield", "oakwood"))
    story.given(ADMIN, "credential.revoked", "pat", principal=ref("pat"))
    for organisation in ("northfield", "oakwood"):
        assert [
            f.type for f in story.touched[f"organisation:{ref(organisation)}"] if f.stream.kind == "credential"
        ] == [
            "credential.issued",
            "credential.revoked",
        ]
