"""Tags of the law: a rule's number as a link, formulas in words, names of taxes, regimes and rows."""

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
from tariffs.lawbook import LawBook
from tariffs.pack_parsing import Rule, Validity

register = template.Library()
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
def figure(value: str) -> str:
    """Write a number of the law with its thousands apart, as many places as it has: 26,000 or 0.003464."""
    return f"{Decimal(value):,f}"


@register.filter
def rate_text(value: Decimal) -> str:
    """Write an exchange rate with six significant digits at least: 7.1234 or 0.000712."""
    places = max(4, 6 - value.adjusted() - 1) if value else 4
    return f"{value:.{places}f}"
