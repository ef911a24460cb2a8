"""What stands behind an amount: a charge's own formula with its numbers put in, and what is in doubt."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tariffs.expressions import Node, parse
from tariffs.results import ChargeResult

_SIGNS = {"*": "×", "/": "÷", "-": "−", "+": "+"}
_LOOSE = frozenset("+-")


def doubt_sentence(code: str, *, rules: str = "") -> str:
    """Return what makes an amount uncertain, in the reader's language; empty for a code that is no doubt."""
    if code == "unverified":
        return _("Not confirmed in a source: %(rules)s.") % {"rules": rules}
    if code == "exchange_rate_stand_in":
        return _("The exchange rate stands in for the one that customs publishes.")
    return ""


def worked(charge: ChargeResult) -> str:
    """Return for example "346.73 ÷ (1 − 0.15) = 407.92; 407.92 × 0.15 × 0.7 = 42.83"."""
    inputs = dict(charge.inputs)
    inputs["base"] = charge.base
    return worked_formula(
        charge.expression, base_expression=charge.base_expression, inputs=inputs, amount=charge.amount
    )


def worked_formula(
    expression: str, *, base_expression: str, inputs: Mapping[str, Any], amount: Decimal | str
) -> str:
    """Return the formula of a charge with its inputs, from the fields of a stored charge."""
    tree = parse(base_expression)
    steps = [f"{_render(parse(expression), inputs)} = {amount}"]
    if tree.kind not in ("name", "number"):
        steps.insert(0, f"{_render(tree, inputs)} = {inputs['base']}")
    return "; ".join(steps)


def _render(node: Node, inputs: Mapping[str, Any]) -> str:
    if node.kind in ("number", "text", "constant"):
        return str(node.value)
    if node.kind == "name":
        return str(inputs[node.value])
    if node.kind == "call":
        return _render_call(node, inputs)
    if node.kind == "negative":
        return f"−{_grouped(node.children[0], inputs, is_tight=True)}"
    left, right = node.children
    if node.kind == "+" and _is_zero(right, inputs):
        return _render(left, inputs)
    parts = [_grouped(child, inputs, is_tight=node.kind not in _LOOSE) for child in (left, right)]
    return f" {_SIGNS[node.kind]} ".join(parts)


def _render_call(node: Node, inputs: Mapping[str, Any]) -> str:
    if node.value == "gross_up":
        amount, rate = node.children
        if _is_zero(rate, inputs):
            return _render(amount, inputs)
        return f"{_grouped(amount, inputs, is_tight=True)} ÷ (1 − {_render(rate, inputs)})"
    if node.value in _CALLS:
        first, *others = [_grouped(child, inputs, is_tight=True) for child in node.children]
        return _CALLS[node.value](first, *others, *([str(inputs["duty"])] if node.value == "charge" else []))
    return f"{node.value}({', '.join(_render(child, inputs) for child in node.children)})"


def _render_charge(base: str, duty: str) -> str:
    is_percent = duty.endswith("%") and duty.count("%") == 1 and "+" not in duty
    return f"{base} × {duty}" if is_percent else _("[%(duty)s] on %(base)s") % {"duty": duty, "base": base}


_CALLS: dict[str, Callable[..., str]] = {
    "charge": _render_charge,
    "convert": lambda amount, currency: f"{amount} {currency}",
    "round_down": lambda amount, step: f"⌊{amount}⌋ ({step})",
}


def _grouped(node: Node, inputs: Mapping[str, Any], *, is_tight: bool) -> str:
    text = _render(node, inputs)
    is_sum = is_tight and node.kind in _LOOSE and any(f" {sign} " in text for sign in "+−")
    return f"({text})" if is_sum else text


def _is_zero(node: Node, inputs: Mapping[str, Any]) -> bool:
    value = inputs.get(node.value) if node.kind == "name" else node.value
    try:
        return not Decimal(str(value))
    except ArithmeticError:
        return False
