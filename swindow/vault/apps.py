"""Django's configuration of the app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Names the app."""

    name = "swindow.vault"
