"""Registration, verification and mandates: the only place that changes who somebody is here."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.models import ApiToken, Mandate, Membership, Organisation, User, Verification
from swindow.copying import next_ids
from swindow.documents.models import StoredFile
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused
from swindow.references import reference


class AlreadyDecided(Exception):
    """Somebody else decided first; names who and when."""

    def __init__(self, verification: Verification) -> None:
        self.verification = verification
        super().__init__(f"{verification.reference} was decided already")


def prefer_language(user: User, *, language: str) -> None:
    """Keep in which of the portal's languages the person wants pages, mails and papers; ignore others."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(preferred_language=language)


@transaction.atomic
def register_organisation(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Store a company with its first member as owner."""
    number = next_ids("accounts_organisation_id_seq", 1)[0]
    organisation.pk = number
    organisation.reference = reference("ORG", number, on=at.date())
    organisation.save(force_insert=True)
    Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.OWNER)
    _record(organisation, "organisation.registered", by=by, at=at)
    return organisation


@transaction.atomic
def correct_organisation(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Store changed company data; raises Refused (AC-10) once an officer examines or has verified them."""
    now = Organisation.objects.select_for_update().get(pk=organisation.pk)
    is_open = Verification.objects.filter(organisation=now, status=Verification.Status.SUBMITTED).exists()
    if now.is_verified or is_open:
        raise Refused([Problem("name", "AC-10", _("Your company data cannot be changed at the moment."))])
    organisation.save()
    _record(organisation, "organisation.corrected", by=by, at=at)
    return organisation


@transaction.atomic
def set_deferment_account(
    organisation: Organisation, *, account: str, by: User, at: datetime
) -> Organisation:
    """Store the account that charges may be taken from; empty removes it."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.deferment_account = account
    organisation.save(update_fields=["deferment_account"])
    _record(organisation, "organisation.deferment_changed", by=by, at=at)
    return organisation


@transaction.atomic
def join_organisation(organisation: Organisation, *, by: User, at: datetime) -> Membership:
    """Make an invited person a member; joining twice changes nothing.

    Raises Refused (AC-12) for somebody who belongs elsewhere: an officer in a company could decide for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    User.objects.select_for_update().get(pk=by.pk)
    elsewhere = Membership.objects.filter(user=by).exclude(organisation=organisation)
    if elsewhere.exists():
        raise Refused([_belongs_elsewhere()])
    membership, is_new = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": Membership.Role.DECLARANT}
    )
    if is_new:
        _record(organisation, "member.joined", by=by, at=at)
    return membership


@transaction.atomic
def submit_verification(
    organisation: Organisation, *, identity_document: StoredFile, by: User, at: datetime
) -> Verification:
    """Ask an officer to verify the company."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    number = next_ids("accounts_verification_id_seq", 1)[0]
    verification = Verification.objects.create(
        pk=number,
        reference=reference("VER", number, on=at.date()),
        organisation=organisation,
        identity_document=identity_document,
        submitted_by=by,
        submitted_at=at,
    )
    _record(organisation, "verification.submitted", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def decide_verification(
    verification: Verification, *, is_accepted: bool, reason: str, by: User, at: datetime
) -> Verification:
    """Verify or refuse the company.

    Raises AlreadyDecided when another officer was first, Refused (AC-11) for the officer's own company.
    """
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    if Membership.objects.filter(organisation=organisation, user=by).exists():
        raise Refused([_own_company()])
    verification = Verification.objects.select_for_update().get(pk=verification.pk)
    if verification.status != Verification.Status.SUBMITTED:
        raise AlreadyDecided(verification)
    accepted, refused = Verification.Status.VERIFIED, Verification.Status.REFUSED
    verification.status = accepted if is_accepted else refused
    verification.reason = reason
    verification.decided_by, verification.decided_at = by, at
    verification.save()
    organisation.verified_at = at if is_accepted else None
    organisation.save(update_fields=["verified_at"])
    _record(organisation, "verification.decided", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def give_mandate(seller: Organisation, *, agent: Organisation, by: User, at: datetime) -> Mandate:
    """Let an agent act for a seller from now on; giving it twice changes nothing."""
    seller = Organisation.objects.select_for_update().get(pk=seller.pk)
    mandate, is_new = Mandate.objects.get_or_create(
        seller=seller, agent=agent, revoked_at=None, defaults={"valid_from": at}
    )
    if is_new:
        _record(seller, "mandate.given", by=by, at=at, agent=agent.reference)
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """End an agent's power at once."""
    seller = Organisation.objects.select_for_update().get(pk=mandate.seller_id)
    mandate = Mandate.objects.select_related("agent").select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.revoked_at is None:
        mandate.revoked_at = at
        mandate.save(update_fields=["revoked_at"])
        _record(seller, "mandate.revoked", by=by, at=at, agent=mandate.agent.reference)
    return mandate


@transaction.atomic
def create_token(user: User, *, label: str, at: datetime) -> tuple[ApiToken, str]:
    """Make a machine's key for a user; the key itself is returned once and kept nowhere."""
    User.objects.select_for_update().get(pk=user.pk)
    key = ApiToken.new_key()
    token = ApiToken.objects.create(user=user, label=label, digest=ApiToken.digest_of(key))
    record([NewEvent("user", user.pk, "token.created", user.actor, {"label": label})], at=at)
    return token, key


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: datetime) -> ApiToken:
    """End a machine's key at once."""
    User.objects.select_for_update().get(pk=token.user_id)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record([NewEvent("user", token.user_id, "token.revoked", by.actor, {"label": token.label})], at=at)
    return token


def _belongs_elsewhere() -> Problem:
    return Problem(
        "invitation",
        "AC-12",
        _("You belong to another organisation already."),
        _("Sign in with another account to join this one."),
    )


def _own_company() -> Problem:
    return Problem(
        "verdict",
        "AC-11",
        _("You belong to this company, and nobody verifies their own."),
        _("Leave it to a colleague."),
    )


def _record(organisation: Organisation, kind: str, *, by: User, at: datetime, **payload: str) -> None:
    record([NewEvent("organisation", organisation.pk, kind, by.actor, dict(payload))], at=at)
