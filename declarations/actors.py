"""Who acted, in words: the audit text of a person, an agency's machine or the portal itself."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from declarations.labels import authority_name
from swindow.accounts.models import Mandate, User


@dataclass(frozen=True, slots=True)
class Actor:
    """An audit text in its parts: user:5, user:5 MAN-26-0000012K, agency:customs, portal."""

    kind: str
    code: str = ""
    mandate: str = ""

    @property
    def user_id(self) -> int:
        """Return whose account it was; 0 for who is no person."""
        return int(self.code) if self.kind == "user" and self.code.isdecimal() else 0


def parse_actor(text: str) -> Actor:
    """Take an audit text apart."""
    who, _space, mandate = text.partition(" ")
    kind, colon, code = who.partition(":")
    return Actor(kind, code, mandate) if colon else Actor(text)


def names_of(actors: Collection[str]) -> dict[str, str]:
    """Return audit text -> name, an agent's with company and mandate; at most two statements."""
    parsed = {text: parse_actor(text) for text in actors}
    people = User.objects.in_bulk({actor.user_id for actor in parsed.values()} - {0})
    agents = _agents({actor.mandate for actor in parsed.values()} - {""})
    return {text: _name(text, actor, people, agents) for text, actor in parsed.items()}


def _agents(mandates: Collection[str]) -> dict[str, str]:
    if not mandates:
        return {}
    return dict(Mandate.objects.filter(reference__in=mandates).values_list("reference", "agent__name"))


def _name(text: str, actor: Actor, people: dict[int, User], agents: dict[str, str]) -> str:
    person = people.get(actor.user_id)
    if person is not None and actor.mandate:
        words = {"person": person, "agent": agents.get(actor.mandate, ""), "mandate": actor.mandate}
        return _("%(person)s (%(agent)s, %(mandate)s)") % words
    if person is not None:
        return str(person)
    if actor.kind == "agency":
        return _("%(authority)s, by machine") % {"authority": authority_name(actor.code)}
    return _("the portal") if text == "portal" else text
