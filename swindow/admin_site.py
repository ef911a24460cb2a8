"""The site of the reference data: Django's admin behind the portal's own sign-in and its strict CSP."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ReferenceSite(AdminSite):
    """Stock admin; people come in by the portal's sign-in, so that its second step holds here too."""

    site_header = _("Single Window: reference data")
    site_title = _("Reference data")
    index_title = _("Reference data")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send a stranger to the portal's sign-in; refuse a person without the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
