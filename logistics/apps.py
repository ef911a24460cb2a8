"""Django's configuration of the app."""

from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    """Names the app."""

    name = "logistics"
