"""How a charge was worked out, with its numbers put in; from the trace kept beside an assessment; pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tariffs.explaining import worked_formula


def formula_of(row: Mapping[str, Any]) -> str:
    """Return the formula of one charge or fee of a trace; empty where nothing was worked out."""
    if "base_expression" not in row:
        return f"{row['expression']} = {row['amount']}"
    if not Decimal(row["raw"]) and not Decimal(row["amount"]):
        return ""
    return worked_formula(
        row["expression"],
        base_expression=row["base_expression"],
        inputs={**dict(row["inputs"]), "base": row["base"]},
        amount=row["amount"],
    )


def formulas_of(result: Mapping[str, Any]) -> dict[tuple[int | None, str], str]:
    """Return the formula of each charge by its line and tax; fees have no line."""
    on_lines = {
        (line["line_no"], row["type"]): formula_of(row) for line in result["goods"] for row in line["charges"]
    }
    return on_lines | {(None, row["type"]): formula_of(row) for row in result["fees"]}
