"""Template tags of the portal's look: icons, amounts, countries, chips, fields, error summaries."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_currency, format_decimal, get_currency_precision
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_countries import countries

from swindow import dates
from swindow.problems import Problem

register = template.Library()
for _write in (dates.when, dates.when_short, dates.day, dates.day_short):
    register.filter(_write.__name__, _write)

_ICONS = Path(__file__).with_name("icons.json")
_RULE = re.compile(r"^[A-Z]{2,6}-?[A-Z]?\d{1,4}$")
_SOON = timedelta(hours=4)
# Legal statuses and the labels derived from holds: chip kind and icon. Shape, colour and word say the same.
_STATUSES = {
    "draft": ("", "pencil"),
    "accepted": ("info", "progress-check"),
    "released": ("ok", "circle-check"),
    "rejected": ("bad", "ban"),
    "invalidated": ("", "circle-x"),
    "awaiting_payment": ("warn", "credit-card"),
    "under_review": ("info", "hourglass"),
    "question": ("warn", "message-question"),
    "hold": ("warn", "hand-stop"),
    "submitted": ("info", "hourglass"),
    "review": ("info", "eye"),
    "asked": ("warn", "message-question"),
    "suspended": ("bad", "hand-stop"),
    "expired": ("warn", "clock"),
    "verified": ("ok", "shield-check"),
    "refused": ("bad", "ban"),
    "approved": ("ok", "circle-check"),
    "paid": ("ok", "circle-check"),
    "pending": ("info", "hourglass"),
    "failed": ("bad", "alert-circle"),
    "open": ("warn", "circle-dot"),
    "lifted": ("ok", "check"),
    "answered": ("ok", "message-reply"),
    "live": ("ok", "certificate"),
    "superseded": ("", "history"),
    "revoked": ("bad", "shield-x"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an error summary: where to go, what is wrong, and by which rule."""

    anchor: str
    message: str
    rule: str = ""
    label: str = ""


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a vendored icon; with a label it speaks, without it is decoration."""
    body = _icons().get(name)
    if body is None:
        raise LookupError(
            f"No icon {name!r}: add it to static/vendor/icons.txt and run static/vendor/fetch.sh"
        )
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="sw-ico" viewBox="0 0 24 24" {}>{}</svg>',
        meaning,
        mark_safe(body),  # noqa: S308  (our own vendored file)
    )


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with its currency, as €4,480.40; nothing for None."""
    return "" if amount is None else format_currency(amount, currency, locale=_locale())


@register.filter
def amount(value: Decimal | None, currency: str = "") -> str:
    """Write an amount without its currency, with as many places as the currency has (two if unknown)."""
    if value is None:
        return ""
    places = get_currency_precision(currency) if currency else 2
    return format_decimal(value, format=f"#,##0.{'0' * places}", locale=_locale())


@register.simple_tag
def country(code: str) -> SafeString:
    """Draw a country as its flag and its name."""
    return format_html('<span class="sw-country">{}{}</span>', flag(code), countries.name(code) or code)


@register.simple_tag
def flag(code: str) -> SafeString:
    """Draw a country's flag as decoration; nothing where there is none."""
    path = f"vendor/flags/{str(code).lower()}.svg"
    if not _has_flag(path):
        return mark_safe("")
    return format_html('<img class="sw-flag" src="{}" alt="" width="20" height="15">', static(path))


@register.inclusion_tag("_components/chip.html")
def chip(label: str, kind: str = "", icon: str = "") -> dict[str, str]:
    """Draw a chip; kind is ok, warn, bad, info, accent, plain or empty."""
    return {"label": label, "kind": kind, "icon_name": icon}


@register.inclusion_tag("_components/chip.html")
def status(code: str, label: str) -> dict[str, str]:
    """Draw a status as shape, colour and word."""
    kind, icon_name = _STATUSES.get(str(code), ("", "circle-dot"))
    return {"label": label, "kind": kind, "icon_name": icon_name}


@register.inclusion_tag("_components/lane.html")
def lane(code: str) -> dict[str, str]:
    """Draw a risk lane: red, amber or green."""
    words = {"red": _("Red lane"), "amber": _("Amber lane"), "green": _("Green lane")}
    return {"code": code, "label": words.get(code, code)}


