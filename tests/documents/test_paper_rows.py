"""What the database itself refuses for issued papers."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from swindow.documents.models import IssuedDocument
from tests.builders import NOW

Make = Callable[..., IssuedDocument]


@pytest.mark.parametrize(
    "change",
    [
        {"number": "CP-26-00000099-9"},
        {"snapshot": {"n": 2}},
        {"sha256": "0" * 64},
        {"storage_key": "issued/other.pdf"},
        {"verification_code": "A" * 22},
        {"title": "Another"},
        {"state": "issuing"},
        {"state": "superseded"},
        {"state": "revoked"},
        {"size": 1},
        {"issued_at": None},
    ],
    ids=str,
)
def test_an_issued_paper_cannot_be_changed(issue: Make, change: dict[str, object]) -> None:
    document = issue()
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=document.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "live"},
        {"sha256": "0" * 64},
        {"issued_at": NOW},
        {"number": "CP-26-00000099-9"},
        {"state": "superseded"},
    ],
    ids=str,
)
def test_a_reserved_paper_cannot_become_half_live(reserve: Make, change: dict[str, object]) -> None:
    document = reserve()
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=document.pk).update(**change)


def test_a_paper_is_never_deleted(issue: Make) -> None:
    document = issue()
    for statement in ("DELETE FROM documents_issueddocument", "TRUNCATE documents_issueddocument CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert IssuedDocument.objects.filter(pk=document.pk).exists()


def test_one_paper_of_a_kind_is_live_at_a_time(issue: Make, reserve: Make) -> None:
    live = issue()
    second = reserve(revision=2)
    facts = {
        "state": "live",
        "issued_at": NOW,
        "sha256": live.sha256,
        "size": live.size,
        "storage_key": live.storage_key,
        "signer": live.signer,
    }
    with pytest.raises(DatabaseError, match="issued_one_live_per_subject"), transaction.atomic():
        IssuedDocument.objects.filter(pk=second.pk).update(**facts)
