"""Properties of every identifier check: what is right passes, one slip is found, and no text breaks it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_97_10

from swindow.accounts.models import CustomsCode
from swindow.accounts.registry import look_up
from swindow.accounts.rules import (
    CODE_SCHEMES,
    bank_account_text,
    check_bank_account,
    check_customs_code,
    check_registration_number,
    check_representative_id,
    is_same_name,
    is_same_number,
    plain_name,
    read_customs_code,
)

DIGITS = "0123456789"
COUNTRIES = (
    *("AT", "AU", "BE", "BR", "CA", "CH", "CN", "CZ", "DE", "DK", "ES", "FR", "GB", "GR", "IE", "IL", "IN"),
    *("IT", "JP", "KR", "NL", "NO", "NZ", "PL", "PT", "SE", "SG", "TH", "TR", "TW", "US", "VN"),
)


@dataclass(frozen=True)
class Scheme:
    """A check, a true number, and whether it finds each wrong digit and each transposition."""

    name: str
    number: str
    passes: Callable[[str], bool]
    finds_digits: bool = True
    finds_swaps: bool = True

    def __str__(self) -> str:
        return self.name


def registered(country: str) -> Callable[[str], bool]:
    """Return the check of a country's registration numbers."""
    return lambda number: not list(check_registration_number(number, country=country))


def coded(scheme: str) -> Callable[[str], bool]:
    """Return the check of a scheme's codes."""
    return lambda number: not list(check_customs_code(number, scheme=scheme))


def account(number: str) -> bool:
    """Check an IBAN."""
    return not list(check_bank_account(number, bic=""))


def resident(number: str) -> bool:
    """Check a resident identity number of China."""
    return not list(check_representative_id(number, country="CN"))


# What a scheme finds is a property of its arithmetic: modulus 10 misses 0 and 9 swapped, and the Netherlands
# and the United Kingdom each have two ways to count, of which one may fit a slip.
SCHEMES = (
    Scheme("CN", "91440300MA55260182", registered("CN")),
    Scheme("AU", "83914571673", registered("AU")),
    Scheme("PL", "PL8567346215", registered("PL")),
    Scheme("NL", "NL004495445B01", registered("NL"), finds_digits=False, finds_swaps=False),
    Scheme("GB", "GB980780684", registered("GB"), finds_digits=False),
    Scheme("CA", "123026635", registered("CA"), finds_swaps=False),
    Scheme("IL", "516179157", registered("IL"), finds_swaps=False),
    Scheme("JP", "5835678256246", registered("JP"), finds_swaps=False),
    Scheme("CH", "CHE100155212", registered("CH"), finds_digits=False, finds_swaps=False),
    Scheme("NO", "988077917", registered("NO")),
    Scheme("TH", "0105536112014", registered("TH"), finds_digits=False, finds_swaps=False),
    Scheme("GB VAT", "GB980780684", coded("gb_vat"), finds_digits=False),
    Scheme("AU ABN", "83914571673", coded("au_gst")),
    Scheme("IBAN", "NL91ABNA0417164300", account),
    Scheme("resident", "360426199101010071", resident),
)


@pytest.mark.parametrize("scheme", SCHEMES, ids=str)
def test_a_true_number_passes_however_it_is_spelled(scheme: Scheme) -> None:
    number = scheme.number
    for spelled in (number, number.lower(), " ".join(number), f" {number[:4]}-{number[4:]} "):
        assert scheme.passes(spelled), spelled
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    assert scheme.passes(wide), "typed with a Chinese keyboard"


@pytest.mark.parametrize("scheme", [one for one in SCHEMES if one.finds_digits], ids=str)
def test_every_single_wrong_digit_is_found(scheme: Scheme) -> None:
    number, tried = scheme.number, 0
    for place, old in enumerate(number):
        if old not in DIGITS:
            continue
        for new in DIGITS.replace(old, ""):
            assert not scheme.passes(number[:place] + new + number[place + 1 :]), f"{new} at {place}"
            tried += 1
    assert tried >= 9 * 8


@pytest.mark.parametrize("scheme", [one for one in SCHEMES if one.finds_swaps], ids=str)
def test_every_transposition_of_neighbours_is_found(scheme: Scheme) -> None:
    number = scheme.number
    for place in range(len(number) - 1):
        one, two = number[place : place + 2]
        if one != two:
            swapped = number[:place] + two + one + number[place + 2 :]
            assert not scheme.passes(swapped), swapped


@given(st.text("0123456789", min_size=6, max_size=6), st.text(uscc._alphabet, min_size=9, max_size=9))
def test_generated_credit_codes_pass_and_a_changed_check_character_does_not(place: str, body: str) -> None:
    number = f"91{place}{body}"
    check = uscc.calc_check_digit(number + "0")
    assert registered("CN")(number + check)
    wrong = uscc._alphabet[(uscc._alphabet.index(check) + 1) % len(uscc._alphabet)]
    assert not registered("CN")(number + wrong)


