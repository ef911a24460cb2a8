"""The law to read: jurisdictions, one of them, one rule; every version that was published."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tariffs.addresses import rule_url
from tariffs.compiling import FUNCTIONS, LINE_FUNCTIONS, SCOPED_FUNCTIONS
from tariffs.lawbook import LawBook, open_book
from tariffs.lifecycle import load_packs
from tariffs.pack_parsing import REGULATIONS, folder_packs
from tariffs.packs import current_packs, use_shelf
from tariffs.published import forget, published_by_hash, published_shelf
from tariffs.scopes import CONSIGNMENT_NAMES, FEE_NAMES, LINE_NAMES, LINE_VALUE_NAMES
from tariffs.wording import in_words
from tariffs.worked_examples import examples_of

pytestmark = pytest.mark.django_db
ODD = ("a\0b", "x" * 5_000, "\u202egnirts", "1e999", "9" * 400, "", "../..", "<script>", "٣")


@pytest.fixture
def published(law_of_the_folders: None, tmp_path: Path) -> Iterator[Path]:
    """China's law, published; a folder from which a newer version can be published."""
    shutil.copytree(REGULATIONS / "cn", tmp_path / "cn")
    use_shelf(published_shelf, by_hash=published_by_hash)
    load_packs(tmp_path)
    forget()
    yield tmp_path
    forget()


def _get(address: str, **query: str) -> HttpResponse:
    return Client().get(address, query)


def _words(response: HttpResponse) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def _supersede(folder: Path) -> tuple[str, str]:
    """Publish a newer version with another limit; return the old version and the new one."""
    pack = folder / "cn" / "pack.toml"
    text = pack.read_text(encoding="utf-8")
    old = re.search(r'version = "([^"]+)"', text)
    assert old is not None
    changed = text.replace(old[0], 'version = "2099.1.1"').replace('value = "5000"', 'value = "6000"')
    pack.write_text(changed, encoding="utf-8")
    load_packs(folder)
    forget()
    return old[1], "2099.1.1"


def _books() -> list[LawBook]:
    return [open_book(texts) for texts in folder_packs()]


def test_every_jurisdiction_is_listed_with_how_much_of_it_is_confirmed() -> None:
    """Whoever reads the list sees at once what stands on a source and what does not."""
    response = _get(reverse("tariffs:rules"))
    page = _words(response)
    for book in _books():
        assert reverse("tariffs:jurisdiction", args=[book.jurisdiction]) in response.content.decode()
        assert f"{book.verified_count} of {len(book.rules)}" in page


def test_every_rule_of_every_pack_has_a_page_with_both_sentences() -> None:
    """One page a rule: what an error or a charge links to is always there."""
    for book in _books():
        for number, rule in book.rules.items():
            response = _get(reverse("tariffs:rule", args=[book.jurisdiction, number]))
            assert response.status_code == 200, number
            text = response.content.decode()
            for sentence in rule.sentences.values():
                assert translation.gettext(sentence).replace("'", "&#x27;")[:20] in text, number


def test_a_rule_shows_its_limit_its_formula_in_words_and_a_case_worked_out() -> None:
    """CN-03: up to CNY 5,000 an order; the page says it as figure, formula and example."""
    page = _words(_get(reverse("tariffs:rule", args=["CN", "CN-03"])))
    assert "order_limit 5,000" in page
    assert "customs value ≤ order_limit" in page
    assert "Cross-border e-commerce retail import" in page
    example = examples_of(_of("CN").sha256, rule="CN-03")[0]
    assert example.name[1:] in page


def test_a_check_is_told_with_its_limit_and_without_what_a_consignment_states() -> None:
    """CN-05: the limit is the law's, the value is the reader's."""
    page = _words(_get(reverse("tariffs:rule", args=["CN", "CN-05"])))
    assert "worth CNY … with freight and insurance; the limit for several items is CNY 5,000." in page


def test_a_rule_that_no_source_confirms_says_so() -> None:
    """CN-26 is not confirmed; its page and the list of what is not known both say it."""
    assert "Not confirmed" in _words(_get(reverse("tariffs:rule", args=["CN", "CN-26"])))
    unknown = _words(_get(reverse("tariffs:jurisdiction", args=["CN"]))).split("What is not known")[1]
    assert "CN-26" in unknown


