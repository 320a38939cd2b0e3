"""Every kind of event is one plain sentence, without an id and without a text that is sealed."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from ledger.eventstore.stored_names import STORED
from projections.audit.histories import everything, partnership_history
from projections.audit.reading import Filters
from projections.audit.sentences import SENTENCES
from projections.audit.telling import SOMEBODY
from projections.audit.trail import Asked
from projections.views import EVERYTHING
from tests.projections.audit.chronicle import HUSH, chronicle
from tests.projections.giving import village
from tests.projections.keyed import known
from tests.scenario import member, ref

DAY = {"quantity": "1", "unit": "day"}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")


def test_every_stored_name_has_a_sentence() -> None:
    assert set(SENTENCES) == set(STORED)


def test_no_sentence_holds_an_id_or_a_sealed_text_and_each_names_whom_it_means(database_url: str) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    with known(database_url, chronicle()) as models:
        answer = models.answer(everything, EVERYTHING, Asked(filters=Filters(), limit=1000))
    for entry in answer.entries:
        found[entry.row.fact.type].append(entry.says)
    assert set(found) == set(STORED)
    sentences = [one for ones in found.values() for one in ones]
    assert [one for one in sentences if ID.search(one) or HUSH in one or SOMEBODY in one] == []


def test_confidential_support_is_told_to_others_as_minutes_alone(database_url: str) -> None:
    story = village()
    told = {"giver_id": ref("northfield"), "receiver_id": ref("ashfield"), "category": "send"}
    wish = {"receiver_id": ref("ashfield"), "category": "send", "need": "Quietly", "amount": DAY, "confidential": True}
    inside = {"partnership_id": ref("harbour")}
    asked = {"to": "organisation", "organisation_id": ref("northfield")}
    story.given(member("ashfield"), "support.requested", "quiet", **wish, **inside, open_to=asked)
    span = {"starts_on": "2026-10-01", "ends_on": "2026-12-01", "basis": "exchange"}
    story.given(member("northfield"), "support.agreed", "quiet", **told, **inside, **span, amount=DAY)
    given: dict[str, Any] = {"delivery_id": "d1", "amount": DAY, "delivered_on": "2026-10-01"}
    delivered = story.when(member("northfield"), "support.delivered", "quiet", **given)
    sight = (f"partnership:{ref('harbour')}",)
    with known(database_url, story) as models:

        def said(*readable: str) -> dict[str, str]:
            filters = Filters(visible=sight, readable=frozenset(readable))
            found = models.answer(partnership_history, EVERYTHING, ref("harbour"), Asked(filters=filters))
            return {one.row.fact.type: one.says for one in found.entries if one.row.fact.stream == delivered.stream}

        other, side = said(f"organisation:{ref('brookside')}"), said(f"organisation:{ref('ashfield')}")
    assert [kind for kind, says in side.items() if "SEND" not in says] == []
    assert [kind for kind, says in other.items() if "SEND" in says] == []
    assert "6 h 30 min" in other["support.delivered"]
    assert "6 h 30 min" not in other["support.requested"]
