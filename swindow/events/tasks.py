"""The one Celery task: somebody rang, so look into the table."""

from celery import shared_task

from swindow.events.bell import ring_all
from swindow.events.worker import drain_queue


@shared_task(name="swindow.events.tasks.drain")
def drain(queue: str) -> None:
    """Work off the queue; short, so that a lost worker loses no more than one lease."""
    if drain_queue(queue):
        ring_all([queue])