@given(st.text(DIGITS, min_size=10, max_size=10))
def test_generated_dutch_accounts_pass_by_their_check_digits_alone(number: str) -> None:
    bban = f"ABNA{number}"
    check = mod_97_10.calc_check_digits(f"{bban}NL")
    assert account(f"NL{check}{bban}")
    assert not account(f"NL{(int(check) + 1) % 100:02}{bban}")


@given(st.dates(), st.integers(0, 999))
def test_generated_resident_numbers_pass_when_their_place_was_there(day: object, serial: int) -> None:
    body = f"110101{day:%Y%m%d}{serial:03}"
    if not ric.is_valid(body + ric.calc_check_digit(body + "0")):
        # Places have years in which they exist.
        assert not resident(body + "0")
        return
    assert resident(body + ric.calc_check_digit(body + "0"))


@settings(max_examples=300)
@given(st.text(max_size=60), st.sampled_from(COUNTRIES))
def test_no_text_breaks_a_check_of_a_registration_number(text: str, country: str) -> None:
    for problem in check_registration_number(text, country=country):
        assert problem.code in ("AC-01", "AC-02", "AC-03")
        assert problem.message
        assert problem.fix
    assert is_same_number(text, text, country=country)
    assert look_up(country=country, number=text, name=text).outcome


@settings(max_examples=300)
@given(st.from_regex(r"[A-Z0-9 ./-]{1,20}", fullmatch=True), st.sampled_from(COUNTRIES))
def test_no_number_breaks_a_check(text: str, country: str) -> None:
    list(check_registration_number(text, country=country))
    list(check_representative_id(text, country=country))
    for scheme in CODE_SCHEMES:
        list(check_customs_code(text, scheme=scheme))
        read_customs_code(text, scheme=scheme)


@settings(max_examples=300)
@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_breaks_the_other_checks(text: str, other: str) -> None:
    for scheme in CODE_SCHEMES:
        list(check_customs_code(text, scheme=scheme))
    list(check_bank_account(text, bic=other))
    bank_account_text(text, bic=other)
    for country in ("CN", "NL"):
        list(check_representative_id(text, country=country))
    assert is_same_name(text, text) == bool(plain_name(text))


def test_every_scheme_has_a_check_and_its_own_example_passes() -> None:
    assert set(CODE_SCHEMES) == set(CustomsCode.Scheme.values)
    for scheme, form in CODE_SCHEMES.items():
        assert coded(scheme)(form.example), scheme


@pytest.mark.parametrize("scheme", CODE_SCHEMES)
def test_a_code_that_was_read_is_read_the_same_again(scheme: str) -> None:
    once = read_customs_code(CODE_SCHEMES[scheme].example, scheme=scheme)
    assert read_customs_code(once, scheme=scheme) == once
    assert coded(scheme)(once)


@pytest.mark.parametrize(
    ("scheme", "number", "words"),
    [
        ("ioss", "IN5280001234", "intermediary"),
        ("ioss", "EU372022452", "services"),
        ("ioss", "IM8880001234", "not an IOSS number"),
        ("us_importer", "123-45-6789", "social security"),
        ("us_importer", "91-1144442", "suffix"),
        ("us_importer", "07-114444200", "not an importer number"),
        ("eori", "GB980780684000", "United Kingdom"),
        ("eori", "CN1234567890", "not an EORI number"),
        ("gb_eori", "GB980780685000", "check digit"),
        ("cn_customs", "44039601", "customs registration code"),
    ],
)
def test_a_number_of_another_kind_is_explained(scheme: str, number: str, words: str) -> None:
    (problem,) = check_customs_code(number, scheme=scheme)
    assert words in problem.message
    assert problem.fix


@pytest.mark.parametrize(
    ("number", "bic", "field"),
    [
        ("0012345678", "", "bank_bic"),
        ("0012345678", "ABNANL2A", "bank_account"),
        ("0012345678", "DBSS", "bank_bic"),
        ("DE89370400440532013000", "ABNANL2A", "bank_bic"),
        ("12", "DBSSSGSG", "bank_account"),
        ("", "DBSSSGSG", "bank_account"),
    ],
)
def test_an_account_that_cannot_be_paid_is_explained(number: str, bic: str, field: str) -> None:
    (problem,) = check_bank_account(number, bic=bic)
    assert (problem.path, problem.code) == (field, "AC-06")


def test_an_account_without_iban_is_kept_with_its_bank() -> None:
    assert not list(check_bank_account("001-234567-8", bic="DBSS SG SG"))
    assert bank_account_text("001-234567-8", bic="DBSS SG SG") == "DBSSSGSG 0012345678"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meridian Toys Ltd", "MERIDIAN  TOYS, LIMITED"),
        ("Société du Midi S.A.", "Societe du Midi"),
        ("深圳市明亮贸易有限公司", "深圳市明亮贸易股份有限公司"),
        ("株式会社タナカ", "タナカ"),
        ("Bright & Co. KG", "bright co"),
    ],
)
def test_names_that_differ_in_spelling_are_the_same(one: str, other: str) -> None:
    assert is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Meridian", "Meridians"), ("!!!", "?"), ("", ""), ("A B", "A")])
def test_names_that_differ_in_more_are_not(one: str, other: str) -> None:
    assert not is_same_name(one, other)
