"""The site of the reference data: Django's admin behind the portal's own sign-in and a strict CSP."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class ReferenceSite(AdminSite):
    """Stock admin; people come in by the portal's sign-in, so that its second step holds here too."""

    site_header = _("Single Window: reference data")
    site_title = _("Reference data")
    index_title = _("Reference data")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Let pages run the admin's own script files: they carry no nonce, and nothing is inline."""
        guarded = csp_replace({"script-src": [SELF]})(super().admin_view(view, cacheable))
        return cast(View, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send a stranger to the portal's sign-in; refuse a person without the right."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
