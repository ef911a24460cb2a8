"""Consignments, to read; declarations change them."""

from django.contrib import admin

from logistics.models import Consignment
from swindow.admin_reading import ReadOnlyAdmin


@admin.register(Consignment)
class ConsignmentAdmin(ReadOnlyAdmin):
    """Consignments, newest first."""

    list_display = (
        "transport_mode",
        "document_kind",
        "document_number",
        "means_of_transport",
        "arrival_on",
        "arrived_at",
    )
    ordering = ("-id",)
