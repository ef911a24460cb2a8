"""What pages tell of a company and of its verification cases, for the company itself and for officers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_countries import countries

from swindow.accounts.lifecycle.companies import row_of
from swindow.accounts.lifecycle.verification import PROPOSED
from swindow.accounts.models import Organisation, Verification, VerificationEntry
from swindow.accounts.rules import is_same_name
from swindow.components import Row, Step, StepState, Text
from swindow.dates import day
from swindow.documents.models import StoredFile
from swindow.vault.secrets import hint_of

Kind = VerificationEntry.Kind
Registry = Verification.Registry

LABELS: Mapping[str, Promise] = {
    "name": gettext_lazy("Company name"),
    "country": gettext_lazy("Country"),
    "registration_number": gettext_lazy("Registration number"),
    "address": gettext_lazy("Address"),
    "contact_name": gettext_lazy("Legal representative"),
}
SECRET_LABELS: Mapping[str, Promise] = {
    "representative_id": gettext_lazy("Identity number of the legal representative"),
    "bank_account": gettext_lazy("Bank account for refunds"),
}
# In sentences of their own: "Found" alone is said of papers elsewhere.
REGISTRY_WORDS: Mapping[Registry, Promise] = {
    Registry.PENDING: gettext_lazy("Not asked yet"),
    Registry.FOUND: gettext_lazy("On the register"),
    Registry.NOT_FOUND: gettext_lazy("Not on the register"),
    Registry.NAME_DIFFERS: gettext_lazy("Under another name"),
    Registry.STRUCK_OFF: gettext_lazy("Struck off the register"),
}
_STATES: Mapping[str, StepState] = {
    Kind.ASKED: "warn",
    Kind.REFUSED: "bad",
    Kind.SUSPENDED: "bad",
    Kind.EXPIRED: "warn",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One statement of the company beside another source; the same, or marked as different."""

    label: Text
    stated: str
    found: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of a case."""

    title: Text
    file: StoredFile


def company_rows(company: Organisation) -> list[Row]:
    """Return the company data as answers."""
    rows = [Row(_("Reference"), company.reference), Row(_("Kind"), company.get_kind_display())]
    rows += [Row(label, shown(name, getattr(company, name))) for name, label in LABELS.items()]
    rows += [Row(label, masked(company, field)) for field, label in SECRET_LABELS.items()]
    if company.verified_at:
        rows.append(Row(_("Verified on"), day(company.verified_at)))
    if company.verified_until:
        rows.append(Row(_("Verified until"), day(company.verified_until)))
    return rows


def contact_rows(company: Organisation) -> list[Row]:
    """Return whom customs reach."""
    return [
        Row(_("Contact for customs matters"), company.contact_person),
        Row(_("Telephone"), company.contact_phone),
        Row(_("E-mail address for customs matters"), company.contact_email),
    ]


def code_rows(company: Organisation) -> list[Row]:
    """Return the numbers that authorities gave the company."""
    return [Row(code.get_scheme_display(), code.number) for code in company.customs_codes.order_by("scheme")]


def masked(company: Organisation, field: str, *, suffix: str = "") -> str:
    """Return a sealed value by its last characters; "" when there is none."""
    hint = hint_of(row_of(company), f"{field}{suffix}")
    return f"•••• {hint}" if hint else ""


def proposed_changes(case: Verification) -> list[Compared]:
    """Return what a verified company wants changed, beside what is in force."""
    company, new = case.organisation, case.proposed
    changes = [
        Compared(label, shown(name, getattr(company, name)), shown(name, new[name]), is_same=False)
        for name, label in LABELS.items()
        if name in new
    ]
    if not case.is_open:
        return changes
    for field, label in SECRET_LABELS.items():
        new_hint = masked(company, field, suffix=PROPOSED)
        if new_hint:
            changes.append(Compared(label, masked(company, field), new_hint, is_same=False))
    return changes


def register_findings(case: Verification) -> list[Compared]:
    """Return what the trade register says, beside what the company stated in this case; nothing yet."""
    if case.registry == Registry.PENDING:
        return []
    name = case.proposed.get("name") or case.organisation.name
    number = case.proposed.get("registration_number") or case.organisation.registration_number
    is_known = case.registry in (Registry.FOUND, Registry.NAME_DIFFERS)
    answer = REGISTRY_WORDS[Registry.FOUND if is_known else Registry(case.registry)]
    findings = [Compared(LABELS["registration_number"], number, str(answer), is_known)]
    if case.registry_name:
        agrees = is_same_name(case.registry_name, name)
        findings.append(Compared(LABELS["name"], name, case.registry_name, agrees))
    return findings


def case_steps(case: Verification, *, for_officers: bool) -> list[Step]:
    """Return the history of a case; a company does not read officers' names."""
    entries = case.entries.select_related("author", "file")
    return [
        Step(
            title=entry.get_kind_display(),
            state=_STATES.get(entry.kind, "done"),
            detail=_detail(case, entry, for_officers=for_officers),
            at=entry.written_at,
        )
        for entry in entries
    ]


def papers_of(case: Verification) -> list[Paper]:
    """Return the files of a case: licence, identity document, and what came with answers."""
    papers = [Paper(_("Business licence"), case.licence)] if case.licence else []
    papers.append(Paper(_("Identity document"), case.identity_document))
    answered = case.entries.filter(file__isnull=False).select_related("file")
    return papers + [Paper(_("With the answer"), entry.file) for entry in answered if entry.file]


def shown(name: str, value: object) -> str:
    """Return a fact of a company as people read it."""
    return str(countries.name(str(value)) or value) if name == "country" else str(value)


def _detail(case: Verification, entry: VerificationEntry, *, for_officers: bool) -> str:
    parts = [str(entry.author)] if for_officers and entry.author else []
    if entry.kind == Kind.REGISTRY:
        parts.append(str(REGISTRY_WORDS[Registry(case.registry)]))
    if entry.text:
        parts.append(entry.text)
    words = pgettext("between parts", ": ").join(parts)
    return f"{words} ({entry.file.original_name})" if entry.file else words
