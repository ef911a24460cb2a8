"""Mandates and services in words, for pages and mails."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from swindow.accounts.destinations import country_names
from swindow.accounts.models import MANDATED_ACTS, Mandate
from swindow.components import Row
from swindow.dates import day, when
from swindow.templatetags.sw import money


def scope_words(mandate: Mandate) -> str:
    """Return what a mandate allows, in the order in which a declaration lives."""
    allowed = [str(act.label) for act in MANDATED_ACTS if act.value in mandate.scopes]
    return pgettext("between sections", "; ").join(allowed)


def country_words(codes: list[str]) -> str:
    """Return countries by name; none named mean all."""
    return country_names(codes) or _("All countries")


def limit_words(mandate: Mandate) -> str:
    """Return the largest declaration that may be lodged."""
    if mandate.value_limit is None:
        return _("No limit")
    return money(mandate.value_limit, mandate.value_currency)


def period_words(mandate: Mandate) -> str:
    """Return from which day to which it holds."""
    days = {"first": day(mandate.valid_from), "last": day(mandate.last_day)}
    if mandate.valid_to is None:
        return _("From %(first)s until one of you ends it") % days
    return _("From %(first)s to %(last)s") % days


def term_rows(mandate: Mandate) -> list[Row]:
    """Return the terms as answers."""
    return [
        Row(_("May do"), scope_words(mandate)),
        Row(_("Countries of import"), country_words(mandate.countries)),
        Row(_("Limit for one declaration"), limit_words(mandate)),
        Row(_("Holds"), period_words(mandate)),
    ]


def history_rows(mandate: Mandate) -> list[Row]:
    """Return who did what with it, and when."""
    rows = [Row(_("Given"), _by(mandate.given_by, when(mandate.given_at)))]
    if mandate.accepted_at:
        rows.append(Row(_("Accepted"), _by(mandate.accepted_by, when(mandate.accepted_at))))
    if mandate.revoked_at:
        rows.append(Row(str(mandate.standing.label), _by(mandate.revoked_by, when(mandate.revoked_at))))
    return rows


def _by(person: object, at: str) -> str:
    return _("%(who)s, %(at)s") % {"who": person, "at": at} if person else at
