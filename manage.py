#!/usr/bin/env python3
"""Django's command line for swindow."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
    # A command is the portal itself: row-level security hides nothing from it (swindow.row_security).
    os.environ.setdefault("SWINDOW_DATABASE_ACTOR", "portal")
    execute_from_command_line(sys.argv)
