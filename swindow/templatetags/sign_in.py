"""What the pages of signing in show beside their forms."""

import re

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from swindow.accounts.signing_in.demonstration import demonstration_code as code_for
from swindow.accounts.signing_in.second_factor import way_back

register = template.Library()
# The first that fits wins: browsers name others for old times' sake.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """Name browser and system as people call them."""
    browser, system = _named(_BROWSERS, user_agent), _named(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


@register.simple_tag(takes_context=True)
def way_on(context: Context) -> str:
    """Return the page that somebody left to set up a second step."""
    return way_back(context["request"])


@register.simple_tag(takes_context=True)
def demonstration_code(context: Context) -> str:
    """Return the code that an invented person's app would show; empty for everybody real."""
    return code_for(context["request"])


def _named(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, text)), "")
