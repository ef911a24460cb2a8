"""The commodity code: digits, or words for which codes are suggested; it suggests, a person decides."""

import pytest
from django.test import Client
from django.urls import reverse

from declarations import lifecycle
from declarations.models import Declaration, DraftAnswer, GoodsItem, Product
from declarations.rules import problems_of
from declarations.statement import read_statements
from swindow.accounts.models import User
from tests import builders
from tests.declarations.test_pages_draft import LINE, begun, picture, url

SHIRT = "knitted cotton t-shirt for men"
PRODUCT = {
    "sku": "TS-1",
    "description": "Knitted cotton T-shirt",
    "commodity_code": "610910",
    "origin": "CN",
    "unit_price": "12.50",
    "currency": "EUR",
    "net_mass_kg": "0.2",
}


@pytest.fixture
def page(client: Client, seller: User) -> Client:
    """A browser in which the seller is signed in."""
    client.force_login(seller)
    return client


def codes_in(answer: object) -> list[str]:
    """Return the suggested codes of a page."""
    found = answer.context["codes"]
    return [one.code for heading in found.headings for one in heading.codes]


def test_without_a_script_a_button_suggests_codes_and_keeps_what_was_typed(page: Client) -> None:
    draft = begun(page)
    typed = LINE | {"commodity_code": SHIRT, "quantity": "a few", "suggest": "1"}
    answer = page.post(url("line_new", draft), typed)
    assert answer.status_code == 200
    assert "610910" in codes_in(answer)
    assert not answer.context["form"].errors
    for value in (SHIRT, "a few", LINE["description"], LINE["gross_mass_kg"]):
        assert f'value="{value}"' in answer.text
    # Also for somebody who comes back tomorrow.
    assert f'value="{SHIRT}"' in page.get(url("line_new", draft)).text
    assert not GoodsItem.objects.filter(declaration=draft).exists()


def test_suggestions_are_grouped_by_heading_with_reasons_and_a_question(page: Client) -> None:
    draft = begun(page)
    answer = page.post(url("line_new", draft), LINE | {"commodity_code": "shirt", "suggest": "1"})
    found = answer.context["codes"]
    assert len({heading.code for heading in found.headings}) == len(found.headings) > 1
    assert all(code.code.startswith(heading.code) for heading in found.headings for code in heading.codes)
    assert all(code.reasons for heading in found.headings for code in heading.codes)
    assert found.questions
    assert found.questions[0] in answer.text.replace("&#x27;", "'")
    # The draft goes to the Netherlands, so the duty there is shown.
    assert "12.0%" in answer.text or "12%" in answer.text or "duty 12" in answer.text


def test_a_chosen_code_becomes_the_code_of_the_line(page: Client) -> None:
    draft = begun(page)
    chosen = LINE | {"commodity_code": SHIRT, "suggested_for": SHIRT, "chosen_code": "610910"}
    assert page.post(url("line_new", draft), chosen).status_code == 302
    assert GoodsItem.objects.get(declaration=draft).commodity_code == "610910"
    assert not DraftAnswer.objects.filter(declaration=draft).exists()


def test_what_is_typed_after_the_list_was_made_counts_more_than_the_list(page: Client) -> None:
    draft = begun(page)
    sent = LINE | {"commodity_code": "6204 43", "suggested_for": SHIRT, "chosen_code": "610910"}
    page.post(url("line_new", draft), sent)
    assert GoodsItem.objects.get(declaration=draft).commodity_code == "620443"


def test_words_in_the_code_field_are_refused_with_the_codes_that_may_be_meant(page: Client) -> None:
    """Saving with words names the problem beside the field and shows the list at once."""
    draft = begun(page)
    answer = page.post(url("line_new", draft), LINE | {"commodity_code": SHIRT})
    assert answer.status_code == 422
    [error] = answer.context["form"].errors.as_data()["commodity_code"]
    assert error.code == "PR-02"
    assert "610910" in codes_in(answer)


