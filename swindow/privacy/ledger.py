"""The ledger in words: who, outside the company, saw what of it, when and how often."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from swindow.accounts.models import Mandate, Organisation, User
from swindow.vault.models import Look

PAGE_LENGTH = 25
_WHAT: Mapping[str, str | Promise] = {
    "declaration": gettext_lazy("Declaration"),
    "paper": gettext_lazy("Issued paper"),
    "document": gettext_lazy("Supporting document"),
    "product": gettext_lazy("Product"),
    "company": gettext_lazy("Company data"),
    "bank_account": gettext_lazy("Bank account, in full"),
    "representative_id": gettext_lazy("Identity number of the legal representative, in full"),
    "consignee_id": gettext_lazy("Identity number of the buyer, in full"),
    "identity_document": gettext_lazy("Identity document"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One look, in words."""

    who: str
    whose: str
    what: str | Promise
    reference: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Lines, newest first; `older` is where the next page begins, 0 at the end."""

    lines: Sequence[Line]
    older: int


def looks_at(person: User, *, before: int | None = None) -> LedgerPage:
    """Return who saw the data of the person and of the person's companies, newest first."""
    companies = Organisation.objects.for_actor(person).exclude(kind=Organisation.Kind.AUTHORITY)
    names = {f"organisation:{company.pk}": company.name for company in companies}
    names[f"user:{person.pk}"] = person.name or person.email
    looks = Look.objects.filter(subject__in=list(names)).order_by("-pk")
    if before is not None:
        looks = looks.filter(pk__lt=before)
    found = list(looks[: PAGE_LENGTH + 1])
    shown = found[:PAGE_LENGTH]
    who = _viewers({look.capacity for look in shown}, person=person)
    lines = [_line(look, who=who[look.capacity], whose=names[look.subject]) for look in shown]
    return LedgerPage(lines, shown[-1].pk if len(found) > PAGE_LENGTH else 0)


def _line(look: Look, *, who: str, whose: str) -> Line:
    what = _WHAT.get(look.what, look.what)
    return Line(who=who, whose=whose, what=what, reference=look.reference, at=look.first_at, times=look.times)


def _viewers(capacities: Iterable[str], *, person: User) -> dict[str, str]:
    """Say who each capacity is; officers are named by their authority, not by their name."""
    keys = {capacity: capacity.partition(":")[2] for capacity in capacities}
    agents = _agents([int(key) for key in keys.values() if key.isdigit()], person=person)
    authorities = dict(
        Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY, authority__in=list(keys.values()))
        .order_by("-pk")
        .values_list("authority", "name")
    )
    return {
        capacity: _viewer(capacity, key, agents=agents, authorities=authorities)
        for capacity, key in keys.items()
    }


def _viewer(capacity: str, key: str, *, agents: Mapping[str, str], authorities: Mapping[str, str]) -> str:
    if capacity.startswith("agency:"):
        return _("An officer of %(authority)s") % {"authority": authorities.get(key, key)}
    if capacity.startswith("organisation:"):
        return agents.get(key, _("An agent"))
    return _("An administrator of the portal")


def _agents(keys: Sequence[int], *, person: User) -> dict[str, str]:
    names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
    mandates = Mandate.objects.for_actor(person).filter(agent__in=keys).order_by("pk")
    references = dict(mandates.values_list("agent", "reference"))
    return {
        str(key): f"{name} ({references[key]})" if key in references else name for key, name in names.items()
    }
