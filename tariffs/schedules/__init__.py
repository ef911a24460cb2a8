"""Whole official tariff schedules: read from the authority's file, kept as versions, looked up by date."""
