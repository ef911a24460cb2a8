"""Pure rules: names of files and numbers of papers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swindow.documents.rules import NAME_LIMIT, clean_name, document_number, is_document_number

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Lin\\发票.pdf", "发票.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("a\x00\r\n\tb.pdf", "ab.pdf"),
        ("  spaced   out .pdf", "spaced out .pdf"),
        ('x"<>|?*:.pdf', "x_______.pdf"),
        ("", "file"),
        ("...", "file"),
        (".pdf", "pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name_is_shown_without_what_could_deceive(given_name: str, shown: str) -> None:
    assert clean_name(given_name) == shown


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_printable_one(name: str) -> None:
    shown = clean_name(name)
    assert 0 < len(shown) <= NAME_LIMIT
    assert not set(shown) & set("/\\\r\n\0\u202e\u200f")


def test_a_number_has_year_serial_and_check_digit() -> None:
    number = document_number("CP", 12, at=AT)
    assert number.startswith("CP-26-00000012-")
    assert is_document_number(number)


@given(st.integers(1, 10**9), st.integers(0, 9), st.integers(0, 8))
def test_one_mistyped_digit_is_always_found(serial: int, place: int, step: int) -> None:
    number = document_number("CP", serial % 10**8, at=AT)
    digits = [index for index, character in enumerate(number) if character.isdigit()]
    index = digits[place]
    wrong = (int(number[index]) + 1 + step) % 10
    assert is_document_number(f"{number[:index]}{wrong}{number[index + 1 :]}") is False


@pytest.mark.parametrize("text", ["", "CP", "CP-26-12-1", "cp-26-00000012-7", "CP-26-0000001２-7"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_document_number(text)
