"""Django's configuration of the app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Names the app and registers its system check."""

    name = "swindow.vault"

    def ready(self) -> None:
        from swindow.vault import checks  # noqa: F401  (registering is the import's purpose)
