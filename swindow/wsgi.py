"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from swindow.memory import calm_collector
from tariffs.classification.index import the_index

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
application = get_wsgi_application()
# Made once before the server forks: the first search of a visitor must not wait seconds for it.
the_index()
calm_collector()
