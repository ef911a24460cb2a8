"""Django's configuration of the app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Names the app."""

    name = "swindow.events"
