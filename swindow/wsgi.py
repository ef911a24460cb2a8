"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from swindow.memory import calm_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
application = get_wsgi_application()
calm_collector()
