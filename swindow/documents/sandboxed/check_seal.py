"""Judge the seal of a PDF; imported by the worker for its own papers, run by `start.py` for any other."""

import asyncio
import importlib
import io
import json
import sys
from datetime import datetime
from typing import Literal

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

_PARTS_LOADED_LATE = (
    "pyhanko.pdf_utils.filters",
    "cryptography.hazmat.backends.openssl",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.padding",
    "cryptography.hazmat.primitives.asymmetric.rsa",
)
Seal = Literal["sound", "none", "foreign", "broken", "appended", "unreadable"]


def prepare() -> asyncio.Runner:
    """Load what pyHanko else loads when it first needs it, and open an event loop, which takes a socket."""
    for part in _PARTS_LOADED_LATE:
        importlib.import_module(part)
    runner = asyncio.Runner()
    runner.get_loop()
    return runner


def main(runner: asyncio.Runner, authority: str, moment: str) -> None:
    """Judge the PDF on standard input; the answer on standard output is a line of JSON, `{"seal": ...}`."""
    pdf = sys.stdin.buffer.read()
    seal = runner.run(_judge(pdf, authority=authority.encode(), moment=datetime.fromisoformat(moment)))
    sys.stdout.write(json.dumps({"seal": seal}) + "\n")


def judge(pdf: bytes, *, authority: bytes, moment: datetime) -> Seal:
    """Return `sound` only when one seal by our authority covers every byte and nothing was added after it."""
    return asyncio.run(_judge(pdf, authority=authority, moment=moment))


async def _judge(pdf: bytes, *, authority: bytes, moment: datetime) -> Seal:
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
        status = await async_validate_pdf_signature(
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
