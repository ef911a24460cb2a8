"""The people of the canary test, as a process of its own: `python -m tests.privacy.people COUNT`.

Writes one line of JSON: the addresses of so many sellers whose companies are not verified yet.
"""

import itertools
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
os.environ.setdefault("SWINDOW_DATABASE_ACTOR", "portal")
django.setup()

from swindow.accounts.models import Organisation  # noqa: E402
from tests import builders  # noqa: E402


def main() -> None:
    """Make them; another process has made people with the first numbers."""
    builders._numbers = itertools.count(1000)
    people = [builders.seller(name="Canary House") for _number in range(int(sys.argv[1]))]
    Organisation.objects.filter(memberships__user__in=people).update(verified_at=None)
    sys.stdout.write(json.dumps([person.email for person in people]) + "\n")


if __name__ == "__main__":
    main()
