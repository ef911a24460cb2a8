"""The buyer objects while the last hold is lifted: held, or released before; never released after."""

from functools import partial

import pytest
from django.utils import timezone

from declarations import lifecycle
from declarations.lifecycle import Lifting, buyers
from declarations.models import BuyerNotice, Declaration, Hold, Status
from inspection.lifecycle import Decision, decide, open_reviews
from swindow.events.models import Event
from swindow.problems import Refused
from tests import builders
from tests.races.test_decisions import TRIALS, at_once

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def notices() -> list[BuyerNotice]:
    """Declarations of which only customs still holds the goods, each with a buyer who was told."""
    builders.reference_data()
    seller = builders.seller()
    drafts = [builders.draft(seller, consignee_email="jan@example.com") for _ in range(TRIALS)]
    keys = [draft.pk for draft in drafts]
    assert not lifecycle.lodge(keys, by=seller, at=builders.NOW)
    open_reviews(keys, at=builders.NOW)
    buyers.make_notices(keys, at=builders.NOW)
    others = Hold.objects.filter(declaration__in=keys).exclude(authority="customs")
    liftings = [Lifting(hold.declaration_id, hold.authority, hold.kind) for hold in others]
    lifecycle.lift_holds(liftings, by="agency", at=builders.NOW)
    return list(BuyerNotice.objects.order_by("pk"))


def approve(key: int) -> object:
    return decide([Decision(key, "customs", True, "C00")], by="agency:customs", at=timezone.now())


def dispute(notice: BuyerNotice) -> BuyerNotice:
    return buyers.dispute(notice, note="", at=timezone.now())


def test_an_objection_and_the_release_at_once_end_in_one_of_two_ways(notices: list[BuyerNotice]) -> None:
    held = 0
    for notice in notices:
        results = at_once(partial(dispute, notice), partial(approve, notice.declaration_id))
        assert not [result for result in results if isinstance(result, Exception)]
        declaration = Declaration.objects.get(pk=notice.declaration_id)
        kinds = list(
            Event.objects.filter(subject_id=declaration.pk).order_by("seq").values_list("kind", flat=True)
        )
        is_held = Hold.objects.filter(declaration=declaration, kind="identity", lifted_at=None).exists()
        held += is_held
        if is_held:
            assert declaration.status == Status.ACCEPTED
            assert "declaration.released" not in kinds
        else:
            assert declaration.status == Status.RELEASED
            assert kinds.index("declaration.released") < kinds.index("buyer.disputed")
    print(f"{held} of {TRIALS} were held, the others released before")


def test_a_double_click_is_one_objection(notices: list[BuyerNotice]) -> None:
    for notice in notices:
        results = at_once(*[partial(dispute, notice)] * 3)
        assert not [result for result in results if isinstance(result, Exception)]
    keys = [notice.declaration_id for notice in notices]
    assert Hold.objects.filter(declaration__in=keys, kind="identity").count() == TRIALS
    assert Event.objects.filter(subject_id__in=keys, kind="buyer.disputed").count() == TRIALS


def test_yes_and_no_at_once_end_in_no(notices: list[BuyerNotice]) -> None:
    for notice in notices:
        yes, no = at_once(partial(buyers.confirm, notice, at=timezone.now()), partial(dispute, notice))
        assert isinstance(yes, BuyerNotice | Refused)
        assert isinstance(no, BuyerNotice)
        notice.refresh_from_db()
        assert notice.answer == "disputed"


def test_two_workers_at_once_leave_one_good_code(notices: list[BuyerNotice]) -> None:
    """The mail that leaves last opens the page, and the page is one."""
    keys = [notice.declaration_id for notice in notices]
    results = at_once(*[partial(buyers.make_notices, keys, at=timezone.now())] * 2)
    assert [len(result) for result in results if isinstance(result, list)] == [TRIALS, TRIALS]
    assert BuyerNotice.objects.count() == TRIALS
