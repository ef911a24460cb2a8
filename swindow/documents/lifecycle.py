"""The states of papers: reserved with a number, live with a file, replaced or withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from swindow.copying import next_ids
from swindow.documents.models import IssuedDocument
from swindow.documents.rules import document_number

NUMBER_SEQUENCE = "documents_number_seq"
State = IssuedDocument.State
_Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentToIssue:
    """One paper to issue; a correction is the next revision of the same kind and subject."""

    kind: str
    title: str
    subject: str
    snapshot: Mapping[str, Any]
    revision: int = 1
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """The signed file of a paper, already in storage."""

    sha256: str
    size: int
    storage_key: str
    signer: str


def reserve(request: DocumentToIssue, *, at: datetime) -> IssuedDocument:
    """Return the paper with its number; the same kind, subject and revision always give the same one."""
    return reserve_all([request], at=at)[0]


def reserve_all(requests: Sequence[DocumentToIssue], *, at: datetime) -> list[IssuedDocument]:
    """Reserve many papers in at most four statements, in the caller's transaction; returns them in order."""
    wanted = {_key(request): request for request in requests}
    found = _find(wanted)
    missing = [request for key, request in wanted.items() if key not in found]
    if missing:
        _insert(missing, at=at)
        found = _find(wanted)
    return [found[_key(request)] for request in requests]


@transaction.atomic
def mark_live(document: IssuedDocument, *, file: SealedFile, at: datetime) -> bool:
    """Give a reserved paper its file and replace older revisions; False when another worker was first."""
    family = _locked_family(document)
    mine = next(member for member in family if member.pk == document.pk)
    if mine.state != State.ISSUING:
        return False
    newer = next((m for m in family if m.state == State.LIVE and m.revision > mine.revision), None)
    for member in family:
        if member.state == State.LIVE and member.revision < mine.revision:
            _set_superseded(member, by=mine)
    # A correction may overtake the paper that it corrects; then this one is born replaced.
    mine.state, mine.superseded_by = (State.SUPERSEDED, newer) if newer else (State.LIVE, None)
    mine.issued_at, mine.signer = at, file.signer
    mine.sha256, mine.size, mine.storage_key = file.sha256, file.size, file.storage_key
    mine.save()
    return True


@transaction.atomic
def supersede(old: IssuedDocument, *, by: IssuedDocument) -> IssuedDocument:
    """Mark a live paper as replaced by another; raises ValueError unless it is live."""
    row = IssuedDocument.objects.select_for_update().get(pk=old.pk)
    if row.state != State.LIVE or row.pk == by.pk:
        raise ValueError(f"{row.number} is {row.state}: only a live paper can be replaced by another")
    _set_superseded(row, by=by)
    return row


@transaction.atomic
def revoke(document: IssuedDocument, *, reason: str, at: datetime) -> IssuedDocument:
    """Withdraw a paper in any state; a second call changes nothing."""
    row = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if row.state == State.REVOKED:
        return row
    row.state, row.revoked_at, row.revocation_reason = State.REVOKED, at, reason
    row.save(update_fields=["state", "revoked_at", "revocation_reason"])
    return row


def _key(request: DocumentToIssue | IssuedDocument) -> _Key:
    return request.subject, request.kind, request.revision


def _find(keys: Mapping[_Key, object]) -> dict[_Key, IssuedDocument]:
    rows = IssuedDocument.objects.filter(
        subject__in={subject for subject, _kind, _revision in keys},
        kind__in={kind for _subject, kind, _revision in keys},
    )
    return {_key(row): row for row in rows if _key(row) in keys}


def _insert(requests: Sequence[DocumentToIssue], *, at: datetime) -> None:
    serials = next_ids(NUMBER_SEQUENCE, len(requests))
    rows = [
        IssuedDocument(
            number=document_number(request.kind, serial, at=at),
            kind=request.kind,
            title=request.title,
            language=request.language,
            subject=request.subject,
            revision=request.revision,
            snapshot=dict(request.snapshot),
            dated_at=at,
        )
        for request, serial in zip(requests, serials, strict=True)
    ]
    # Another worker may reserve the same paper at this moment: its number stands, ours is dropped.
    IssuedDocument.objects.bulk_create(rows, ignore_conflicts=True)


def _locked_family(document: IssuedDocument) -> list[IssuedDocument]:
    return list(
        IssuedDocument.objects.select_for_update()
        .filter(subject=document.subject, kind=document.kind)
        .order_by("id")
    )


def _set_superseded(document: IssuedDocument, *, by: IssuedDocument) -> None:
    document.state, document.superseded_by = State.SUPERSEDED, by
    document.save(update_fields=["state", "superseded_by"])
