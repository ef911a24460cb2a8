"""Golden cases as worked examples: what was declared, in short, and what the law made of it.

The cases lie beside the pack's folder and were worked out by hand for that very text; a version of another
text has none.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tariffs.pack_parsing import REGULATIONS, read_folder


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """A goods item of an example."""

    commodity_code: str
    quantity: str
    amount: str
    currency: str
    origin: str


@dataclass(frozen=True, slots=True)
class Example:
    """A case of the law: facts in short, and the expected amounts and codes by their names."""

    name: str
    rules: tuple[str, ...]
    country: str
    on: date | None
    regime: str
    consignee_type: str
    lines: tuple[ExampleLine, ...]
    freight: str
    freight_currency: str
    taxes: tuple[tuple[str, str], ...]
    amounts: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    outcome: str


def examples_of(sha256: str, *, rule: str) -> tuple[Example, ...]:
    """Return the examples that show a rule of the pack with this text, in the order of its file."""
    return tuple(example for example in _examples().get(sha256, ()) if rule in example.rules)


def has_examples(sha256: str) -> bool:
    """Tell whether examples were worked out for this very text."""
    return sha256 in _examples()


@lru_cache(maxsize=1)
def _examples() -> Mapping[str, tuple[Example, ...]]:
    return {
        read_folder(file.parent).sha256: tuple(_read(json.loads(file.read_text(encoding="utf-8"))))
        for file in sorted(REGULATIONS.glob("*/golden.json"))
    }


def _read(cases: list[dict[str, Any]]) -> Iterator[Example]:
    for case in cases:
        stated, expected = case["input"], case["expect"]
        freight = stated.get("freight") or {}
        problems = [*expected.get("errors", ()), *expected.get("problems", ()), *expected.get("warnings", ())]
        yield Example(
            name=case["name"],
            rules=tuple(case["rules"]),
            country=stated["jurisdiction"],
            on=_day(stated.get("dates") or {}),
            regime=str(expected.get("regime") or stated.get("regime") or ""),
            consignee_type=str(stated.get("consignee_type", "private")),
            lines=tuple(_line(item) for item in stated["goods_items"]),
            freight=str(freight.get("amount", "")),
            freight_currency=str(freight.get("currency", "")),
            taxes=tuple(expected.get("by_type", {}).items()),
            amounts=tuple((name, expected[name]) for name in _AMOUNTS if name in expected),
            codes=tuple(str(code) for code in problems),
            outcome="" if "errors" in expected else str(expected.get("outcome", "assessed")),
        )


_AMOUNTS = ("customs_value", "payable", "payable_now", "landed")


def _day(dates: Mapping[str, str]) -> date | None:
    text = next(
        (dates[event] for event in ("acceptance", "arrival", "export", "order") if event in dates), ""
    )
    return date.fromisoformat(text) if text else None


def _line(item: Mapping[str, Any]) -> ExampleLine:
    price = item["item_price"]
    return ExampleLine(
        commodity_code=item["commodity_code"],
        quantity=str(item.get("quantity", "1")),
        amount=str(price["amount"]),
        currency=str(price["currency"]),
        origin=str(item.get("origin") or ""),
    )
