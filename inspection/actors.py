"""Who acted, in words: the audit text of a person, an agency's machine or the portal itself."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from declarations.labels import authority_name
from swindow.accounts.models import User


def names_of(actors: Collection[str]) -> dict[str, str]:
    """Return audit text -> name, in at most one statement."""
    keys = {actor: int(number) for actor in actors if (number := _number(actor)).isdigit()}
    people = User.objects.in_bulk(set(keys.values())) if keys else {}
    return {actor: _name(actor, people.get(keys.get(actor, 0))) for actor in actors}


def _name(actor: str, person: User | None) -> str:
    kind, _colon, code = actor.partition(":")
    if person is not None:
        return str(person)
    if kind == "agency":
        return _("%(authority)s, by machine") % {"authority": authority_name(code)}
    return _("the portal") if actor == "portal" else actor


def _number(actor: str) -> str:
    return actor.removeprefix("user:") if actor.startswith("user:") else ""
