"""Official tariff schedules as loaded: written once with all their rows, closed by the next, never edited."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ScheduleSource(models.TextChoices):
    """The authorities whose published files are read."""

    US_HTS = "us-hts", _("Harmonized Tariff Schedule of the United States")
    UK_TARIFF = "uk-tariff", _("UK Integrated Online Tariff")
    EU_TARIC = "eu-taric", _("TARIC, integrated tariff of the European Union")

    @property
    def currency(self) -> str:
        """Return the currency that the schedule means where it writes none, or only a dollar sign."""
        return {self.US_HTS: "USD", self.UK_TARIFF: "GBP", self.EU_TARIC: "EUR"}[self]


class MeasureType(models.TextChoices):
    """What a measure is, whatever number its authority gives it."""

    THIRD_COUNTRY = "third_country", _("third country duty")
    PREFERENCE = "preference", _("tariff preference")
    QUOTA = "quota", _("tariff quota")
    SUSPENSION = "suspension", _("suspension of duty")
    ANTIDUMPING = "antidumping", _("anti-dumping duty")
    COUNTERVAILING = "countervailing", _("countervailing duty")
    SAFEGUARD = "safeguard", _("safeguard duty")
    ADDITIONAL = "additional", _("additional duty")
    EXCISE = "excise", _("excise")
    VAT = "vat", _("value added tax")
    SUPPLEMENTARY_UNIT = "supplementary_unit", _("supplementary unit")
    OTHER = "other", _("other measure")


class TariffScheduleQuerySet(models.QuerySet["TariffSchedule"]):
    """Queries over versions."""

    def in_force(self, on: date, *, source: str) -> "TariffScheduleQuerySet":
        """Return the version (at most one) of the source that covers the day."""
        covering = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        return self.filter(covering, source=source, valid_from__lte=on)


class TariffSchedule(models.Model):
    """One version of one authority's schedule; an empty period was replaced on its first day."""

    source = models.CharField(_("source"), max_length=20, choices=ScheduleSource.choices)
    version = models.CharField(_("version"), max_length=80)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (exclusive)"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"))
    line_count = models.PositiveIntegerField(_("lines"))
    measure_count = models.PositiveIntegerField(_("measures"))
    unread_count = models.PositiveIntegerField(_("not read"))

    objects = TariffScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff schedule")
        verbose_name_plural = _("tariff schedules")
        ordering = ("source", "-valid_from", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "version"),
                name="tariff_schedule_version_once",
                violation_error_message=_("This version of the schedule is already loaded."),
            ),
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(valid_to__isnull=True),
                name="tariff_schedule_one_open",
                violation_error_message=_("Only one version of a schedule can be open."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=ScheduleSource.values),
                name="tariff_schedule_known_source",
                violation_error_message=_("This source of schedules is not known."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="tariff_schedule_valid_period",
                violation_error_message=_("A schedule cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="tariff_schedule_sha256_form",
                violation_error_message=_("The SHA-256 has 64 hexadecimal characters."),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="tariff_schedule_only_closed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL OR"
                    " to_jsonb(NEW) - 'valid_to' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to'"
                ),
                func="RAISE EXCEPTION 'a loaded tariff schedule can only be closed, once';",
            ),
            pgtrigger.Protect(name="tariff_schedule_kept", operation=pgtrigger.Delete),
            # Row triggers do not see TRUNCATE.
            pgtrigger.Trigger(
                name="tariff_schedule_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'a loaded tariff schedule is never removed';",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.version}"


def _written_once(name: str) -> tuple[pgtrigger.Trigger, ...]:
    """Return the triggers of a table whose rows come before their schedule and never change after it."""
    return (
        # The loader writes the schedule's own row last: what comes after it would change a published version.
        pgtrigger.Trigger(
            name=f"{name}_before_schedule",
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=(
                "IF EXISTS (SELECT 1 FROM tariffs_tariffschedule WHERE id IN"
                " (SELECT DISTINCT schedule_id FROM new_rows)) THEN"
                " RAISE EXCEPTION 'rows of a tariff schedule are written before it, never added later';"
                " END IF; RETURN NULL;"
            ),
        ),
        pgtrigger.Protect(name=f"{name}_frozen", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_no_truncate",
            operation=pgtrigger.Truncate,
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            func="RAISE EXCEPTION 'rows of a tariff schedule are never removed';",
        ),
    )


