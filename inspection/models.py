"""The authorities' judgement: who examines what, by which profile, and what they decided."""

from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from swindow.accounts.models import User, authorities_of


class Authority(models.TextChoices):
    """The authorities behind the window."""

    CUSTOMS = "customs", _("Customs")
    TAX = "tax", _("Tax")
    QUARANTINE = "quarantine", _("Quarantine")
    PORT = "port", _("Port")


class Lane(models.TextChoices):
    """How closely customs looks."""

    GREEN = "green", _("Green lane")
    AMBER = "amber", _("Amber lane")
    RED = "red", _("Red lane")


class Agency(models.Model):
    """How an authority works while a simulated agency stands in for it; times at pace 1."""

    authority = models.CharField(max_length=12, choices=Authority, unique=True)
    name = models.CharField(max_length=80)
    is_simulated = models.BooleanField(
        default=True, help_text=_("Off: only officers and the agency's own machine decide.")
    )
    shortest_seconds = models.PositiveIntegerField(help_text=_("Shortest examination"))
    longest_seconds = models.PositiveIntegerField(help_text=_("Longest examination"))
    decide_within_hours = models.PositiveSmallIntegerField(default=4)

    class Meta:
        verbose_name_plural = "agencies"
        constraints = (
            models.CheckConstraint(
                condition=Q(longest_seconds__gte=models.F("shortest_seconds"), longest_seconds__lte=604_800),
                name="agency_times_in_order",
                violation_error_message=_(
                    "The longest examination is at least the shortest, at most a week."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name


class RiskProfile(models.Model):
    """How many points a risk rule gives; the rules themselves are code with the same number."""

    rule = models.CharField(max_length=8, unique=True)
    sentence = models.CharField(max_length=200)
    points = models.PositiveSmallIntegerField()
    threshold = models.DecimalField(
        max_digits=15, decimal_places=4, default=Decimal(0), help_text=_("What the rule compares with")
    )
    is_enabled = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(points__lte=100),
                name="risk_profile_points_in_range",
                violation_error_message=_("Give 0 to 100 points."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lt=Decimal("1e11")),
                name="risk_profile_threshold_in_range",
                violation_error_message=_("Give a threshold of 0 or more."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.sentence}"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Which reviews somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "ReviewQuerySet":
        """Return the reviews of the authorities that the user is an officer of."""
        return self.filter(authority__in=authorities_of(user))

    def open(self) -> "ReviewQuerySet":
        """Return those not decided yet."""
        return self.filter(status=Review.Status.OPEN)


class Review(models.Model):
    """One authority's examination of one declaration; exactly one decision ends it."""

    class Status(models.TextChoices):
        """Where the examination stands."""

        OPEN = "open", _("Open")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Not needed any more")

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="reviews")
    authority = models.CharField(max_length=12, choices=Authority)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    lane = models.CharField(max_length=6, choices=Lane, default=Lane.GREEN)
    score = models.PositiveSmallIntegerField(default=0)
    findings = models.JSONField(
        default=list, help_text=_("Risk rules that met and differences found, as shown; never queried")
    )
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews", null=True)
    taken_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    reason_code = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("declaration", "authority"), name="review_once_per_authority"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True, decided_by="")
                | (~Q(status="open") & Q(decided_at__isnull=False, decided_by__gt="")),
                name="review_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="review_score_in_range"),
            models.CheckConstraint(
                condition=Q(officer__isnull=True, taken_at__isnull=True)
                | Q(officer__isnull=False, taken_at__isnull=False),
                name="review_taken_whole",
            ),
        )
        indexes = (
            # The officers' queue: open reviews of an authority, the most pressing first.
            models.Index(
                fields=("authority", "-score", "id"), name="review_queue", condition=Q(status="open")
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority} {self.declaration_id} {self.status}"
