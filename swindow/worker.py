"""The workers' entrance: a worker is the portal itself and works for everybody at once.

Row-level security (swindow.row_security) hides nothing from it.
"""

import os

os.environ["SWINDOW_DATABASE_ACTOR"] = "portal"
# Django's checks load every page and form; they were made when the database was prepared.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from swindow.celery import app

__all__ = ["app"]
