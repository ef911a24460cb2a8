"""What an officer does with a case: ask, verify, refuse, suspend, reinstate; and how it ends by itself."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.companies import Secrets, number_taken, row_of, seal_secrets
from swindow.accounts.lifecycle.verification import PROPOSED, locked, write_entry
from swindow.accounts.models import (
    FormerMembership,
    Membership,
    Organisation,
    User,
    Verification,
    VerificationEntry,
)
from swindow.accounts.models.verification import OPEN
from swindow.accounts.rules.validity import RENEWAL, check_valid_until, usual_end
from swindow.events.models import Event
from swindow.problems import Problem, Refused
from swindow.vault.secrets import forget, reveal

Kind, Status = VerificationEntry.Kind, Verification.Status
_EXPIRING = "verification.expiring"


class AlreadyDecided(Exception):
    """Somebody else was first; carries the case as it is now."""

    def __init__(self, verification: Verification) -> None:
        self.verification = verification
        super().__init__(f"{verification.reference} was decided already")


@transaction.atomic
def ask_company(verification: Verification, *, text: str, by: User, at: datetime) -> Verification:
    """Ask the company a question; raises AlreadyDecided, Refused (AC-11)."""
    organisation, verification = _taken_up(verification, by=by)
    if verification.status not in (Status.SUBMITTED, Status.REVIEW):
        raise AlreadyDecided(verification)
    verification.status = Status.ASKED
    verification.save(update_fields=["status"])
    write_entry(verification, Kind.ASKED, text=text, author=by, at=at)
    announce(organisation, "verification.asked", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def decide_verification(
    verification: Verification,
    *,
    is_accepted: bool,
    reason: str,
    by: User,
    at: datetime,
    valid_until: date | None = None,
) -> Verification:
    """Verify the company, by default for two years, or refuse it with a reason.

    Raises AlreadyDecided when another officer was first, Refused for the officer's own company (AC-11),
    before the register has answered (AC-70), for a day too far (AC-72), for a suspended company (AC-74).
    """
    organisation, verification = _taken_up(verification, by=by)
    if not verification.is_open:
        raise AlreadyDecided(verification)
    until = valid_until or usual_end(at.date())
    if is_accepted:
        _refuse_unless_ready(organisation, verification, until=until, at=at)
        _put_in_force(organisation, verification, until=until, at=at)
    else:
        _drop_proposals(organisation)
    verification.status = Status.VERIFIED if is_accepted else Status.REFUSED
    verification.valid_until = until if is_accepted else None
    verification.reason = reason
    verification.decided_by, verification.decided_at = by, at
    verification.save()
    write_entry(verification, Kind.VERIFIED if is_accepted else Kind.REFUSED, text=reason, author=by, at=at)
    announce(organisation, "verification.decided", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def suspend_company(verification: Verification, *, reason: str, by: User, at: datetime) -> Verification:
    """Take a verified company out of business for now; raises AlreadyDecided, Refused (AC-11)."""
    organisation, verification = _taken_up(verification, by=by)
    if verification.status != Status.VERIFIED or verification != case_in_force(organisation):
        raise AlreadyDecided(verification)
    verification.status, verification.reason = Status.SUSPENDED, reason
    verification.decided_by, verification.decided_at = by, at
    verification.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    organisation.suspended_at = at
    organisation.save(update_fields=["suspended_at"])
    write_entry(verification, Kind.SUSPENDED, text=reason, author=by, at=at)
    announce(organisation, "verification.suspended", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def reinstate_company(verification: Verification, *, reason: str, by: User, at: datetime) -> Verification:
    """Lift a suspension; raises AlreadyDecided, Refused (AC-11)."""
    organisation, verification = _taken_up(verification, by=by)
    if verification.status != Status.SUSPENDED:
        raise AlreadyDecided(verification)
    verification.status, verification.reason = Status.VERIFIED, ""
    verification.decided_by, verification.decided_at = by, at
    verification.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    organisation.suspended_at = None
    organisation.save(update_fields=["suspended_at"])
    write_entry(verification, Kind.REINSTATED, text=reason, author=by, at=at)
    announce(organisation, "verification.reinstated", by=by, at=at, verification=verification.reference)
    return verification


def end_verifications(*, at: datetime) -> int:
    """Mark what has run out as expired and tell of what will soon; may run as often as one likes."""
    ended = Verification.objects.filter(status=Status.VERIFIED, valid_until__lt=at.date())
    count = sum(_expire(case, at=at) for case in ended.order_by("pk")[:500])
    return count + sum(_warn(case, at=at) for case in _ending_untold(at.date()).order_by("pk")[:500])


def case_in_force(organisation: Organisation) -> Verification | None:
    """Return the case on which the company's verification rests, suspended or not."""
    decided = organisation.verifications.filter(status__in=(Status.VERIFIED, Status.SUSPENDED))
    return decided.order_by("-pk").first()


