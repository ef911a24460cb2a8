"""Pure rules of files and papers: names, numbers, limits."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

from stdnum.iso7064 import mod_11_10

NAME_LIMIT = 120
HTML_LIMIT = 4_000_000
LINE_BREAK_LIMIT = 2_000
NUMBER_PATTERN = re.compile(r"^([A-Z]{2,4})-([0-9]{2})-([0-9]{8,12})-([0-9])$")
CODE_PATTERN = re.compile(r"^[A-Za-z0-9_-]{22}$")
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
}
_SEPARATORS = re.compile(r"[\\/]")
_UNSAFE_ON_DISK = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


def clean_name(name: str) -> str:
    """Return a file name to show and to download: no folders, no control or direction characters."""
    base = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    # Categories C* and Zl, Zp hold control, bidirectional and invisible characters.
    visible = "".join(
        " " if unicodedata.category(char) in {"Zl", "Zp", "Zs"} else char
        for char in base
        if unicodedata.category(char)[0] != "C"
    )
    tidy = " ".join(visible.translate(_UNSAFE_ON_DISK).split()).strip(". ")
    path = PurePosixPath(tidy or "file")
    suffix = path.suffix[:10]
    return path.stem[: NAME_LIMIT - len(suffix)] + suffix


def name_fits(name: str, *, content_type: str) -> bool:
    """Tell whether the ending of the name is one of this kind of file."""
    return PurePosixPath(name).suffix.lower() in EXTENSIONS[content_type]


def document_number(kind: str, serial: int, *, at: datetime) -> str:
    """Return for example CP-26-00000012-7; the last digit (ISO 7064, MOD 11,10) covers year and serial."""
    year, digits = f"{at:%y}", f"{serial:08d}"
    return f"{kind}-{year}-{digits}-{mod_11_10.calc_check_digit(year + digits)}"


def is_document_number(text: str) -> bool:
    """Tell whether the text has the form of a document number and the right check digit."""
    match = NUMBER_PATTERN.fullmatch(text)
    return match is not None and bool(mod_11_10.is_valid("".join(match.groups()[1:])))


def verification_path(code: str) -> str:
    """Return the path of the public page of a code, fixed for ever because it is printed on papers."""
    return f"/verify/{code}/"


def html_problems(html: str) -> list[str]:
    """Return what makes a page too heavy to lay out (20,000 line breaks took 27 seconds)."""
    problems = []
    if len(html) > HTML_LIMIT:
        problems.append(f"the page has more than {HTML_LIMIT} characters")
    if html.count("<br") > LINE_BREAK_LIMIT:
        problems.append(f"the page has more than {LINE_BREAK_LIMIT} line breaks")
    return problems
