"""Which personal data the portal keeps, why, how long, and who knows them: ONE table.

The copy of one's own data, erasure and the retention job all walk this table, so that they cannot drift
apart. Each kind names a `Provider` in the app that owns its rows; `manage.py check` resolves every path.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from swindow.problems import Problem

# What is kept for ever in no country: the longest of the years below.
_ANYWHERE = ""
# Years after the end of the year of release for which records of imports are kept.
# EU: Union Customs Code, Regulation (EU) 952/2013, Article 51(1), from the end of the year [K].
# CN: Customs Law, Article 45, and the Audit Regulation (State Council decree 670) [K]. US: 19 CFR 163.4 [K].
# GB: VAT Act 1994, schedule 11, paragraph 6 [K]. AU: Customs Act 1901, section 240 [K].
# CA: Customs Act, section 40 and SOR/86-1011 [K]. SG: Customs Act, section 90 [K].
# JP: Customs Act, Article 94 [K]. KR: Customs Act, Article 12 [K].
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
RECORD_YEARS: Mapping[str, int] = MappingProxyType(
    {_ANYWHERE: 7, "CN": 3, "US": 5, "GB": 6, "AU": 5, "CA": 6, "SG": 5, "JP": 7, "KR": 5}
    | dict.fromkeys(_EU, 3)
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a kind is kept, by which ground, and what happens then."""

    ground: str | Promise
    action: str | Promise
    days: int | None = None
    years: Mapping[str, int] = field(default_factory=dict)

    def cutoff(self, at: datetime, *, country: str = _ANYWHERE) -> datetime | None:
        """Return before when a row has to be for its time to be over; None when time alone ends nothing."""
        if self.years:
            return datetime(at.year - self._years(country), 1, 1, tzinfo=UTC)
        return None if self.days is None else at - timedelta(days=self.days)

    def until(self, since: datetime, *, country: str = _ANYWHERE) -> date | None:
        """Return the last day on which a row of that age is kept."""
        if self.years:
            return date(since.year + self._years(country), 12, 31)
        return None if self.days is None else (since + timedelta(days=self.days)).date()

    def _years(self, country: str) -> int:
        return self.years.get(country, self.years[_ANYWHERE])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an erasure did with one kind: rows that went, rows that stay, and the last day of those."""

    erased: int = 0
    kept: int = 0
    until: date | None = None


# Rows of a person, by the person's key.
Rows = Callable[[int], Iterable[Mapping[str, Any]]]
Erase = Callable[[int, datetime, Keeping], Outcome]
Expire = Callable[[datetime, Keeping], int]
Object = Callable[[int], Sequence[Problem]]


def nothing_expires(at: datetime, keeping: Keeping) -> int:
    """Remove nothing: rows of this kind end with the person's account only."""
    return 0


def nobody_objects(person: int) -> Sequence[Problem]:
    """See no obstacle to an erasure."""
    return ()


@dataclass(frozen=True, slots=True)
class Provider:
    """What one app knows about a kind: the rows of a person, how to erase them, and which ran out."""

    models: tuple[str, ...]
    rows: Rows
    erase: Erase
    expire: Expire = nothing_expires
    objections: Object = nobody_objects


@dataclass(frozen=True, slots=True)
class DataKind:
    """A kind of personal data."""

    name: str
    label: str | Promise
    purpose: str | Promise
    keeping: Keeping
    path: str

    @property
    def provider(self) -> Provider:
        """Return who knows the rows."""
        found: Provider = import_string(self.path)
        return found


_CONTRACT = _("You use the portal: erased as soon as you ask.")
_PROOF = _(
    "Proof of who acted for whom in customs matters; the law asks for it as long as for the declaration."
)
_RECORDS = _("Records of imports, which customs and tax law order to keep.")
_GOES = _("erased")
_STAYS_WITHOUT_NAME = _("kept under a number, without your name")

# The account is the last: the result of an erasure is still mailed to it.
CATALOGUE: tuple[DataKind, ...] = (
    DataKind(
        "sign_in",
        _("Signing in"),
        _("Second steps, sessions with device and address, machine keys: they keep others out."),
        Keeping(_CONTRACT, _GOES, days=90),
        "swindow.accounts.personal_data.SIGN_IN",
    ),
    DataKind(
        "secrets",
        _("Identity and bank numbers of yours"),
        _("Sealed numbers, shown only where they are needed."),
        Keeping(_CONTRACT, _GOES),
        "swindow.accounts.personal_data.SECRETS",
    ),
    DataKind(
        "invitations",
        _("Invitations"),
        _("Where a colleague offered you a place in a company."),
        Keeping(_CONTRACT, _GOES, days=365),
        "swindow.accounts.personal_data.INVITATIONS",
    ),
    DataKind(
        "companies",
        _("Companies and roles"),
        _("For whom you act or acted, so that nobody decides about a company they belonged to."),
        Keeping(_PROOF, _STAYS_WITHOUT_NAME, years=RECORD_YEARS),
        "swindow.accounts.personal_data.COMPANIES",
    ),
    DataKind(
        "drafts",
        _("Drafts never lodged"),
        _("What you prepared and did not send. Drafts stay with a company in which others work."),
        Keeping(_CONTRACT, _GOES, days=730),
        "declarations.personal_data.DRAFTS",
    ),
    DataKind(
        "declarations",
        _("Lodged declarations"),
        _("What you prepared, lodged or answered, and the private buyers whom it names."),
        Keeping(_RECORDS, _STAYS_WITHOUT_NAME, years=RECORD_YEARS),
        "declarations.personal_data.DECLARATIONS",
    ),
    DataKind(
        "examinations",
        _("Examinations by officers"),
        _("Which declarations you examined as an officer."),
        Keeping(_RECORDS, _STAYS_WITHOUT_NAME, years=RECORD_YEARS),
        "inspection.personal_data.EXAMINATIONS",
    ),
    DataKind(
        "audit",
        _("Audit trail"),
        _("Which acts were done under your account. It holds a number, no names."),
        Keeping(_PROOF, _STAYS_WITHOUT_NAME, years=RECORD_YEARS),
        "swindow.privacy.personal_data.AUDIT",
    ),
    DataKind(
        "looks",
        _("Who has seen your data"),
        _("So that you can find out, and misuse is noticed."),
        Keeping(_PROOF, _GOES, years=RECORD_YEARS),
        "swindow.privacy.personal_data.LOOKS",
    ),
    DataKind(
        "consents",
        _("Privacy notices you agreed to"),
        _("Proof that you were told."),
        Keeping(
            _("Proof that you agreed (GDPR, Article 7; PIPL, Article 14)."),
            _STAYS_WITHOUT_NAME,
            years=RECORD_YEARS,
        ),
        "swindow.privacy.personal_data.CONSENTS",
    ),
    DataKind(
        "copies",
        _("Copies of your data and requests for erasure"),
        _("What you asked for under your rights."),
        Keeping(_CONTRACT, _GOES, days=7),
        "swindow.privacy.personal_data.COPIES",
    ),
    DataKind(
        "account",
        _("Account"),
        _("Your e-mail address, name and language: to sign you in and to write to you."),
        Keeping(_CONTRACT, _GOES),
        "swindow.accounts.personal_data.ACCOUNT",
    ),
)
ACCOUNT = "account"


def kind_named(name: str) -> DataKind:
    """Return a kind by its name; raises KeyError."""
    return {kind.name: kind for kind in CATALOGUE}[name]
