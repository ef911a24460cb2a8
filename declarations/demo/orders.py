"""The sample orders as data: read from orders.toml, all sums computed, no Django needed."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
COMMITTED_PAPERS = FOLDER / "papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """The company that sells both orders."""

    name: str
    name_zh: str
    address: str
    registration_number: str
    country: str
    contact_name: str
    contact_phone: str
    deferment_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One line of an order; masses in kg, `unit_net_mass_kg` of one piece, `gross_mass_kg` of the line."""

    sku: str
    description: str
    description_zh: str
    commodity_code: str
    origin: str
    quantity: str
    unit_price: str
    unit_net_mass_kg: str
    gross_mass_kg: str
    net_content_value: str = ""
    net_content_unit: str = ""

    @property
    def net_mass_kg(self) -> Decimal:
        """Return the net mass of the line, kg."""
        return Decimal(self.unit_net_mass_kg) * Decimal(self.quantity)

    @property
    def price(self) -> Decimal:
        """Return the price of the line."""
        return Decimal(self.unit_price) * Decimal(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One supporting document and what its issuer states in it."""

    kind: str
    file: str
    number: str
    issuer: str
    issued_days_before: int
    line_no: int | None = None
    states_total: bool = False
    states_gross_mass: bool = False
    outer_carton_kg: str = ""

    def issued_on(self, day: date) -> date:
        """Return the date on the paper when the order is filed on `day`."""
        return day - timedelta(days=self.issued_days_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order with its goods and papers."""

    key: str
    title: str
    jurisdiction: str
    order_number: str
    ordered_days_before: int
    platform: str
    platform_zh: str
    currency: str
    consignee_name: str
    consignee_address: str
    consignor_name: str
    consignor_address: str
    registration_scheme: str
    registration_number: str
    freight_amount: str
    insurance_amount: str
    payment_method: str
    transport_mode: str
    document_number: str
    means_of_transport: str
    ship_from: str
    place_of_departure: str
    place_of_arrival: str
    package_count: int
    gross_mass_kg: str
    answer: str
    # An invented number, of nobody: born in 1901.
    consignee_id: str = ""
    # The buyer is told of the use of their name.
    consignee_email: str = ""
    buyer_annual_used: str = ""
    goods: tuple[Goods, ...] = field(default=())
    papers: tuple[Paper, ...] = field(default=())

    @property
    def goods_total(self) -> Decimal:
        """Return the price of all goods, without freight and insurance."""
        return sum((one.price for one in self.goods), Decimal(0))

    @property
    def grand_total(self) -> Decimal:
        """Return what the buyer paid, freight and insurance included."""
        return self.goods_total + Decimal(self.freight_amount) + Decimal(self.insurance_amount)

    @property
    def net_mass_kg(self) -> Decimal:
        """Return the net mass of all goods, kg."""
        return sum((one.net_mass_kg for one in self.goods), Decimal(0))

    def ordered_on(self, day: date) -> date:
        """Return the date of the order when it is filed on `day`."""
        return day - timedelta(days=self.ordered_days_before)

    def stated_gross_mass_kg(self, paper: Paper) -> Decimal | None:
        """Return the gross mass that a paper states, kg; None when it states none."""
        if paper.outer_carton_kg:
            return Decimal(self.gross_mass_kg) + Decimal(paper.outer_carton_kg)
        return Decimal(self.gross_mass_kg) if paper.states_gross_mass else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Everything in orders.toml."""

    papers_dated: date
    papers_good_for: timedelta
    seller: Seller
    orders: tuple[Order, ...]

    def are_papers_good(self, day: date) -> bool:
        """Tell whether the committed papers may be filed on `day`."""
        return self.papers_dated <= day <= self.papers_dated + self.papers_good_for


def read_sample() -> Sample:
    """Read the data file."""
    text = tomllib.loads((FOLDER / "orders.toml").read_text(encoding="utf-8"))
    return Sample(
        papers_dated=text["papers_dated"],
        papers_good_for=timedelta(days=text["papers_good_for_days"]),
        seller=Seller(**text["seller"]),
        orders=tuple(_order(row) for row in text["order"]),
    )


def _order(row: dict[str, Any]) -> Order:
    goods, papers = row.pop("goods"), row.pop("papers")
    return Order(
        **row,
        goods=tuple(Goods(**one) for one in goods),
        papers=tuple(Paper(**one) for one in papers),
    )
