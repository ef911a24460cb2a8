"""Facts and result as JSON values, and back: what is stored beside a bill, to be replayed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from tariffs.facts import ConsignmentFacts, Dates, GivenRate, GoodsFacts, Money
from tariffs.packs import Pack, pack_by_hash
from tariffs.results import TRACE_VERSION, AssessmentResult, ExchangeRateUsed


@dataclass(frozen=True, slots=True)
class Kept:
    """What a snapshot holds: the facts, the pack version, and the rates that were used."""

    facts: ConsignmentFacts
    pack: Pack
    exchange_rates: tuple[ExchangeRateUsed, ...]
    language: str


def write_snapshot(facts: ConsignmentFacts, result: AssessmentResult) -> dict[str, Any]:
    """Return facts, pack version and result as JSON values; numbers are texts."""
    return {
        "trace_version": TRACE_VERSION,
        "language": result.language,
        "pack": {
            "jurisdiction": result.jurisdiction,
            "version": result.pack_version,
            "sha256": result.pack_sha256,
        },
        "facts": as_json(facts),
        "result": as_json(result),
    }


def read_snapshot(snapshot: Mapping[str, Any]) -> Kept:
    """Return what is needed to assess again; raises PackError when the pack version is not kept."""
    rates = snapshot["result"]["exchange_rate_used"]
    return Kept(
        facts=_facts(snapshot["facts"]),
        pack=pack_by_hash(snapshot["pack"]["sha256"]),
        exchange_rates=tuple(_used(row) for row in rates),
        language=snapshot["language"],
    )


def as_json(value: Any) -> Any:
    """Return dataclasses as objects, tuples and sets as arrays, decimals and dates as texts."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    return _writer_of(kind)(value)  # type: ignore[arg-type]  # mypy: a class has no hash


# Asked some 400 times a consignment: looking into each class anew took longer than the assessment itself.
@lru_cache(maxsize=256)
def _writer_of(kind: type) -> Callable[[Any], Any]:
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    for base, write in _WRITERS:
        if issubclass(kind, base):
            return write
    return _itself


def _dataclass_writer(kind: type) -> Callable[[Any], Any]:
    names = tuple([field.name for field in fields(kind)])
    if len(names) == 1:
        return lambda value: {names[0]: as_json(getattr(value, names[0]))}
    values = attrgetter(*names)
    return lambda value: dict(zip(names, map(as_json, values(value)), strict=True))


def _itself(value: Any) -> Any:
    return value


_AS_THEY_ARE = frozenset([str, bool, int, type(None)])
_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Decimal, lambda number: format(number, "f")),
    (date, lambda day: day.isoformat()),
    (frozenset, sorted),
    (tuple, lambda values: [as_json(item) for item in values]),
    (Mapping, lambda entries: {key: as_json(item) for key, item in entries.items()}),
)


def _facts(row: Mapping[str, Any]) -> ConsignmentFacts:
    return ConsignmentFacts(
        **{name: row[name] for name in _PLAIN_FACTS},
        dates=Dates(**{name: _date(text) for name, text in row["dates"].items()}),
        goods=tuple(_goods(item) for item in row["goods"]),
        freight=_money(row["freight"]),
        insurance=_money(row["insurance"]),
        carrier_fee=_money(row["carrier_fee"]),
        buyer_annual_used=Decimal(row["buyer_annual_used"]),
        exchange_rates=tuple(_given(item) for item in row["exchange_rates"]),
        quota_balances=_numbers(row["quota_balances"]),
    )


_PLAIN_FACTS = [
    "jurisdiction",
    "currency",
    "regime",
    "consignee_type",
    "ship_from",
    "transport_mode",
    "entry_type",
    "registration_scheme",
    "registration_number",
    "prices_include_tax",
]
_PLAIN_GOODS = [
    "line_no",
    "commodity_code",
    "description",
    "origin",
    "unit",
    "net_content_unit",
    "preference",
    "additional_code",
]


def _goods(row: Mapping[str, Any]) -> GoodsFacts:
    additional = row["given_additional"]
    return GoodsFacts(
        **{name: row[name] for name in _PLAIN_GOODS},
        quantity=Decimal(row["quantity"]),
        item_price=Money(Decimal(row["item_price"]["amount"]), row["item_price"]["currency"]),
        net_mass_kg=Decimal(row["net_mass_kg"]),
        gross_mass_kg=Decimal(row["gross_mass_kg"]),
        net_content_value=_number(row["net_content_value"]),
        documents=frozenset(row["documents"]),
        retail_price=_money(row["retail_price"]),
        abv_percent=_number(row["abv_percent"]),
        supplementary_units=_numbers(row["supplementary_units"]),
        given_rates=_texts(row["given_rates"]),
        given_additional=None if additional is None else _texts(additional),
    )


def _money(row: Mapping[str, Any] | None) -> Money | None:
    return None if row is None else Money(Decimal(row["amount"]), row["currency"])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _numbers(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((name, Decimal(number)) for name, number in pairs)


def _texts(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in pairs)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _given(row: Mapping[str, Any]) -> GivenRate:
    return GivenRate(
        from_currency=row["from_currency"],
        to_currency=row["to_currency"],
        rate=Decimal(row["rate"]),
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
    )


def _used(row: Mapping[str, Any]) -> ExchangeRateUsed:
    return ExchangeRateUsed(
        from_currency=row["from_currency"],
        to_currency=row["to_currency"],
        numerator=Decimal(row["numerator"]),
        denominator=Decimal(row["denominator"]),
        anchor=_date(row["anchor"]),
        source=row["source"],
    )
