"""The audit chain and the deliveries, to read; nothing can be changed by hand."""

from django.contrib import admin

from swindow.admin_reading import ReadOnlyAdmin
from swindow.events.models import Delivery, Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Events, newest first, found by their subject."""

    list_display = ("occurred_at", "subject_kind", "subject_id", "seq", "kind", "actor")
    search_fields = ("=subject_id",)
    search_help_text = "Number of the subject"
    ordering = ("-id",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries: what waits, what failed and why."""

    list_display = ("queue", "handler", "run_after", "attempts", "done_at", "dead_at", "last_error")
    list_filter = ("queue", ("dead_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter))
    ordering = ("-id",)
    raw_id_fields = ("event",)
