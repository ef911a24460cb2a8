"""One declaration's life, worked off by the real handlers in this process."""

import pytest

from declarations import lifecycle
from declarations.models import Declaration, Hold, Status
from swindow.accounts.models import User
from swindow.events.models import Delivery, Event
from swindow.events.worker import work_batch
from tests import builders

REVIEW_QUEUES = ("notify", "customs", "tax", "quarantine", "port")

pytestmark = pytest.mark.django_db


def work_off(*queues: str) -> None:
    """Run deliveries until nothing is due any more."""
    while sum(work_batch(queue) for queue in queues):
        pass


def test_a_low_value_declaration_without_charges_is_released_when_the_last_hold_is_lifted(
    seller: User, reference_data: None
) -> None:
    declaration = lifecycle.lodge_one(builders.draft(seller), by=seller, at=builders.NOW)
    assert declaration.status == Status.ACCEPTED
    work_off(*REVIEW_QUEUES)
    declaration.refresh_from_db()
    assert Hold.objects.filter(declaration=declaration, lifted_at=None).count() == 1
