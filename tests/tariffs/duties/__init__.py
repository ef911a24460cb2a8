"""Duty expressions, each notation with figures worked out by hand."""
