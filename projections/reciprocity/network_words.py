"""What the figures of a network say, in sentences, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from projections.wording import amount, percent

LABELS: Final[Mapping[str, str]] = {
    "two_way": "went both ways",
    "comes_round": "came round through others",
    "one_way": "went one way",
    "cleared_pairs": "what settling in pairs removes",
    "cleared": "what settling pairs and rings removes",
    "cleared_centrally": "what settling through one centre removes",
    "weighted_reciprocity": "both ways, each pair weighed by its amount",
    "reciprocity_arcs": "lines of giving with one back",
    "reciprocity_dyads": "pairs of which both gave",
    "density": "lines of giving out of all that could be",
    "rho": "lines with one back, beyond what chance would give (rho)",
    "largest_share": "what the largest giver gave",
    "gini": "how unevenly giving is spread (Gini, for the number of members)",
    "gini_raw": "the same without regard to their number (Gini)",
    "hhi": "on how few giving rests (sum of the squared shares)",
}
"""The shares among a network's figures, in the order in which they are told."""

EFFECTIVE_GIVERS: Final = "as if so many gave alike"


def told(figures: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What the figures say, a sentence each."""
    if not figures["minutes"]:
        yield "Nothing was given and confirmed in exchange."
        return
    yield f"Of {passed(figures['minutes'])} given, {ways(figures, 'went', 'came', 'went')}."
    without = figures["without_largest_giver"]
    giver = names.get(without["giver_id"], without["giver_id"])
    most = percent(Fraction(figures["concentration"]["largest_share"]["fraction"]))
    yield f"{giver} gave the most, {most}." + (
        f" If it could not give next year: of what is left, {ways(without, 'goes', 'comes', 'goes')}."
        if without["minutes"]
        else " If it could not give next year, nothing would be left."
    )
    for ring in figures["rings"]:
        yield "Round in a ring: " + " → ".join(names.get(one, one) for one in (*ring, ring[0]))


def passed(minutes: float) -> str:
    """Minutes that need not be whole, as a table of a file has them."""
    return amount(round(minutes)) if minutes >= 1 else "less than 1 min"


def ways(figures: Mapping[str, Any], *verbs: str) -> str:
    shares = [percent(Fraction(figures[name]["fraction"])) for name in ("two_way", "comes_round", "one_way")]
    both, comes, goes = verbs
    return f"{shares[0]} {both} both ways, {shares[1]} {comes} round through others, {shares[2]} {goes} one way"