@register.simple_tag
def time_left(deadline: datetime, now: datetime | None = None, *, brief: bool = False) -> SafeString:
    """Write the time until a deadline, warning in its last four hours; brief leaves out the word left."""
    left = deadline - (now or timezone.now())
    mood = "is-late" if left <= timedelta(0) else "is-soon" if left <= _SOON else ""
    still = "%(time)s" if brief else _("%(time)s left")
    words = _("%(time)s late") if left < timedelta(0) else still
    return format_html(
        '<time class="sw-left tn {}" datetime="{}">{}</time>',
        mood,
        deadline.isoformat(timespec="minutes"),
        words % {"time": duration(abs(left))},
    )


@register.filter
def just_now(at: datetime) -> bool:
    """Tell whether something happened within the last minute, for which no count of minutes is written."""
    return timezone.now() - at < timedelta(minutes=1)


@register.filter
def duration(span: timedelta) -> str:
    """Write a span in its two largest units: 3 days 4 h, 1 h 12 min, 8 min."""
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days},
        _("%(count)d h") % {"count": hours},
        _("%(count)d min") % {"count": rest},
    ]
    counted = [(count, part) for count, part in zip((days, hours, rest), parts, strict=True)]
    first = next((at for at, (count, _part) in enumerate(counted) if count), 2)
    return " ".join(part for count, part in counted[first : first + 2] if count or first == 2)


@register.filter
def code_groups(value: str) -> str:
    """Write a commodity code in its groups: 3304 99 00 00."""
    digits = str(value).replace(" ", "").replace(".", "")
    return " ".join(filter(None, (digits[:4], *(digits[at : at + 2] for at in range(4, len(digits), 2)))))


@register.simple_tag
def field(bound: BoundField, *, suffix: str = "", prefix: str = "", size: str = "", look: str = "") -> str:
    """Draw a form field with a unit, a size (s, m, l) or a look (cards, num)."""
    context = {"field": bound, "suffix": suffix, "prefix": prefix, "size": size, "look": look}
    return render_to_string("django/forms/field.html", context)


@register.filter
def problems(bound: BoundField) -> list[Finding]:
    """Return what is wrong with a field, each with its rule's number when the error's code is one."""
    return [
        Finding(bound.auto_id, message, _rule(error.code or ""), str(bound.label or ""))
        for error in bound.errors.as_data()
        for message in error.messages
    ]


@register.inclusion_tag("_components/error_summary.html")
def error_summary(*sources: Any) -> dict[str, list[Finding]]:
    """Name every problem of forms, formsets and problem lists at once, each linking to its field."""
    forms = [form for source in sources for form in _forms(source)]
    found = [finding for form in forms for finding in _of_form(form)]
    found += [_of_problem(each, forms) for source in sources for each in _problems(source)]
    found += [Finding("", text) for source in sources for text in _of_formset(source)]
    return {"findings": list(dict.fromkeys(found))}


@register.simple_block_tag
def panel(content: str, title: str = "", *, anchor: str = "", aside: str = "") -> str:
    """Draw a panel around its content; `aside` is a short text at the right of its heading."""
    context = {"content": content, "title": title, "id": anchor, "aside": aside}
    return render_to_string("_components/panel.html", context)


@cache
def _icons() -> dict[str, str]:
    icons: dict[str, str] = json.loads(_ICONS.read_text(encoding="utf-8"))
    return icons


@cache
def _has_flag(path: str) -> bool:
    return finders.find(path) is not None


def _locale() -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return "zh_Hans" if language.startswith("zh") else language.partition("-")[0]


def _rule(code: str) -> str:
    return code if _RULE.match(code) else ""


def _forms(source: Any) -> Iterator[BaseForm]:
    if isinstance(source, BaseFormSet):
        yield from source.forms
    elif isinstance(source, BaseForm):
        yield source


def _of_form(form: BaseForm) -> Iterator[Finding]:
    for error in form.non_field_errors().as_data():
        yield from (Finding("", message, _rule(error.code or "")) for message in error.messages)
    for bound in form:
        yield from problems(bound)


def _of_formset(source: Any) -> list[str]:
    return [str(error) for error in source.non_form_errors()] if isinstance(source, BaseFormSet) else []


def _problems(source: Any) -> list[Problem]:
    if isinstance(source, Problem):
        return [source]
    return [each for each in source if isinstance(each, Problem)] if isinstance(source, list | tuple) else []


def _of_problem(problem: Problem, forms: list[BaseForm]) -> Finding:
    return Finding(_anchor(problem.path, forms), problem.sentence, _rule(problem.code))


def _anchor(path: str, forms: list[BaseForm]) -> str:
    name = path.rpartition(".")[2]
    for form in forms:
        if name in form.fields:
            return str(form[name].auto_id)
    return path.replace(".", "-")
