"""What accounts know of a person, for the catalogue of `swindow.personal_data`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from swindow.accounts.lifecycle.people import close_account
from swindow.accounts.models import (
    ApiToken,
    FormerMembership,
    HelpRequest,
    IdempotentRequest,
    Invitation,
    Mandate,
    Membership,
    OfficerAppointment,
    Organisation,
    Role,
    SignInFailure,
    User,
    Verification,
    VerificationEntry,
)
from swindow.events.outbox import NewEvent, record
from swindow.personal_data import Keeping, Outcome, Provider
from swindow.vault.models import Secret
from swindow.vault.secrets import forget_subject, opened

Row = Mapping[str, Any]


def _account(person: int) -> Iterator[Row]:
    user = User.objects.get(pk=person)
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    yield {
        "email": user.email,
        "name": user.name,
        "language": user.preferred_language,
        "joined_at": user.date_joined,
        "last_sign_in_at": user.last_login,
        "access_until": user.access_until,
        "addresses": [{"email": one.email, "verified": one.verified} for one in addresses],
    }


def _erase_account(person: int, at: datetime, keeping: Keeping) -> Outcome:
    EmailAddress.objects.filter(user=person).delete()
    user = User.objects.select_for_update().get(pk=person)
    user.email, user.name, user.last_login = f"erased-{person}@erased.invalid", "", None
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "last_login", "password"])
    return Outcome(erased=1)


def _sign_in(person: int) -> Iterator[Row]:
    for factor in Authenticator.objects.filter(user=person).order_by("pk"):
        yield {
            "what": "second step",
            "type": factor.type,
            "since": factor.created_at,
            "used_at": factor.last_used_at,
        }
    for session in UserSession.objects.filter(user=person).order_by("pk"):
        yield {
            "what": "session",
            "address": session.ip,
            "device": session.user_agent,
            "since": session.created_at,
            "seen_at": session.last_seen_at,
        }
    for token in ApiToken.objects.filter(user=person).order_by("pk"):
        yield {
            "what": "machine key",
            "label": token.label,
            "since": token.created_at,
            "used_on": token.last_used_on,
            "ended_at": token.revoked_at,
        }
    for request in IdempotentRequest.objects.filter(user=person).order_by("pk"):
        yield {"what": "request of a machine", "operation": request.operation, "at": request.created_at}


def _erase_sign_in(person: int, at: datetime, keeping: Keeping) -> Outcome:
    """Close the account first, so that nobody signs in to what is being erased."""
    close_account(User.objects.get(pk=person), actor=f"user:{person}", reason="erasure", at=at)
    rows = (Authenticator, UserSession, ApiToken, IdempotentRequest)
    return Outcome(erased=sum(model.objects.filter(user=person).delete()[0] for model in rows))


def _expire_sign_in(at: datetime, keeping: Keeping) -> int:
    before = keeping.cutoff(at)
    gone = (
        Session.objects.filter(expire_date__lt=at),
        UserSession.objects.filter(last_seen_at__lt=before),
        SignInFailure.objects.filter(last_at__lt=before),
        IdempotentRequest.objects.filter(created_at__lt=before),
    )
    return sum(rows.delete()[0] for rows in gone)


def _secrets(person: int) -> Iterator[Row]:
    for secret in Secret.objects.select_related("key").filter(key__subject=f"user:{person}").order_by("pk"):
        if secret.key.destroyed_at is None:
            yield {"field": secret.field, "value": opened(secret), "since": secret.sealed_at}


def _erase_secrets(person: int, at: datetime, keeping: Keeping) -> Outcome:
    return Outcome(erased=forget_subject(f"user:{person}", at=at))


def _invitations_of(person: int) -> Q:
    addresses = EmailAddress.objects.filter(user=person).values("email")
    own = User.objects.filter(pk=person).values("email")
    return Q(accepted_by=person) | Q(email__in=addresses) | Q(email__in=own)


def _invitations(person: int) -> Iterator[Row]:
    for one in (
        Invitation.objects.filter(_invitations_of(person)).select_related("organisation").order_by("pk")
    ):
        yield {
            "reference": one.reference,
            "company": one.organisation.name,
            "email": one.email,
            "role": one.role,
            "invited_at": one.invited_at,
            "accepted_at": one.accepted_at,
        }


def _erase_invitations(person: int, at: datetime, keeping: Keeping) -> Outcome:
    return Outcome(erased=Invitation.objects.filter(_invitations_of(person)).delete()[0])


def _expire_invitations(at: datetime, keeping: Keeping) -> int:
    return Invitation.objects.filter(expires_at__lt=keeping.cutoff(at)).delete()[0]


def _companies(person: int) -> Iterator[Row]:
    yield from _places(person)
    for mandate in _mandates_of(person).select_related("seller", "agent"):
        yield {
            "what": "mandate",
            "reference": mandate.reference,
            "seller": mandate.seller.name,
            "agent": mandate.agent.name,
            "given_by_you": mandate.given_by_id == person,
            "accepted_by_you": mandate.accepted_by_id == person,
            "ended_by_you": mandate.revoked_by_id == person,
        }
    for request in HelpRequest.objects.filter(Q(asked_by=person) | Q(replied_by=person)).order_by("pk"):
        mine = request.asked_by_id == person
        yield {
            "what": "request for help",
            "reference": request.reference,
            "text": request.text if mine else request.reply,
            "at": request.asked_at if mine else request.replied_at,
        }
    yield from _cases(person)


def _places(person: int) -> Iterator[Row]:
    for place in Membership.objects.filter(user=person).select_related("organisation").order_by("pk"):
        yield {"what": "place", **_company(place.organisation, role=place.role)}
    for former in FormerMembership.objects.filter(user=person).select_related("organisation").order_by("pk"):
        yield {
            "what": "former place",
            "company": former.organisation.name,
            "role": former.role,
            "until": former.left_at,
        }
    for one in OfficerAppointment.objects.filter(person=person).select_related("authority").order_by("pk"):
        yield {
            "what": "appointment",
            "reference": one.reference,
            "authority": one.authority.name if one.authority else "",
            "proposed_at": one.proposed_at,
            "confirmed_at": one.confirmed_at,
        }


def _company(company: Organisation, *, role: str) -> Row:
    known = {"company": company.name, "reference": company.reference, "role": role}
    if role != Role.OWNER:
        return known
    return known | {
        "legal_representative": company.contact_name,
        "telephone": company.contact_phone,
        "contact": company.contact_person,
        "contact_email": company.contact_email,
        "address": company.address,
    }


def _cases(person: int) -> Iterator[Row]:
    for case in (
        Verification.objects.filter(submitted_by=person).select_related("organisation").order_by("pk")
    ):
        yield {
            "what": "verification",
            "reference": case.reference,
            "company": case.organisation.name,
            "sent_at": case.submitted_at,
            "status": case.status,
        }
    for entry in (
        VerificationEntry.objects.filter(author=person).select_related("verification").order_by("pk")
    ):
        yield {
            "what": "word in a verification",
            "reference": entry.verification.reference,
            "text": entry.text,
            "at": entry.written_at,
        }


def _mandates_of(person: int) -> QuerySet[Mandate]:
    acts = Q(given_by=person) | Q(accepted_by=person) | Q(revoked_by=person)
    return Mandate.objects.filter(acts).order_by("pk")


def _erase_companies(person: int, at: datetime, keeping: Keeping) -> Outcome:
    """End the places; that somebody was there stays, or the person could later decide about the company."""
    for place in (
        Membership.objects.select_related("organisation").filter(user=person).order_by("organisation")
    ):
        _leave(place, at=at)
    kept = FormerMembership.objects.filter(user=person).count() + _mandates_of(person).count()
    kept += sum(1 for _row in _cases(person))
    return Outcome(kept=kept, until=keeping.until(at) if kept else None)


def _leave(place: Membership, *, at: datetime) -> None:
    company = Organisation.objects.select_for_update().get(pk=place.organisation_id)
    FormerMembership.objects.create(user_id=place.user_id, organisation=company, role=place.role, left_at=at)
    place.delete()
    payload = {"role": str(place.role)}
    record([NewEvent("organisation", company.pk, "member.left", f"user:{place.user_id}", payload)], at=at)


def _expire_companies(at: datetime, keeping: Keeping) -> int:
    """Forget places that ended so long ago that no record of an import remembers them."""
    return FormerMembership.objects.filter(left_at__lt=keeping.cutoff(at)).delete()[0]


SIGN_IN = Provider(
    (
        "mfa.Authenticator",
        "usersessions.UserSession",
        "sessions.Session",
        "accounts.ApiToken",
        "accounts.IdempotentRequest",
        "accounts.SignInFailure",
    ),
    _sign_in,
    _erase_sign_in,
    _expire_sign_in,
)
SECRETS = Provider(("vault.Secret", "vault.SubjectKey"), _secrets, _erase_secrets)
INVITATIONS = Provider(("accounts.Invitation",), _invitations, _erase_invitations, _expire_invitations)
COMPANIES = Provider(
    (
        "accounts.Membership",
        "accounts.FormerMembership",
        "accounts.OfficerAppointment",
        "accounts.Organisation",
        "accounts.Mandate",
        "accounts.HelpRequest",
        "accounts.Verification",
        "accounts.VerificationEntry",
    ),
    _companies,
    _erase_companies,
    _expire_companies,
)
ACCOUNT = Provider(("accounts.User", "account.EmailAddress"), _account, _erase_account)
