"""Django's configuration of the app."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """Names the app."""

    name = "inspection"
