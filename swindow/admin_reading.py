"""Admin pages that only show rows, at a cost that does not grow with the table."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

# A whole-table count takes half a second at five million rows; a person needs "more than this".
_COUNT_UP_TO = 10_000


class CappedPaginator(Paginator):
    """Counts no further than a person pages."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most _COUNT_UP_TO."""
        if isinstance(self.object_list, QuerySet):
            return self.object_list[:_COUNT_UP_TO].count()
        return len(self.object_list)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows that only the lifecycle writes; nothing can be changed by hand."""

    paginator = CappedPaginator
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
