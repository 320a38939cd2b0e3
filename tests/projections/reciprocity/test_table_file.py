"""A table of who gave whom how much, as a file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.reciprocity.measured import measured
from projections.reciprocity.settled import Given
from projections.reciprocity.table_file import TableWrong, measure_file, read_table
from tests.projections.reciprocity.test_flow import networks

SHARES = ("two_way", "comes_round", "one_way", "cleared", "cleared_pairs", "cleared_centrally", "concentration", "rho")


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "given.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_rows_add_up_exactly(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "from,to,minutes\na,b,0.1\na,b,0.2\nb,a,7\nc,a,0\n"))
    assert table.given == {("a", "b"): 300_000, ("b", "a"): 7_000_000}
    assert table.members == {"a", "b", "c"}


@pytest.mark.parametrize(
    "text",
    [
        b'\xef\xbb\xbffrom,to,minutes\r\n"St Anne\'s, Hull",b,5\r\n',
        b' To ,FROM,note,minutes\nb,"St Anne\'s, Hull",x,5.000000000\n\n,,,\n',
    ],
)
def test_files_as_people_make_them(tmp_path: Path, text: bytes) -> None:
    assert read_table(written(tmp_path, text)).given == {("St Anne's, Hull", "b"): 5_000_000}


def test_every_wrong_line_is_told_with_its_number(tmp_path: Path) -> None:
    rows = ["a,b,-1", "a,b,much", "a,b,1.0000001", "a,a,1", "a,,1", "a,b", "a,b,1", "a,b,1e3", 'a,"b\nc",NaN']
    with pytest.raises(TableWrong) as refused:
        read_table(written(tmp_path, "\n".join(["from,to,minutes", *rows])))
    assert [error.pointer for error in refused.value.errors] == [f"line {n}:" for n in (2, 3, 4, 5, 6, 7, 9, 11)]
    assert "-1" in refused.value.errors[0].detail


def test_of_many_wrong_lines_the_first_are_told(tmp_path: Path) -> None:
    with pytest.raises(TableWrong) as refused:
        read_table(written(tmp_path, "from,to,minutes\n" + "a,a,1\n" * 1000))
    assert len(refused.value.errors) == 20


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "from,to,minutes\n", "from,to\na,b\n", "from,to,minutes,from\na,b,1,c\n", 'from,to,minutes\n"a,b,1\n'],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableWrong):
        read_table(written(tmp_path, text))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableWrong):
        read_table(tmp_path / "absent.csv")
    with pytest.raises(TableWrong):
        read_table(written(tmp_path, b"from,to,minutes\n\xff\xfe,b,1\n"))


def test_amounts_too_large_to_be_exact_are_refused(tmp_path: Path) -> None:
    most = "999999999999.999999"
    ring = [("a", "b", most), ("b", "c", most), ("c", "d", most), ("d", "e", most), ("e", "a", "0.000001")]
    with pytest.raises(TableWrong):
        measure_file(
            written(tmp_path, "from,to,minutes\n" + "".join(f"{','.join(row)}\n" for row in [*ring, ("a", "c", most)]))
        )


@given(networks(), st.sampled_from([1, 1000, 10**6]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_gives_what_the_ledger_gives(tmp_path: Path, passed: Given, scale: int) -> None:
    rows = "".join(f"{a},{b},{Decimal(minutes) / scale:f}\n" for (a, b), minutes in passed.items())
    ours = measured(passed, {"a", "z"}).figures()
    theirs = measure_file(written(tmp_path, f"from,to,minutes\n{rows}z,a,0\n")).figures()
    assert {name: theirs[name] for name in SHARES} == {name: ours[name] for name in SHARES}
    assert (theirs["minutes"], theirs["members"]) == (sum(passed.values()) / scale, ours["members"])
    assert theirs["rings"] == ours["rings"]
