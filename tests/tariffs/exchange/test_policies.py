"""The [exchange] table of a pack: what it may say, and what is refused when the pack is read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tariffs.exchange import policy_of
from tariffs.pack_parsing import REGULATIONS, PackError, folder_packs

PLAIN: dict[str, Any] = {"anchor": "same_day", "is_official": False, "rule": "AU-20"}
QUARTERLY = PLAIN | {"anchor": "first_business_day_of_quarter", "holiday": "next_published"}


def test_the_packs_of_the_folders_are_understood() -> None:
    """China shifts to the next Wednesday, the union to the last published day."""
    found = {
        texts.head["jurisdiction"]: policy_of(texts.head["exchange"]) for texts in folder_packs(REGULATIONS)
    }
    assert date(2026, 2, 18) in found["CN"].holidays
    assert (found["CN"].holiday, found["CN"].is_official) == ("next_wednesday", False)
    assert (found["EU"].holiday, found["EU"].is_official) == ("last_published", True)


def test_a_plain_table_goes_back_to_the_last_published_day() -> None:
    """What is left out has its usual meaning."""
    policy = policy_of(PLAIN)
    assert (policy.holiday, policy.holidays, policy.week_starts) == ("last_published", frozenset(), "monday")
    assert policy.deviation_percent is None


def test_the_deviation_is_decimal() -> None:
    """US: 5 %."""
    assert policy_of(QUARTERLY | {"deviation_percent": "5"}).deviation_percent == Decimal(5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"anchor": "full_moon"}, "anchor is 'full_moon'; choose one of"),
        ({"holiday": "yesterday"}, "holiday is 'yesterday'; choose one of"),
        ({"week_starts": "friday"}, "week_starts is 'friday'"),
        ({"holyday": "next_published"}, "no key holyday"),
        ({"holiday": "next_wednesday"}, "needs an anchor that is a Wednesday"),
        ({"deviation_percent": "5"}, "goes with anchor first_business_day_of_quarter only"),
        (QUARTERLY | {"holiday": "last_published"}, "needs holiday next_published"),
        (QUARTERLY | {"deviation_percent": "five"}, "'five' is no number"),
        (QUARTERLY | {"deviation_percent": "-5"}, "not above 0"),
        (QUARTERLY | {"deviation_percent": "NaN"}, "not above 0"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(change: dict[str, Any], words: str) -> None:
    """The message names the key and the choices."""
    with pytest.raises(PackError, match=words):
        policy_of(PLAIN | change)
