"""The landed-cost calculator: open to everybody, repairs what is typed, keeps nothing."""

import html
import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tariffs.assessment import assess
from tariffs.intake import read_facts

pytestmark = pytest.mark.django_db
PAGE = "/calculator/"
SHIRT = {
    "1-description": "Knitted cotton T-shirt",
    "1-commodity_code": "6109.10",
    "1-origin": "CN",
    "1-quantity": "4",
    "1-price": "47.60",
}
TO_HOLLAND = {"country": "NL", "currency": "EUR", "freight": "8.40", "day": "2026-11-22", **SHIRT}
WINE = {
    "country": "CN",
    "currency": "CNY",
    "day": "2026-11-22",
    "1-description": "Red wine",
    "1-commodity_code": "22042100",
    "1-origin": "FR",
    "1-price": "1000",
}


def ask(**question: str) -> HttpResponse:
    return Client().get(PAGE, question)


def words(response: HttpResponse) -> str:
    """Return what a person reads, on one line."""
    text = re.sub(r"<(script|svg|select|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(text).split())


def error_at(response: HttpResponse, field: str) -> str:
    """Return what stands beside a field as wrong with it."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def link(response: HttpResponse, label: str) -> str:
    """Return the address of a link by its words."""
    found = re.search(
        rf'<a [^>]*href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?{label}', response.content.decode(), re.S
    )
    assert found, f"no link {label!r}"
    return html.unescape(found[1])


def test_the_calculator_is_open_and_says_nothing_wrong_before_it_is_asked() -> None:
    response = Client().get(PAGE)
    assert response.status_code == 200
    assert "sw-error" not in response.content.decode()
    assert "No result yet" in words(response)


def test_the_example_is_worked_out() -> None:
    response = Client().get(link(Client().get(PAGE), "See an example"))
    assert response.status_code == 200
    assert "Landed cost" in words(response)


def test_a_parcel_costs_goods_freight_flat_duty_and_vat() -> None:
    """EU-03, EU-07: 47.60 + 8.40 + 3.00 + 21 % of 59.00 = 71.39, each with its rule."""
    response = ask(**TO_HOLLAND)
    assert response.status_code == 200
    said = words(response)
    assert "€71.39" in said
    assert "Goods, freight and insurance 56.00" in said
    assert "Customs duty 3.00" in said
    assert "VAT 21 % 12.39" in said
    assert "Taxes and fees 15.39" in said
    assert "/rules/EU/EU-03/" in response.content.decode()
    assert "0.21 = 12.39" in said


def test_what_the_seller_took_at_sale_is_not_due_again() -> None:
    """EU-08: with an IOSS number the VAT is in the landed cost and not in what is due."""
    said = words(ask(**TO_HOLLAND, registration_scheme="ioss", registration_number="IM5280001234"))
    assert "Taken by the seller at sale 12.39" in said
    assert "Due when the goods are imported 3.00" in said
    assert "€71.39" in said


def test_the_page_shows_the_engine_s_own_figures() -> None:
    """The question shown for the API gives the very amounts of the page."""
    response = ask(**WINE)
    body = re.search(r"<pre[^>]*>(.*?)</pre>", response.content.decode(), re.S)
    assert body
    result = assess(read_facts(json.loads(html.unescape(body[1]))))
    assert f"CN¥{result.totals.landed:,.2f}" in words(response)
    assert result.totals.payable == Decimal("178.89")


def test_every_mistake_is_named_at_once_beside_its_field_and_nothing_typed_is_lost() -> None:
    response = ask(
        country="NL",
        freight="1,5",
        day="2026-02-30",
        registration_number="IM1",
        **{"1-description": "T-shirt", "1-commodity_code": "61", "1-price": "abc", "1-quantity": "0"},
        **{"1-duty_rate": "5 ABC / kg", "1-net_content_value": "30"},
    )
    assert response.status_code == 422
    assert not error_at(response, "country")
    for field in ("currency", "freight", "day", "registration_scheme"):
        assert error_at(response, field), field
    for field in ("commodity_code", "price", "quantity", "origin", "duty_rate", "net_content_unit"):
        assert error_at(response, f"1-{field}"), field
    assert "Line 1, Price of the line: Write a number" in words(response)
    page = response.content.decode()
    assert 'href="#id_1-price"' in page
    for typed in ("1,5", "2026-02-30", "abc", "IM1"):
        assert f'value="{typed}"' in page


def test_a_rate_that_is_missing_is_told_beside_the_code() -> None:
    """The law's own problems stand where they are mended."""
    to_canada = {"country": "CA", "currency": "CAD", "ship_from": "CN", "1-commodity_code": "284510"}
    response = ask(**TO_HOLLAND | to_canada)
    assert response.status_code == 422
    assert "There is no rate" in error_at(response, "1-commodity_code")


def test_an_exchange_rate_that_is_missing_can_be_given_beside_its_field() -> None:
    """Nothing is guessed: without a rate of the day there is no amount, with the one given there is."""
    question = TO_HOLLAND | {"country": "AU", "day": "2030-03-01", "exported_on": "2030-03-01"}
    assert "exchange rate" in error_at(ask(**question), "exchange_rate")
    given = ask(**question, exchange_rate="1.6")
    assert given.status_code == 200
    assert "Goods, freight and insurance 89.60" in words(given)


def test_another_rate_of_duty_replaces_the_one_of_the_tables() -> None:
    """The what-if rate: 10 % of 56.00 to a business is 5.60."""
    question = TO_HOLLAND | {"consignee_type": "business", "1-duty_rate": "10%"}
    assert "Customs duty 10 % 5.60" in words(ask(**question))
    wrong = ask(**question | {"1-duty_rate": "10 ABC / kg"})
    assert "ABC" in error_at(wrong, "1-duty_rate")
    assert '<details class="calc-more" open>' in wrong.content.decode()


def test_a_compound_duty_is_shown_part_by_part() -> None:
    """10 % of 56.00 and 0.50 for each of 4 pieces: 5.60 + 2.00 = 7.60."""
    said = words(ask(**TO_HOLLAND | {"consignee_type": "business", "1-duty_rate": "10% + 0.50 EUR / p/st"}))
    assert "56 × 10% = 5.6" in said
    assert "7.6" in said


def test_a_quantity_that_a_duty_counts_is_asked_for_beside_its_field() -> None:
    question = TO_HOLLAND | {"consignee_type": "business", "1-duty_rate": "2 EUR / m2"}
    assert "m2" in error_at(ask(**question), "1-counted_value")
    assert ask(**question | {"1-counted_value": "3", "1-counted_unit": "m2"}).status_code == 200


def test_another_regime_is_explained_with_the_way_to_it() -> None:
    """CN: above the yearly limit the goods come under general trade, whatever was asked for."""
    response = ask(**WINE, annual_used="25900", regime="cn_cbec_retail")
    assert "Another regime applies" in words(response)
    general = Client().get(link(response, "Work it out under: General trade"))
    assert general.status_code == 200
    assert "Landed cost" in words(general)


def test_refused_goods_say_why() -> None:
    """CN: used clothing may never enter as a parcel."""
    response = ask(**WINE | {"1-commodity_code": "63090000", "1-description": "Used clothing"})
    assert "These goods are refused" in words(response)


def test_a_preference_that_would_save_says_what_is_missing_and_can_be_tried() -> None:
    """A preference must be claimed and proven; the saving counts the tax on the duty."""
    question = {
        "country": "CA",
        "currency": "CAD",
        "day": "2026-11-20",
        "ship_from": "US",
        "1-description": "Cotton T-shirts",
        "1-commodity_code": "6109100000",
        "1-origin": "US",
        "1-quantity": "20",
        "1-price": "400",
    }
    response = ask(**question)
    assert "Claim the preference CUSMA" in words(response)
    claimed = Client().get(link(response, "Work it out so"))
    saved = re.search(r"Saves ([\d.]+) CAD", words(response))
    assert saved
    assert "Claim the preference CUSMA" not in words(claimed)
    assert _landed(response) - _landed(claimed) == int(saved[1].replace(".", ""))


def _landed(response: HttpResponse) -> int:
    """Return the landed cost in cents."""
    found = re.search(r"Landed, [A-Z]{3} ([\d,.]+)", words(response))
    assert found
    return int(re.sub(r"\D", "", found[1]))


def test_an_answer_has_an_address_that_can_be_shared() -> None:
    """What is sent is answered under an address with the question alone, empty fields left out."""
    sent = Client().post(PAGE, TO_HOLLAND | {"lines": "2", "insurance": "", "2-price": "", "2-quantity": "1"})
    assert sent.status_code == 302
    told = dict(parse_qsl(urlsplit(sent.headers["Location"]).query))
    assert told == {"consignee_type": "private", "lines": "1", **TO_HOLLAND}
    assert words(Client().get(sent.headers["Location"])) == words(ask(**told))


def test_a_line_is_added_and_removed_without_losing_what_was_typed() -> None:
    longer = Client().post(PAGE, TO_HOLLAND | {"lines": "1", "add": "1"}, follow=True)
    assert 'id="line-2"' in longer.content.decode()
    assert 'value="6109.10"' in longer.content.decode()
    assert "sw-error" not in longer.content.decode()
    second = {f"2-{name[2:]}": value for name, value in SHIRT.items()} | {"2-price": "99.99"}
    shorter = Client().post(PAGE, TO_HOLLAND | second | {"lines": "2", "remove": "1"}, follow=True)
    assert 'id="line-2"' not in shorter.content.decode()
    assert 'value="99.99"' in shorter.content.decode()


def test_there_are_never_more_than_twenty_lines() -> None:
    many = {f"{number}-price": "1" for number in range(1, 60)}
    page = Client().post(PAGE, many | {"lines": "59", "add": "1"}, follow=True).content.decode()
    assert page.count('class="sw-panel calc-line"') == 20
    assert 'name="add"' not in page


def test_a_question_too_long_for_an_address_is_answered_all_the_same() -> None:
    many: dict[str, str] = {"country": "NL", "currency": "EUR", "lines": "20"}
    for number in range(1, 21):
        line = {f"{number}-{name[2:]}": value for name, value in SHIRT.items()}
        many |= line | {f"{number}-description": "x" * 200}
    response = Client().post(PAGE, many)
    assert response.status_code == 200
    assert "Landed cost" in words(response)


def test_words_without_a_code_get_codes_to_choose_from() -> None:
    """It suggests, a person decides: choosing one fills in the code and judges nothing."""
    typed = {"country": "NL", "1-description": "men's knitted cotton t-shirt", "lines": "1"}
    response = Client().post(PAGE, typed | {"find": "1"}, follow=True)
    assert 'value="1:610910"' in response.content.decode()
    chosen = Client().post(PAGE, typed | {"use": "1:610910"}, follow=True)
    assert re.search(r'name="1-commodity_code"[^>]*value="610910"', chosen.content.decode())
    assert "sw-error" not in chosen.content.decode()
    assert re.search(r'name="1-origin"[^>]* autofocus', chosen.content.decode())


def test_a_vague_text_gets_a_hint() -> None:
    response = Client().post(PAGE, {"1-description": "gift", "find": "1", "lines": "1"}, follow=True)
    assert "does not say what the goods are" in words(response)


def names_of_fields() -> list[str]:
    page = Client().get(PAGE).content.decode()
    found = re.findall(r'<(?:input|select|button)\b[^>]*\bname="([^"]+)"', page)
    return sorted(set(found) - {"csrfmiddlewaretoken"})


@pytest.mark.parametrize(
    "value", ["\0", "x" * 5000, "\u202egnirts", "1e999", "9" * 60, "{{ 7*7 }}", "-1", "٣", "0", "2:000000"]
)
def test_no_value_is_a_fault_of_the_page(value: str) -> None:
    odd: dict[str, Any] = dict.fromkeys(names_of_fields(), value)
    assert Client().get(PAGE, odd).status_code in (200, 422)
    assert Client().post(PAGE, odd, follow=True).status_code in (200, 422)


def test_no_field_that_is_odd_among_good_ones_is_a_fault_of_the_page() -> None:
    for place, name in enumerate(names_of_fields()):
        value = ("\0", "x" * 5000, "9" * 60, "1e999")[place % 4]
        assert Client().get(PAGE, {**TO_HOLLAND, name: value}).status_code in (200, 422), name


def test_text_from_people_is_escaped() -> None:
    page = ask(**TO_HOLLAND | {"1-description": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_a_question_costs_no_query_per_line(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ask(**TO_HOLLAND)
    lines = {f"{n}-{name[2:]}": value for n in range(1, 11) for name, value in SHIRT.items()}
    with django_assert_max_num_queries(3):
        assert ask(**TO_HOLLAND | lines).status_code == 200
