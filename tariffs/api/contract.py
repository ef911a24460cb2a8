"""The JSON Schema of `manage.py assess` as OpenAPI 3.0 writes it: one contract, told in both places."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_SCHEMA = Path(__file__).resolve().parents[1] / "assess.schema.json"
_NULL = {"type": "null"}


@cache
def contract(side: str) -> dict[str, Any]:
    """Return the schema of one side, input or output."""
    definitions = json.loads(_SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return in_openapi(definitions[side])


def in_openapi(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema without lists of types and without the type null, which OpenAPI 3.0 lacks."""
    types = schema.get("type")
    if isinstance(types, list):
        rest = {name: value for name, value in schema.items() if name != "type"}
        return _one_of([{"type": one, **(rest if one == "string" else {})} for one in types])
    if "anyOf" in schema:
        return _one_of(schema["anyOf"])
    found = {name: _inside(name, value) for name, value in schema.items()}
    # An array must say what is in it.
    return {**found, "items": {}} if types == "array" and "items" not in found else found


def _inside(name: str, value: Any) -> Any:
    if name == "properties":
        return {key: in_openapi(inner) for key, inner in value.items()}
    if name == "items" or (name == "additionalProperties" and isinstance(value, Mapping)):
        return in_openapi(value)
    return value


def _one_of(schemas: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kept = [in_openapi(one) for one in schemas if one != _NULL]
    found: dict[str, Any] = kept[0] if len(kept) == 1 else {"anyOf": kept}
    return {**found, "nullable": True} if _NULL in schemas else found
