"""Tells Django to use the portal's own admin site."""

from django.contrib.admin.apps import AdminConfig


class ReferenceAdminConfig(AdminConfig):
    """The admin app with the site of swindow.admin_site."""

    default_site = "swindow.admin_site.ReferenceSite"
