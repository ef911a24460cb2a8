"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from swindow.memory import calm_collector
from tariffs.classification.index import the_index

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
# The web server's connections see nobody's rows until a request says who asks (swindow.acting).
os.environ["SWINDOW_DATABASE_ACTOR"] = ""
application = get_wsgi_application()
# Made once before the server forks: the first search of a visitor must not wait seconds for it.
the_index()
calm_collector()
