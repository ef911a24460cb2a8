"""Erasure by a worker: everything but the account first, then the mail with the result, then the address."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from swindow.personal_data import ACCOUNT, CATALOGUE, DataKind, Outcome, kind_named
from swindow.privacy.lifecycle import finish_erasure
from swindow.privacy.mails import tell_of_erasure
from swindow.privacy.models import Erasure


def erase(erasure: Erasure, *, at: datetime) -> None:
    """Do one erasure; a run that was interrupted is repeated, and the mail with it."""
    if erasure.status == Erasure.Status.DONE:
        return
    outcome = [*_erase_all_but_account(erasure, at=at), _line(kind_named(ACCOUNT), Outcome(erased=1))]
    # While there is still an address to write to.
    tell_of_erasure(erasure, outcome=outcome)
    with transaction.atomic():
        if finish_erasure(erasure, outcome=outcome, at=at):
            kind = kind_named(ACCOUNT)
            kind.provider.erase(erasure.person_id, at, kind.keeping)


@transaction.atomic
def _erase_all_but_account(erasure: Erasure, *, at: datetime) -> Sequence[dict[str, Any]]:
    kinds = [kind for kind in CATALOGUE if kind.name != ACCOUNT]
    return [_line(kind, kind.provider.erase(erasure.person_id, at, kind.keeping)) for kind in kinds]


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
