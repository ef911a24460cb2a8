"""Two-sided bounds: a one-sided CHECK lets NaN through, because PostgreSQL sorts it above every number."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import CheckConstraint, Q

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AMOUNT_LIMIT = Decimal("1e15")


def amount_in_range(field: str, *, name: str, message: "str | _StrPromise") -> CheckConstraint:
    """Hold an amount of money, if given, between 0 and 10^15."""
    return between(field, lower=Decimal(0), upper=AMOUNT_LIMIT, name=name, message=message)


def between(
    field: str,
    *,
    lower: Decimal,
    upper: Decimal,
    name: str,
    message: "str | _StrPromise",
    is_lower_allowed: bool = True,
) -> CheckConstraint:
    """Hold a number, if given, from `lower` to below `upper`."""
    above = "gte" if is_lower_allowed else "gt"
    inside = Q(**{f"{field}__{above}": lower, f"{field}__lt": upper})
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | inside, name=name, violation_error_message=message
    )
