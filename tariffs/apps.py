"""Django's configuration of the app."""

from django.apps import AppConfig


class TariffsConfig(AppConfig):
    """Names the app."""

    name = "tariffs"
