"""Officers read which law the portal uses; nobody edits it here."""

from django.contrib import admin
from django.http import HttpRequest

from tariffs.models import RegulationPack


@admin.register(RegulationPack)
class RegulationPackAdmin(admin.ModelAdmin):
    """Published packs, to read."""

    list_display = ("jurisdiction", "version", "valid_from", "valid_to", "published_at", "superseded_by")
    list_filter = ("jurisdiction",)
    list_select_related = ("superseded_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: packs are published from their folders."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RegulationPack | None = None) -> bool:
        """Refuse: a published pack is never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RegulationPack | None = None) -> bool:
        """Refuse: stored assessments are replayed by their pack."""
        return False
