"""Registration numbers: the form and check digit of each country, and sentences that help."""

import pytest

from swindow.accounts.rules import check_registration_number, compact_number


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("91110000600037341L", "CN"),
        ("NL004495445B01", "NL"),
        ("NL 0044.95.445.B01", "NL"),
        ("NL854120037", "NL"),
        ("FR73282932000074", "FR"),
        ("EL094259216", "GR"),
        ("GR094259216", "GR"),
        ("GB980780684", "GB"),
        ("GB980780684000", "GB"),
        ("SC123456", "GB"),
        ("91-1144442", "US"),
        ("83 914 571 673", "AU"),
        ("00192200M", "SG"),
        ("0101234567", "VN"),
    ],
)
def test_a_true_number_passes(number: str, country: str) -> None:
    assert list(check_registration_number(number, country=country)) == []


@pytest.mark.parametrize(
    ("number", "country", "rule"),
    [
        ("91110000600037342L", "CN", "AC-03"),
        ("12345", "CN", "AC-02"),
        ("DE136695978", "DE", "AC-03"),
        ("NL004495445B01", "DE", "AC-02"),
        ("86420975", "NL", "AC-02"),
        ("GB980780685", "GB", "AC-03"),
        ("07-1144442", "US", "AC-02"),
        ("83 914 571 674", "AU", "AC-03"),
        ("é", "VN", "AC-01"),
        ("1" * 41, "VN", "AC-01"),
    ],
)
def test_a_wrong_number_is_explained_with_its_rule(number: str, country: str, rule: str) -> None:
    (problem,) = check_registration_number(number, country=country)
    assert problem.code == rule
    assert problem.message.endswith(".")
    assert problem.fix.endswith(".")


def test_spaces_and_hyphens_do_not_matter() -> None:
    assert compact_number(" 91-1144 442.") == "911144442"
