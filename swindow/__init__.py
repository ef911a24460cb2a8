"""swindow: one window for every import declaration of a cross-border seller."""

from swindow.celery import app as celery_app

__all__ = ["celery_app"]
