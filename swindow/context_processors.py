"""What every page needs: who is here, where they can go, in which theme and language."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from swindow.accounts.clients import chosen_client, clients_of
from swindow.accounts.models import Organisation, User
from swindow.accounts.signing_in.second_factor import is_offered
from swindow.privacy.models import Consent
from swindow.privacy.notice import CURRENT

THEMES = ("light", "dark", "system")
THEME_COOKIE = "sw_theme"


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place to go, with the icon of the officers' rail."""

    name: str
    label: str | Promise
    icon: str


@dataclass(frozen=True, slots=True)
class NavLink:
    """A place that exists, as an address."""

    url: str
    label: str | Promise
    icon: str
    is_current: bool


VISITOR = (
    NavItem("tariffs:calculator", _("Calculator"), "calculator"),
    NavItem("tariffs:tariff", _("Tariff"), "search"),
    NavItem("tariffs:rules", _("Rules"), "book-2"),
    NavItem("tariffs:exchange_rates", _("Exchange rates"), "cash"),
    NavItem("accounts:directory", _("Agents"), "users"),
)
TRADER = (
    NavItem("declarations:overview", _("Overview"), "home"),
    NavItem("declarations:list", _("Declarations"), "file-text"),
    NavItem("declarations:products", _("Products"), "tag"),
    NavItem("tariffs:calculator", _("Calculator"), "calculator"),
    NavItem("tariffs:tariff", _("Tariff"), "search"),
    NavItem("accounts:organisation", _("Organisation"), "building"),
)
# An agent's first page is its desk, with every client.
AGENT = (NavItem("declarations:desk", _("Desk"), "users"), *TRADER[1:])
OFFICER = (
    NavItem("inspection:queue", _("Queue"), "inbox"),
    NavItem("accounts:verifications", _("Verifications"), "user-check"),
)
# Whoever changes the law for everybody is of customs or the tax office.
LAW = (NavItem("inspection:packs", _("Law"), "gavel"),)
_KEEPERS_OF_THE_LAW = frozenset(["customs", "tax"])
# Two of them appoint officers.
ADMINISTRATOR = (NavItem("accounts:officers", _("Officers"), "users"),)
STAFF = (NavItem("admin:index", _("Reference data"), "book-2"),)


class Portal:
    """The frame of one page; its one query runs only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def is_demo(self) -> bool:
        """Tell whether this is a demonstration with invented people."""
        return bool(settings.DEMO)

    @property
    def language(self) -> str:
        """Return the language of the page."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def theme_choice(self) -> str:
        """Return light, dark or system, as the reader chose."""
        choice = self._request.COOKIES.get(THEME_COOKIE, "system")
        return choice if choice in THEMES else "system"

    @property
    def theme(self) -> str:
        """Return the theme to draw with; theme.js follows the system before the first paint."""
        return "dark" if self.theme_choice == "dark" else "light"

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Return the organisations of the person, by name."""
        # Rides along, so that no page pays a query for it.
        agreed = Exists(self._consents)
        mine = Organisation.objects.for_actor(self._user)
        return list(mine.annotate(has_agreed=agreed).order_by("name"))

    @cached_property
    def owes_consent(self) -> bool:
        """Tell whether the person has not agreed to the current privacy notice."""
        if not self._user.is_authenticated or self._request.path == reverse("privacy:notice"):
            return False
        if self.organisations:
            return not getattr(self.organisations[0], "has_agreed", False)
        return not self._consents.exists()

    @property
    def consent_url(self) -> str:
        """Return the page of the notice, which leads back here."""
        return f"{reverse('privacy:notice')}?{urlencode({'next': self._request.get_full_path()})}"

    @property
    def organisation(self) -> Organisation | None:
        """Return the first organisation of the person."""
        return self.organisations[0] if self.organisations else None

    @cached_property
    def is_officer(self) -> bool:
        """Tell whether the person works for an authority."""
        return any(each.kind == Organisation.Kind.AUTHORITY for each in self.organisations)

    @cached_property
    def is_agent(self) -> bool:
        """Tell whether the person works for an agent."""
        return any(each.is_agent for each in self.organisations)

    @cached_property
    def clients(self) -> list[Organisation]:
        """Return the clients between whom an agent switches; nobody where there is no choice."""
        clients = list(clients_of(self._user)) if self.is_agent and isinstance(self._user, User) else []
        return clients if len(clients) > 1 else []

    @cached_property
    def client(self) -> Organisation | None:
        """Return the one client that the agent keeps to."""
        chosen = chosen_client(self._request) if self.clients else None
        return next((each for each in self.clients if each.reference == chosen), None)

    @property
    def names_clients(self) -> bool:
        """Tell whether a list shows several clients' rows, so that each must name its own."""
        return bool(self.clients) and self.client is None

    @property
    def offers_second_step(self) -> bool:
        """Tell whether the person signs in with a password alone and has not put a second step off."""
        return is_offered(self._request)

    @cached_property
    def nav(self) -> list[NavLink]:
        """Return the places that this person may go to."""
        places = self._places() if self._user.is_authenticated else VISITOR
        return list(_links(places, path=self._request.path))

    @property
    def demo_logins(self) -> list[dict[str, str]]:
        """Return the invented people of a demonstration, for the sign-in page; nobody elsewhere."""
        path = settings.VAR_DIR / "demo" / "logins.json"
        if not settings.DEMO or not path.exists():
            return []
        logins: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        return logins

    def _places(self) -> Sequence[NavItem]:
        is_administrator = getattr(self._user, "is_superuser", False)
        places: tuple[NavItem, ...] = OFFICER if self.is_officer else AGENT if self.is_agent else TRADER
        if is_administrator and not self.organisations:
            # Who belongs nowhere has nothing to declare.
            places = VISITOR
        if any(each.authority in _KEEPERS_OF_THE_LAW for each in self.organisations):
            places += LAW
        if is_administrator:
            places += ADMINISTRATOR
        return (*places, *STAFF) if getattr(self._user, "is_staff", False) else places

    @property
    def _consents(self) -> QuerySet[Model]:
        return Consent.objects.for_actor(self._user).filter(version=CURRENT)

    @property
    def _user(self) -> User | AnonymousUser:
        return getattr(self._request, "user", AnonymousUser())


def portal(request: HttpRequest) -> dict[str, object]:
    """Give every template the frame of its page, and the nonce that its scripts carry."""
    return {"portal": Portal(request), "csp_nonce": getattr(request, "csp_nonce", "")}


def _links(items: Sequence[NavItem], *, path: str) -> Iterator[NavLink]:
    places = [(url, item) for item in items if (url := _address(item.name))]
    nearest = max((url for url, _item in places if path.startswith(url)), key=len, default="")
    for url, item in places:
        yield NavLink(url, item.label, item.icon, url == nearest)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