class TariffLine(models.Model):
    """A line of the schedule's text; an intermediate line carries the code of the next coded line."""

    # The unique (schedule, position) serves the foreign key as well.
    schedule = models.ForeignKey(
        TariffSchedule,
        verbose_name=_("schedule"),
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
    )
    position = models.PositiveIntegerField(_("place in the schedule"))
    parent_position = models.PositiveIntegerField(_("place of the line above"), null=True, blank=True)
    indent = models.PositiveSmallIntegerField(_("indent"))
    code = models.CharField(_("commodity code"), max_length=10)
    is_intermediate = models.BooleanField(_("has no code of its own"))
    description = models.TextField(_("description"))
    unit = models.CharField(_("unit of quantity"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("tariff line")
        verbose_name_plural = _("tariff lines")
        ordering = ("schedule", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("schedule", "position"),
                name="tariff_line_place_once",
                violation_error_message=_("Two lines cannot stand in one place."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2,10}$"),
                name="tariff_line_code_form",
                violation_error_message=_("A commodity code has 2 to 10 digits."),
            ),
            models.CheckConstraint(
                condition=Q(parent_position__isnull=True) | Q(parent_position__lt=F("position")),
                name="tariff_line_below_parent",
                violation_error_message=_("A line stands below the line that it belongs to."),
            ),
        )
        indexes = (
            # The commodity page, and the lines under a prefix.
            models.Index(
                fields=("schedule", "code", "position"),
                name="tariff_line_by_code",
                opclasses=("int8_ops", "varchar_pattern_ops", "int4_ops"),
            ),
            # The tree opens one level.
            models.Index(fields=("schedule", "parent_position"), name="tariff_line_children"),
        )
        triggers = _written_once("tariff_line")

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class TariffMeasure(models.Model):
    """A duty, tax or other measure on a code and all codes below it, in the authority's own words.

    `origins` and `excluded_origins` are codes of countries and groups parted by spaces; no origins mean
    every origin. Without `valid_from` the measure is as old as its schedule, without `valid_to` as long.
    """

    # The index by code serves the foreign key as well.
    schedule = models.ForeignKey(
        TariffSchedule,
        verbose_name=_("schedule"),
        on_delete=models.PROTECT,
        related_name="measures",
        db_index=False,
    )
    code = models.CharField(_("commodity code"), max_length=10)
    measure_type = models.CharField(_("measure"), max_length=20, choices=MeasureType.choices)
    type_code = models.CharField(_("the authority's type"), max_length=20, blank=True)
    type_name = models.CharField(_("the authority's name for it"), max_length=250, blank=True)
    origins = models.TextField(_("origins"), blank=True)
    excluded_origins = models.TextField(_("except origins"), blank=True)
    order_number = models.CharField(_("quota order number"), max_length=10, blank=True)
    additional_code = models.CharField(_("additional code"), max_length=10, blank=True)
    expression = models.TextField(_("duty"), blank=True)
    is_understood = models.BooleanField(_("the duty's text is understood"))
    conditions = models.TextField(_("conditions"), blank=True)
    legal_base = models.CharField(_("legal base"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until (exclusive)"), null=True, blank=True)

    class Meta:
        verbose_name = _("tariff measure")
        verbose_name_plural = _("tariff measures")
        ordering = ("schedule", "code", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2,10}$"),
                name="tariff_measure_code_form",
                violation_error_message=_("A commodity code has 2 to 10 digits."),
            ),
            models.CheckConstraint(
                condition=Q(measure_type__in=MeasureType.values),
                name="tariff_measure_known_type",
                violation_error_message=_("This kind of measure is not known."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="tariff_measure_valid_period",
                violation_error_message=_("A measure must be valid until a day after it begins."),
            ),
        )
        indexes = (
            # The commodity page: the measures of a code and of the codes above it, and their history.
            models.Index(fields=("schedule", "code"), name="tariff_measure_by_code"),
        )
        triggers = _written_once("tariff_measure")

    def __str__(self) -> str:
        return f"{self.code} {self.measure_type} {self.expression}"
