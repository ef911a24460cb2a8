"""The same goods in several countries and under several codes, side by side."""

import re
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.tariffs.pages.test_calculator import TO_HOLLAND, words

pytestmark = pytest.mark.django_db


def countries(**question: object) -> HttpResponse:
    return Client().get("/calculator/countries/", {**TO_HOLLAND, **question})


def codes(**question: object) -> HttpResponse:
    return Client().get("/calculator/codes/", {**TO_HOLLAND, **question})


def rows(response: HttpResponse) -> list[str]:
    """Return the words of each row of the table."""
    page = response.content.decode()
    body = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def test_countries_are_shown_in_their_own_and_in_the_seller_s_currency() -> None:
    """NL: 15.39 on 56.00; DE: 3.00 and 19 % of 59.00 make 14.21."""
    holland, germany, china = rows(countries(to=["NL", "DE", "CN"]))
    assert "3.00 12.39 0.00 71.39 71.39" in holland
    assert "Your question" in holland
    assert "3.00 11.21 0.00 70.21 70.21" in germany
    assert "CNY" in china


def test_the_least_is_marked() -> None:
    holland, germany = rows(countries(to=["NL", "DE"]))
    assert "Least" in germany
    assert "Least" not in holland


def test_one_country_of_each_jurisdiction_is_compared_when_none_is_chosen() -> None:
    found = rows(countries())
    assert 2 <= len(found) <= 6
    assert "Netherlands" in found[0]


def test_more_than_six_countries_are_refused_kindly() -> None:
    response = countries(to=["NL", "DE", "FR", "IT", "ES", "BE", "AT"])
    assert response.status_code == 422
    assert "These are 7. Choose up to 6." in words(response)


def test_a_country_without_a_rate_says_so_and_the_others_stand() -> None:
    question = {"1-commodity_code": "284510", "day": "2026-09-22"}
    holland, canada = rows(countries(to=["NL", "CA"], **question))
    assert "There is no rate for the commodity code 284510" in canada
    assert "EUR" in holland


def test_codes_show_what_the_choice_costs() -> None:
    """To a business each code has its own duty; the difference to the line's own code is told."""
    own, other = rows(codes(consignee_type="business", code="610910", own="640411"))
    assert "6109 10" in own
    assert "Your question" in own
    assert own.endswith("0.00")
    assert "6404 11" in other
    landed, difference = (Decimal(text) for text in other.split()[-2:])
    assert landed - difference == Decimal(own.split()[-2])


def test_codes_come_from_the_words_of_the_line() -> None:
    response = codes()
    assert response.status_code == 200
    assert 2 <= len(rows(response)) <= 5


def test_a_code_that_is_none_is_refused_beside_its_field() -> None:
    response = codes(own="12")
    assert response.status_code == 422
    assert "A commodity code has 6 to 10 digits." in words(response)


def test_an_unfinished_question_goes_back_to_the_calculator() -> None:
    for address in ("/calculator/countries/", "/calculator/codes/"):
        response = Client().get(address, {"country": "NL"})
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/calculator/?")


@pytest.mark.parametrize("value", ["\0", "x" * 3000, "1e999", "-1", "99", "٣"])
def test_no_parameter_is_a_fault_of_the_page(value: str) -> None:
    for name in ("to", "code", "own", "line", "shown", "lines"):
        assert countries(**{name: value}).status_code in (200, 302, 422)
        assert codes(**{name: value}).status_code in (200, 302, 422)
