"""Entry price scales."""

from decimal import Decimal

import pytest

from tariffs.duties.entry_prices import entry_price_scale
from tariffs.duties.parsing import DutyError

SCALE = entry_price_scale(
    [
        (Decimal(0), "10% + 29.8 EUR / 100 kg"),
        (Decimal("46.1"), "10%"),
        (Decimal("45.2"), "10% + 0.9 EUR / 100 kg"),
    ]
)


@pytest.mark.parametrize(
    ("price", "text"),
    [
        ("46.1", "10%"),
        ("46.09", "10% + 0.9 EUR / 100 kg"),
        ("45.2", "10% + 0.9 EUR / 100 kg"),
        ("45.19", "10% + 29.8 EUR / 100 kg"),
    ],
)
def test_the_declared_price_chooses_the_step(price: str, text: str) -> None:
    """A step holds from its own price on."""
    assert SCALE.duty_at(Decimal(price)).text == text


def test_a_price_below_the_scale_is_an_error() -> None:
    """Never the lowest step by guess."""
    with pytest.raises(DutyError):
        entry_price_scale([(Decimal(10), "5%")]).duty_at(Decimal(9))
