"""Names of taxes, regimes, countries and modes, for papers that hold only their codes."""

from django import template
from django_countries import countries

from declarations import labels
from declarations.models import GoodsItem
from logistics.models import Mode
from tariffs import names

register = template.Library()


@register.filter
def tax_name(code: str) -> str:
    """Write a tax's name."""
    return names.tax_name(code)


@register.filter
def regime_name(code: str) -> str:
    """Write an import regime's name."""
    return names.regime_name(code)


@register.filter
def collector_name(code: str) -> str:
    """Write who collects a charge."""
    return names.collector_name(code)


@register.filter
def quantity(item: GoodsItem) -> str:
    """Write how much of a line there is, with its unit."""
    return labels.quantity_name(item.quantity, item.unit)


@register.filter
def country_name(code: str) -> str:
    """Write a country's name."""
    return str(countries.name(code) or code)


@register.filter
def mode_name(code: str) -> str:
    """Write a mode of transport."""
    return str(Mode(code).label) if code in Mode.values else code


@register.filter
def per_cent(rate: str) -> str:
    """Write a stored rate in per cent; an amount for each item has none."""
    return f"{rate.rstrip('0').rstrip('.') if '.' in rate else rate} %" if rate else "–"


@register.filter
def counted_unit(code: str) -> str:
    """Write the unit of a supplementary quantity."""
    return str(dict(names.SUPPLEMENTARY_UNITS).get(code, code))