@pytest.mark.parametrize("code", ["", "610910"])
def test_the_description_is_asked_about_beside_an_empty_field_or_a_whole_code(
    page: Client, seller: User, code: str
) -> None:
    draft = builders.draft(seller)
    sent = LINE | {"description": "plush toy bear", "commodity_code": code, "suggest": "1"}
    answer = page.post(url("line_edit", draft, 1), sent)
    assert any(found.startswith("9503") for found in codes_in(answer))


def test_the_product_form_suggests_too_and_keeps_a_file_that_was_received(page: Client, seller: User) -> None:
    address = reverse("declarations:product_new")
    asked = page.post(address, PRODUCT | {"commodity_code": SHIRT, "suggest": "1", "file": picture()})
    assert asked.status_code == 200
    assert "610910" in codes_in(asked)
    assert not asked.context["form"].errors
    assert asked.context["received"]
    stored = asked.context["form"]["stored"].value()
    chosen = {"commodity_code": SHIRT, "suggested_for": SHIRT, "chosen_code": "610910", "stored": stored}
    assert page.post(address, PRODUCT | chosen).status_code == 302
    product = Product.objects.get(seller=builders.company_of(seller))
    assert (product.commodity_code, product.picture.reference) == ("610910", stored)


def test_a_fragment_answers_while_somebody_types(page: Client, django_assert_max_num_queries: object) -> None:
    address = reverse("declarations:codes")
    with django_assert_max_num_queries(12):
        answer = page.get(address, {"commodity_code": SHIRT, "country": "NL"})
    assert "610910" in codes_in(answer)
    assert "<html" not in answer.text
    assert 'hx-swap-oob="true"' in answer.text
    for nothing in ({"commodity_code": "610910"}, {"commodity_code": "x"}, {}):
        assert page.get(address, nothing).context["codes"] is None


@pytest.mark.parametrize("bad", ["\0", "9" * 400, "<script>", "\u202eevil", "'; --", "٣", "礼品"])
def test_the_fragment_survives_whatever_is_typed(page: Client, bad: str) -> None:
    asked = {"commodity_code": bad, "description": bad, "country": bad, "suggest": bad}
    assert page.get(reverse("declarations:codes"), asked).status_code == 200


def test_a_vague_text_gets_the_hint_with_its_suggestions(page: Client) -> None:
    answer = page.get(reverse("declarations:codes"), {"commodity_code": "parts"})
    assert "Write what they are" in answer.context["codes"].hint


def vague_problems(seller: User, description: str) -> list[str]:
    """Return the paths of the problems that rule DE-05 finds in a draft with one such line."""
    draft = builders.draft(seller, goods=[builders.goods_item(1, description=description)])
    problems = problems_of(read_statements([draft.pk])[draft.pk])
    return [problem.path for problem in problems if problem.code == "DE-05"]


VAGUE = ("gift", "Parts", "spare parts", "black, xl", "12 x 30", "礼品", "配件", "--")
NAMED = (
    "Running shoes",
    "olives",
    "手机壳",
    "茶叶",
    "gift box",
    "Zxqv 300",
    "Матрёшка",
    "おもちゃ",
    "Plüschtier",
)


@pytest.mark.parametrize("text", VAGUE)
def test_a_description_that_names_no_goods_is_not_lodged(seller: User, text: str) -> None:
    """DE-05: a description tells an officer what the goods are (DE 6/8)."""
    assert vague_problems(seller, text) == ["goods_items.1.description"]


@pytest.mark.parametrize("text", NAMED)
def test_an_unknown_word_may_name_goods(seller: User, text: str) -> None:
    """DE-05 refuses what says nothing, not what we do not know."""
    assert vague_problems(seller, text) == []


def test_a_vague_line_names_its_problem_beside_the_description(page: Client, seller: User) -> None:
    goods = [builders.goods_item(1), builders.goods_item(2, description="gift")]
    draft = builders.draft(seller, goods=goods)
    answer = page.get(url("line_edit", draft, 2))
    [error] = answer.context["form"].errors.as_data()["description"]
    assert error.code == "DE-05"
    assert "Name the thing" in error.message
    refused = lifecycle.lodge([draft.pk], by=seller, at=builders.NOW)
    assert [problem.code for problem in refused[draft.pk]] == ["DE-05"]
    assert Declaration.objects.get(pk=draft.pk).is_draft
