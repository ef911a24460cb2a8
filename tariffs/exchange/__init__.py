"""Exchange rates: given with the facts, else of an official table, else of the ECB by the pack's anchor day.

A rate that is missing for its day is an error that says so, never a guess. Nothing here asks the database;
`tariffs.exchange.published` is the shelf of official tables of a running portal.
"""

from tariffs.exchange.crossing import GIVEN
from tariffs.exchange.ecb import ECB, last_published_on
from tariffs.exchange.exchanger import Exchanger
from tariffs.exchange.fixings import anchor_day, is_stand_in, rate_by_policy, used_during
from tariffs.exchange.listing import rate, rates_in_force
from tariffs.exchange.policies import ExchangePolicy, policy_of
from tariffs.exchange.tables import OfficialRate, no_tables, use_tables

__all__ = [
    "ECB",
    "GIVEN",
    "ExchangePolicy",
    "Exchanger",
    "OfficialRate",
    "anchor_day",
    "is_stand_in",
    "last_published_on",
    "no_tables",
    "policy_of",
    "rate",
    "rate_by_policy",
    "rates_in_force",
    "use_tables",
    "used_during",
]
