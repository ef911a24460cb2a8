"""Everything the tariffs keep: packs and their drafts, official schedules and exchange rates, precedents."""

from tariffs.models.drafts import DraftStatus, PackDraft, PackDraftQuerySet
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
    "DraftStatus",
    "ExchangeRateRow",
    "ExchangeRateTable",
    "MeasureType",
    "PackDraft",
    "PackDraftQuerySet",
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
