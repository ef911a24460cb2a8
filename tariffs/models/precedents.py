"""Precedents of classification: texts that were accepted or ruled under a subheading, and their words."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PrecedentKind(models.TextChoices):
    """Where a precedent comes from."""

    DECLARATION = "declaration", _("accepted declaration")
    RULING = "ruling", _("published ruling")


class Precedent(models.Model):
    """A text and the subheading that it was accepted under, once for each source."""

    text = models.CharField(_("text"), max_length=500)
    text_key = models.CharField(_("key of the words"), max_length=64)
    hs6 = models.CharField(_("subheading"), max_length=6)
    kind = models.CharField(_("kind"), max_length=12, choices=PrecedentKind.choices)
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        verbose_name = _("precedent")
        verbose_name_plural = _("precedents")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("text_key", "hs6", "kind", "source"),
                name="precedent_once_per_source",
                violation_error_message=_("This source has this precedent already."),
            ),
            models.CheckConstraint(
                condition=Q(hs6__regex=r"^[0-9]{6}$"),
                name="precedent_hs6_form",
                violation_error_message=_("A subheading has six digits."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PrecedentKind.values),
                name="precedent_known_kind",
                violation_error_message=_("A precedent is an accepted declaration or a published ruling."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.hs6} {self.text}"


class PrecedentWord(models.Model):
    """How much the sources speak for a subheading by one word: the table that a look-up reads."""

    word = models.CharField(_("word"), max_length=64)
    hs6 = models.CharField(_("subheading"), max_length=6)
    weight = models.PositiveIntegerField(_("weight"))
    is_ruled = models.BooleanField(_("in a published ruling"), default=False)
    declarants = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("the first three declarants, as numbers"),
        default=list,
        help_text=_("Enough to tell whether several agree; below three nobody is shown it."),
    )

    class Meta:
        verbose_name = _("word of precedents")
        verbose_name_plural = _("words of precedents")
        ordering = ("id",)
        constraints = (
            # Its index is the one that look-ups and the upsert use; there is no other.
            models.UniqueConstraint(
                fields=("word", "hs6"),
                name="precedent_word_once",
                violation_error_message=_("This word has a weight for this subheading already."),
            ),
            models.CheckConstraint(
                condition=Q(hs6__regex=r"^[0-9]{6}$"),
                name="precedent_word_hs6_form",
                violation_error_message=_("A subheading has six digits."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lt=2**31),
                name="precedent_word_weight_bounds",
                violation_error_message=_("A weight is at least 1."),
            ),
            models.CheckConstraint(
                condition=Q(declarants__len__lte=3),
                name="precedent_word_few_declarants",
                violation_error_message=_("Three declarants are enough to remember."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.word} {self.hs6} {self.weight}"
