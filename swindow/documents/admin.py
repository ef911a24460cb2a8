"""Officers look papers and files up here; nothing can be changed by hand."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from swindow.documents.models import IssuedDocument, StoredFile


class _ReadOnly(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a row by hand."""
        return False


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(_ReadOnly):
    """Issued papers by number."""

    list_display = ("number", "title", "subject", "revision", "state", "dated_at", "issued_at")
    list_filter = ("state", "kind")
    search_fields = ("number__startswith", "subject__startswith", "sha256__startswith")
    exclude = ("verification_code", "snapshot")


@admin.register(StoredFile)
class StoredFileAdmin(_ReadOnly):
    """Uploaded files by reference."""

    list_display = ("reference", "original_name", "content_type", "size", "state", "uploaded_at")
    list_filter = ("state", "content_type")
    search_fields = ("reference__startswith", "received_sha256__startswith")