def test_a_jurisdiction_shows_every_rule_regime_and_figure() -> None:
    for book in _books():
        response = _get(reverse("tariffs:jurisdiction", args=[book.jurisdiction]))
        assert response.status_code == 200
        text = response.content.decode()
        assert [code for code in book.regimes if f'id="{code}"' not in text] == []
        assert [row.name for row in book.figures if f"<code>{row.name}</code>" not in text] == []
        assert [number for number in book.rules if f"/{number}/" not in text] == []


def test_a_member_state_and_small_letters_lead_to_the_law_that_rules_them() -> None:
    """The Netherlands apply the law of the Union."""
    for address, target in (
        (reverse("tariffs:jurisdiction", args=["NL"]), reverse("tariffs:jurisdiction", args=["EU"])),
        (reverse("tariffs:jurisdiction", args=["cn"]), reverse("tariffs:jurisdiction", args=["CN"])),
        (reverse("tariffs:rule", args=["cn", "cn-03"]), reverse("tariffs:rule", args=["CN", "CN-03"])),
    ):
        response = _get(address)
        assert (response.status_code, response["Location"]) == (302, target)


def test_a_rule_is_found_by_its_number_however_it_is_typed() -> None:
    response = _get(reverse("tariffs:rules"), number=" cn -03 ")
    assert response["Location"] == reverse("tariffs:rule", args=["CN", "CN-03"])


def test_a_number_that_no_rule_has_is_said_beside_the_field_and_kept() -> None:
    response = _get(reverse("tariffs:rules"), number="CN-99")
    assert response.status_code == 422
    assert "No rule has this number." in _words(response)
    assert 'value="CN-99"' in response.content.decode()


def test_odd_input_is_refused_in_words() -> None:
    """Bad input is never a fault of the portal."""
    for odd in ODD:
        assert _get(reverse("tariffs:rules"), number=odd).status_code in (200, 422)
        assert _get(reverse("tariffs:jurisdiction", args=["CN"]), version=odd).status_code in (200, 404)
    assert _get("/rules/ZZ/").status_code == 404
    assert _get("/rules/CN/CN-99/").status_code == 404
    assert _get("/rules/CN/EU-03/").status_code == 404
    assert _get("/rules/CN/nonsense/").status_code == 404


def test_a_superseded_version_stays_readable_and_says_that_it_is_old(published: Path) -> None:
    """What was assessed by the older law can be looked up as it was."""
    old, new = _supersede(published)
    address = reverse("tariffs:rule", args=["CN", "CN-03"])
    assert "order_limit 6,000" in _words(_get(address))
    before = _words(_get(address, version=old))
    assert "order_limit 5,000" in before
    assert f"You read version {old}" in before
    page = _get(reverse("tariffs:jurisdiction", args=["CN"])).content.decode()
    assert f"?version={old}" in page
    assert f"?version={new}" not in page


def test_an_older_version_keeps_the_reader_in_it(published: Path) -> None:
    """A link inside an old version leads to the old version of the next rule."""
    old, _new = _supersede(published)
    page = _get(reverse("tariffs:jurisdiction", args=["CN"]), version=old).content.decode()
    assert f"{reverse('tariffs:rule', args=['CN', 'CN-03'])}?version={old}" in page


def test_examples_belong_to_the_text_that_they_were_worked_out_for(published: Path) -> None:
    """Cases of another text prove nothing, so they are not shown."""
    _supersede(published)
    page = _words(_get(reverse("tariffs:rule", args=["CN", "CN-03"])))
    assert "None are kept for this version." in page


def test_a_version_that_was_never_published_is_named_and_the_law_in_use_shown(published: Path) -> None:
    response = _get(reverse("tariffs:jurisdiction", args=["CN"]), version="1999.1.1")
    assert response.status_code == 404
    assert "There is no version 1999.1.1." in _words(response)
    assert "CN-03" in _words(response)


