"""How agencies work and what risk rules weigh, to change; reviews, to read."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from inspection.models import Agency, Review, RiskProfile
from swindow.admin_reading import ReadOnlyAdmin


class _FixedRows(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the rows are those of the code."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: switch it off instead."""
        return False


@admin.register(Agency)
class AgencyAdmin(_FixedRows):
    """The agencies and how their simulation works."""

    list_display = (
        "name",
        "authority",
        "is_simulated",
        "shortest_seconds",
        "longest_seconds",
        "decide_within_hours",
    )
    readonly_fields = ("authority",)


@admin.register(RiskProfile)
class RiskProfileAdmin(_FixedRows):
    """The points and thresholds of the risk rules."""

    list_display = ("rule", "sentence", "points", "threshold", "is_enabled")
    list_filter = ("is_enabled",)
    ordering = ("rule",)
    readonly_fields = ("rule",)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Reviews and their decisions, newest first."""

    list_display = ("declaration", "authority", "status", "lane", "score", "due_at", "officer", "decided_by")
    list_filter = ("authority", "status")
    list_select_related = ("declaration", "officer")
    search_fields = ("declaration__reference__startswith",)
    search_help_text = "Beginning of the declaration's reference"
    ordering = ("-id",)
