"""Tags of the law: a rule's number as a link, formulas in words, names of taxes, regimes and rows."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from swindow.dates import day
from tariffs import law_names, names, wording
from tariffs.addresses import rule_url
from tariffs.lawbook import Clause, LawBook, TableRow
from tariffs.pack_parsing import Rule, Validity, in_language

register = template.Library()
_PLACE = re.compile(r"\$([a-z_]+)")
_NAMES: tuple[Callable[[str], str], ...] = (
    names.tax_name,
    names.regime_name,
    names.collector_name,
    law_names.jurisdiction_name,
    law_names.event_name,
    law_names.agency_name,
    law_names.outcome_name,
    law_names.severity_name,
    law_names.rounding_name,
    law_names.mode_name,
    law_names.row_name,
)
for _name in _NAMES:
    register.filter(_name.__name__, _name)


@register.simple_tag
def rule_mark(rule: str, jurisdiction: str = "") -> SafeString:
    """Write a rule's number, as a link to its page where it has one."""
    words = _("rule %(rule)s") % {"rule": rule}
    url = rule_url(rule, jurisdiction=str(jurisdiction))
    if not url:
        return format_html('<span class="sw-rule">{}</span>', words)
    return format_html('<a class="sw-rule" href="{}">{}</a>', url, words)


@register.simple_tag
def formula(text: str, book: LawBook) -> SafeString:
    """Write a formula of the book's pack in words."""
    return wording.in_words(text, own=book.own_names)


@register.simple_tag
def check_message(clause: Clause, book: LawBook) -> str:
    """Write what a check says and its mend; its figures are filled in, what a consignment states is “…”."""
    language = get_language() or "en"
    said = [in_language(texts, language) for texts in (clause.message, clause.fix) if texts]
    return _PLACE.sub(lambda found: _figure_in_force(book, found[1]), " ".join(said))


@register.filter
def fact(clause: Clause, name: str) -> str:
    """Return one fact of an entry, for example its outcome or its collector."""
    return clause.fact(name)


@register.filter
def clause_formula(clause: Clause, role: str) -> str:
    """Return one formula of an entry as the pack writes it; empty where it has none of the role."""
    return clause.formula(role)


@register.filter
def currency_in(country: str, book: LawBook) -> str:
    """Write the currency in which a country of the book assesses."""
    return book.currency_for(country)


@register.filter
def row_words(row: TableRow, language: str) -> str:
    """Write the goods that a row of a table names, or what its control says."""
    return row.name(language)


@register.filter
def sentence_of(number: str, book: LawBook) -> str:
    """Write the sentence of a rule by its number, in the reader's language."""
    return in_own_language(book.rules[number])


@register.filter
def in_own_language(rule: Rule) -> str:
    """Write the rule's sentence in the reader's language."""
    return rule.sentence(get_language() or "en")


@register.filter
def in_force(validity: Validity) -> str:
    """Write from when until when something is law; the last day is the last on which it counts."""
    first, last = validity.valid_from, validity.valid_to and validity.valid_to - timedelta(days=1)
    if first and last:
        return _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}
    if first:
        return _("from %(first)s") % {"first": day(first)}
    return _("until %(last)s") % {"last": day(last)} if last else _("without a limit in time")


@register.filter
def stands(validity: Validity, on: date) -> str:
    """Return off, past, now or future: how something stands on a day."""
    if not validity.enabled:
        return "off"
    if validity.covers(on):
        return "now"
    return "past" if validity.valid_to and validity.valid_to <= on else "future"


@register.filter
def translated(text: str) -> str:
    """Write a source that the portal names itself in the reader's language; any other as it is."""
    return _(text) if text else ""


@register.filter
def figure(value: str) -> str:
    """Write a number of the law with its thousands apart, as many places as it has: 26,000 or 0.003464."""
    return f"{Decimal(value):,f}"


@register.filter
def rate_text(value: Decimal) -> str:
    """Write an exchange rate with six significant digits at least: 7.1234 or 0.000712."""
    places = max(4, 6 - value.adjusted() - 1) if value else 4
    return f"{value:.{places}f}"


def _figure_in_force(book: LawBook, name: str) -> str:
    values = [row.value for row in book.figures if row.name == name and row.validity.valid_to is None]
    return figure(values[0]) if values else "…"
