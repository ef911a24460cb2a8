"""Official exchange rates as loaded: a later table supersedes an earlier one day by day; none is edited."""

import pgtrigger
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

_CURRENCY = r"^[A-Z]{3}$"


class ExchangeRateTableQuerySet(models.QuerySet["ExchangeRateTable"]):
    """Queries over loaded tables."""

    def newest(self) -> dict[str, int]:
        """Return by jurisdiction the number of the table that was loaded last."""
        rows = self.order_by().values_list("jurisdiction").annotate(newest=Max("pk"))
        return dict(rows)


class ExchangeRateTable(models.Model):
    """One file of an authority's rates for use in one jurisdiction."""

    jurisdiction = models.CharField(_("jurisdiction"), max_length=4)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    row_count = models.PositiveIntegerField(_("rates"))
    loaded_at = models.DateTimeField(_("loaded at"))

    objects = ExchangeRateTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("table of exchange rates")
        verbose_name_plural = _("tables of exchange rates")
        ordering = ("jurisdiction", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("jurisdiction", "sha256"),
                name="exchange_rate_table_content_once",
                violation_error_message=_("This file of exchange rates is already loaded."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="exchange_rate_table_sha256_form",
                violation_error_message=_("The SHA-256 has 64 hexadecimal characters."),
            ),
            models.CheckConstraint(
                condition=Q(row_count__gt=0),
                name="exchange_rate_table_not_empty",
                violation_error_message=_("A table of exchange rates has at least one rate."),
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="exchange_rate_table_frozen", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            # Row triggers do not see TRUNCATE.
            pgtrigger.Trigger(
                name="exchange_rate_table_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'a loaded table of exchange rates is never removed';",
            ),
        )

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.loaded_at:%Y-%m-%d}"


class ExchangeRateRowQuerySet(models.QuerySet["ExchangeRateRow"]):
    """Queries over official rates."""

    def of_jurisdiction(self, jurisdiction: str) -> "ExchangeRateRowQuerySet":
        """Return its rates, those loaded last first: for one pair and day the first row counts."""
        return self.filter(table__jurisdiction=jurisdiction).order_by("-table_id", "-valid_from", "id")

    def superseding(self) -> "ExchangeRateRowQuerySet":
        """Return the rows that replace, at least for a day, a rate of the same pair loaded before."""
        earlier = ExchangeRateRow.objects.filter(
            table__jurisdiction=OuterRef("table__jurisdiction"),
            table_id__lt=OuterRef("table_id"),
            from_currency=OuterRef("from_currency"),
            to_currency=OuterRef("to_currency"),
            valid_from__lt=OuterRef("valid_to"),
            valid_to__gt=OuterRef("valid_from"),
        )
        return self.filter(Exists(earlier))


class ExchangeRateRow(models.Model):
    """1 `from_currency` = `rate` `to_currency` from `valid_from` until `valid_to` (exclusive)."""

    # The unique constraint below begins with the table and serves the foreign key as well.
    table = models.ForeignKey(
        ExchangeRateTable,
        verbose_name=_("table of exchange rates"),
        on_delete=models.PROTECT,
        related_name="rates",
        db_index=False,
    )
    from_currency = models.CharField(_("from currency"), max_length=3)
    to_currency = models.CharField(_("to currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=24, decimal_places=12)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (exclusive)"))
    source = models.CharField(_("source"), max_length=200)

    objects = ExchangeRateRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("official exchange rate")
        verbose_name_plural = _("official exchange rates")
        ordering = ("-table_id", "from_currency", "to_currency", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("table", "from_currency", "to_currency", "valid_from"),
                name="exchange_rate_row_once",
                violation_error_message=_("The table has two rates for one pair from the same day on."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="exchange_rate_row_above_zero",
                violation_error_message=_("An exchange rate is above 0."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="exchange_rate_row_valid_period",
                violation_error_message=_("An exchange rate must be valid until a day after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(from_currency__regex=_CURRENCY, to_currency__regex=_CURRENCY)
                & ~Q(from_currency=F("to_currency")),
                name="exchange_rate_row_two_currencies",
                violation_error_message=_("An exchange rate is between two currencies such as USD and EUR."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="exchange_rate_row_has_source",
                violation_error_message=_("An exchange rate names its source."),
            ),
        )
        triggers = (
            # The loader writes the table's own row last: what came after it would change rates already used.
            pgtrigger.Trigger(
                name="exchange_rate_row_before_table",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=(
                    "IF EXISTS (SELECT 1 FROM tariffs_exchangeratetable WHERE id IN"
                    " (SELECT DISTINCT table_id FROM new_rows)) THEN"
                    " RAISE EXCEPTION 'exchange rates are loaded with their table, never added later';"
                    " END IF; RETURN NULL;"
                ),
            ),
            pgtrigger.Protect(name="exchange_rate_row_frozen", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="exchange_rate_row_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'loaded exchange rates are never removed';",
            ),
        )

    def __str__(self) -> str:
        return f"1 {self.from_currency} = {self.rate} {self.to_currency}"
