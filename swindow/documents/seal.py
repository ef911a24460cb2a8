"""Sealing a paper: PAdES by pyHanko, one revision, no change after it; imported by the worker alone."""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from swindow.documents.errors import PaperRefused, SealUnavailable
from swindow.documents.sandboxed.check_seal import judge
from swindow.documents.signing_keys import SigningFiles, make_demo_keys

_FIELD = "Seal"
_TSA_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPdf:
    """A sealed file and the subject of the certificate that sealed it."""

    data: bytes
    signer: str


def seal(pdf: bytes, *, reason: str, at: datetime) -> SealedPdf:
    """Seal the file and check the result as a reader would; raises SealUnavailable or PaperRefused."""
    signer = _signer(settings.SIGNING_DIR)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        name=str(signer.subject_name),
    )
    try:
        data = PdfSigner(metadata, signer, timestamper=_timestamper()).sign_pdf(writer).getvalue()
    except (TimestampRequestError, OSError) as error:
        raise SealUnavailable("the time-stamp service does not answer") from error
    if not is_sound(data, at=at):
        raise PaperRefused(["the seal does not verify"])
    certificate = signer.signing_cert
    return SealedPdf(data=data, signer=str(certificate.subject.human_friendly) if certificate else "")


def is_sound(pdf: bytes, *, at: datetime) -> bool:
    """Tell whether the file carries our seal over every byte, judged for that moment."""
    # The seal bears the time of this machine's clock, which may be ahead of the caller's.
    moment = max(at, timezone.now())
    authority = SigningFiles(settings.SIGNING_DIR).authority
    return authority.is_file() and judge(pdf, authority=authority.read_bytes(), moment=moment) == "sound"


def signer_of(pdf: bytes, *, reason: str, at: datetime) -> str:
    """Return who sealed the file for that reason; empty when the seal is not ours, unsound or for another."""
    if not is_sound(pdf, at=at):
        return ""
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    if signature.sig_object.get("/Reason") != reason:
        return ""
    certificate = signature.signer_cert
    return str(certificate.subject.human_friendly) if certificate else ""


@cache
def _signer(folder: Path) -> SimpleSigner:
    files = SigningFiles(folder)
    if settings.DEMO:
        make_demo_keys(folder, at=timezone.now(), passphrase=settings.SIGNING_PASSPHRASE)
    if not files.exist:
        raise SealUnavailable(f"no signing key in {folder}: run manage.py make_signing_key")
    passphrase = settings.SIGNING_PASSPHRASE.encode() or None
    signer: SimpleSigner | None = SimpleSigner.load(
        str(files.key),
        str(files.certificate),
        ca_chain_files=(str(files.authority),),
        key_passphrase=passphrase,
    )
    if signer is None:
        raise SealUnavailable(f"the signing key in {folder} cannot be read")
    return signer


def _timestamper() -> HTTPTimeStamper | None:
    if not settings.TSA_URL:
        return None
    return HTTPTimeStamper(settings.TSA_URL, timeout=_TSA_SECONDS)
