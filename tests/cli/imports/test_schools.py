"""A register of schools comes in: what is sound, once; what is not, named with line and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.imports.report import Report
from cli.imports.schools import SchoolImport
from cli.imports.table import read_table
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger
from tests.story import person

SHARED = Path(__file__).parents[4] / "shared" / "data" / "schools"
HEADER = "trust_name,trust_uid,trust_ref,trust_ukprn,companies_house,urn,school,phase,dateJoined\n"

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared test data are not beside this checkout")


@pytest.fixture
def bring(ledger: Ledger, tmp_path: Path) -> Callable[[str | Path], Report]:
    admin = person("admin")

    def run(source: str | Path) -> Report:
        file = source
        if isinstance(file, str):
            file = tmp_path / "register.csv"
            file.write_text(HEADER + str(source), "utf-8")
        return SchoolImport(ledger, admin, lambda done, total: None).run(read_table(Path(file)))

    return run


def test_a_school_and_its_trust_come_in(bring: Callable[[str], Report], ledger: Ledger) -> None:
    report = bring("Harbour Trust,77,TR00077,10000077,00000077,900001,Northfield,Primary,2020-09-01\n")
    assert report.totals() == {"registered": 1}
    [school] = ledger.store.streams_with_key("identifier:urn:900001")
    [trust] = ledger.store.streams_with_key("identifier:trust_uid:77")
    assert ledger.schools_of(trust[1]) == {school[1]}


def test_a_second_run_changes_nothing(bring: Callable[[str], Report], ledger: Ledger) -> None:
    rows = "Harbour Trust,77,TR00077,10000077,00000077,900001,Northfield,Primary,2020-09-01\n"
    bring(rows)
    head = ledger.head()
    assert bring(rows).totals() == {"unchanged": 1}
    assert ledger.head() == head


def test_a_changed_row_leads_to_one_change(bring: Callable[[str], Report], ledger: Ledger) -> None:
    rows = "Harbour Trust,77,TR00077,10000077,00000077,900001,Northfield,Primary,2020-09-01\n"
    bring(rows)
    assert bring(rows.replace("Northfield", "Northfield Academy")).totals() == {"changed": 1}
    changes = ledger.facts(FactQuery(types=("organisation.details_changed",))).facts
    assert [fact.data.name for fact in changes] == ["Northfield Academy"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("T,77,TR00077,,,90001,Northfield,Primary,2020-09-01", "urn"),
        ("T,77,TR00077,,,,Northfield,Primary,2020-09-01", "urn"),
        ("T,77,TR00077,,,900001,,Primary,2020-09-01", "school"),
        ("T,77,TR00077,,,900001,Northfield", None),
    ],
)
def test_an_unsound_row_is_refused_by_line_and_column(
    bring: Callable[[str], Report], ledger: Ledger, row: str, column: str | None
) -> None:
    before = ledger.head()
    report = bring(row + "\n")
    assert [(one.line, one.column, one.outcome) for one in report.remarks] == [(2, column, "refused")]
    assert ledger.head() == before


def test_an_unsound_optional_identifier_is_left_out(bring: Callable[[str], Report], ledger: Ledger) -> None:
    report = bring("Harbour Trust,77,TR7,10000077,77,900001,Northfield,Primary,2020-09-01\n")
    assert report.totals() == {"warned": 1}
    assert sorted((one.column, one.outcome) for one in report.remarks) == [
        ("companies_house", "warned"),
        ("trust_ref", "warned"),
    ]
    [trust] = ledger.store.streams_with_key("identifier:trust_uid:77")
    state = ledger.organisation(trust[1])
    assert state is not None
    assert state.holds("ukprn", "10000077")


def test_of_two_names_for_one_urn_the_first_goes_in(bring: Callable[[str], Report]) -> None:
    report = bring("T,77,TR00077,,,900001,Northfield,Primary,2020-09-01\nU,78,TR00078,,,900001,Ashfield,,2020-09-01\n")
    assert report.outcomes == {2: "registered", 3: "refused"}
    assert "line 2" in report.remarks[0].reason


@needs_shared
def test_the_register_s_own_layout(bring: Callable[[Path], Report], ledger: Ledger) -> None:
    report = bring(SHARED / "gias_subset.csv")
    assert sum(report.totals().values()) == 8
    assert "refused" not in report.totals()
    [closed] = ledger.store.streams_with_key("identifier:urn:100004")
    state = ledger.organisation(closed[1])
    assert state is not None
    assert str(state.closed_on) == "1992-08-31"
    assert {one.column for one in report.remarks} >= {"LA (code)", "CloseDate"}
    head = ledger.head()
    bring(SHARED / "gias_subset.csv")
    assert ledger.head() == head


@needs_shared
def test_the_dirty_list_of_trusts(bring: Callable[[Path], Report], ledger: Ledger) -> None:
    report = bring(SHARED / "invented_trusts_schools.csv")
    assert len(report.outcomes) == 1261
    assert sum(report.totals().values()) == 1261
    refused = [one for one in report.remarks if one.outcome == "refused"]
    assert sum(one.column == "urn" for one in refused) == 15
    assert {one.column for one in refused} == {"urn", "trust_uid"}
    assert report.totals()["warned"] == 79
    head = ledger.head()
    again = bring(SHARED / "invented_trusts_schools.csv")
    assert ledger.head() == head
    assert again.outcomes.keys() == report.outcomes.keys()
