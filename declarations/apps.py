"""Django's configuration of the app."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    """Names the app."""

    name = "declarations"
