"""Judge the seal of a PDF; imported by the worker for its own papers, run by `start.py` for any other."""

import io
import json
import sys
from datetime import datetime
from typing import Literal

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

Seal = Literal["sound", "none", "foreign", "broken", "appended", "unreadable"]


def main(authority: str, moment: str) -> None:
    """Judge the PDF on standard input; the answer on standard output is a line of JSON, `{"seal": ...}`."""
    pdf = sys.stdin.buffer.read()
    seal = judge(pdf, authority=authority.encode(), moment=datetime.fromisoformat(moment))
    sys.stdout.write(json.dumps({"seal": seal}) + "\n")


def judge(pdf: bytes, *, authority: bytes, moment: datetime) -> Seal:
    """Return `sound` only when one seal by our authority covers every byte and nothing was added after it."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
    # pyHanko meets hostile bytes with many kinds of exception.
    except Exception:
        return "unreadable"
    if not signatures:
        return "none"
    if len(signatures) > 1:
        return "appended"
    try:
        status = validate_pdf_signature(
            signatures[0], signer_validation_context=_context(authority, moment=moment)
        )
    except Exception:
        return "broken"
    return _verdict(status)


def _verdict(status: PdfSignatureStatus) -> Seal:
    if not (status.intact and status.valid):
        return "broken"
    if not status.trusted:
        return "foreign"
    # `bottom_line` alone would accept harmless-looking additions.
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    if not whole or status.modification_level is not ModificationLevel.NONE or not status.docmdp_ok:
        return "appended"
    return "sound"


def _context(authority: bytes, *, moment: datetime) -> ValidationContext:
    roots = [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(authority, multiple=True)]
    return ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
