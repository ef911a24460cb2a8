"""The Celery application: tasks are doorbells, so there is one task and a queue a kind of work."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

from swindow.memory import calm_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")

app = Celery("swindow")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["swindow.events"])


@worker_ready.connect
def _live_long(**_: Any) -> None:
    calm_collector()
