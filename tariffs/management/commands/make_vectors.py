"""Work out the vectors of the vocabulary for suggestions by meaning."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tariffs.classification.index import the_index
from tariffs.classification.minilm import MiniLm, ModelUnavailable, make_vectors
from tariffs.classification.vectors import documents, vector_folder


class Command(BaseCommand):
    """Encodes the English terms and the tariff's texts; run it again after either changed."""

    help = "Work out the vectors that SWINDOW_CLASSIFY_MODEL=1 needs, into var/vectors."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; raises CommandError where the extra is not installed."""
        texts = tuple(documents(the_index()))
        started = time.monotonic()
        try:
            path = make_vectors(texts, folder=vector_folder(), model=MiniLm())
        except ModelUnavailable as error:
            raise CommandError(str(error)) from error
        said = {"count": len(texts), "seconds": round(time.monotonic() - started), "path": path}
        self.stdout.write(_("%(count)s texts in %(seconds)s s: %(path)s") % said)