def test_pages_ask_the_database_a_fixed_number_of_questions(published: Path) -> None:
    """However many rules a pack has."""
    old, _new = _supersede(published)
    for address, query, most in (
        (reverse("tariffs:rules"), {}, 2),
        (reverse("tariffs:jurisdiction", args=["CN"]), {}, 3),
        (reverse("tariffs:rule", args=["CN", "CN-03"]), {}, 2),
        (reverse("tariffs:rule", args=["CN", "CN-03"]), {"version": old}, 4),
    ):
        _get(address, **query)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            _get(address, **query)
        assert len(asked) <= most, [query["sql"][:80] for query in asked]


def test_a_rules_address_is_empty_for_a_number_that_no_pack_has() -> None:
    """The portal's own rules have no page, so their number is no link."""
    assert rule_url("CN-03") == "/rules/CN/CN-03/"
    assert rule_url("EU-07", jurisdiction="NL") == "/rules/EU/EU-07/"
    assert rule_url("EU-07", jurisdiction="CN") == ""
    assert rule_url("DE-05") == ""


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("price / (1 - rate)", "price of the line ÷ (1 − rate)"),
        ("price - (freight - insurance)", "price of the goods"),
        ("hs2 >= '50' and hs2 <= '63'", "chapter ≥ 50 and chapter ≤ 63"),
        ("origin == 'CN' or origin == 'HK'", "country of origin is China or Hong Kong"),
        ("not has('listed')", "the goods are not marked “On the positive list”"),
        ("requested_regime == ''", "no regime asked for is stated"),
        ("(value > 1 or quantity > 2) and mass > 3", "(customs value &gt; 1 or quantity &gt; 2)"),
        ("if(value > 5000, 1, 2)", "1 if customs value &gt; 5,000, otherwise 2"),
        ("min(1, 2, 3)", "the smaller of the smaller of 1 and 2 and 3"),
        ("not any_line('retail_price')", "no line states retail price"),
        ("convert(150, 'USD')", "150 USD"),
        ("clamp(value * 0.003464, 1, 2)", "customs value × 0.003464, but at least 1 and at most 2"),
    ],
)
def test_a_formula_reads_as_words_and_means_the_same(formula: str, words: str) -> None:
    """Brackets stay where they decide; signs are those of arithmetic."""
    if formula.startswith("price - ("):
        assert in_words(formula) == "price of the line − (freight − insurance)"
    else:
        assert words in in_words(formula)


def test_every_name_and_function_of_the_engine_has_words() -> None:
    """Whoever adds a name or a function that packs may use says what a reader reads for it."""
    names = CONSIGNMENT_NAMES | LINE_NAMES | LINE_VALUE_NAMES | FEE_NAMES
    assert [name for name in sorted(names) if in_words(name) == name and "_" in name] == []
    functions = {
        **FUNCTIONS,
        **SCOPED_FUNCTIONS,
        **LINE_FUNCTIONS,
        "has": (None, 1),
        "has_document": (None, 1),
    }
    for name, (_function, count) in functions.items():
        said = in_words(f"{name}({', '.join(['1'] * (count or 2))})")
        assert f"{name}(" not in said, name


def test_every_formula_of_every_pack_reads_as_words() -> None:
    """No formula is left that only a programmer can read; names of the pack's own are marked as code."""
    for book in _books():
        for clause in book.clauses:
            for _role, text in clause.formulas:
                said = re.sub("<code>[a-z0-9_]+</code>", "", in_words(text, own=book.own_names))
                assert re.findall("[a-z]+_[a-z_]+", said) == [] or "registration scheme" in said, text


def test_pages_speak_chinese_where_the_law_does() -> None:
    with translation.override("zh-hans"):
        page = Client().get(reverse("tariffs:rule", args=["CN", "CN-03"]), headers={"Accept-Language": "zh"})
    text = page.content.decode()
    assert 'lang="zh-hans"' in text
    assert "关税税率为0%" in text.split("sw-rule-other")[0]


def _of(jurisdiction: str) -> LawBook:
    assert any(pack.jurisdiction == jurisdiction for pack in current_packs())
    return next(book for book in _books() if book.jurisdiction == jurisdiction)
