"""Django's configuration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the app."""

    name = "swindow.accounts"
