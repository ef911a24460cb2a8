"""A company registers itself, corrects its data, and changes what nobody has to examine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.duplicates import is_code_taken
from swindow.accounts.models import CustomsCode, Membership, Organisation, User
from swindow.copying import next_ids
from swindow.problems import Problem, Refused
from swindow.references import reference
from swindow.vault.secrets import seal

# What an officer compares with the register; a verified company changes it through a new case.
CORPORATE = ("name", "country", "registration_number", "address", "contact_name")
CONTACTS = ("contact_person", "contact_phone", "contact_email")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is kept sealed of a company; an empty one stays as it was."""

    bank_account: str = ""
    representative_id: str = ""

    def given(self) -> dict[str, str]:
        """Return the ones that were given, by field."""
        both = {"bank_account": self.bank_account, "representative_id": self.representative_id}
        return {field: value for field, value in both.items() if value}


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom customs reach in the company."""

    person: str
    phone: str
    email: str


@transaction.atomic
def register_organisation(
    organisation: Organisation, *, by: User, at: datetime, secrets: Secrets | None = None
) -> Organisation:
    """Store a company with its first member as owner."""
    number = next_ids("accounts_organisation_id_seq", 1)[0]
    organisation.pk = number
    organisation.reference = reference("ORG", number, on=at.date())
    organisation.save(force_insert=True)
    Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.OWNER)
    seal_secrets(organisation, secrets or Secrets(), at=at)
    announce(organisation, "organisation.registered", by=by, at=at)
    return organisation


@transaction.atomic
def correct_organisation(
    organisation: Organisation, *, by: User, at: datetime, secrets: Secrets | None = None
) -> Organisation:
    """Store changed company data; raises Refused (AC-10) once an officer examines or has verified them."""
    now = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if now.is_verified:
        raise Refused([frozen()])
    refuse_while_examined(now)
    organisation.save(update_fields=["kind", *CORPORATE, *CONTACTS])
    seal_secrets(organisation, secrets or Secrets(), at=at)
    announce(organisation, "organisation.corrected", by=by, at=at)
    return organisation


@transaction.atomic
def change_contacts(
    organisation: Organisation, *, contacts: Contacts, by: User, at: datetime
) -> Organisation:
    """Store whom customs reach; nobody has to examine it."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.contact_person = contacts.person
    organisation.contact_phone = contacts.phone
    organisation.contact_email = contacts.email
    organisation.save(update_fields=list(CONTACTS))
    announce(organisation, "organisation.contacts_changed", by=by, at=at)
    return organisation


@transaction.atomic
def change_customs_codes(
    organisation: Organisation, *, codes: Mapping[str, str], by: User, at: datetime
) -> None:
    """Store the company's numbers by scheme in place of all earlier ones.

    Raises Refused (AC-08) for every number that another company uses.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse_taken(
        scheme for scheme, number in codes.items() if is_code_taken(number, besides=organisation.pk)
    )
    known = {code.scheme: code for code in organisation.customs_codes.all()}
    organisation.customs_codes.exclude(scheme__in=codes).delete()
    for scheme, number in codes.items():
        code = known.get(scheme) or CustomsCode(organisation=organisation, scheme=scheme)
        if code.number != number:
            code.number = number
            _save_code(code)
    if {scheme: code.number for scheme, code in known.items()} != dict(codes) or not known:
        announce(organisation, "organisation.codes_changed", by=by, at=at, schemes=" ".join(sorted(codes)))


@transaction.atomic
def set_first_bank_account(organisation: Organisation, *, account: str, by: User, at: datetime) -> None:
    """Keep the account for refunds of a company that is not verified yet; raises Refused (AC-10)."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.is_verified:
        raise Refused([frozen()])
    refuse_while_examined(organisation)
    seal_secrets(organisation, Secrets(bank_account=account), at=at)
    announce(organisation, "organisation.bank_account_changed", by=by, at=at)


@transaction.atomic
def set_deferment_account(
    organisation: Organisation, *, account: str, by: User, at: datetime
) -> Organisation:
    """Store the account that charges may be taken from; empty removes it."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.deferment_account = account
    organisation.save(update_fields=["deferment_account"])
    announce(organisation, "organisation.deferment_changed", by=by, at=at)
    return organisation


def row_of(organisation: Organisation) -> str:
    """Return under which name the vault keeps what is sealed of a company."""
    return f"organisation:{organisation.pk}"


def seal_secrets(organisation: Organisation, secrets: Secrets, *, at: datetime, suffix: str = "") -> None:
    """Seal what was given; the suffix tells what is only proposed from what is in force."""
    row = row_of(organisation)
    for field, value in secrets.given().items():
        seal(row, row=row, field=f"{field}{suffix}", value=value, at=at)


def refuse_while_examined(organisation: Organisation) -> None:
    """Raise Refused (AC-10) while a case is open or the company is suspended; the caller holds its lock."""
    if organisation.suspended_at is not None or organisation.verifications.open().exists():
        raise Refused([frozen()])


def frozen() -> Problem:
    """Return why company data stay as they are."""
    return Problem(
        "name",
        "AC-10",
        _("Your company data cannot be changed at the moment."),
        _("Wait for the officer's decision, then send the change."),
    )


def number_taken(path: str) -> Problem:
    """Return why a number that another company has is refused; the other one is not named."""
    return Problem(
        path,
        "AC-08",
        _("A company with this number is registered already."),
        _("If it is yours, ask a colleague to invite you. If not, write to customs: it may be misused."),
    )


def _refuse_taken(paths: Iterable[str]) -> None:
    problems = [number_taken(path) for path in paths]
    if problems:
        raise Refused(problems)


def _save_code(code: CustomsCode) -> None:
    try:
        with transaction.atomic():
            code.save()
    except IntegrityError:
        # Another company gave the same number in the same moment.
        raise Refused([number_taken(code.scheme)]) from None
