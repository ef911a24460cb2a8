"""Consent, copies and erasure: what a person asks for, and what the workers report back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.models import User, authorities_of
from swindow.copying import next_ids
from swindow.events.outbox import NewEvent, record
from swindow.personal_data import CATALOGUE
from swindow.privacy.models import Consent, DataCopy, Erasure
from swindow.problems import Problem, Refused
from swindow.references import reference

COPY_KEPT = timedelta(days=7)
_COPIES_A_DAY = 3


@transaction.atomic
def agree(person: User, *, version: str, language: str, at: datetime) -> Consent:
    """Keep that the person agreed to a version of the notice; agreeing twice changes nothing."""
    User.objects.select_for_update().get(pk=person.pk)
    consent, is_new = Consent.objects.get_or_create(
        person=person, version=version, defaults={"language": language, "given_at": at}
    )
    if is_new:
        _announce(person, "notice.agreed", at=at, version=version)
    return consent


@transaction.atomic
def ask_for_copy(person: User, *, at: datetime) -> DataCopy:
    """Have a copy of the person's data made; raises Refused (PR-01, PR-02)."""
    User.objects.select_for_update().get(pk=person.pk)
    copies = DataCopy.objects.filter(person=person)
    if copies.filter(status=DataCopy.Status.ASKED).exists():
        raise Refused([_is_being_made()])
    if copies.filter(asked_at__gt=at - timedelta(days=1)).count() >= _COPIES_A_DAY:
        raise Refused([_too_many_copies()])
    number = next_ids("privacy_datacopy_id_seq", 1)[0]
    name = reference("CPY", number, on=at.date())
    copy = DataCopy.objects.create(pk=number, reference=name, person=person, asked_at=at)
    _announce(person, "copy.asked", at=at, copy=name)
    return copy


@transaction.atomic
def finish_copy(copy: DataCopy, *, storage_key: str, sha256: str, size: int, at: datetime) -> bool:
    """Name the file of a copy; False when another worker was first."""
    row = DataCopy.objects.select_for_update().get(pk=copy.pk)
    if row.status != DataCopy.Status.ASKED:
        return False
    row.status, row.storage_key, row.sha256, row.size = DataCopy.Status.READY, storage_key, sha256, size
    row.ready_at, row.expires_at = at, at + COPY_KEPT
    row.save()
    return True


@transaction.atomic
def note_download(copy: DataCopy, *, by: User, at: datetime) -> None:
    """Enter in the person's chain that the copy was handed out."""
    User.objects.select_for_update().get(pk=by.pk)
    _announce(by, "copy.downloaded", at=at, copy=copy.reference)


def end_copies(copies: Sequence[DataCopy]) -> int:
    """Mark copies whose files were removed."""
    rows = DataCopy.objects.filter(pk__in=[copy.pk for copy in copies])
    return rows.update(status=DataCopy.Status.EXPIRED, storage_key="", sha256="", size=0)


@transaction.atomic
def ask_for_erasure(person: User, *, at: datetime) -> Erasure:
    """Have the person forgotten as far as the law allows; raises Refused (PR-03, PR-04, a kind's own)."""
    User.objects.select_for_update().get(pk=person.pk)
    problems = objections_to_erasure(person)
    if Erasure.objects.filter(person=person, status=Erasure.Status.ASKED).exists():
        problems = [_is_being_erased(), *problems]
    if problems:
        raise Refused(problems)
    number = next_ids("privacy_erasure_id_seq", 1)[0]
    name = reference("ERA", number, on=at.date())
    erasure = Erasure.objects.create(pk=number, reference=name, person=person, asked_at=at)
    _announce(person, "erasure.asked", at=at, erasure=name)
    return erasure


def objections_to_erasure(person: User) -> list[Problem]:
    """Return why the person cannot be forgotten now; empty when nothing is in the way."""
    if authorities_of(person) or person.is_staff:
        return [_works_for_an_authority()]
    return [problem for kind in CATALOGUE for problem in kind.provider.objections(person.pk)]


def keep_outcome(erasure: Erasure, *, outcome: Sequence[Mapping[str, Any]]) -> Erasure:
    """Keep what an erasure did, in the transaction that did it: a repeated run finds nothing any more."""
    erasure.outcome = list(outcome)
    erasure.save(update_fields=["outcome"])
    return erasure


@transaction.atomic
def finish_erasure(erasure: Erasure, *, at: datetime) -> bool:
    """Close an erasure; False when it is closed already."""
    User.objects.select_for_update().get(pk=erasure.person_id)
    row = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if row.status == Erasure.Status.DONE:
        return False
    row.status, row.done_at = Erasure.Status.DONE, at
    row.save(update_fields=["status", "done_at"])
    payload = {"erasure": row.reference}
    record([NewEvent("user", row.person_id, "erasure.done", "portal", payload)], at=at)
    return True


def _announce(person: User, kind: str, *, at: datetime, **payload: str) -> None:
    record([NewEvent("user", person.pk, kind, person.actor, dict(payload))], at=at)


def _is_being_made() -> Problem:
    return Problem(
        "",
        "PR-01",
        _("A copy of your data is being made already."),
        _("It takes a minute or two. You get a mail when it is ready."),
    )


def _too_many_copies() -> Problem:
    return Problem(
        "",
        "PR-02",
        _("You asked for three copies within a day."),
        _("Download one of them, or come back tomorrow."),
    )


def _is_being_erased() -> Problem:
    return Problem(
        "", "PR-03", _("Your request for erasure is being worked on."), _("You get a mail with the result.")
    )


def _works_for_an_authority() -> Problem:
    return Problem(
        "",
        "PR-04",
        _("Accounts of officers and administrators are closed by their authority, not here."),
        _("Ask your authority. What you did in office is kept under a number."),
    )
