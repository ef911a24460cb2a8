"""The exchange rates of a country and day: on the page, converted, over a year, and for machines."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tariffs.exchange import OfficialRate, last_published_on, no_tables, rate, use_tables
from tariffs.exchange.showing import Point, year_before
from tariffs.packs import current_packs
from tariffs.views.curve import draw

pytestmark = pytest.mark.django_db
PAGE, API = "/exchange-rates/", "/api/v1/exchange-rates"
ODD = ("a\0b", "x" * 5_000, "\u202egnirts", "1e999", "9" * 400, "NaN", "-1", "2026-02-30", "0000-00-00", "٣")
ON = "2026-10-15"
DAY = date(2026, 10, 15)


@pytest.fixture
def official_pound() -> Iterator[None]:
    """A table of HMRC's own, as an operator loads it."""
    rates = (
        OfficialRate("GBP", "USD", Decimal("1.3399"), date(2026, 10, 1), date(2026, 11, 1), "HMRC, October"),
    )
    use_tables(lambda jurisdiction: rates if jurisdiction == "GB" else ())
    yield
    use_tables(no_tables)


def _page(**query: str) -> HttpResponse:
    return Client().get(PAGE, query)


def _api(**query: str) -> HttpResponse:
    return Client().get(API, query)


def _words(response: HttpResponse) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def test_without_a_country_the_page_says_how_each_one_fixes_its_rates() -> None:
    page = _words(_page())
    assert "the third Wednesday of the month before" in page
    for pack in current_packs():
        assert f"?jurisdiction={pack.jurisdiction}" in _page().content.decode()


def test_a_day_shows_the_rates_their_source_and_the_day_that_counts() -> None:
    """CN-13: the third Wednesday of September 2026 was the 16th."""
    page = _words(_page(jurisdiction="CN", on=ON))
    assert "In use from 1 October 2026 to 31 October 2026" in page
    assert "For this day that is 16 September 2026." in page
    used = rate("USD", "CNY", jurisdiction="CN", on=DAY).rate
    assert f"USD {used:.5f}" in page or f"USD {used:.4f}" in page
    assert "Stand-in" in page


def test_the_unions_own_source_is_called_official() -> None:
    """Art. 146 of Regulation (EU) 2015/2447 names the rates of the European Central Bank."""
    page = _words(_page(jurisdiction="NL", on=ON))
    assert "Official" in page
    assert "Stand-in" not in page


@pytest.mark.usefixtures("official_pound")
def test_a_table_that_customs_published_is_used_first_and_called_official() -> None:
    page = _words(_page(jurisdiction="GB", on=ON))
    assert "HMRC, October Official" in page


def test_a_currency_without_a_rate_is_named_and_not_guessed() -> None:
    """The European Central Bank publishes no tenge."""
    page = _words(_page(jurisdiction="CN", on=ON))
    assert "Without a rate for this day" in page
    assert "There is no exchange rate for KZT" in page


def test_a_reason_that_many_currencies_share_is_said_once() -> None:
    """Without the rouble's own rate no other currency has one."""
    page = _words(_page(jurisdiction="RU", on=ON)).split("Without a rate for this day")[1]
    assert page.count("There is no exchange rate for RUB") == 1
    assert "USD, EUR, CNY" in page


def test_a_day_after_the_last_rates_says_so_and_leads_to_that_day() -> None:
    """Australia takes the rate of the day itself, so tomorrow has none."""
    response = _page(jurisdiction="AU", on="2090-01-05")
    assert "Without a rate for this day" in _words(response)
    assert f"on={last_published_on().isoformat()}" in response.content.decode()


def test_an_amount_is_converted_by_the_rate_that_counts() -> None:
    used = rate("USD", "CNY", jurisdiction="CN", on=DAY)
    expected = Decimal("1234.50") * used.numerator / used.denominator
    page = _words(_page(jurisdiction="CN", on=ON, amount="1234.50", currency="USD", to="CNY"))
    assert f"{expected:,.2f}" in page


def test_an_amount_can_go_the_other_way_and_between_two_foreign_currencies() -> None:
    assert "Converted" in _words(_page(jurisdiction="CN", on=ON, amount="100", currency="CNY", to="USD"))
    assert "Converted" in _words(_page(jurisdiction="CN", on=ON, amount="100", currency="USD", to="GBP"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"jurisdiction": "CN", "on": "yesterday"}, "Write year, month and day, for example 2026-11-23."),
        ({"jurisdiction": "CN", "on": "1990-01-01"}, "Choose a day from 4 January 1999"),
        ({"jurisdiction": "CN", "on": "2001-01-01"}, "There are no import rules for CN on 2001-01-01."),
        ({"jurisdiction": "CN", "on": ON, "amount": "a lot"}, "Enter a number."),
        (
            {"jurisdiction": "CN", "on": ON, "amount": "5", "currency": "CNY"},
            "Choose two different currencies.",
        ),
        (
            {"jurisdiction": "CN", "on": ON, "amount": "5", "currency": "KZT"},
            "There is no exchange rate for KZT",
        ),
        ({"jurisdiction": "XX", "on": ON}, "Select a valid choice."),
        ({"jurisdiction": "", "on": ON}, "This field is required."),
    ],
)
def test_what_cannot_be_answered_is_said_beside_its_field_and_nothing_typed_is_lost(
    query: dict[str, str], sentence: str
) -> None:
    response = _page(**query)
    assert response.status_code == 422
    assert _words(response).count(sentence) >= 2, "in the summary and beside the field"
    kept = query.get("amount") or query["on"]
    assert f'value="{kept}"' in response.content.decode()


