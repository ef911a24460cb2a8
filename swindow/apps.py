"""The platform as an app: its commands, template tags and system checks."""

from django.apps import AppConfig


class SwindowConfig(AppConfig):
    """Registers the platform's system checks."""

    name = "swindow"

    def ready(self) -> None:
        from swindow import checks  # noqa: F401  (registering is the import's purpose)
