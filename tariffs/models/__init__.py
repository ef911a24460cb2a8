"""Everything the tariffs keep: published packs."""

from tariffs.models.packs import RegulationPack, RegulationPackQuerySet

__all__ = ["RegulationPack", "RegulationPackQuerySet"]
