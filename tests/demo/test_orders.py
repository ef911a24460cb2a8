"""The sample's papers and its data agree, except for the one difference that was planted."""

import subprocess
from datetime import date, timedelta
from decimal import Decimal

import pytest

from declarations.demo.make_papers import make_papers
from declarations.demo.orders import COMMITTED_PAPERS, Order, Paper, read_sample
from logistics.models import Mode
from logistics.rules import KINDS_OF_MODE, check_document_number

SAMPLE = read_sample()
NINGBO, ROTTERDAM = SAMPLE.orders
LARGEST = 150_000
PAPERS = [(order, paper) for order in SAMPLE.orders for paper in order.papers]


def text_of(name: str) -> str:
    command = ["pdftotext", "-layout", str(COMMITTED_PAPERS / name), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("order", "paper"), PAPERS, ids=[paper.file for _, paper in PAPERS])
def test_a_committed_paper_says_what_is_declared(order: Order, paper: Paper) -> None:
    file = COMMITTED_PAPERS / paper.file
    assert file.stat().st_size < LARGEST
    if paper.kind == "label":
        return
    text = text_of(paper.file)
    assert paper.number in text
    assert f"{paper.issued_on(SAMPLE.papers_dated)}" in text
    if paper.states_total:
        assert f"{order.goods_total:,.2f}" in text
    mass = order.stated_gross_mass_kg(paper)
    assert mass is None or f"{mass:.3f} kg" in text
    assert "Every name is invented" in text


def test_exactly_one_difference_is_planted() -> None:
    planted = [
        (order.key, paper.kind, mass - Decimal(order.gross_mass_kg))
        for order, paper in PAPERS
        if (mass := order.stated_gross_mass_kg(paper)) not in (None, Decimal(order.gross_mass_kg))
    ]
    assert planted == [("ningbo", "packing_list", Decimal("0.300"))]


def test_transport_numbers_have_their_check_digits() -> None:
    for order in SAMPLE.orders:
        kind = KINDS_OF_MODE[Mode(order.transport_mode)]
        assert check_document_number(kind, order.document_number) == []


def test_the_orders_lie_on_both_sides_of_the_limits() -> None:
    """CN-03 and CN-09, EU-03: the figures are chosen for what the law says about them."""
    creams = [goods for goods in NINGBO.goods if goods.commodity_code == "330499"]
    per_ml = [Decimal(one.unit_price) / Decimal(one.net_content_value) for one in creams]
    assert per_ml[0] < 10 <= per_ml[1]
    assert NINGBO.grand_total <= 5000
    assert ROTTERDAM.goods_total <= 150
    assert len({(goods.commodity_code, goods.origin) for goods in ROTTERDAM.goods}) == 3
    for order in SAMPLE.orders:
        assert sum(Decimal(goods.gross_mass_kg) for goods in order.goods) == Decimal(order.gross_mass_kg)


def test_papers_are_good_for_a_time() -> None:
    day = SAMPLE.papers_dated
    assert SAMPLE.are_papers_good(day)
    assert not SAMPLE.are_papers_good(day - timedelta(days=1))
    assert not SAMPLE.are_papers_good(day + timedelta(days=201))
    # A health certificate may be a year old at arrival.
    oldest = max(paper.issued_days_before for _, paper in PAPERS)
    assert SAMPLE.papers_good_for + timedelta(days=oldest) < timedelta(days=365)


def test_papers_can_be_drawn_for_another_day(tmp_path: object) -> None:
    made = make_papers(tmp_path, day=date(2028, 2, 29))
    assert {file.name for file in made} == {file.name for file in COMMITTED_PAPERS.iterdir()}
    assert (
        "2028-02-21"
        in subprocess.run(
            ["pdftotext", str(tmp_path / "ningbo-invoice.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
