"""Checks of transport document numbers, each for its kind; pure."""

import re

from django.utils.translation import gettext as _

from logistics.models import DocumentKind, Mode
from swindow.problems import Problem
from swindow.references import iso6346_check_digit

KINDS_OF_MODE = {
    Mode.AIR: DocumentKind.AIR_WAYBILL,
    Mode.SEA: DocumentKind.CONTAINER,
    Mode.ROAD: DocumentKind.VEHICLE_PLATE,
    Mode.POST: DocumentKind.POSTAL_ITEM,
}
_AIR_WAYBILL = re.compile(r"(\d{3})-?(\d{4}) ?(\d{4})")
_CONTAINER = re.compile(r"([A-Z]{3}[UJZ]\d{6})-?(\d)")
_PLATE = re.compile(r"(?=.*\d)[A-Z0-9\u4e00-\u9fff][A-Z0-9\u4e00-\u9fff -]{3,13}")
_POSTAL_ITEM = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def check_document_number(kind: str, number: str, *, path: str = "document_number") -> list[Problem]:
    """LG-01 to LG-04: a transport document number has the form and check digit of its kind."""
    number = number.strip().upper()
    if not number:
        return [
            Problem(
                path, "LG-00", _("The transport document number is missing."), _("Copy it from the document.")
            )
        ]
    return _CHECKS[DocumentKind(kind)](number, path)


def _check_air_waybill(number: str, path: str) -> list[Problem]:
    """LG-01: IATA Resolution 600a: three digits of the airline, seven, and their remainder by seven."""
    match = _AIR_WAYBILL.fullmatch(number)
    if not match:
        return [
            Problem(
                path,
                "LG-01",
                _("An air waybill number has eleven digits, for example 074-1120 3345."),
                _("Copy it from the top of the air waybill."),
            )
        ]
    serial = match[2] + match[3]
    expected = int(serial[:7]) % 7
    if int(serial[7]) == expected:
        return []
    return [_wrong_digit(path, "LG-01", _("air waybill number"))]


def _check_container(number: str, path: str) -> list[Problem]:
    """LG-02: ISO 6346: owner code, U, J or Z, six digits and the check digit."""
    match = _CONTAINER.fullmatch(number.replace(" ", ""))
    if not match:
        return [
            Problem(
                path,
                "LG-02",
                _("A container number has four letters and seven digits, for example CSQU3054383."),
                _("Copy it from the bill of lading."),
            )
        ]
    if int(match[2]) == iso6346_check_digit(match[1]):
        return []
    return [_wrong_digit(path, "LG-02", _("container number"))]


def _check_plate(number: str, path: str) -> list[Problem]:
    """LG-03: a vehicle plate has 4 to 14 letters and digits, at least one of them a digit."""
    if _PLATE.fullmatch(number):
        return []
    return [
        Problem(
            path,
            "LG-03",
            _("A vehicle plate has 4 to 14 letters and digits."),
            _("Copy it from the consignment note, for example 粤B 12345 or 34-TKN-8."),
        )
    ]


def _check_postal_item(number: str, path: str) -> list[Problem]:
    """LG-04: UPU standard S10: two letters, eight digits, a check digit and the country."""
    match = _POSTAL_ITEM.fullmatch(number.replace(" ", ""))
    if not match:
        return [
            Problem(
                path,
                "LG-04",
                _("A postal item number has two letters, nine digits and a country: RB123456785NL."),
                _("Copy it from the label of the parcel."),
            )
        ]
    total = sum(int(digit) * weight for digit, weight in zip(match[1], _POSTAL_WEIGHTS, strict=True))
    expected = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    if int(match[2]) == expected:
        return []
    return [_wrong_digit(path, "LG-04", _("postal item number"))]


def _wrong_digit(path: str, code: str, name: str) -> Problem:
    return Problem(
        path,
        code,
        _("The check digit of the %(name)s does not match, so a digit is mistyped.") % {"name": name},
        _("Compare it with the document, digit by digit."),
    )


_CHECKS = {
    DocumentKind.AIR_WAYBILL: _check_air_waybill,
    DocumentKind.CONTAINER: _check_container,
    DocumentKind.VEHICLE_PLATE: _check_plate,
    DocumentKind.POSTAL_ITEM: _check_postal_item,
}
