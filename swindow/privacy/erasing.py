"""Erasure by a worker: everything but the account first, then the mail with the result, then the address."""

from datetime import datetime
from typing import Any

from django.db import transaction

from swindow.personal_data import ACCOUNT, CATALOGUE, DataKind, Outcome, kind_named
from swindow.privacy.lifecycle import finish_erasure, keep_outcome
from swindow.privacy.mails import tell_of_erasure
from swindow.privacy.models import Erasure


def erase(erasure: Erasure, *, at: datetime) -> None:
    """Do one erasure; a run that was interrupted is taken up, and at worst its mail is sent twice."""
    erasure = _erase_all_but_account(erasure, at=at)
    # While there is still an address to write to.
    if erasure.status != Erasure.Status.DONE:
        tell_of_erasure(erasure)
        _erase_account(erasure, at=at)


@transaction.atomic
def _erase_all_but_account(erasure: Erasure, *, at: datetime) -> Erasure:
    row = Erasure.objects.select_for_update(of=("self",)).select_related("person").get(pk=erasure.pk)
    if row.outcome:
        return row
    lines = [
        _line(kind, kind.provider.erase(row.person_id, at, kind.keeping))
        for kind in CATALOGUE
        if kind.name != ACCOUNT
    ]
    return keep_outcome(row, outcome=[*lines, _line(kind_named(ACCOUNT), Outcome(erased=1))])


@transaction.atomic
def _erase_account(erasure: Erasure, *, at: datetime) -> None:
    kind = kind_named(ACCOUNT)
    if finish_erasure(erasure, at=at):
        kind.provider.erase(erasure.person_id, at, kind.keeping)


def _line(kind: DataKind, outcome: Outcome) -> dict[str, Any]:
    until = outcome.until.isoformat() if outcome.until else ""
    ground = str(kind.keeping.ground) if outcome.kept else ""
    return {
        "kind": kind.name,
        "erased": outcome.erased,
        "kept": outcome.kept,
        "ground": ground,
        "until": until,
    }
