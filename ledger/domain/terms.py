"""The terms of a partnership and its tariff: what was agreed, and what an amount comes to in minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from typing import Annotated, Final, Literal, TypeVar

from ledger.domain.values import (
    MAX_MINUTES,
    Amount,
    Items,
    OrganisationId,
    Prose,
    Range,
    Ratio,
    Secretive,
    Unit,
)
from ledger.errors import ClaimMalformed, FieldError

Days = Annotated[int, Range(0, 3660)]
SomeDays = Annotated[int, Range(1, 3660)]
TariffMinutes = Annotated[int, Range(1, 1440)]
Direction = Literal["two_way", "round", "one_way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffGiven:
    """Minutes per unit; what is absent keeps its value."""

    hour: TariffMinutes | None = None
    lesson: TariffMinutes | None = None
    session: TariffMinutes | None = None
    half_day: TariffMinutes | None = None
    day: TariffMinutes | None = None
    twilight: TariffMinutes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """Which way support is meant to go. `from_` is the giver of a one-way partnership, `until` its last day."""

    kind: Direction
    from_: OrganisationId | None = None
    until: date | None = None
    because: Secretive | None = None

    def check(self) -> Iterator[FieldError]:
        if (self.kind == "one_way") != (self.from_ is not None):
            yield FieldError("/from", "one-way-from", "a one-way partnership names the organisation that gives")
        if self.until is not None and self.kind != "one_way":
            yield FieldError("/until", "one-way-until", "only a one-way partnership has a last day of its direction")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsGiven:
    """Terms as a claim gives them: what is absent keeps its value. In a fact they are complete."""

    review_every_days: SomeDays | None = None
    notice_days: Days | None = None
    break_dates: Annotated[tuple[date, ...], Items(0, 60)] | None = None
    tolerance_minutes: Annotated[int, Range(0, MAX_MINUTES)] | None = None
    tolerance_ratio: Ratio | None = None
    tolerance_window_days: Days | None = None
    grace_days: Days | None = None
    quiet_after_days: SomeDays | None = None
    confirm_within_days: SomeDays | None = None
    half_life_days: SomeDays | None = None
    intended: Intended | None = None
    challenge: Prose | None = None
    allow_immediate: bool | None = None
    tariff: TariffGiven | None = None


G = TypeVar("G", TermsGiven, TariffGiven)

DEFAULT_TARIFF: Final = TariffGiven(hour=60, lesson=60, session=195, half_day=195, day=390, twilight=90)
DEFAULT_TERMS: Final = TermsGiven(
    review_every_days=90,
    notice_days=30,
    break_dates=(),
    tolerance_minutes=600,
    tolerance_ratio="1/3",
    tolerance_window_days=60,
    grace_days=90,
    quiet_after_days=45,
    confirm_within_days=14,
    half_life_days=365,
    intended=Intended(kind="two_way"),
    allow_immediate=False,
    tariff=DEFAULT_TARIFF,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms in force: complete, with the tolerance as an exact fraction and the tariff in minutes per unit."""

    review_every_days: int
    notice_days: int
    break_dates: tuple[date, ...]
    tolerance_minutes: int
    tolerance_ratio: Fraction
    tolerance_window_days: int
    grace_days: int
    quiet_after_days: int
    confirm_within_days: int
    half_life_days: int
    intended: Intended
    challenge: str | None
    allow_immediate: bool
    tariff: TariffGiven


def complete(given: TermsGiven, onto: TermsGiven = DEFAULT_TERMS) -> TermsGiven:
    """`given` with everything it leaves out taken from `onto`: the form that a fact holds."""
    merged = over(onto, given)
    if given.tariff is not None and onto.tariff is not None:
        merged = replace(merged, tariff=over(onto.tariff, given.tariff))
    return merged


def over(onto: G, given: G) -> G:
    return replace(onto, **{f.name: v for f in fields(given) if (v := getattr(given, f.name)) is not None})


def terms_of(fact_terms: TermsGiven) -> Terms:
    """The terms that a fact holds, ready to reckon with (older facts are completed with the defaults)."""
    whole = complete(fact_terms)
    values = {f.name: getattr(whole, f.name) for f in fields(TermsGiven)}
    return Terms(**values | {"tolerance_ratio": Fraction(whole.tolerance_ratio or "1/3")})


DEFAULTS: Final = terms_of(DEFAULT_TERMS)


def minutes_of(quantity: str, unit: Unit, tariff: TariffGiven) -> Fraction:
    """What a quantity comes to by a tariff, exactly; it need not be whole."""
    per_unit = 1 if unit == "minute" else getattr(tariff, unit)
    return Fraction(quantity) * per_unit


def priced(amount: Amount, tariff: TariffGiven, pointer: str, least: int = 1) -> Amount:
    """`amount` with its whole minutes. Raises ClaimMalformed when they are not whole or not from `least` to 600,000."""
    minutes = minutes_of(amount.quantity, amount.unit, tariff)
    for error in amount_errors(minutes, least):
        raise ClaimMalformed(f"{pointer} {error[1]}", errors=(FieldError(f"{pointer}/quantity", *error),))
    return replace(amount, minutes=int(minutes))


def amount_errors(minutes: Fraction, least: int) -> Iterator[tuple[str, str]]:
    if minutes.denominator != 1:
        yield "fraction-of-a-minute", "does not come to whole minutes"
    elif minutes < least:
        yield "too-little", f"must come to at least {least} minute{'s' if least != 1 else ''}"
    elif minutes > MAX_MINUTES:
        yield "too-much", f"must come to at most {MAX_MINUTES} minutes (10,000 hours)"
