"""The workers' entrance: a worker is the portal itself and works for everybody at once.

Row-level security (swindow.row_security) hides nothing from it.
"""

import os

os.environ["SWINDOW_DATABASE_ACTOR"] = "portal"

from swindow.celery import app

__all__ = ["app"]
