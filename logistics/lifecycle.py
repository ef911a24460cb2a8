"""What happens to consignments: the only place that moves them."""

from collections.abc import Collection
from datetime import datetime

from logistics.models import Consignment


def arrive(consignment_ids: Collection[int], *, at: datetime) -> int:
    """Note the arrival of consignments once; return how many had not arrived before."""
    return Consignment.objects.filter(pk__in=consignment_ids, arrived_at=None).update(arrived_at=at)
