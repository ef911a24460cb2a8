"""What every page of one draft shows around its form: the way back, the saved time, the live estimate."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from declarations.models import Declaration
from declarations.sections import TITLES
from declarations.views.judging import Judgement
from declarations.views.tax_page import live_breakdown
from swindow.components import Crumb


def draft_context(draft: Declaration, judgement: Judgement, *, section: str, **more: Any) -> dict[str, Any]:
    """Return the context of a section's page."""
    detail_url = reverse("declarations:detail", args=[draft.reference])
    result = judgement.result
    return {
        "declaration": draft,
        "may": draft.powers.acts,
        "section": section,
        "section_title": TITLES[section],
        "crumbs": [
            Crumb(_("Declarations"), reverse("declarations:list")),
            Crumb(draft.reference, detail_url),
            Crumb(TITLES[section]),
        ],
        "detail_url": detail_url,
        "saved_at": draft.saved_at,
        "judgement": judgement,
        "breakdown": live_breakdown(judgement.statement, result),
        **more,
    }


def saved_words(at: datetime) -> dict[str, Any]:
    """Return what an autosave answers."""
    return {"saved_at": at.isoformat()}
