"""The Celery application: tasks are doorbells, so there is one task and a queue a kind of work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")

app = Celery("swindow")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["swindow.events"])