def test_odd_input_is_refused_in_words() -> None:
    """Bad input is never a fault of the portal."""
    for name in ("jurisdiction", "on", "amount", "currency", "to"):
        for odd in ODD:
            assert _page(**{"jurisdiction": "CN", "on": ON, name: odd}).status_code in (200, 422)
    for name in ("jurisdiction", "on", "else"):
        for odd in ODD:
            assert _api(**{"jurisdiction": "CN", name: odd}).status_code in (400, 422)


def test_a_year_of_a_rate_has_a_point_for_each_period_and_no_more() -> None:
    """A picture of bounded size, whatever the day asked for."""
    for pack in current_packs():
        local = pack.currency_for(pack.jurisdiction)
        other = "EUR" if local == "USD" else "USD"
        points, cadence = year_before(other, local, jurisdiction=pack.jurisdiction, on=DAY)
        least, most = {"day": (53, 54), "week": (53, 54), "fortnight": (24, 28), "month": (13, 13)}.get(
            cadence, (5, 6)
        )
        assert least <= len(points) <= most, pack.jurisdiction
        assert points == tuple(sorted(points, key=lambda point: point.on))
        assert (
            points[-1].rate is None
            or points[-1].rate == rate(other, local, jurisdiction=pack.jurisdiction, on=points[-1].on).rate
        )


def test_a_curve_breaks_where_a_rate_is_missing() -> None:
    """A line across a gap would be a guess."""
    points = [Point(date(2026, month, 1), None if month == 3 else Decimal(month)) for month in range(1, 6)]
    curve = draw(points, pair=("USD", "CNY"), until=date(2026, 5, 1), is_stepped=False)
    assert curve is not None
    assert curve.lines == ("0,232 258,176", "750,64 1000,8")
    assert (curve.lowest.on.month, curve.highest.on.month, curve.missing_count) == (1, 5, 1)
    assert draw(points[:1], pair=("USD", "CNY"), until=DAY, is_stepped=True) is None


def test_a_rate_that_never_moves_is_a_level_line() -> None:
    points = [Point(date(2026, month, 1), Decimal(1)) for month in (1, 2)]
    curve = draw(points, pair=("USD", "CNY"), until=date(2026, 3, 4), is_stepped=True)
    assert curve is not None
    assert curve.lines == ("0,120 500,120 500,120 1000,120",)


def test_machines_get_the_same_rates_as_people() -> None:
    answer = _api(jurisdiction="CN", on=ON).json()
    assert (answer["currency"], answer["anchor"], answer["valid_to"]) == ("CNY", "2026-09-16", "2026-11-01")
    assert (answer["rule"], answer["is_official"]) == ("CN-13", False)
    [dollar] = [one for one in answer["rates"] if one["from"] == "USD"]
    assert Decimal(dollar["rate"]) == rate("USD", "CNY", jurisdiction="CN", on=DAY).rate.quantize(
        Decimal("1e-12")
    )
    assert dollar["is_stand_in"] is True
    assert "KZT" in [one["currency"] for one in answer["missing"]]


def test_machines_are_told_what_is_wrong_with_a_question() -> None:
    assert _api().json()["errors"][0] | {"message": ""} == {
        "path": "jurisdiction",
        "code": "required",
        "message": "",
        "fix": "Send this field.",
    }
    assert _api(jurisdiction="CN", on="2026-02-30").status_code == 400
    unknown = _api(jurisdiction="ZZ")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "no_rules")


def test_without_a_day_today_is_meant() -> None:
    with time_machine.travel("2026-10-15T12:00Z", tick=False):
        assert _api(jurisdiction="CN").json()["on"] == ON
        assert "15 October 2026" in _words(_page(jurisdiction="CN"))


def test_the_page_asks_the_database_a_fixed_number_of_questions() -> None:
    _page(jurisdiction="CN", on=ON)
    with CaptureQueriesContext(connection) as asked:
        _page(jurisdiction="CN", on=ON)
    assert len(asked) <= 2, [query["sql"][:80] for query in asked]


def test_every_country_has_a_page_for_a_day_on_which_its_law_is_known() -> None:
    """The currency of a member of a union is that member's own."""
    for pack in current_packs():
        for country in pack.countries:
            response = _page(jurisdiction=country, on=ON)
            assert response.status_code == 200, country
            shown = _words(response).split("How each country")[0]
            assert pack.currency_for(country) in shown.split("In use from")[1], country
    assert reverse("tariffs:exchange_rates") == PAGE
