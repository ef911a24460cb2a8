"""Duty expressions in the tariffs' own notation: parsed once, evaluated exactly."""
