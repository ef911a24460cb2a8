"""From a reserved number to a live paper: lay out, check, seal, store, mark; every step may be repeated."""

import io
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from swindow.documents import storage
from swindow.documents.errors import PaperRefused
from swindow.documents.lifecycle import SealedFile, mark_live
from swindow.documents.models import IssuedDocument
from swindow.documents.rules import verification_path
from swindow.failpoints import reach

_CHINESE = re.compile("[\u3400-\u9fff]")
_log = logging.getLogger(__name__)


def produce(
    document: IssuedDocument,
    *,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    lines: int = 0,
    phrases: Sequence[str] = (),
) -> IssuedDocument:
    """Make, seal and store the paper's file and mark it live; outside a transaction, as often as needed.

    `lines` is how many goods lines (rows with `data-line`) and `phrases` which texts must be on it.
    Raises PaperRefused, SealUnavailable or StorageUnavailable; the number stays reserved then.
    """
    document.refresh_from_db()
    if document.state != IssuedDocument.State.ISSUING:
        return document
    file = _left_by_a_killed_worker(document, at=at)
    if file is None:
        html, qr = _page(document, template=template, context=context)
        file = _make(document, html=html, qr=qr, at=at, lines=lines, phrases=phrases)
    reach("during_document")
    mark_live(document, file=file, at=at)
    document.refresh_from_db()
    _remove_others(document)
    return document


def verification_url(document: IssuedDocument) -> str:
    """Return the address of the public page of this paper, as its code to scan says it."""
    return f"{settings.BASE_URL}{verification_path(document.verification_code)}"


def _page(document: IssuedDocument, *, template: str, context: Mapping[str, Any]) -> tuple[str, bytes]:
    address = verification_url(document)
    code = io.BytesIO()
    segno.make(address, error="m", micro=False).save(code, kind="png", scale=4, border=2)
    own = {
        "document": document,
        "verification_url": address,
        "qr": "asset:qr.png",
        "is_demo": settings.DEMO,
    }
    with translation.override(document.language):
        html = render_to_string(template, {**context, **own})
    return html, code.getvalue()


def _make(
    document: IssuedDocument,
    *,
    html: str,
    qr: bytes,
    at: datetime,
    lines: int,
    phrases: Sequence[str],
) -> SealedFile:
    # WeasyPrint and pyHanko take 250 MB: only a process that really issues papers loads them.
    from swindow.documents import paper_checks, rendering, seal

    rendered = rendering.render(html, assets={"qr.png": qr})
    expected = paper_checks.Expected(
        phrases=[document.number, document.verification_code, document.title, *phrases], lines=lines, qr=qr
    )
    problems = paper_checks.problems_of(rendered.pdf, expected=expected)
    problems += [f"not available: {url}" for url in rendered.refused_urls]
    problems += _font_problems(rendered.missing_characters, document=document)
    if problems:
        raise PaperRefused(problems)
    sealed = seal.seal(rendered.pdf, reason=document.number, at=at)
    return _store(document, data=sealed.data, signer=sealed.signer)


def _font_problems(missing: str, *, document: IssuedDocument) -> list[str]:
    if not missing:
        return []
    _log.warning("characters without a font", extra={"number": document.number, "characters": missing[:80]})
    # Without its font a Chinese paper says nothing; a rare sign in a name must not stop goods for ever.
    if _CHINESE.search(missing):
        return ["no font for Chinese on this machine: install the package fonts-noto-cjk"]
    return []


def _store(document: IssuedDocument, *, data: bytes, signer: str) -> SealedFile:
    sha256 = storage.sha256_of(data)
    # The key holds the hash: two workers at once write two objects, and the row names exactly one.
    key = f"{_folder(document)}/{sha256}.pdf"
    storage.put(key, data)
    return SealedFile(sha256=sha256, size=len(data), storage_key=key, signer=signer)


def _left_by_a_killed_worker(document: IssuedDocument, *, at: datetime) -> SealedFile | None:
    for key in storage.keys_under(_folder(document)):
        data = storage.get(key)
        if not key.endswith(f"/{storage.sha256_of(data)}.pdf"):
            continue
        from swindow.documents import seal

        if signer := seal.signer_of(data, reason=document.number, at=at):
            return SealedFile(sha256=storage.sha256_of(data), size=len(data), storage_key=key, signer=signer)
    return None


def _remove_others(document: IssuedDocument) -> None:
    for key in storage.keys_under(_folder(document)):
        if key != document.storage_key:
            storage.remove(key)


def _folder(document: IssuedDocument) -> str:
    return f"issued/{document.dated_at:%y}/{document.number}"