def is_of_company(user: User, *, organisation: Organisation) -> bool:
    """Tell whether somebody belongs or belonged to a company; such an officer decides nothing about it."""
    return any(
        places.filter(organisation=organisation, user=user).exists()
        for places in (Membership.objects, FormerMembership.objects)
    )


def _taken_up(verification: Verification, *, by: User) -> tuple[Organisation, Verification]:
    """Lock the company, then the case, for an officer who is nobody of theirs."""
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    verification = locked(verification)
    if verification.submitted_by_id == by.pk or is_of_company(by, organisation=organisation):
        raise Refused([_own_company()])
    return organisation, verification


def _refuse_unless_ready(
    organisation: Organisation, verification: Verification, *, until: date, at: datetime
) -> None:
    problems = list(check_valid_until(until, today=at.date()))
    if verification.registry == Verification.Registry.PENDING:
        problems.append(_register_is_silent())
    if organisation.suspended_at is not None:
        problems.append(_is_suspended())
    if problems:
        raise Refused(problems)


def _put_in_force(
    organisation: Organisation, verification: Verification, *, until: date, at: datetime
) -> None:
    for name, value in verification.proposed.items():
        setattr(organisation, name, value)
    organisation.verified_at, organisation.verified_until = at, until
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        # Another company registered the proposed number meanwhile.
        raise Refused([number_taken("registration_number")]) from None
    row = row_of(organisation)
    agreed = {field: reveal(row, f"{field}{PROPOSED}") for field in Secrets.__slots__}
    seal_secrets(organisation, Secrets(**agreed), at=at)
    _drop_proposals(organisation)


def _drop_proposals(organisation: Organisation) -> None:
    for field in Secrets.__slots__:
        forget(row_of(organisation), f"{field}{PROPOSED}")


@transaction.atomic
def _expire(verification: Verification, *, at: datetime) -> bool:
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    verification = locked(verification)
    until = verification.valid_until
    if verification.status != Status.VERIFIED or until is None or until >= at.date():
        return False
    is_last = verification == case_in_force(organisation)
    verification.status = Status.EXPIRED
    verification.save(update_fields=["status"])
    write_entry(verification, Kind.EXPIRED, at=at)
    # A later case holds where this one was followed by a change: nothing ends for the company then.
    if is_last:
        announce(
            organisation, "verification.expired", by="portal", at=at, verification=verification.reference
        )
    return True


def _ending_untold(today: date) -> QuerySet[Verification]:
    """Return the cases in force that end within the month, whose company was not told and sent no new one."""
    of_company = Verification.objects.filter(organisation=OuterRef("organisation"))
    newer = of_company.filter(pk__gt=OuterRef("pk"), status__in=(*OPEN, Status.VERIFIED))
    told = Event.objects.filter(
        subject_kind="organisation",
        subject_id=OuterRef("organisation_id"),
        kind=_EXPIRING,
        payload=JSONObject(verification=OuterRef("reference")),
    )
    ending = Verification.objects.filter(status=Status.VERIFIED, valid_until__range=(today, today + RENEWAL))
    return ending.exclude(Exists(newer)).exclude(Exists(told))


@transaction.atomic
def _warn(verification: Verification, *, at: datetime) -> bool:
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    # Asked again under the lock: a second scheduler may have told it.
    if not _ending_untold(at.date()).filter(pk=verification.pk).exists():
        return False
    announce(organisation, _EXPIRING, by="portal", at=at, verification=verification.reference)
    return True


def _own_company() -> Problem:
    return Problem(
        "verdict",
        "AC-11",
        _("You belong or belonged to this company, and nobody verifies their own."),
        _("Leave it to a colleague."),
    )


def _register_is_silent() -> Problem:
    return Problem(
        "verdict",
        "AC-70",
        _("The trade register has not answered yet."),
        _("Verify the company when its answer is here; you may ask or refuse before."),
    )


def _is_suspended() -> Problem:
    return Problem(
        "verdict",
        "AC-74",
        _("The company is suspended."),
        _("Lift the suspension first."),
    )
