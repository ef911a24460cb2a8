"""How somebody becomes an officer or an administrator: one administrator proposes, another confirms."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models.organisations import Organisation
from swindow.accounts.models.people import User


class OfficerAppointmentQuerySet(models.QuerySet["OfficerAppointment"]):
    """Which appointments somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "OfficerAppointmentQuerySet":
        """Return all to an administrator, none to anybody else."""
        return self if user.is_authenticated and user.is_superuser else self.none()

    def open(self) -> "OfficerAppointmentQuerySet":
        """Return the proposals that nobody confirmed or withdrew."""
        return self.filter(confirmed_at=None, withdrawn_at=None)


class OfficerAppointment(models.Model):
    """A proposal that a person works for an authority, or administers the portal, until a day."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text=_("Empty for an administrator of the portal"),
    )
    access_until = models.DateField(_("access until"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = OfficerAppointmentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="appointment_one_open_a_person",
                violation_error_message=_("This person is proposed already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, withdrawn_at__isnull=True),
                name="appointment_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")),
                name="appointment_by_two_administrators",
                violation_error_message=_("Another administrator has to confirm."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("proposed_by")) & ~Q(person=F("confirmed_by")),
                name="appointment_not_of_oneself",
                violation_error_message=_("Nobody appoints themselves."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} of {self.person_id}"
