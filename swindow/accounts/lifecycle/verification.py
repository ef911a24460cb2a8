"""Who a company is: a case is opened, the trade register answers, the company answers an officer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.companies import (
    CORPORATE,
    Secrets,
    frozen,
    refuse_while_examined,
    seal_secrets,
)
from swindow.accounts.models import Organisation, User, Verification, VerificationEntry
from swindow.accounts.rules.validity import may_renew
from swindow.copying import next_ids
from swindow.documents.models import StoredFile
from swindow.problems import Problem, Refused
from swindow.references import reference

PROPOSED = "_proposed"
Kind, Status = VerificationEntry.Kind, Verification.Status


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """What the trade register says about a number, and under which name it knows it."""

    outcome: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """The files that an officer compares the company with."""

    identity_document: StoredFile
    licence: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a verified company wants to be known as from now on."""

    facts: Mapping[str, str]
    secrets: Secrets = field(default_factory=Secrets)


@transaction.atomic
def submit_verification(
    organisation: Organisation,
    *,
    identity_document: StoredFile,
    by: User,
    at: datetime,
    licence: StoredFile | None = None,
) -> Verification:
    """Ask the trade register and an officer to verify the company; IntegrityError while a case is open."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    return _open_case(organisation, Papers(identity_document, licence), proposed={}, by=by, at=at)


@transaction.atomic
def propose_change(
    organisation: Organisation, *, change: Change, papers: Papers, by: User, at: datetime
) -> Verification:
    """Open a case for changed data of a verified company; the old ones hold until an officer agrees.

    Raises Refused: AC-10 while another case is open, AC-73 when nothing differs and nothing ends soon.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not organisation.is_verified:
        raise Refused([frozen()])
    refuse_while_examined(organisation)
    proposed = {
        name: str(value)
        for name, value in change.facts.items()
        if name in CORPORATE and str(getattr(organisation, name)) != str(value)
    }
    is_renewal = may_renew(organisation.verified_until, today=at.date())
    if not (proposed or change.secrets.given() or is_renewal):
        raise Refused([_nothing_new()])
    seal_secrets(organisation, change.secrets, at=at, suffix=PROPOSED)
    return _open_case(organisation, papers, proposed=proposed, by=by, at=at)


@transaction.atomic
def hear_registry(verification: Verification, *, answer: RegistryAnswer, at: datetime) -> Verification:
    """Note what the trade register says, once; the case is an officer's turn then."""
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    verification = locked(verification)
    if not verification.is_open or verification.registry != Verification.Registry.PENDING:
        return verification
    verification.registry, verification.registry_name = answer.outcome, answer.name
    if verification.status == Status.SUBMITTED:
        verification.status = Status.REVIEW
    verification.save(update_fields=["registry", "registry_name", "status"])
    write_entry(verification, Kind.REGISTRY, text=answer.name, at=at)
    announce(
        organisation,
        "verification.registry_answered",
        by="registry",
        at=at,
        verification=verification.reference,
    )
    return verification


@transaction.atomic
def answer_officer(
    verification: Verification, *, text: str, by: User, at: datetime, file: StoredFile | None = None
) -> Verification:
    """Answer an officer's question, which gives the case back; raises Refused (AC-71) when none is open."""
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    verification = locked(verification)
    if verification.status != Status.ASKED:
        raise Refused([_nothing_asked()])
    has_registry = verification.registry != Verification.Registry.PENDING
    verification.status = Status.REVIEW if has_registry else Status.SUBMITTED
    verification.save(update_fields=["status"])
    write_entry(verification, Kind.ANSWERED, text=text, file=file, author=by, at=at)
    announce(organisation, "verification.answered", by=by, at=at, verification=verification.reference)
    return verification


def locked(verification: Verification) -> Verification:
    """Return the case locked and as it is now; the caller holds the organisation's lock."""
    return Verification.objects.select_for_update().get(pk=verification.pk)


def write_entry(
    verification: Verification,
    kind: VerificationEntry.Kind,
    *,
    at: datetime,
    text: str = "",
    file: StoredFile | None = None,
    author: User | None = None,
) -> None:
    """Add a line to the history of a case."""
    VerificationEntry.objects.create(
        verification=verification, kind=kind, text=text, file=file, author=author, written_at=at
    )


def _open_case(
    organisation: Organisation, papers: Papers, *, proposed: Mapping[str, str], by: User, at: datetime
) -> Verification:
    number = next_ids("accounts_verification_id_seq", 1)[0]
    verification = Verification.objects.create(
        pk=number,
        reference=reference("VER", number, on=at.date()),
        organisation=organisation,
        identity_document=papers.identity_document,
        licence=papers.licence,
        proposed=dict(proposed),
        submitted_by=by,
        submitted_at=at,
    )
    write_entry(verification, Kind.SUBMITTED, author=by, at=at)
    announce(organisation, "verification.submitted", by=by, at=at, verification=verification.reference)
    return verification


def _nothing_new() -> Problem:
    return Problem(
        "", "AC-73", _("Nothing differs from what is verified."), _("Change what is new, then send it.")
    )


def _nothing_asked() -> Problem:
    return Problem(
        "answer",
        "AC-71",
        _("No question of an officer waits for an answer."),
        _("Look at the history of the case below."),
    )
