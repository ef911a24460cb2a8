"""An organisation's own history in words: what happened, who did it, when; from its audit chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from swindow.accounts.models import Invitation, Organisation, Role, User
from swindow.events.models import Event

WORDS: Mapping[str, str | Promise] = {
    "organisation.registered": gettext_lazy("Registered the company"),
    "organisation.corrected": gettext_lazy("Changed the company data"),
    "organisation.deferment_changed": gettext_lazy("Changed the deferment account"),
    "organisation.contacts_changed": gettext_lazy("Changed the contacts for customs matters"),
    "organisation.codes_changed": gettext_lazy("Changed the customs and tax numbers"),
    "organisation.bank_account_changed": gettext_lazy("Gave the bank account for refunds"),
    "member.invited": gettext_lazy("Invited %(invitation)s as %(role)s"),
    "member.invitation_withdrawn": gettext_lazy("Withdrew the invitation of %(invitation)s"),
    "member.joined": gettext_lazy("Joined as %(role)s"),
    "member.role_changed": gettext_lazy("Changed the role of %(member)s from %(was)s to %(role)s"),
    "member.removed": gettext_lazy("Removed %(member)s (%(role)s)"),
    "member.left": gettext_lazy("Left the company (%(role)s)"),
    "officer.appointed": gettext_lazy("Appointed %(member)s as an officer"),
    "officer.dismissed": gettext_lazy("Dismissed %(member)s as an officer"),
    "mandate.given": gettext_lazy("Gave a mandate to %(agent)s"),
    "mandate.accepted": gettext_lazy("Accepted the mandate"),
    "mandate.declined": gettext_lazy("Declined the mandate"),
    "mandate.ended": gettext_lazy("Ended the mandate of %(agent)s"),
    "mandate.revoked": gettext_lazy("Revoked the mandate of %(agent)s"),
    "help.asked": gettext_lazy("Asked %(agent)s for help (%(request)s)"),
    "help.accepted": gettext_lazy("Answered the request %(request)s: would act"),
    "help.declined": gettext_lazy("Answered the request %(request)s: cannot help"),
    "help.withdrawn": gettext_lazy("Withdrew the request %(request)s"),
    "profile.saved": gettext_lazy("Changed the entry in the directory"),
    "verification.submitted": gettext_lazy("Sent the company data for verification (%(verification)s)"),
    "verification.registry_answered": gettext_lazy("Answered for the verification (%(verification)s)"),
    "verification.asked": gettext_lazy("Asked a question (%(verification)s)"),
    "verification.answered": gettext_lazy("Answered the officer's question (%(verification)s)"),
    "verification.decided": gettext_lazy("Decided the verification (%(verification)s)"),
    "verification.suspended": gettext_lazy("Suspended the company (%(verification)s)"),
    "verification.reinstated": gettext_lazy("Lifted the suspension (%(verification)s)"),
    "verification.expiring": gettext_lazy("Reminded: the verification ends soon (%(verification)s)"),
    "verification.expired": gettext_lazy("The verification ran out (%(verification)s)"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    seq: int
    at: datetime
    actor: str
    text: str


def lines_of(organisation: Organisation, events: Sequence[Event]) -> list[Line]:
    """Return the events in words, in a number of statements that does not grow with them."""
    facts = _Facts(organisation, events)
    return [
        Line(event.seq, event.occurred_at, facts.actor(event.actor), facts.text(event)) for event in events
    ]


class _Facts:
    """The names behind the references of some events."""

    def __init__(self, organisation: Organisation, events: Sequence[Event]) -> None:
        self._organisation = organisation
        self._people = _people_of(events)
        payloads = [event.payload for event in events]
        invited = {payload["invitation"] for payload in payloads if "invitation" in payload}
        agents = {payload["agent"] for payload in payloads if "agent" in payload}
        rows = Invitation.objects.filter(organisation=organisation, reference__in=invited)
        self._addresses = dict(rows.values_list("reference", "email"))
        named = Organisation.objects.filter(reference__in=agents)
        self._organisations = dict(named.values_list("reference", "name"))

    def text(self, event: Event) -> str:
        """Return what happened."""
        words = WORDS.get(event.kind)
        if words is None:
            return event.kind
        return str(words) % _Filled(
            {name: self._word(name, str(value)) for name, value in event.payload.items()}
        )

    def actor(self, text: str) -> str:
        """Return who acted; an officer is named by the authority alone."""
        person = self._people.get(person_number(text))
        if person is None:
            return _("The trade register") if text == "registry" else _("The portal")
        places = [each.organisation for each in person.memberships.all()]
        others = [place for place in places if place.pk != self._organisation.pk]
        if not others:
            return str(person)
        (place, *_rest) = others
        if place.kind == Organisation.Kind.AUTHORITY:
            return _("An officer of %(authority)s") % {"authority": place.name}
        return _("%(person)s, %(company)s") % {"person": person, "company": place.name}

    def _word(self, name: str, value: str) -> str:
        if name in ("role", "was"):
            return str(Role(value).label) if value in Role else value
        if name == "member":
            return str(self._people.get(person_number(value), value))
        if name == "invitation":
            return self._addresses.get(value, value)
        return self._organisations.get(value, value) if name == "agent" else value


class _Filled(dict[str, str]):
    """Facts of a payload; events of earlier days may lack one."""

    def __missing__(self, name: str) -> str:
        return pgettext("a fact that was not recorded", "unknown")


def _people_of(events: Iterable[Event]) -> dict[int, User]:
    named = {
        person_number(text) for event in events for text in (event.actor, event.payload.get("member", ""))
    }
    people = User.objects.filter(pk__in=named - {0}).prefetch_related("memberships__organisation")
    return {person.pk: person for person in people}


def person_number(actor: str) -> int:
    """Return the number of a person in an audit text, with or without a mandate behind it; 0 for others."""
    kind, _colon, rest = actor.partition(":")
    number = rest.partition(" ")[0]
    return int(number) if kind == "user" and number.isdigit() else 0
