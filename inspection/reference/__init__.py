"""The agencies and risk profiles of a fresh portal: two tables that anyone can read and correct.

Points add up to a lane (40 amber, 70 red). Chance alone (R-900) must never turn papers that disagree and a
new seller red: red waits for an officer in person.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_noop

from inspection.models import Agency, RiskProfile

_FOLDER = Path(__file__).resolve().parent
# The sentences of risk_profiles.csv once more: where they are shown they are translated.
SENTENCES = (
    gettext_noop("A paper states another total or mass than the declaration"),
    gettext_noop("The customs value is high"),
    gettext_noop("Packing weighs much more than the goods"),
    gettext_noop("The seller is new here"),
    gettext_noop("Goods of this seller were refused before"),
    gettext_noop("A buyer named by this seller said that they ordered nothing"),
    gettext_noop("Selected by chance"),
)


@transaction.atomic
def load_reference(*, is_reset: bool = False) -> tuple[int, int]:
    """Add agencies and risk profiles that are missing; return how many of each were written.

    What an administrator changed stays, unless `is_reset` puts everything back to the tables.
    """
    agencies = [
        Agency(
            authority=row["authority"],
            name=row["name"],
            shortest_seconds=int(row["shortest_seconds"]),
            longest_seconds=int(row["longest_seconds"]),
            decide_within_hours=int(row["decide_within_hours"]),
        )
        for row in _rows("agencies.csv")
    ]
    profiles = [
        RiskProfile(
            rule=row["rule"],
            sentence=row["sentence"],
            points=int(row["points"]),
            threshold=Decimal(row["threshold"]),
        )
        for row in _rows("risk_profiles.csv")
    ]
    return _load_agencies(agencies, is_reset=is_reset), _load_profiles(profiles, is_reset=is_reset)


def _load_agencies(agencies: list[Agency], *, is_reset: bool) -> int:
    if is_reset:
        fields = ("name", "shortest_seconds", "longest_seconds", "decide_within_hours", "is_simulated")
        Agency.objects.bulk_create(
            agencies, update_conflicts=True, unique_fields=["authority"], update_fields=fields
        )
        return len(agencies)
    known = set(Agency.objects.values_list("authority", flat=True))
    missing = [agency for agency in agencies if agency.authority not in known]
    Agency.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _load_profiles(profiles: list[RiskProfile], *, is_reset: bool) -> int:
    if is_reset:
        fields = ("sentence", "points", "threshold", "is_enabled")
        RiskProfile.objects.bulk_create(
            profiles, update_conflicts=True, unique_fields=["rule"], update_fields=fields
        )
        return len(profiles)
    known = set(RiskProfile.objects.values_list("rule", flat=True))
    missing = [profile for profile in profiles if profile.rule not in known]
    RiskProfile.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
