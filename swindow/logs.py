"""What never stands in a log: the codes in addresses that open something for whoever knows them."""

import re
from collections.abc import MutableMapping
from typing import Any

# Each is sent to one person by mail, and is all that the page behind it asks for.
_CODES = re.compile(
    r"(/(?:buyer|join|accounts/confirm-email|accounts/password/reset/key)/)[^/?\s\"'&]+", re.ASCII
)


def hide_codes(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the codes in every text of a log line; a processor of structlog."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = _CODES.sub(r"\1***", value)
    return event
