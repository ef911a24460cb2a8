"""Everything the tariffs keep: published packs, and official schedules."""

from tariffs.models.packs import RegulationPack, RegulationPackQuerySet
from tariffs.models.schedules import (
    MeasureType,
    ScheduleSource,
    TariffLine,
    TariffMeasure,
    TariffSchedule,
    TariffScheduleQuerySet,
)

__all__ = [
    "MeasureType",
    "RegulationPack",
    "RegulationPackQuerySet",
    "ScheduleSource",
    "TariffLine",
    "TariffMeasure",
    "TariffSchedule",
    "TariffScheduleQuerySet",
]
