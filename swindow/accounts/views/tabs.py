"""The pages of one's own organisation, side by side."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import Organisation
from swindow.components import Tab

_PAGES = (
    ("organisation", _("Company")),
    ("people", _("People")),
    ("history", _("History")),
)
# Only who declares in its own name appoints agents.
_AGENTS = ("agents", _("Agents"))


def organisation_tabs(company: Organisation | None, *, current: str) -> list[Tab]:
    """Return the tabs of a company's pages; a person without one has a single page."""
    if company is None:
        return []
    pages = (*_PAGES, _AGENTS) if company.is_declarant else _PAGES
    return [Tab(label, reverse(f"accounts:{name}"), name == current) for name, label in pages]
