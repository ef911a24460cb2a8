"""Is this paper ours and does it still hold? Asked by anyone, answered without personal data."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from swindow.documents import sandbox
from swindow.documents.models import IssuedDocument
from swindow.documents.rules import CODE_PATTERN
from swindow.documents.signing_keys import SigningFiles
from swindow.documents.storage import sha256_of


class Outcome(Enum):
    """What the page says of a paper."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPaper:
    """What anyone may know of a paper."""

    number: str
    title: str
    dated_at: datetime
    sha256: str
    code: str
    revoked_at: datetime | None
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome and, unless the paper is unknown or altered, the paper."""

    outcome: Outcome
    paper: PublicPaper | None = None


UNKNOWN = Finding(outcome=Outcome.UNKNOWN)
_ALTERED = Finding(outcome=Outcome.ALTERED)
_OUTCOMES = {
    IssuedDocument.State.LIVE: Outcome.VALID,
    IssuedDocument.State.SUPERSEDED: Outcome.SUPERSEDED,
    IssuedDocument.State.REVOKED: Outcome.REVOKED,
}


def by_code(code: str) -> Finding:
    """Look a paper up by the code printed on it."""
    if not CODE_PATTERN.fullmatch(code):
        return UNKNOWN
    return _finding(_papers().filter(verification_code=code).first())


def by_number(number: str, *, code: str) -> Finding:
    """Look a paper up by number and code, which must belong together."""
    finding = by_code(code)
    if finding.paper and constant_time_compare(finding.paper.number, number):
        return finding
    return UNKNOWN


def by_file(file: File, *, at: datetime) -> Finding:
    """Judge a PDF that someone sent: the bytes must be those we issued and the seal on them sound."""
    data = file.read(settings.UPLOAD_MAX_BYTES + 1)
    if not data.startswith(b"%PDF-") or len(data) > settings.UPLOAD_MAX_BYTES:
        return UNKNOWN
    document = _papers().filter(sha256=sha256_of(data)).first()
    # A paper outlives the certificate that sealed it: judge for the day on which it was issued.
    moment = document.issued_at if document and document.issued_at else at
    seal = _seal_of(data, moment=moment)
    if document:
        return _finding(document) if seal == "sound" else _ALTERED
    return _ALTERED if seal in {"sound", "broken", "appended"} else UNKNOWN


def _papers() -> QuerySet[IssuedDocument]:
    return IssuedDocument.objects.select_related("superseded_by").defer("snapshot")


def _finding(document: IssuedDocument | None) -> Finding:
    outcome = _OUTCOMES.get(IssuedDocument.State(document.state)) if document else None
    if document is None or outcome is None:
        return UNKNOWN
    replacement = document.superseded_by
    paper = PublicPaper(
        number=document.number,
        title=document.title,
        dated_at=document.dated_at,
        sha256=document.sha256,
        code=document.verification_code,
        revoked_at=document.revoked_at,
        replaced_by=replacement.number if replacement else "",
    )
    return Finding(outcome=outcome, paper=paper)


def _seal_of(data: bytes, *, moment: datetime) -> str:
    authority = SigningFiles(settings.SIGNING_DIR).authority
    if not authority.is_file():
        return "unreadable"
    # Hostile bytes are parsed in a child only.
    answer = sandbox.run("check_seal", authority.read_text(), moment.isoformat(), data=data)
    return str(answer.head["seal"]) if answer else "unreadable"
