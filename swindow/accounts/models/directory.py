"""The directory of agents, and sellers' requests for help."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models.organisations import Organisation
from swindow.accounts.models.people import User


class AgentProfile(models.Model):
    """What an agent tells sellers about its service; shown while the agent is verified and wants it."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="agent_profile", primary_key=True
    )
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    # Sections of the Harmonized System, I to XXI, as numbers.
    goods = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    about = models.TextField(_("about your service"), max_length=1000, blank=True)
    is_listed = models.BooleanField(_("show us in the directory"), default=False)

    def __str__(self) -> str:
        return f"profile of {self.organisation_id}"


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """Which requests for help somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "HelpRequestQuerySet":
        """Return what the user's company asked, or was asked."""
        mine = Organisation.objects.for_actor(user).values("pk")
        return self.filter(Q(seller__in=mine) | Q(agent__in=mine))


class HelpRequest(models.Model):
    """A seller asks one agent whether it would act; a mandate may follow."""

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Waiting for the agent")
        ACCEPTED = "accepted", _("The agent would act")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="help_asked")
    agent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="help_requests")
    countries = ArrayField(models.CharField(max_length=2), default=list)
    text = models.TextField(_("what you need"), max_length=1000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    reply = models.TextField(_("your reply"), max_length=1000, blank=True)
    replied_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    replied_at = models.DateTimeField(null=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("seller", "agent"),
                condition=Q(status="open"),
                name="help_request_one_open",
                violation_error_message=_("You have asked this agent already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"
