"""What any consignment must state before a pack is asked; pure, returns every problem."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tariffs.facts import ConsignmentFacts, GoodsFacts, LegalProblem

_ZERO = Decimal(0)
MAX_AMOUNT = Decimal(10) ** 15
# Amounts beside the prices; translated only when they are wrong.
_BESIDE = {
    "freight": gettext_lazy("The freight is not an amount from 0 up."),
    "insurance": gettext_lazy("The insurance is not an amount from 0 up."),
    "carrier_fee": gettext_lazy("The carrier's fee is not an amount from 0 up."),
}


def fact_problems(facts: ConsignmentFacts) -> list[LegalProblem]:
    """Return what is missing or impossible in the facts; empty when they can be assessed."""
    problems = [] if facts.goods else [_problem("goods_items", "goods_missing", _("There are no goods."))]
    for place, item in enumerate(facts.goods):
        _check_item(item, path=f"goods_items.{place}", problems=problems)
    for name, sentence in _BESIDE.items():
        money = getattr(facts, name)
        if money is not None and not _is_amount(money.amount):
            problems.append(_problem(f"{name}.amount", "amount", str(sentence)))
    if not _is_amount(facts.buyer_annual_used):
        text = _("What the buyer used is not an amount from 0 up.")
        problems.append(_problem("buyer.annual_used", "amount", text))
    return problems


def is_commodity_code(code: str) -> bool:
    """Tell whether the text is a commodity code: 6 to 10 digits of chapters 01 to 97."""
    is_number = 6 <= len(code) <= 10 and code.isascii() and code.isdigit()
    return is_number and "01" <= code[:2] <= "97" and code[:2] != "77"


def _check_item(item: GoodsFacts, *, path: str, problems: list[LegalProblem]) -> None:
    if not is_commodity_code(item.commodity_code):
        text = _("“%(code)s” is not a commodity code of 6 to 10 digits.") % {"code": item.commodity_code}
        problems.append(_problem(f"{path}.commodity_code", "commodity_code", text))
    if not _is_amount(item.item_price.amount):
        problems.append(_problem(f"{path}.item_price", "amount", _("The price is not an amount from 0 up.")))
    if not _is_amount(item.quantity) or not item.quantity:
        problems.append(_problem(f"{path}.quantity", "quantity", _("The quantity is not above 0.")))
    content = item.net_content_value
    if content is not None and not _is_amount(content):
        text = _("The net content is not a number from 0 up.")
        problems.append(_problem(f"{path}.net_content", "amount", text))
    if not _is_amount(item.net_mass_kg) or not _is_amount(item.gross_mass_kg):
        problems.append(_problem(f"{path}.net_mass_kg", "mass", _("A mass is not a number from 0 up.")))


def _is_amount(amount: Decimal) -> bool:
    return not amount or (amount.is_finite() and _ZERO < amount < MAX_AMOUNT)


def _problem(path: str, code: str, message: str) -> LegalProblem:
    return LegalProblem(path=path, code=code, message=message, fix=_("Correct it."))
