"""What a person reads is derived, and every code has words."""

import pytest

from declarations import labels
from declarations.labels import Standing, states_of
from declarations.models import Hold
from declarations.sections import Place, place_of
from swindow.problems import Problem


@pytest.mark.parametrize(
    ("standing", "codes"),
    [
        (Standing("draft"), ["draft"]),
        (Standing("accepted"), ["accepted"]),
        (Standing("accepted", holds=[("quarantine", "sps")]), ["with_quarantine"]),
        (Standing("accepted", holds=[("tax", "payment")]), ["awaiting_payment"]),
        (Standing("accepted", holds=[("tax", "payment")], is_paying=True), ["paying"]),
        (
            Standing("accepted", holds=[("tax", "payment")], has_failed_payment=True),
            ["payment_failed", "awaiting_payment"],
        ),
        (
            Standing("accepted", holds=[("customs", "risk"), ("port", "arrival")], questions=["customs"]),
            ["question", "with_customs", "with_port"],
        ),
        (Standing("released", is_paper_pending=True), ["released", "papers_pending"]),
        (Standing("released"), ["released"]),
        (Standing("rejected"), ["rejected"]),
    ],
)
def test_states_are_derived_with_the_most_pressing_first(standing: Standing, codes: list[str]) -> None:
    assert [state.code for state in states_of(standing)] == codes


@pytest.mark.parametrize(
    "kind",
    [
        "declaration.drafted", "declaration.accepted", "declaration.released", "declaration.rejected",
        "reviews.opened", "request.asked", "request.answered", "payment.requested", "payment.failed",
        "payment.disagrees", "documents.issued",
    ],
)  # fmt: skip
def test_every_event_of_a_declaration_is_a_sentence(kind: str) -> None:
    told = labels.told(kind, {"authority": "customs", "reason_code": "Q12"})
    assert told is not None
    assert told.title


@pytest.mark.parametrize("kind", Hold.Kind.values)
def test_every_hold_is_told_open_and_lifted(kind: str) -> None:
    lifted = labels.told("hold.lifted", {"authority": "customs", "kind": kind})
    assert lifted is not None
    assert labels.waiting_for("customs", kind).title != lifted.title
    assert labels.hold_name(kind) != kind


def test_what_concerns_only_machines_is_not_told() -> None:
    assert labels.told("something.internal", {}) is None


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("parties.order_number", Place("parties", "order_number")),
        ("transport.document_number", Place("transport", "document_number")),
        ("goods_items.2.net_content", Place("goods", "net_content_value", 2)),
        ("goods_items.2.documents", Place("inspection", "", 2)),
        ("goods_items", Place("goods")),
        ("documents", Place("documents")),
        ("buyer.annual_used", Place("tax", "buyer_annual_used")),
        ("dates.arrival", Place("transport", "arrival_on")),
        ("declarant", Place("check")),
        ("something.else", Place("check")),
    ],
)
def test_every_problem_has_its_place(path: str, place: Place) -> None:
    assert place_of(Problem(path, "DE-99", "Wrong.")) == place
