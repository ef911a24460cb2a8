"""The API's common ground: strict input, errors that repair, the same key never acting twice."""

from swindow.api.errors import explain_exception
from swindow.api.parsing import StrictJSONParser

__all__ = ["StrictJSONParser", "explain_exception"]
