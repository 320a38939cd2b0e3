"""Headings say as of which day; and as known when, only where the question was about what was known before."""

from __future__ import annotations

from cli.saying import headed, short, short_moment


def test_a_heading() -> None:
    answer = {"as_of": "2026-06-24", "known_at": 7, "position": 7}
    assert headed("Harbour", answer) == "Harbour, as of Wed 24 Jun 2026"
    assert headed("Harbour", answer | {"known_at": 5}).endswith("as known at position 5")


def test_days_and_moments_in_a_column() -> None:
    assert (short("2026-09-04"), short(None), short("")) == ("4 Sep 2026", "", "")
    assert short_moment("2026-09-04T11:04:59.123Z") == short_moment("2026-09-04 11:04") == "4 Sep 2026 11:04"
    assert short_moment("") == ""
