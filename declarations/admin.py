"""Reference views for staff: read-only, because every change goes through the lifecycle."""

from django.contrib import admin
from django.http import HttpRequest

from declarations.models import Declaration, Product


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: rows are made by the lifecycle."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: rows are changed by the lifecycle."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse: declarations are kept."""
        return False


@admin.register(Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    """Where a declaration stands; no goods, no parties."""

    fields = ("reference", "mrn", "lrn", "status", "declarant", "jurisdiction", "accepted_at", "released_at")
    list_display = ("reference", "status", "declarant", "jurisdiction", "accepted_at")
    list_select_related = ("declarant",)
    search_fields = ("=reference", "=mrn")
    show_full_result_count = False


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    """The sellers' catalogues."""

    fields = ("reference", "seller", "sku", "description", "commodity_code", "origin")
    list_display = ("reference", "description", "commodity_code", "origin", "seller")
    list_select_related = ("seller",)
    search_fields = ("=reference",)
    show_full_result_count = False
