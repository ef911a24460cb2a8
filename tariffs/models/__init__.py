"""Everything the tariffs keep: published packs, official schedules and exchange rates, precedents."""

from tariffs.models.exchange import ExchangeRateRow, ExchangeRateTable
from tariffs.models.packs import RegulationPack, RegulationPackQuerySet
from tariffs.models.precedents import Precedent, PrecedentKind, PrecedentWord
from tariffs.models.schedules import (
    MeasureType,
    ScheduleSource,
    TariffLine,
    TariffMeasure,
    TariffSchedule,
    TariffScheduleQuerySet,
)

__all__ = [
    "ExchangeRateRow",
    "ExchangeRateTable",
    "MeasureType",
    "Precedent",
    "PrecedentKind",
    "PrecedentWord",
    "RegulationPack",
    "RegulationPackQuerySet",
    "ScheduleSource",
    "TariffLine",
    "TariffMeasure",
    "TariffSchedule",
    "TariffScheduleQuerySet",
]
