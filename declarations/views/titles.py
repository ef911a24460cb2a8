"""What a declaration is called on a page: its goods and where they go."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_countries import countries

from declarations.models import Declaration, GoodsItem

_MOST_NAMES = 3
_NAME_LENGTH = 40


def title_of(declaration: Declaration, items: Sequence[GoodsItem]) -> str:
    """Return for example: T-shirts, earphones and backpacks to Germany."""
    place = _place(str(declaration.jurisdiction))
    if not items:
        return _("New import to %(country)s") % {"country": place}
    return _("%(goods)s to %(country)s") % {"goods": _goods(items), "country": place}


def _goods(items: Sequence[GoodsItem]) -> str:
    names = list(dict.fromkeys(_short(item.description) for item in items))
    comma = pgettext("between names", ", ")
    if len(names) == 1:
        return names[0]
    if len(names) > _MOST_NAMES:
        words = {"names": comma.join(names[: _MOST_NAMES - 1]), "count": len(names) - _MOST_NAMES + 1}
        return _("%(names)s and %(count)s more") % words
    return _("%(names)s and %(last)s") % {"names": comma.join(names[:-1]), "last": names[-1]}


def _short(description: str) -> str:
    name = re.split("[,，]", description)[0].strip()
    if len(name) <= _NAME_LENGTH:
        return name
    return name[:_NAME_LENGTH].rsplit(" ", 1)[0] + "…"


def _place(code: str) -> str:
    if code == "NL":
        return _("the Netherlands")
    return str(countries.name(code) or code)
