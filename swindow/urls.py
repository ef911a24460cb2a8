"""The addresses of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from swindow import styleguide, views

handler400 = "swindow.error_pages.bad_request"
handler403 = "swindow.error_pages.forbidden"
handler404 = "swindow.error_pages.not_found"
handler500 = "swindow.error_pages.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("", include("swindow.accounts.urls")),
    path("privacy/", include("swindow.privacy.urls")),
    path("", include("declarations.urls")),
    path("", include("tariffs.urls")),
    path("officer/", include("inspection.urls")),
    path("verify/", include("swindow.documents.urls")),
    path("api/v1/", include("declarations.api.urls")),
    path("api/v1/", include("tariffs.api.urls")),
    path("api/v1/agency/", include("inspection.api")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("styleguide/officer/", styleguide.styleguide_officer, name="styleguide_officer"),
    ]
