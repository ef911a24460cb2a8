"""What the numbers of measure types mean: TARIC's own, which the United Kingdom kept.

Source: European Commission, TARIC, table of measure types; UK Trade Tariff, measure types.
"""

from tariffs.models import MeasureType

_NUMBERS: dict[MeasureType, str] = {
    MeasureType.THIRD_COUNTRY: "103 105",
    MeasureType.PREFERENCE: "106 141 142 145",
    MeasureType.QUOTA: "122 123 143 146 147 653 654",
    MeasureType.SUSPENSION: "112 115 116 117 119",
    MeasureType.ANTIDUMPING: "551 552",
    MeasureType.COUNTERVAILING: "553 554",
    MeasureType.SAFEGUARD: "696",
    MeasureType.ADDITIONAL: "672 673 674 690 695",
    MeasureType.EXCISE: "306",
    MeasureType.VAT: "305",
    MeasureType.SUPPLEMENTARY_UNIT: "109 110 111",
}
_BY_NUMBER = {number: kind for kind, numbers in _NUMBERS.items() for number in numbers.split()}

# A measure of these kinds without a text of duty is a fault of the file; a prohibition has none.
OWES_A_DUTY = frozenset(
    [
        MeasureType.THIRD_COUNTRY,
        MeasureType.PREFERENCE,
        MeasureType.SUSPENSION,
        MeasureType.ANTIDUMPING,
        MeasureType.COUNTERVAILING,
        MeasureType.SAFEGUARD,
        MeasureType.ADDITIONAL,
        MeasureType.SUPPLEMENTARY_UNIT,
    ]
)


def measure_type(number: str) -> MeasureType:
    """Return what the authority's number means; `other` for controls, licences and what is not listed."""
    return _BY_NUMBER.get(number.strip(), MeasureType.OTHER)
