"""By what right somebody lodges: the own company's, or a mandate within its limits."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from declarations.statement import Statement
from swindow.accounts.models import Act, Mandate, User
from swindow.accounts.warrants import Powers, Warrant, keep_mandates, powers_for
from swindow.problems import NotAllowed, Problem
from tariffs.exchange.listing import rate
from tariffs.facts import CannotAssess

_CENT = Decimal("0.01")


def hold_powers(statements: Mapping[int, Statement], *, by: User) -> dict[int, Powers]:
    """Return by declaration what the person may do with it, and keep it so until the transaction ends."""
    sellers = {one.declaration.declarant_id for one in statements.values()}
    keep_mandates(by, sellers)
    powers = powers_for(by, sellers)
    return {
        key: powers[one.declaration.declarant_id].within(str(one.declaration.jurisdiction))
        for key, one in statements.items()
    }


def right_to_lodge(
    statement: Statement, powers: Powers, *, at: datetime
) -> tuple[Warrant | None, list[Problem]]:
    """Return by what right the declaration is lodged, and what speaks against it (AC-4x, DE-5x)."""
    try:
        warrant = powers.demand(Act.LODGE, path="mandate")
    except NotAllowed as refusal:
        return None, [refusal.problem]
    return warrant, _problems(statement, warrant, at=at)


def limits_met(statement: Statement, powers: Powers, *, at: datetime) -> list[Problem]:
    """Return what would keep this person from lodging who may lodge at all; nothing about others."""
    warrant = powers.allowing(Act.LODGE)
    return _problems(statement, warrant, at=at) if warrant else []


def _problems(statement: Statement, warrant: Warrant, *, at: datetime) -> list[Problem]:
    mandate = warrant.mandate
    if mandate is None:
        return []
    problems = [] if warrant.company.is_verified else [_unverified(warrant)]
    if mandate.value_limit is not None and statement.declaration.currency:
        problems += _limit_problems(statement, mandate, limit=mandate.value_limit, at=at)
    return problems


def _limit_problems(statement: Statement, mandate: Mandate, *, limit: Decimal, at: datetime) -> list[Problem]:
    total = sum((item.item_price for item in statement.goods_items), Decimal(0))
    try:
        numerator, denominator = _rate(statement, to_currency=mandate.value_currency, at=at)
    except CannotAssess:
        return [_no_rate(statement, mandate)]
    # Multiplied, not divided: on the limit itself nothing may be lost by rounding.
    if total * numerator <= limit * denominator:
        return []
    amount = (total * numerator / denominator).quantize(_CENT, rounding=ROUND_CEILING)
    return [_above_limit(mandate, amount=amount)]


def _rate(statement: Statement, *, to_currency: str, at: datetime) -> tuple[Decimal, Decimal]:
    declaration = statement.declaration
    if declaration.currency == to_currency:
        return Decimal(1), Decimal(1)
    used = rate(declaration.currency, to_currency, jurisdiction=str(declaration.jurisdiction), on=at.date())
    return used.numerator, used.denominator


def _above_limit(mandate: Mandate, *, amount: Decimal) -> Problem:
    words = {
        "mandate": mandate.reference,
        "limit": f"{mandate.value_limit} {mandate.value_currency}",
        "amount": f"{amount} {mandate.value_currency}",
    }
    return Problem(
        "mandate",
        "DE-50",
        _("The goods are worth %(amount)s; the mandate %(mandate)s goes up to %(limit)s.") % words,
        _("Ask %(seller)s to lodge this one, or to raise the limit.") % {"seller": mandate.seller},
    )


def _no_rate(statement: Statement, mandate: Mandate) -> Problem:
    words = {
        "from": statement.declaration.currency,
        "to": mandate.value_currency,
        "mandate": mandate.reference,
    }
    return Problem(
        "mandate",
        "DE-51",
        _("No rate from %(from)s to %(to)s is published, so the limit of %(mandate)s cannot be checked.")
        % words,
        _("Ask %(seller)s to lodge this one.") % {"seller": mandate.seller},
    )


def _unverified(warrant: Warrant) -> Problem:
    return Problem(
        "mandate",
        "DE-52",
        _("%(agent)s is not verified at present, so it lodges nothing.") % {"agent": warrant.company},
        _("See under Organisation how far its verification is."),
    )
